"""Hints that two matters are the same: noted once, shown to those who may see both."""

import pytest

from qizhi.governance.triage.actions import duplicate_hint
from qizhi.governance.triage.models import DuplicateHint
from qizhi.governance.triage.queries import duplicate_hints
from qizhi.testing import cast
from qizhi.testing.stories import open_request
from qizhi.testing.world import OTHER_TOWN, OTHER_VILLAGE, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_a_hint_is_noted_once():
    one, other = open_request().matter, open_request().matter
    for _ in range(2):
        duplicate_hint(matter=one, other_id=other.pk, score=61.4, by_reporter=True)
    hint = DuplicateHint.objects.get()
    assert (hint.score, hint.by_reporter) == (61, True)
    assert str(hint) == f"{one.pk} ~ {other.pk}"


@pytest.mark.parametrize(("said", "kept"), [(-3, 0), (140, 100), (12.5, 12)])
def test_a_score_stays_between_0_and_100(said, kept):
    one, other = open_request().matter, open_request().matter
    duplicate_hint(matter=one, other_id=other.pk, score=said, by_reporter=False)
    assert DuplicateHint.objects.get().score == kept


def test_a_matter_is_no_duplicate_of_itself():
    one = open_request().matter
    assert duplicate_hint(matter=one, other_id=one.pk, score=100, by_reporter=True) is None
    assert not DuplicateHint.objects.exists()


def test_what_the_reporter_said_comes_first():
    one, likely, said = (open_request().matter for _ in range(3))
    duplicate_hint(matter=one, other_id=likely.pk, score=90, by_reporter=False)
    duplicate_hint(matter=one, other_id=said.pk, score=20, by_reporter=True)
    hints = duplicate_hints(one, cast.actor(f"dispatcher@{TOWN}"))
    assert [hint.other_id for hint in hints] == [said.pk, likely.pk]


def test_a_matter_that_one_may_not_see_is_not_hinted_at():
    one, beyond = open_request().matter, open_request(region=OTHER_VILLAGE).matter
    duplicate_hint(matter=one, other_id=beyond.pk, score=90, by_reporter=False)
    assert duplicate_hints(one, cast.actor(f"dispatcher@{TOWN}")) == []
    assert duplicate_hints(one, cast.actor(f"dispatcher@{OTHER_TOWN}")) != []
    assert len(duplicate_hints(one, cast.actor("dispatcher@610323"))) == 1
