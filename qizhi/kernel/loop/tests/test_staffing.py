"""How many open matters wait in a unit for a role, as the room of accounts asks before a post ends."""

import uuid

import pytest

from qizhi.kernel.accounts.hooks import open_work
from qizhi.kernel.accounts.people.vacancies import vacancies
from qizhi.kernel.loop.queries.worklist import my_work
from qizhi.kernel.modes import store
from qizhi.kernel.modes.models import ModeVersion
from qizhi.kernel.units.queries import directory
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def waiting(code, role):
    return open_work(directory().by_code[code].id, role)


@pytest.mark.parametrize(
    ("state", "code", "role", "count"),
    [
        ("registered", f"centre-{TOWN}", "dispatcher", 1),
        ("registered", f"tg-{TOWN}", "handler", 0),
        ("dispatched", f"tg-{TOWN}", "handler", 1),
        ("dispatched", f"tg-{OTHER_TOWN}", "handler", 0),
        ("in_progress", f"tg-{TOWN}", "handler", 1),
        ("in_progress", f"tg-{TOWN}", "clerk", 0),
        ("archived", f"tg-{TOWN}", "handler", 0),
        ("withdrawn", f"centre-{TOWN}", "dispatcher", 0),
    ],
)
def test_what_waits_is_counted_for_the_role_whose_turn_it_is(state, code, role, count):
    walk_to(state)
    assert waiting(code, role) == count


def test_a_unit_that_was_asked_to_help_is_missed_too():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    assert waiting("zhujian", "handler") == 1


def test_it_counts_what_the_work_page_of_the_post_lists():
    walk_to("replied"), walk_to("revisited"), walk_to("reopened"), open_request()
    for username in (f"revisit@{TOWN}", f"dispatcher@{TOWN}", f"handler@{TOWN}", f"dispatcher@{VILLAGE}"):
        actor = cast.actor(username)
        (seat,) = actor.seats
        listed = {
            matter.pk for section in my_work(actor) if section.key != "decide" for matter in section.items
        }
        assert open_work(seat.unit_id, seat.role) == len(listed), username


def test_without_a_mode_or_a_unit_nothing_waits():
    assert open_work(uuid.uuid4(), "handler") == 0
    ModeVersion.objects.all().delete()
    store.forget()
    assert waiting(f"tg-{TOWN}", "handler") == 0


def test_the_room_of_accounts_names_the_vacancy():
    walk_to("in_progress")
    (post,) = cast.user(f"handler@{TOWN}").posts.select_related("unit", "role")
    assert [(one.unit, one.role, one.count) for one in vacancies([post], post.since_on)] == [
        (post.unit.short_name, "承办人", 1)
    ]
