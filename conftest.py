"""What every test stands on: its own data folder, fixed secrets, Django, and no way out to the network.

The environment is set here, before Django loads its settings. Each process (also each worker of xdist)
gets a folder of its own, which is removed when the process ends.
"""

import atexit
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
import pytest
from django.apps import apps
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

DATA = Path(tempfile.mkdtemp(prefix="qizhi-test-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

# A setting of the person's own shell must not reach a test; only the choice of the database may.
for name in [name for name in os.environ if name.startswith("QIZHI_") and name != "QIZHI_DATABASE_URL"]:
    del os.environ[name]
os.environ.pop("PORT", None)
os.environ.update(QIZHI_DATA=str(DATA), QIZHI_TESTING="1", DJANGO_SETTINGS_MODULE="qizhi.config.settings")

SECRETS = DATA / "secrets"
SECRETS.mkdir(mode=0o700)
(SECRETS / "django.key").write_text("only-for-tests-" + "0123456789" * 6)
(SECRETS / "django.key").chmod(0o600)

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what only PostgreSQL can answer when the tests run on SQLite."""
    if os.environ.get("QIZHI_DATABASE_URL", "").startswith("postgres"):
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: make test runs it on a cluster of its own")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


class OutsideNetworkError(AssertionError):
    """A test tried to reach a machine other than this one."""


def is_loopback(address: object) -> bool:
    """Say whether a socket address (a path, or a pair of host and port) stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_outside_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine, and every look-up of a foreign name."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(address: object) -> None:
        if not is_loopback(address):
            raise OutsideNetworkError(f"a test may not connect to {address!r}: only loopback is allowed")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        refuse((host.decode() if isinstance(host, bytes) else host or "", 0))
        return look_up(host, *args, **options)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield
    patch.undo()
