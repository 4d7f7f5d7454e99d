"""What every test stands on: an environment of its own, Django, and no way out to the network."""

import os
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import django
import pytest
from django.apps import apps
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# Importing it prepares the environment; it must come before anything reads Django's settings.
from tests.environment import refuse_outside

# Deterministic: a property that fails, fails for everybody. No deadline: the machine may be busy.
hypothesis_settings.register_profile(
    "qizhi", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("qizhi")

# While the house is being built, a room that is not there yet must not keep the others from testing.
settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if find_spec(app) is not None]
try:
    django.setup()
except ImportError as gap:
    if not apps.models_ready:
        raise
    sys.stderr.write(f"conftest: a room is not whole yet ({gap}); going on without its hooks\n")
    apps.ready = True
    apps.ready_event.set()
# A worker of xdist inherits the environment: with the name there, pytest's plugin would load the settings of the
# worker before this file has given it a folder of its own.
del os.environ["DJANGO_SETTINGS_MODULE"]


# The county of the pack with its accounts, for tests that ask for it by name.
pytest_plugins = ("qizhi.testing.fixtures",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what only PostgreSQL can answer when the tests run on SQLite."""
    if os.environ.get("QIZHI_DATABASE_URL", "").startswith("postgres"):
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: make test runs it on a cluster of its own")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def no_outside_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine, and every look-up of a foreign name."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_outside(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_outside(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        refuse_outside((host.decode() if isinstance(host, bytes) else host or "", 0))
        return look_up(host, *args, **options)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()
