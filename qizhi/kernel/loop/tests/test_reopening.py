"""Not satisfied: handled again, then supervised, then closed with an explanation; and never judged by the handler."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from qizhi.kernel.loop.errors import NeedNotMet, NotAllowedNow, NotYours
from qizhi.kernel.loop.models import Clock, Revisit
from qizhi.kernel.loop.queries.story import steps_told
from qizhi.kernel.modes.store import kind_at
from qizhi.kernel.units.models import Post, Role, Unit
from qizhi.testing import cast
from qizhi.testing.stories import CATEGORY, take, walk_to
from qizhi.testing.world import COUNTY, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

AGAIN: tuple[tuple[Any, ...], ...] = (
    ("start", {}),
    ("conclude", {"result": "partly", "conclusion": "又修了一次。"}),
    ("reply", {"reply": "又修了一次。"}),
)


def handle_again(case):
    for name, inputs in AGAIN:
        take(case, name, "handler", **inputs)


def test_reopened_once_then_supervised_then_closed_with_an_explanation():
    case = walk_to("replied")
    assert case.reload().was_on_time is True
    take(case, "reopen", "reporter", score=1, comment="还是响。")
    matter = case.reload()
    assert (matter.state, matter.reopened, matter.was_on_time, matter.concluded_at) == (
        "reopened",
        1,
        None,
        None,
    )
    assert Clock.objects.filter(matter=matter, name="answer").count() == 2
    handle_again(case)
    with pytest.raises(NeedNotMet) as refused:
        take(case, "reopen", "reporter", comment="还是响。")
    assert refused.value.details == {"need": "reopened_at_most"}
    take(case, "reopen_supervise", "reporter", comment="还是响。")
    assert (case.reload().state, case.matter.holder.code) == ("supervised", "pingan_office")
    take(case, "supervise", f"supervisor@{COUNTY}", order="限三日内换新。")
    assert case.reload().state == "in_progress"
    for name, inputs in AGAIN[1:]:
        take(case, name, "handler", **inputs)
    take(case, "revisit_supervise", f"revisit@{TOWN}", comment="还是不满意。")
    explained = "井盖已按标准更换并复测，响声来自路基，已列入明年改造。"
    take(case, "supervise_close", f"supervisor@{COUNTY}", explanation=explained)
    matter = case.reload()
    assert (matter.state, matter.is_open) == ("archived", False)
    kind = kind_at(matter.mode_version, matter.kind)
    last = steps_told(matter, kind, only_public=True)[-1]
    assert [passage.text for _declared, passage in last.texts] == [explained]
    for name in ("reopen", "reopen_supervise"):
        with pytest.raises(NeedNotMet):
            take(case, name, "reporter", comment="再来一次。")
    said = list(Revisit.objects.filter(matter=matter).order_by("at").values_list("by_reporter", "satisfied"))
    assert said == [(True, False), (True, False), (False, False)]


@pytest.mark.parametrize("state", ["replied", "revisited", "archived"])
def test_a_person_may_ask_for_it_to_be_handled_again_until_thirty_days_after_the_end(state):
    case = walk_to(state)
    take(case, "reopen", "reporter", comment="还是响。")
    matter = case.reload()
    assert (matter.state, matter.is_open, matter.closed_at) == ("reopened", True, None)


@pytest.mark.parametrize(("days", "is_heard"), [(29, True), (31, False)])
def test_after_thirty_days_it_is_a_new_matter(days, is_heard):
    case = walk_to("archived", at=timezone.now() - timedelta(days=days))
    if is_heard:
        take(case, "reopen", "reporter", comment="还是响。")
        assert case.reload().state == "reopened"
    else:
        with pytest.raises(NeedNotMet) as refused:
            take(case, "reopen", "reporter", comment="还是响。")
        assert refused.value.details == {"need": "closed_within"}


def test_a_person_who_could_not_be_reached_may_still_say_no():
    case = walk_to("replied")
    take(case, "revisit_unreached", "revisit", comment="三天打了三次电话。")
    assert Revisit.objects.get(matter=case.matter).is_valid is False
    take(case, "reopen", "reporter", comment="没有办好。")
    assert case.reload().state == "reopened"


def test_reopened_work_can_go_to_another_unit():
    case = walk_to("reopened")
    take(case, "redispatch", "dispatcher", reason="换一家。")
    matter = case.reload()
    assert (matter.state, matter.lead_id, matter.first_unit.code) == ("triaged", None, f"tg-{TOWN}")
    take(case, "take", "dispatcher")
    assert case.reload().lead.code == f"centre-{TOWN}"


# --- a complaint against a unit ------------------------------------------------------------------


def test_a_unit_never_leads_the_complaint_against_itself():
    case = walk_to("registered")
    take(case, "triage", "dispatcher", category=CATEGORY, difficulty="general", against_unit=f"tg-{TOWN}")
    with pytest.raises(NeedNotMet) as refused:
        take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}")
    assert refused.value.details == {"need": "lead_not_complained_of"}
    take(case, "dispatch", "dispatcher", lead_unit=f"centre-{TOWN}", assist_units=[f"tg-{TOWN}"])
    assert case.reload().against_unit.code == f"tg-{TOWN}"


def test_a_centre_does_not_handle_the_complaint_against_itself():
    case = walk_to("registered")
    take(case, "triage", "dispatcher", category=CATEGORY, difficulty="general", against_unit=f"centre-{TOWN}")
    with pytest.raises(NeedNotMet) as refused:
        take(case, "take", "dispatcher")
    assert refused.value.details == {"need": "centre_not_complained_of"}
    take(case, "escalate", "dispatcher", reason="投诉的是我们。")
    take(case, "take", f"dispatcher@{COUNTY}")
    assert case.reload().lead.code == f"centre-{COUNTY}"


# --- who asks the people ----------------------------------------------------------------------------


def test_the_revisit_is_refused_to_the_handling_unit():
    case = walk_to("triaged")
    take(case, "take", "dispatcher")
    take(case, "conclude", "dispatcher", result="solved", conclusion="已办。")
    take(case, "reply", "dispatcher", reply="已办好。")
    answer = {"way": "phone", "satisfaction": "satisfied"}
    with pytest.raises(NotYours):
        take(case, "revisit", f"revisit@{TOWN}", **answer)
    take(case, "revisit", f"revisit@{COUNTY}", **answer)
    assert case.reload().state == "revisited"


def test_whoever_handled_it_does_not_ask_about_it_in_a_later_post():
    """The handler moves to the centre and becomes its revisit clerk: this matter is still for somebody else."""
    case = walk_to("replied")
    handler = cast.user(f"handler@{TOWN}")
    Post.objects.filter(user=handler).delete()
    Post(
        user=handler,
        unit=Unit.objects.get(code=f"centre-{TOWN}"),
        role=Role.objects.get(key="revisit"),
        since_on=timezone.localdate(),
    ).save()
    answer = {"way": "phone", "satisfaction": "satisfied"}
    with pytest.raises(NotYours):
        take(case, "revisit", cast.actor(f"handler@{TOWN}"), **answer)
    take(walk_to("replied", region="610323101001"), "revisit", "revisit@610323101", **answer)
    take(case, "revisit", f"revisit@{TOWN}", **answer)


def test_a_unit_that_led_before_does_not_judge_what_the_next_one_did():
    """Given to another unit after it was reopened: the first one has handled it all the same."""
    case = walk_to("triaged")
    take(case, "take", "dispatcher")
    for name, inputs in AGAIN[1:]:
        take(case, name, "dispatcher", **inputs)
    take(case, "revisit_unsatisfied", f"revisit@{COUNTY}", comment="没有办好。")
    take(case, "redispatch", "dispatcher", reason="请镇政府办。")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}")
    take(case, "accept", "handler")
    handle_again(case)
    with pytest.raises(NotYours):
        take(case, "revisit", f"revisit@{TOWN}", way="phone", satisfaction="satisfied")


def test_a_citizen_acts_only_where_a_citizen_may():
    case = walk_to("in_progress")
    with pytest.raises(NotAllowedNow):
        take(case, "rate", "reporter", score=5)
    with pytest.raises(NotYours):
        take(case, "conclude", "reporter", result="solved", conclusion="自己办结。")
