"""Named stories of the flow: from the first word to the end, and the ways around it."""

from datetime import timedelta

import pytest

from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.models import Clock, Leg, Passage, Revisit, Step
from qizhi.kernel.loop.policy import citizen_at
from qizhi.kernel.loop.queries.story import matter_story, public_due, steps_told
from qizhi.kernel.modes.store import kind_at
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing import cast
from qizhi.testing.stories import CATEGORY, open_request, take, walk_to
from qizhi.testing.world import COUNTY, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MONDAY = moment("2026-11-02 Mon 09:00")
HOUR = timedelta(hours=1)


def public_story(case) -> list[str]:
    """What the citizen reads, step by step."""
    matter = case.reload()
    kind = kind_at(matter.mode_version, matter.kind)
    return [told.public.zh for told in steps_told(matter, kind, only_public=True)]


def clock(case, name: str, **more) -> Clock:
    return Clock.objects.filter(matter=case.matter, name=name, **more).latest("round")


def test_the_whole_loop_from_the_first_word_to_the_file():
    case = open_request(at=MONDAY)
    take(case, "triage", "clerk", at=MONDAY + HOUR, category=CATEGORY, difficulty="simple")
    take(case, "dispatch", "dispatcher", at=MONDAY + 2 * HOUR, lead_unit=f"tg-{TOWN}", note="请尽快。")
    take(case, "accept", "handler", at=MONDAY + 3 * HOUR, contacted="true")
    take(case, "start", "handler", at=MONDAY + 4 * HOUR)
    take(case, "progress", "handler", at=MONDAY + 5 * HOUR, progress="已买到新井盖。")
    take(case, "conclude", "head", at=MONDAY + 24 * HOUR, result="solved", conclusion="已换新井盖。")
    take(case, "reply", "handler", at=MONDAY + 25 * HOUR, reply="井盖已换好。")
    matter = case.reload()
    assert matter.was_on_time is True
    assert clock(case, "handle").state == "met"
    assert clock(case, "handle").due_at == moment("2026-11-05 Thu 18:00")
    take(case, "rate", citizen_at(case.number, case.query_code, ""), at=MONDAY + 26 * HOUR, score=5)
    take(case, "archive", "revisit", at=MONDAY + 48 * HOUR)
    matter = case.reload()
    assert (matter.state, matter.is_open, matter.holder_id, matter.due_at) == ("archived", False, None, None)
    assert matter.closed_at == MONDAY + 48 * HOUR
    assert matter.concluded_at == MONDAY + 24 * HOUR
    assert not Clock.objects.filter(matter=matter, ended_at=None).exists()
    answer = Revisit.objects.get(matter=matter)
    assert (answer.by_reporter, answer.is_valid, answer.solved, answer.score) == (True, True, True, 5)
    assert matter_break(matter) is None
    assert public_story(case) == [
        "收到诉求，登记编号。",
        "已经看过您的诉求，正在交给承办单位。",
        "已交给承办单位。",
        "承办单位已受理。",
        "开始办理。",
        "有了新进展。",
        "已办结，正在答复。",
        "已答复。",
        "来信人表示满意。",
        "已归档。",
    ]


def test_the_citizen_reads_public_words_only():
    case = walk_to("in_progress")
    take(case, "note", "handler", note="内部：此人常来。")
    take(case, "progress", "handler", progress="正在施工。")
    matter = case.reload()
    kind = kind_at(matter.mode_version, matter.kind)
    told = steps_told(matter, kind, only_public=True)
    words = [passage.text for step in told for _declared, passage in step.texts]
    assert words == ["正在施工。"]
    assert not {"note"} & {step.step.transition for step in told}
    assert Passage.objects.filter(matter=matter, text__contains="内部").exists()


def test_what_is_not_accepted_ends_with_the_right_door_named():
    case = walk_to("triaged")
    take(
        case,
        "not_accept",
        "dispatcher",
        reason="court",
        explanation="已在法院审理，请等判决。",
        door="岐山县人民法院立案庭，0917-8210000",
    )
    matter = case.reload()
    assert (matter.state, matter.is_open, matter.concluded_at) == ("not_accepted", False, None)
    kind = kind_at(matter.mode_version, matter.kind)
    last = steps_told(matter, kind, only_public=True)[-1]
    texts = {declared.name: passage.text for declared, passage in last.texts}
    assert texts == {
        "explanation": "已在法院审理，请等判决。",
        "door": "岐山县人民法院立案庭，0917-8210000",
    }
    assert not Clock.objects.filter(matter=matter, ended_at=None).exists()


def test_a_matter_that_is_withdrawn_frees_everybody():
    case = walk_to("in_progress")
    take(case, "assist_add", "dispatcher", assist_units=["zhujian"])
    take(case, "withdraw", "reporter", reason="邻居已经修好了。")
    matter = case.reload()
    assert (matter.state, matter.lead_id, matter.is_open) == ("withdrawn", None, False)
    assert not matter.assignments.filter(ended_at=None).exists()
    states = dict(matter.assignments.values_list("role", "state"))
    assert states == {"lead": "accepted", "assist": "released"}
    assert set(Clock.objects.filter(matter=matter).values_list("state", flat=True)) <= {"met", "cancelled"}


def test_a_suspension_stops_both_clocks_and_counts_for_nothing_in_the_promise():
    case = walk_to("in_progress", at=MONDAY)
    handle, promise = clock(case, "handle").due_at, public_due(case.matter)
    take(case, "suspend", "handler", at=moment("2026-11-04 Wed 10:00"), reason="等井盖到货。")
    assert (clock(case, "handle").state, clock(case, "handle").due_at) == ("paused", None)
    assert public_due(case.reload()) is None
    assert case.matter.due_at == clock(case, "suspension").due_at
    take(case, "resume", "handler", at=moment("2026-11-06 Fri 10:00"))
    # two working days began inside the pause: Thursday and Friday
    assert clock(case, "handle").due_at == moment("2026-11-13 Fri 18:00")
    assert handle == moment("2026-11-11 Wed 18:00")
    assert promise == moment("2026-11-13 Fri 18:00")
    assert public_due(case.reload()) == moment("2026-11-17 Tue 18:00")
    lines = matter_story(case.matter, cast.actor(f"handler@{TOWN}")).clocks
    told = {line.kind for one in lines if one.row.name == "answer" for line in one.lines}
    assert "pause_working_days" in told
    assert (clock(case, "suspension").state, case.reload().state) == ("met", "in_progress")


def test_a_question_waits_for_the_citizen_and_goes_on_with_the_answer():
    case = walk_to("in_progress", at=MONDAY)
    take(case, "ask_reporter", "handler", at=moment("2026-11-03 Tue 10:00"), question="是哪一个井盖？")
    assert case.reload().state == "suspended"
    take(case, "answer", "reporter", at=moment("2026-11-03 Tue 11:00"), answer="校门西边第二个。")
    assert case.reload().state == "in_progress"
    # nothing began inside an hour's pause
    assert clock(case, "handle").due_at == moment("2026-11-11 Wed 18:00")
    kind = kind_at(case.matter.mode_version, case.matter.kind)
    public = [
        passage.text for told in steps_told(case.matter, kind, only_public=True) for _d, passage in told.texts
    ]
    assert public == ["是哪一个井盖？"]


@pytest.mark.parametrize(
    ("difficulty", "promise", "term"),
    [
        ("simple", "2026-11-13 Fri 18:00", "3wd"),
        ("general", "2026-11-13 Fri 18:00", "7wd"),
        ("complex", "2026-11-25 Wed 18:00", "15wd"),
    ],
)
def test_a_complex_matter_is_promised_more_time_and_says_why(difficulty, promise, term):
    case = open_request(at=MONDAY)
    assert public_due(case.matter) == moment("2026-11-13 Fri 18:00")
    take(case, "triage", "dispatcher", at=MONDAY + HOUR, category=CATEGORY, difficulty=difficulty)
    take(case, "dispatch", "dispatcher", at=MONDAY + HOUR, lead_unit=f"tg-{TOWN}")
    take(case, "accept", "handler", at=MONDAY + HOUR)
    assert public_due(case.reload()) == moment(promise)
    assert clock(case, "handle").term == term
    [told] = [
        one
        for one in matter_story(case.matter, cast.actor(f"handler@{TOWN}")).clocks
        if one.row.name == "answer"
    ]
    extended = [line.params for line in told.lines if line.kind == "extension"]
    assert extended == ([{"extension_term": "8wd", "total_term": "17wd"}] if difficulty == "complex" else [])
    assert told.is_public
    assert told.law


def test_an_urgent_matter_goes_to_the_county_and_must_be_read_at_once():
    case = open_request(at=MONDAY, urgency="emergency")
    assert case.matter.level == "county"
    assert clock(case, "triage").due_at == MONDAY + HOUR


def test_the_story_of_a_matter_costs_eight_queries_at_most(django_assert_max_num_queries):
    case = walk_to("supervised")
    for username in (f"handler@{TOWN}", "supervisor@610323", f"dispatcher@{COUNTY}"):
        actor = cast.actor(username)
        with django_assert_max_num_queries(8):
            story = matter_story(case.matter, actor)
            assert [told.title.zh for told in story.steps]
            assert story.clocks[0].lines
    with django_assert_max_num_queries(8):
        matter_story(case.matter, cast.citizen(case.matter))


def test_a_step_tells_who_did_it_in_which_post_as_it_was_then():
    case = walk_to("dispatched")
    step = Step.objects.filter(matter=case.matter).latest("seq")
    dispatcher = cast.user(f"dispatcher@{TOWN}")
    assert (step.actor_id, step.role) == (dispatcher.id, "dispatcher")
    assert step.unit_name == dispatcher.posts.get().unit.short_name
    assert Leg.objects.filter(matter=case.matter).count() == 1
