"""Every number equals a recount of its cases, and every heap of work holds exactly what waits."""

from datetime import timedelta

import pytest

from qizhi.kernel.loop import flow
from qizhi.kernel.loop.firing import standing_of
from qizhi.kernel.loop.models import Application, Assignment, Matter, Revisit
from qizhi.kernel.loop.policy import visible_to
from qizhi.kernel.loop.queries.county import Share, Tally, overview, state_counts
from qizhi.kernel.loop.queries.listing import Filters, matter_list
from qizhi.kernel.loop.queries.possible import possible
from qizhi.kernel.loop.queries.worklist import my_work
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing import cast
from qizhi.testing.stories import PATHS
from qizhi.testing.world import COUNTY, OTHER_TOWN, TOWN, VILLAGE, pack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

NOW = moment("2026-11-24 Tue 10:00")
MONTHS = [
    ("2026-10-01 Thu 00:00", "2026-11-01 Sun 00:00"),
    ("2026-11-01 Sun 00:00", "2026-12-01 Tue 00:00"),
    ("2026-10-20 Tue 00:00", "2026-11-10 Tue 00:00"),
]
KIND = pack().kinds["request"]


def recount(region: str, start, end) -> Tally:
    """Count once more, in Python, over all matters."""
    here = [one for one in Matter.objects.all() if one.region_code.startswith(region)]
    still = [one for one in here if one.is_open]
    done = [one for one in here if one.concluded_at and start <= one.concluded_at < end]
    answered = [one for one in done if one.was_on_time is not None]
    last = {
        answer.matter_id: answer.solved
        for answer in Revisit.objects.filter(is_valid=True).order_by("at")
        if start <= answer.at < end
    }
    heard = [last[one.pk] for one in here if one.pk in last]
    return Tally(
        open=len(still),
        overdue=sum(one.due_at is not None and one.due_at < NOW for one in still),
        opened=sum(start <= one.opened_at < end for one in here),
        concluded=len(done),
        on_time=Share(sum(one.was_on_time is True for one in answered), len(answered)),
        solved=Share(sum(map(bool, heard)), len(heard)),
    )


@pytest.mark.parametrize(("start", "end"), MONTHS)
@pytest.mark.parametrize("region", [COUNTY, TOWN, OTHER_TOWN])
def test_the_numbers_of_a_place_equal_a_recount(everything, region, start, end):
    start, end = moment(start), moment(end)
    found = overview(cast.actor(f"leader@{COUNTY}"), region, start, end, NOW)
    assert found.whole == recount(region, start, end)
    assert found.below
    for place, tally in found.below:
        assert tally == recount(place.code, start, end), place.code
    whole = found.itself
    assert whole == found.whole.without(tally for _place, tally in found.below)


@pytest.mark.parametrize("region", [COUNTY, TOWN, VILLAGE, OTHER_TOWN])
def test_the_states_of_a_place_equal_a_recount(everything, region):
    counted = state_counts(cast.actor(f"leader@{COUNTY}"), region)
    here = [one.state for one in Matter.objects.all() if one.region_code.startswith(region)]
    assert counted == [(state, here.count(state)) for state in KIND.states if state in here]


@pytest.mark.parametrize("region", [COUNTY, TOWN])
def test_every_number_opens_as_a_list_with_as_many_cases(everything, region):
    actor = cast.actor(f"leader@{COUNTY}")
    start, end = moment(MONTHS[1][0]), moment(MONTHS[1][1])
    tally = overview(actor, region, start, end, NOW).whole
    behind = [
        (tally.open, {"is_open": True}),
        (tally.opened, {"opened_from": start, "opened_to": end}),
        (tally.concluded, {"concluded_from": start, "concluded_to": end}),
        (tally.on_time.whole, {"concluded_from": start, "concluded_to": end, "replied": True}),
        (tally.on_time.part, {"concluded_from": start, "concluded_to": end, "was_on_time": True}),
        (tally.solved.whole, {"heard_from": start, "heard_to": end}),
        (tally.solved.part, {"heard_from": start, "heard_to": end, "solved": True}),
    ]
    for number, filters in behind:
        cases = matter_list(actor, Filters(region=region, **filters), limit=200).items
        assert len(cases) == number, filters


PEOPLE = [
    *(
        f"{role}@{TOWN}"
        for role in ("clerk", "dispatcher", "director", "handler", "head", "revisit", "supervisor")
    ),
    *(f"{role}@{COUNTY}" for role in ("clerk", "dispatcher", "director", "handler", "revisit", "supervisor")),
    f"handler.gongan@{COUNTY}",
    f"dispatcher@{VILLAGE}",
    f"dispatcher@{OTHER_TOWN}",
    f"mediator@{TOWN}",
    f"leader@{COUNTY}",
    f"auditor@{COUNTY}",
]


def waits(actor, matter: Matter) -> bool:
    """The definition: a main step of the actor's own turn, an answer their unit owes, or a decision to take."""
    assignments = list(Assignment.objects.filter(matter=matter))
    applications = list(Application.objects.filter(matter=matter))
    standing = standing_of(actor, matter, assignments)
    held_by = KIND.states[matter.state].held_by
    for step in KIND.transitions.values():
        if step.tone != "main" or matter.state not in step.source_states:
            continue
        if not flow.may_take(step, standing):
            continue
        decides = any(ref.rule == "some_pending" for ref in step.needs)
        for role in step.by:
            for relation in step.relations(role):
                if (role, relation) not in standing.ties:
                    continue
                if decides:
                    if step in possible(matter, actor, assignments, applications).steps:
                        return True
                elif flow.is_turn(held_by, relation):
                    return True
    return False


@pytest.mark.parametrize("username", PEOPLE)
def test_the_work_of_a_person_is_what_waits_for_them(everything, username):
    actor = cast.actor(username)
    listed = [matter.pk for section in my_work(actor, now=NOW) for matter in section.items]
    assert len(listed) == len(set(listed))
    counts = {section.key: (section.count, len(section.items)) for section in my_work(actor, now=NOW)}
    assert all(shown in {count, 20} for count, shown in counts.values())
    wanted = {matter.pk for matter in everything if actor.may_write and waits(actor, matter)}
    missing = {one.number for one in everything if one.pk in wanted - set(listed)}
    extra = {one.number for one in everything if one.pk in set(listed) - wanted}
    cut = any(count > shown for count, shown in counts.values())
    assert not extra
    assert not missing or cut
    assert set(listed) <= set(visible_to(actor).values_list("pk", flat=True))


def test_late_work_stands_first_and_soonest_due_before_others(everything):
    sections = my_work(cast.actor(f"dispatcher@{TOWN}"), now=NOW)
    for section in sections:
        due = [matter.due_at for matter in section.items if matter.due_at]
        assert due == sorted(due)
        match section.key:
            case "overdue":
                assert all(at < NOW for at in due)
            case "soon":
                assert all(NOW <= at < NOW + timedelta(hours=24) for at in due)
    keys = [section.key for section in sections]
    order = ["overdue", "soon", "decide", "assist", *PATHS]
    assert keys == sorted(keys, key=order.index)
