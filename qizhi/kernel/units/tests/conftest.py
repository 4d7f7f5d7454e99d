"""Every test of this room begins and ends with nothing kept of the directory."""

from collections.abc import Iterator

import pytest

from qizhi.kernel.units.queries import forget


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Forget the units before and after each test."""
    forget()
    yield
    forget()
