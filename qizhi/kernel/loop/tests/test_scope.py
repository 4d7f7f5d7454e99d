"""Who sees what: every list, with every filter, agrees with the definition, read in Python over all rows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from qizhi.kernel.accounts.scope import SYSTEM, Actor
from qizhi.kernel.loop.choices import Channel, Urgency
from qizhi.kernel.loop.models import Assignment, Matter, Revisit
from qizhi.kernel.loop.policy import matter_get, visible_to
from qizhi.kernel.loop.queries.listing import Filters, matter_list, matter_rows
from qizhi.testing import cast
from qizhi.testing.stories import PATHS, open_request, take, walk_to
from qizhi.testing.world import COUNTY, OTHER_TOWN, TOWN, VILLAGE, pack

from .players import seat, staff, unit
from .populous import BEGAN, CATEGORIES, PLACES, TOWN_CATEGORIES, USERS
from .tampering import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

UNITS = (
    "centre-610323",
    f"centre-{TOWN}",
    f"centre-{VILLAGE}",
    f"centre-{OTHER_TOWN}",
    f"tg-{TOWN}",
    f"tg-{OTHER_TOWN}",
    "zhujian",
    "gongan",
    "pingan_office",
)


# --- the definition ------------------------------------------------------------------------------


def is_seen(actor: Actor, matter: Matter, handling: dict[Any, Any]) -> bool:
    """The definition: the place of a post that sees by place, a unit that handles it, or who registered it."""
    if any(one.sees == "region" and matter.region_code.startswith(one.region_code) for one in actor.seats):
        return True
    units = {matter.centre_id, matter.holder_id, matter.lead_id} | handling.get(matter.pk, set())
    return bool(units & actor.unit_ids) or (
        matter.registrar_id is not None and matter.registrar_id == actor.user_id
    )


def handling_units() -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for one in Assignment.objects.exclude(state="released"):
        found.setdefault(one.matter_id, set()).add(one.unit_id)
    return found


def fits(filters: Filters, matter: Matter, handling: dict[Any, Any], heard: dict[Any, Any], now) -> bool:
    """Whether a matter meets every filter, said once more in plain words."""
    top = filters.category.partition(".")[0] == matter.category.partition(".")[0]
    units = {matter.centre_id, matter.holder_id, matter.lead_id} | handling.get(matter.pk, set())
    answers = [
        one
        for one in heard.get(matter.pk, [])
        if (filters.heard_from is None or one.at >= filters.heard_from)
        and (filters.heard_to is None or one.at < filters.heard_to)
    ]
    asks_heard = filters.solved is not None or filters.heard_from or filters.heard_to
    is_late = matter.is_open and matter.due_at is not None and matter.due_at < now
    return all(
        (
            not filters.kind or matter.kind == filters.kind,
            not filters.state or matter.state in filters.state,
            filters.is_open is None or matter.is_open is filters.is_open,
            not filters.region or matter.region_code.startswith(filters.region),
            not (filters.exact and filters.region) or matter.region_code == filters.region,
            filters.unit is None or filters.unit in units,
            not filters.category
            or (top if "." not in filters.category else matter.category == filters.category),
            not filters.channel or matter.channel == filters.channel,
            not filters.urgency or matter.urgency == filters.urgency,
            filters.opened_from is None or matter.opened_at >= filters.opened_from,
            filters.opened_to is None or matter.opened_at < filters.opened_to,
            _between(matter.concluded_at, filters.concluded_from, filters.concluded_to),
            filters.was_on_time is None or matter.was_on_time is filters.was_on_time,
            filters.replied is None or (matter.was_on_time is not None) is filters.replied,
            not asks_heard or bool(answers),
            filters.solved is None or (bool(answers) and answers[-1].solved is filters.solved),
            not filters.overdue or is_late,
            filters.order != "due_at" or (matter.due_at is not None and matter.is_open),
        )
    )


def _between(value, low, high) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value < high)


def in_order(matters, filters: Filters):
    column = "due_at" if filters.overdue or filters.order == "due_at" else "opened_at"
    falling = column == "opened_at" and filters.order.startswith("-")
    return sorted(matters, key=lambda one: (getattr(one, column), one.pk), reverse=falling)


def pages(actor: Actor, filters: Filters, limit: int) -> Iterator[list[Matter]]:
    cursor = None
    while True:
        page = matter_list(actor, filters, cursor=cursor, limit=limit)
        yield page.items
        cursor = page.next_cursor
        if cursor is None:
            return
        assert len(page.items) == limit


# --- drawing -------------------------------------------------------------------------------------

ROLES = tuple(pack().roles)


@st.composite
def actors(draw) -> Actor:
    """Somebody with up to three posts, anywhere, sometimes narrowed to a smaller place."""
    seats = [
        seat(
            draw(st.sampled_from(ROLES)),
            unit(draw(st.sampled_from(UNITS))),
            draw(st.sampled_from(("", VILLAGE))),
        )
        for _post in range(draw(st.integers(0, 3)))
    ]
    return staff(seats, cast.user(draw(st.sampled_from(USERS))).id)


moments = st.none() | st.integers(-2, 45).map(lambda days: BEGAN + timedelta(days=days))
some = {
    "state": st.lists(st.sampled_from(list(PATHS)), max_size=9, unique=True).map(tuple),
    "is_open": st.sampled_from((None, True, False)),
    "region": st.sampled_from(("", *PLACES)),
    "exact": st.booleans(),
    "category": st.sampled_from(("", "environment", "transport", *CATEGORIES, *TOWN_CATEGORIES)),
    "channel": st.sampled_from(("", *Channel.values)),
    "urgency": st.sampled_from(("", *Urgency.values)),
    "opened_from": moments,
    "opened_to": moments,
    "concluded_from": moments,
    "concluded_to": moments,
    "heard_from": moments,
    "heard_to": moments,
    "was_on_time": st.sampled_from((None, True, False)),
    "replied": st.sampled_from((None, True, False)),
    "solved": st.sampled_from((None, True, False)),
    "overdue": st.booleans(),
    "order": st.sampled_from(("-opened_at", "opened_at", "due_at")),
    "unit": st.sampled_from(UNITS),
}


@st.composite
def filter_sets(draw) -> Filters:
    """Up to four filters at once: with more nothing is left."""
    names = draw(st.lists(st.sampled_from(sorted(some)), max_size=4, unique=True))
    chosen = {name: draw(some[name]) for name in names}
    if "unit" in chosen:
        chosen["unit"] = unit(chosen["unit"]).id
    return Filters(**chosen)


# --- the properties ------------------------------------------------------------------------------


@settings(max_examples=150)
@given(actor=st.deferred(actors))
def test_visible_to_agrees_with_the_definition(everything, actor):
    handling = handling_units()
    seen = set(visible_to(actor).values_list("pk", flat=True))
    assert seen == {matter.pk for matter in everything if is_seen(actor, matter, handling)}
    listed = {matter.pk for page in pages(actor, Filters(), 200) for matter in page}
    assert listed == seen


@settings(max_examples=250)
@given(actor=st.deferred(actors), filters=st.deferred(filter_sets), limit=st.integers(1, 30))
def test_every_filter_gives_what_it_says_in_order_over_all_pages(everything, actor, filters, limit):
    handling = handling_units()
    heard: dict = {}
    for answer in Revisit.objects.filter(is_valid=True).order_by("at"):
        heard.setdefault(answer.matter_id, []).append(answer)
    now = timezone.now()
    wanted = [
        matter
        for matter in everything
        if is_seen(actor, matter, handling) and fits(filters, matter, handling, heard, now)
    ]
    listed = [matter for page in pages(actor, filters, limit) for matter in page]
    assert [matter.number for matter in listed] == [one.number for one in in_order(wanted, filters)]


@settings(max_examples=40)
@given(
    order=st.sampled_from(("-opened_at", "opened_at")),
    limit=st.integers(1, 12),
    ages=st.lists(st.integers(-1, 40), min_size=1, max_size=4),
)
def test_rows_added_between_pages_make_none_double_and_none_missing(everything, order, limit, ages):
    actor, filters = cast.actor(f"leader@{COUNTY}"), Filters(order=order)
    before = [matter.pk for matter in in_order(everything, filters)]
    with trial():
        listed: list = []
        waiting = list(ages)
        for page in pages(actor, filters, limit):
            listed += [matter.pk for matter in page]
            if waiting:
                open_request(at=BEGAN + timedelta(days=waiting.pop()))
        assert len(listed) == len(set(listed))
        assert [key for key in listed if key in set(before)] == before


@settings(max_examples=60)
@given(actor=st.deferred(actors), filters=st.deferred(filter_sets), limit=st.integers(1, 10))
def test_the_way_back_is_the_way_forth(everything, actor, filters, limit):
    there, cursors, cursor = [], [], None
    while True:
        page = matter_list(actor, filters, cursor=cursor, limit=limit)
        there.append([matter.pk for matter in page.items])
        cursors.append(page.previous_cursor)
        cursor = page.next_cursor
        if cursor is None:
            break
    for place in range(len(there) - 1, 0, -1):
        back = matter_list(actor, filters, cursor=cursors[place], back=True, limit=limit)
        assert [matter.pk for matter in back.items] == there[place - 1]


@settings(max_examples=60)
@given(actor=st.deferred(actors))
def test_a_single_matter_has_the_same_door_as_the_list(everything, actor):
    from qizhi.kernel.loop.errors import MatterNotFound

    handling = handling_units()
    for matter in everything[::5]:
        if is_seen(actor, matter, handling):
            assert matter_get(actor, f" {matter.number.lower()} ").pk == matter.pk
        else:
            with pytest.raises(MatterNotFound):
                matter_get(actor, matter.number)


# --- by hand -------------------------------------------------------------------------------------


def test_a_citizen_sees_their_own_matter_and_lists_nothing(everything):
    mine = everything[3]
    citizen = cast.citizen(mine)
    assert list(visible_to(citizen)) == [mine]
    assert matter_list(citizen, Filters()).items == []
    assert list(visible_to(cast.citizen())) == []


def test_the_clock_sees_everything(everything):
    assert visible_to(SYSTEM).count() == len(everything)
    assert len(matter_list(SYSTEM, Filters(), limit=200).items) == len(everything)


def test_a_unit_released_before_it_did_anything_sees_it_no_more():
    case = walk_to("objected")
    handler = cast.actor(f"handler@{TOWN}")
    assert visible_to(handler).filter(pk=case.matter.pk).exists()
    take(case, "uphold", "dispatcher", ruling="确应由住建局办。")
    assert not visible_to(handler).filter(pk=case.matter.pk).exists()


def test_a_unit_that_has_worked_on_it_goes_on_seeing_it():
    case = walk_to("reopened")
    handler = cast.actor(f"handler@{TOWN}")
    take(case, "redispatch", "dispatcher", reason="换一个单位。")
    assert case.reload().lead_id is None
    assert visible_to(handler).filter(pk=case.matter.pk).exists()


@pytest.mark.parametrize(
    ("said", "is_found"),
    [
        ("0917-8212345", True),
        ("0917 8212345", True),
        ("09178212345", True),
        ("0917-8212346", False),
        ("123-4567", False),
    ],
)
def test_a_telephone_is_found_however_it_is_written(said, is_found):
    case = open_request(reporter={"phone": "0917-8212345"})
    found = matter_list(cast.actor(f"clerk@{TOWN}"), Filters(q=said)).items
    assert [one.pk for one in found] == ([case.matter.pk] if is_found else [])


def test_a_number_is_found_in_any_case_and_only_by_who_may_see_it():
    case = open_request()
    said = f" {case.number.lower()} "
    assert [one.pk for one in matter_list(cast.actor(f"clerk@{TOWN}"), Filters(q=said)).items] == [
        case.matter.pk
    ]
    assert matter_list(cast.actor(f"clerk@{OTHER_TOWN}"), Filters(q=said)).items == []


@pytest.mark.parametrize("count", [1, 5, 6, 7, len(PATHS)])
def test_a_list_may_be_narrowed_to_any_number_of_states(everything, count):
    states = tuple(PATHS)[-count:]
    found = matter_list(cast.actor(f"leader@{COUNTY}"), Filters(state=states), limit=200).items
    assert len(found) == sum(matter.state in states for matter in everything)


def test_an_export_takes_as_many_as_it_may(everything):
    actor = cast.actor(f"leader@{COUNTY}")
    assert len(list(matter_rows(actor, Filters(), most=7))) == 7
    assert len(list(matter_rows(actor, Filters(), most=10_000))) == len(everything)


def test_a_confidential_kind_is_seen_by_who_handles_it_alone(monkeypatch):
    """Where a kind is not seen by place, the county's lists still show what one's own unit handles."""
    from qizhi.kernel.loop.actions import open as opening
    from qizhi.kernel.modes import store

    mode = store.current()
    hidden = mode.kinds["request"].model_copy(update={"seen_in_region": False})
    secret = mode.model_copy(update={"kinds": {"request": hidden}})
    monkeypatch.setitem(store._modes, store.current_number(), secret)
    assert opening.mode_at(store.current_number()) is secret
    case = open_request(region=COUNTY)
    centre = cast.actor("dispatcher@610323")
    for filters in (Filters(), Filters(region=COUNTY), Filters(unit=unit("centre-610323").id)):
        assert case.matter in matter_list(centre, filters).items
        assert case.matter not in matter_list(cast.actor("leader@610323"), filters).items
    assert case.matter not in visible_to(cast.actor("leader@610323"))
