"""The WSGI entry of the measured server."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

from qizhi.config.wsgi import application

__all__ = ["application"]
