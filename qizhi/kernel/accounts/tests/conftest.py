"""Every test of this room counts within one window of the limits, and keeps nothing of places and units."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from qizhi.kernel.regions import queries as regions
from qizhi.kernel.units import queries as units

# The beginning of a window, also of the longest.
WINDOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture(autouse=True)
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of the limits stand still, so that no window ends in the middle of a test."""
    monkeypatch.setattr("qizhi.kernel.accounts.failures.timezone", SimpleNamespace(now=lambda: WINDOW))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Forget places and units before and after each test."""
    for kept in (regions, units):
        kept.forget()
    yield
    for kept in (regions, units):
        kept.forget()
