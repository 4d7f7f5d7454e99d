"""The program's own settings; only the addresses of the limits are added."""

from qizhi.config.settings import *  # noqa: F403 - the same settings are the point

ROOT_URLCONF = "bench.urls"
