"""The environment of one process of the tests, prepared when this module is first imported.

Each process (also each worker of xdist) gets a data folder of its own, which is removed when it ends.
`conftest.py` imports this before Django loads its settings.
"""

import atexit
import ipaddress
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

if settings.configured:
    raise pytest.UsageError(
        "unset DJANGO_SETTINGS_MODULE: the settings must load after the tests' environment is set"
    )

DATA = Path(tempfile.mkdtemp(prefix="qizhi-test-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

# A setting of the person's own shell must not reach a test; only the choice of the database may.
for name in [name for name in os.environ if name.startswith("QIZHI_") and name != "QIZHI_DATABASE_URL"]:
    del os.environ[name]
os.environ.pop("PORT", None)
os.environ.update(QIZHI_DATA=str(DATA), QIZHI_TESTING="1", DJANGO_SETTINGS_MODULE="qizhi.config.settings")

SECRET_FILE = DATA / "secrets" / "django.key"
SECRET_FILE.parent.mkdir(mode=0o700)
SECRET_FILE.write_text("only-for-tests-" + "0123456789" * 6)
SECRET_FILE.chmod(0o600)
# collected nowhere in tests; the folder only keeps the server of static files from complaining
(DATA / "static").mkdir()


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


def refuse_outside(address: object) -> None:
    """Stop a test that is about to leave this machine."""
    if not is_loopback(address):
        raise OutsideNetworkError(f"a test may not connect to {address!r}: only loopback is allowed")
