"""More time: asked for with a reason, granted or refused by the centre, never by the unit that asks."""

import pytest

from qizhi.kernel.loop.errors import NeedNotMet, NotYours
from qizhi.kernel.loop.models import Application, Clock
from qizhi.kernel.loop.queries.story import clocks_told, public_due
from qizhi.kernel.modes.store import kind_at
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import COUNTY, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MONDAY = moment("2026-11-02 Mon 09:00")
ASKED = {"term": "wd5", "reason": "井盖还在路上。"}


def due(case, name):
    return Clock.objects.get(matter=case.matter, name=name, ended_at=None).due_at


def test_a_granted_extension_moves_both_clocks_and_is_explained():
    case = walk_to("in_progress", at=MONDAY)
    assert (due(case, "handle"), due(case, "answer")) == (
        moment("2026-11-11 Wed 18:00"),
        moment("2026-11-13 Fri 18:00"),
    )
    take(case, "extension_ask", "handler", **ASKED)
    assert due(case, "handle") == moment("2026-11-11 Wed 18:00")
    fired = take(case, "extension_grant", "dispatcher", decision="同意。")
    assert (due(case, "handle"), due(case, "answer")) == (
        moment("2026-11-18 Wed 18:00"),
        moment("2026-11-20 Fri 18:00"),
    )
    assert public_due(case.reload()) == moment("2026-11-20 Fri 18:00")
    assert fired.step.outcome["application"] == {"name": "extension", "granted": True, "term": "5wd"}
    moved = {one["clock"]: (one["due_before"], one["due_at"]) for one in fired.step.outcome["clocks"]}
    assert moved["handle"] == ("2026-11-11T18:00:00+08:00", "2026-11-18T18:00:00+08:00")
    told = clocks_told(case.matter, kind_at(case.matter.mode_version, "request"))
    lines = {one.row.name: [line for line in one.lines if line.kind == "extension"] for one in told}
    assert [line.params for line in lines["handle"]] == [{"extension_term": "5wd", "total_term": "12wd"}]
    assert [line.params for line in lines["answer"]] == [{"extension_term": "5wd", "total_term": "14wd"}]
    assert case.matter.due_at == due(case, "handle")


def test_a_refused_extension_moves_nothing():
    case = walk_to("in_progress", at=MONDAY)
    take(case, "extension_ask", "handler", **ASKED)
    take(case, "extension_refuse", "director", decision="能办完。")
    assert due(case, "handle") == moment("2026-11-11 Wed 18:00")
    assert Application.objects.get(matter=case.matter).state == "refused"
    with pytest.raises(NeedNotMet):
        take(case, "extension_grant", "dispatcher")
    take(case, "extension_ask", "handler", **ASKED)
    assert Application.objects.filter(matter=case.matter, state="pending").count() == 1


def test_while_it_waits_the_matter_is_not_concluded_and_no_second_one_is_asked_for():
    case = walk_to("in_progress")
    take(case, "extension_ask", "handler", **ASKED)
    for name, inputs in (
        ("conclude", {"result": "solved", "conclusion": "已办。"}),
        ("extension_ask", ASKED),
    ):
        with pytest.raises(NeedNotMet) as refused:
            take(case, name, "handler", **inputs)
        assert refused.value.details == {"need": "none_pending"}
    take(case, "extension_refuse", "dispatcher", decision="不同意。")
    take(case, "conclude", "handler", result="solved", conclusion="已办。")
    assert case.reload().state == "concluded"


def test_the_unit_that_asks_does_not_decide():
    case = walk_to("in_progress")
    take(case, "extension_ask", "handler", **ASKED)
    with pytest.raises(NotYours):
        take(case, "extension_grant", "handler")
    taken = walk_to("triaged")
    take(taken, "take", "dispatcher")
    take(taken, "extension_ask", "dispatcher", **ASKED)
    for who in ("dispatcher", "director"):
        with pytest.raises(NeedNotMet) as refused:
            take(taken, "extension_grant", who)
        assert refused.value.details == {"need": "decider_is_other"}
    take(taken, "extension_grant", f"dispatcher@{COUNTY}", decision="同意。")
    assert Application.objects.get(matter=taken.matter).state == "granted"


def test_nothing_is_decided_that_nobody_asked_for():
    case = walk_to("in_progress")
    for name in ("extension_grant", "extension_refuse"):
        with pytest.raises(NeedNotMet) as refused:
            take(case, name, cast.actor(f"dispatcher@{TOWN}"), decision="同意。")
        assert refused.value.details == {"need": "some_pending"}


def test_on_what_the_county_centre_asks_for_itself_supervision_decides():
    case = open_request(region=COUNTY)
    take(case, "take", "dispatcher")
    take(case, "extension_ask", "dispatcher", term="wd5", reason="要等省里的批复。")
    with pytest.raises(NeedNotMet):
        take(case, "extension_grant", "director")
    take(case, "extension_grant", f"supervisor@{COUNTY}")
    take(case, "conclude", "dispatcher", result="solved", conclusion="批复已经下来。")
    assert case.reload().state == "concluded"
