"""The tests of the API count no address against its limits, unless a test is about them."""

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every address bring as much as it likes."""
    monkeypatch.setattr(settings.QIZHI, "public_per_hour", 0)
