"""One thing brought twice: merged, followed by both, and taken apart again when it was none."""

import pytest

from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.errors import BadInput, NeedNotMet
from qizhi.kernel.loop.models import Clock
from qizhi.kernel.loop.queries.story import handled_by, steps_told
from qizhi.kernel.modes.store import kind_at
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_VILLAGE, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_the_reporter_of_a_merged_matter_sees_the_progress_of_the_other():
    first, second = walk_to("in_progress"), open_request()
    take(second, "merge", "dispatcher", target=first.number.lower(), reason="同一个井盖。")
    matter = second.reload()
    assert (matter.state, matter.is_open, matter.merged_into_id) == ("merged", False, first.matter.pk)
    take(first, "progress", "handler", progress="新井盖已到。")
    handled = handled_by(matter)
    assert handled.pk == first.matter.pk
    kind = kind_at(handled.mode_version, handled.kind)
    words = [
        passage.text for told in steps_told(handled, kind, only_public=True) for _d, passage in told.texts
    ]
    assert words == ["新井盖已到。"]


def test_a_chain_of_merges_leads_to_the_one_that_is_handled():
    first, second, third = (open_request() for _case in range(3))
    take(third, "merge", "dispatcher", target=second.number)
    take(second, "merge", "dispatcher", target=first.number)
    assert handled_by(third.reload()).pk == first.matter.pk
    assert handled_by(first.reload()).pk == first.matter.pk


@pytest.mark.parametrize("state", ["registered", "triaged"])
def test_undoing_the_merge_brings_back_the_state_before(state):
    case, other = walk_to(state), open_request()
    take(case, "merge", "dispatcher", target=other.number)
    assert not Clock.objects.filter(matter=case.matter, ended_at=None).exists()
    take(case, "unmerge", "dispatcher", reason="不是同一个井盖。")
    matter = case.reload()
    assert (matter.state, matter.is_open, matter.merged_into_id, matter.closed_at) == (
        state,
        True,
        None,
        None,
    )
    live = Clock.objects.filter(matter=matter, ended_at=None).values_list("name", flat=True)
    assert set(live) == {"triage", "answer"}
    assert matter.due_at is not None


def test_a_merge_undone_twice_goes_back_to_the_last_state_before():
    case, other = walk_to("registered"), open_request()
    take(case, "merge", "dispatcher", target=other.number)
    take(case, "unmerge", "dispatcher", reason="不是。")
    take(case, "triage", "dispatcher", category="transport.parking", difficulty="simple")
    take(case, "merge", "dispatcher", target=other.number)
    take(case, "unmerge", "dispatcher", reason="还不是。")
    assert case.reload().state == "triaged"


def test_only_an_open_matter_that_one_sees_can_take_another_in():
    case = open_request()
    for target, field in ((case.number, "target"), ("SQ-2026-999999", "target"), ("", "target")):
        with pytest.raises(BadInput) as refused:
            take(case, "merge", "dispatcher", target=target)
        assert list(refused.value.fields) == [field]
    with pytest.raises(BadInput):
        take(case, "merge", f"dispatcher@{TOWN}", target=open_request(region=OTHER_VILLAGE).number)
    with pytest.raises(NeedNotMet) as refused_closed:
        take(case, "merge", "dispatcher", target=walk_to("archived").number)
    assert refused_closed.value.details == {"need": "target_is_open"}


@pytest.mark.parametrize(
    ("transition", "who", "inputs"),
    [
        ("withdraw", "reporter", {"reason": "已经自行解决。"}),
        (
            "not_accept",
            "dispatcher",
            {"reason": "court", "explanation": "法院已经受理。", "door": "县人民法院"},
        ),
    ],
)
def test_what_was_merged_into_a_matter_that_ends_unhandled_stands_on_its_own_again(transition, who, inputs):
    first, second = open_request(), open_request()
    take(second, "merge", "dispatcher", target=first.number)
    take(first, transition, who, **inputs)
    again = second.reload()
    assert (again.state, again.is_open, again.merged_into_id) == ("registered", True, None)
    last = again.steps.latest("seq")
    assert (last.transition, last.actor_kind) == ("unmerge", "system")
    assert [str(found) for found in audit_verify()] == []
