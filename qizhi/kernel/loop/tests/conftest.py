"""What several files of this room's tests stand on."""

import pytest

from qizhi.kernel.loop.models import Matter


@pytest.fixture(scope="module")
def everything(world, django_db_blocker) -> list[Matter]:
    """Some sixty matters in all states and places; see `populous`."""
    from qizhi.testing.stories import PATHS

    from .populous import populate

    with django_db_blocker.unblock():
        matters = populate()
    assert {matter.state for matter in matters} == set(PATHS)
    return matters
