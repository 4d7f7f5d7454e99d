"""The check of ways: what was walked is declared, what was forged is not."""

import pytest

from qizhi.kernel.loop.models import Step
from qizhi.kernel.loop.tests.tampering import rewrite
from qizhi.testing.paths import not_declared
from qizhi.testing.stories import PATHS, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize("state", PATHS)
def test_every_path_of_the_stories_is_declared(state):
    assert not_declared(walk_to(state).reload()) == []


def test_a_forged_state_is_seen_where_it_begins_and_where_it_ends():
    case = walk_to("replied")
    rewrite(Step.objects.get(matter=case.matter, seq=3), to_state="archived")
    assert len(not_declared(case.reload())) == 2


def test_a_matter_that_is_not_where_its_steps_led_is_seen():
    case = walk_to("replied")
    rewrite(case.matter, state="archived")
    assert "last step" in not_declared(case.reload())[-1]
