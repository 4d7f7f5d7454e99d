"""Every test of this room begins and ends with nothing kept of the gazetteer."""

from collections.abc import Iterator

import pytest

from qizhi.kernel.regions.queries import forget


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Forget the places before and after each test."""
    forget()
    yield
    forget()
