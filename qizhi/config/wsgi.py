"""The WSGI entry that the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qizhi.config.settings")

application = get_wsgi_application()

# What is loaded now stays for good; the collector need not go through it again and again, nor after every few rows.
gc.freeze()
gc.set_threshold(20_000, 10, 20)
