"""Climbing: village → town → county under the same number; every level is remembered with its time."""

from datetime import timedelta

import pytest

from qizhi.kernel.loop.errors import NeedNotMet, NotYours
from qizhi.kernel.loop.models import Clock
from qizhi.kernel.loop.queries.story import legs_told
from qizhi.kernel.loop.tick import tick
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import COUNTY, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MONDAY = moment("2026-11-02 Mon 09:00")
HOUR = timedelta(hours=1)
# an everyday thing that a citizen brings by the web is taken in by the village
EVERYDAY = {"category": "environment.noise"}


def legs(case):
    return [(body.code, leg.level, leg.from_at, leg.to_at) for body, leg in legs_told(case.reload())]


def test_a_matter_climbs_from_the_village_to_the_county_under_the_same_number():
    case = open_request(at=MONDAY, **EVERYDAY)
    number = case.number
    take(case, "escalate", "dispatcher", at=MONDAY + HOUR, reason="村里办不了。")
    take(case, "escalate", "dispatcher", at=MONDAY + 3 * HOUR, reason="涉及县级部门。")
    matter = case.reload()
    assert (matter.number, matter.level, matter.state) == (number, "county", "registered")
    assert legs(case) == [
        (f"centre-{VILLAGE}", "village", MONDAY, MONDAY + HOUR),
        (f"centre-{TOWN}", "town", MONDAY + HOUR, MONDAY + 3 * HOUR),
        (f"centre-{COUNTY}", "county", MONDAY + 3 * HOUR, None),
    ]
    with pytest.raises(NeedNotMet) as refused:
        take(case, "escalate", "dispatcher")
    assert refused.value.details == {"need": "not_at_county"}


def test_late_triage_climbs_by_itself_as_often_as_it_is_late():
    case = open_request(at=MONDAY, **EVERYDAY)
    tick(moment("2026-11-04 Wed 18:00"))
    assert case.reload().level == "town"
    # begun anew on Wednesday evening: due on Thursday, late on Friday
    tick(moment("2026-11-06 Fri 17:59"))
    assert case.reload().level == "town"
    tick(moment("2026-11-06 Fri 18:00"))
    assert case.reload().level == "county"
    assert [level for _code, level, _from, _to in legs(case)] == ["village", "town", "county"]
    # and at the county it stays, however late
    tick(moment("2026-11-30 Mon 18:00"))
    assert (case.reload().level, case.matter.version) == ("county", 3)


def test_work_in_progress_can_be_sent_up_and_leaves_the_unit():
    case = walk_to("in_progress", at=MONDAY)
    take(case, "escalate", "dispatcher", reason="镇上办不了。")
    matter = case.reload()
    assert (matter.state, matter.level, matter.lead_id) == ("registered", "county", None)
    assert Clock.objects.get(matter=matter, name="handle").ended_at is not None
    promise = Clock.objects.get(matter=matter, name="answer")
    assert (promise.state, promise.due_at) == ("running", moment("2026-11-13 Fri 18:00"))


def test_a_higher_centre_takes_a_matter_up_over_a_level():
    case = open_request(at=MONDAY, **EVERYDAY)
    take(case, "take_up", f"dispatcher@{COUNTY}", at=MONDAY + HOUR, reason="县里来办。")
    assert legs(case) == [
        (f"centre-{VILLAGE}", "village", MONDAY, MONDAY + HOUR),
        (f"centre-{COUNTY}", "county", MONDAY + HOUR, None),
    ]
    with pytest.raises(NeedNotMet) as refused:
        take(case, "take_up", f"dispatcher@{COUNTY}")
    assert refused.value.details == {"need": "above_centre"}


def test_a_lower_centre_takes_nothing_up():
    case = walk_to("registered")
    with pytest.raises(NeedNotMet):
        take(case, "take_up", f"dispatcher@{TOWN}")
    with pytest.raises(NotYours):
        take(case, "take_up", f"clerk@{TOWN}")
