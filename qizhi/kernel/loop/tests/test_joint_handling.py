"""Joint handling: one unit leads, the others answer for themselves, and the lead waits for them."""

import pytest

from qizhi.kernel.loop.errors import BadInput, NeedNotMet, NotYours
from qizhi.kernel.loop.models import Assignment
from qizhi.kernel.loop.policy import visible_to
from qizhi.testing import cast
from qizhi.testing.stories import take, walk_to
from qizhi.testing.world import COUNTY, OTHER_TOWN, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

DONE = {"result": "solved", "conclusion": "已办。"}


def joint(*units):
    """A matter in progress, led by the town, with co-handling units."""
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=list(units))
    take(case, "accept", "handler")
    take(case, "start", "handler")
    return case


def states(case):
    rows = Assignment.objects.filter(matter=case.matter, role="assist")
    return dict(rows.values_list("unit__code", "state"))


def test_the_lead_cannot_conclude_before_all_have_answered():
    case = joint("zhujian", "gongan")
    with pytest.raises(NeedNotMet) as refused:
        take(case, "conclude", "handler", **DONE)
    assert "县住建局" in str(refused.value)
    take(case, "assist_answer", f"handler.zhujian@{COUNTY}", answer="已派人修好。")
    with pytest.raises(NeedNotMet):
        take(case, "conclude", "handler", **DONE)
    take(case, "assist_answer", f"handler.gongan@{COUNTY}", answer="已疏导交通。")
    take(case, "conclude", "handler", **DONE)
    assert states(case) == {"zhujian": "answered", "gongan": "answered"}


def test_a_released_unit_is_not_waited_for():
    case = joint("zhujian", "gongan")
    take(case, "assist_answer", f"handler.zhujian@{COUNTY}", answer="已派人修好。")
    take(case, "assist_release", "dispatcher", unit="gongan", reason="用不着。")
    assert states(case) == {"zhujian": "answered", "gongan": "released"}
    take(case, "conclude", "handler", **DONE)
    assert not visible_to(cast.actor(f"handler.gongan@{COUNTY}")).filter(pk=case.matter.pk).exists()
    assert visible_to(cast.actor(f"handler.zhujian@{COUNTY}")).filter(pk=case.matter.pk).exists()


def test_a_unit_answers_once_and_only_for_itself():
    case = joint("zhujian")
    take(case, "assist_answer", f"handler.zhujian@{COUNTY}", answer="已派人修好。")
    with pytest.raises(NotYours):
        take(case, "assist_answer", f"handler.zhujian@{COUNTY}", answer="再说一次。")
    with pytest.raises(NotYours):
        take(case, "assist_answer", "handler", answer="我替他们答。")


@pytest.mark.parametrize("code", ["gongan", f"tg-{TOWN}", "zhujian"])
def test_only_a_unit_that_owes_an_answer_can_be_released(code):
    case = joint("zhujian")
    if code == "zhujian":
        take(case, "assist_answer", f"handler.zhujian@{COUNTY}", answer="已派人修好。")
    with pytest.raises(BadInput) as refused:
        take(case, "assist_release", "dispatcher", unit=code, reason="用不着。")
    assert list(refused.value.fields) == ["unit"]


@pytest.mark.parametrize(
    ("lead", "assists", "said"),
    [
        ("zhujian", [], "上报上一级"),
        (f"tg-{OTHER_TOWN}", [], "上报上一级"),
        (f"tg-{TOWN}", [f"tg-{TOWN}"], "不能同时"),
        (f"tg-{TOWN}", [f"tg-{OTHER_TOWN}"], "其他镇"),
    ],
)
def test_matters_are_not_pushed_sideways_or_up(lead, assists, said):
    case = walk_to("triaged")
    with pytest.raises(NeedNotMet) as refused:
        take(case, "dispatch", "dispatcher", lead_unit=lead, assist_units=assists)
    assert said in str(refused.value)
    assert not Assignment.objects.filter(matter=case.matter).exists()


def test_units_named_twice_are_assigned_once_and_too_many_are_refused():
    case = walk_to("triaged")
    with pytest.raises(BadInput) as refused:
        take(
            case,
            "dispatch",
            "dispatcher",
            lead_unit=f"tg-{TOWN}",
            assist_units=[f"centre-{TOWN}{n:03}" for n in range(9)],
        )
    assert list(refused.value.fields) == ["assist_units"]
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian", "zhujian"])
    assert states(case) == {"zhujian": "assigned"}
    take(case, "assist_add", "dispatcher", assist_units=["zhujian", "gongan"])
    assert states(case) == {"zhujian": "assigned", "gongan": "assigned"}


def test_no_unit_of_another_town_is_added_later():
    case = walk_to("in_progress")
    with pytest.raises(NeedNotMet) as refused:
        take(case, "assist_add", "dispatcher", assist_units=[f"tg-{OTHER_TOWN}"])
    assert "其他镇" in str(refused.value)
