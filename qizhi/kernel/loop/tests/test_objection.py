"""A unit objects to a dispatch: once, with reason and rule; the ruling decides."""

import pytest

from qizhi.kernel.loop.errors import BadInput, NeedNotMet, NotYours
from qizhi.kernel.loop.models import Application, Assignment, Clock
from qizhi.testing.stories import take, walk_to
from qizhi.testing.world import COUNTY, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

OBJECTION = {"reason": "这段路归住建部门管。", "basis": "县住建局职责清单第3条"}


def test_an_objection_that_is_upheld_frees_the_unit_and_the_matter_is_given_anew():
    case = walk_to("dispatched")
    take(case, "object", "handler", **OBJECTION, suggested_unit="zhujian")
    assert Clock.objects.get(matter=case.matter, name="accept").state == "met"
    take(case, "uphold", "dispatcher", ruling="确应由县住建局办。")
    matter = case.reload()
    assert (matter.state, matter.lead_id) == ("triaged", None)
    assert Assignment.objects.get(matter=matter).state == "released"
    application = Application.objects.get(matter=matter)
    assert (application.state, application.decided.transition) == ("granted", "uphold")
    assert Clock.objects.filter(matter=matter, name="triage", ended_at=None).count() == 1
    # the department sits above the town: the town's centre sends it up
    with pytest.raises(NeedNotMet) as refused:
        take(case, "dispatch", "dispatcher", lead_unit="zhujian")
    assert "上报上一级" in str(refused.value)
    take(case, "escalate", "dispatcher", reason="由县住建局办。")
    take(case, "triage", "dispatcher", category=matter.category, difficulty="general")
    take(case, "dispatch", "dispatcher", lead_unit="zhujian")
    take(case, "accept", "handler")
    assert (case.reload().state, case.matter.first_unit.code) == ("accepted", f"tg-{TOWN}")


def test_an_objection_that_is_overruled_comes_back_and_no_second_one_is_heard():
    case = walk_to("dispatched")
    take(case, "object", "handler", **OBJECTION)
    take(case, "overrule", "dispatcher", ruling="按职责清单由你镇办理。")
    assert case.reload().state == "dispatched"
    assert Application.objects.get(matter=case.matter).state == "refused"
    assert Assignment.objects.get(matter=case.matter).ended_at is None
    with pytest.raises(NeedNotMet) as refused:
        take(case, "object", "head", **OBJECTION)
    assert refused.value.details == {"need": "objection_unused"}
    take(case, "accept", "handler")
    assert case.reload().state == "accepted"


def test_the_next_unit_may_still_object_once():
    case = walk_to("dispatched")
    take(case, "object", "handler", **OBJECTION)
    take(case, "uphold", "dispatcher", ruling="重新交办。")
    take(case, "escalate", "dispatcher", reason="由县住建局办。")
    take(case, "triage", "dispatcher", category=case.matter.category, difficulty="general")
    take(case, "dispatch", "dispatcher", lead_unit="zhujian")
    take(case, "object", "handler", **OBJECTION)
    assert Application.objects.filter(matter=case.matter, name="objection").count() == 2


@pytest.mark.parametrize("missing", ["reason", "basis"])
def test_an_objection_needs_its_reason_and_its_rule(missing):
    case = walk_to("dispatched")
    with pytest.raises(BadInput) as refused:
        take(case, "object", "handler", **{**OBJECTION, missing: ""})
    assert list(refused.value.fields) == [missing]


def test_the_unit_does_not_rule_on_its_own_objection():
    case = walk_to("objected")
    for name in ("uphold", "overrule"):
        with pytest.raises(NotYours):
            take(case, name, "handler", ruling="同意。")
        with pytest.raises(NotYours):
            take(case, name, f"dispatcher@{COUNTY}", ruling="同意。")
