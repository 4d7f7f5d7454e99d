"""What waits for whom: sections of the day, and never the work of others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.worklist import my_work
from qizhi.testing import cast
from qizhi.testing.stories import take, walk_to
from qizhi.testing.world import TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

WAITS = [
    ("registered", f"dispatcher@{TOWN}", "registered"),
    ("registered", f"clerk@{TOWN}", "registered"),
    ("triaged", f"dispatcher@{TOWN}", "triaged"),
    ("dispatched", f"handler@{TOWN}", "dispatched"),
    ("objected", f"dispatcher@{TOWN}", "objected"),
    ("accepted", f"handler@{TOWN}", "accepted"),
    ("in_progress", f"head@{TOWN}", "in_progress"),
    ("suspended", f"handler@{TOWN}", "suspended"),
    ("replied", f"revisit@{TOWN}", "replied"),
    ("replied", "revisit@610323", "replied"),
    ("reopened", f"handler@{TOWN}", "reopened"),
    ("supervised", "supervisor@610323", "supervised"),
]


def keys_of(username):
    return {section.key for section in my_work(cast.actor(username)) if section.items}


def work_of(username):
    return {matter.pk for section in my_work(cast.actor(username)) for matter in section.items}


@pytest.mark.parametrize(("state", "username", "key"), WAITS)
def test_a_matter_waits_for_whoever_has_the_next_main_step(state, username, key):
    case = walk_to(state)
    assert case.matter.pk in work_of(username)
    assert key in keys_of(username) or {"soon", "overdue"} & keys_of(username)


@pytest.mark.parametrize(
    ("state", "username"),
    [
        ("in_progress", f"dispatcher@{TOWN}"),
        ("in_progress", "dispatcher@610323"),
        ("accepted", "director@610323"),
        ("suspended", f"clerk@{TOWN}"),
        ("registered", "dispatcher@610323101"),
        ("dispatched", f"mediator@{TOWN}"),
        ("registered", "leader@610323"),
        ("replied", "auditor@610323"),
    ],
)
def test_what_a_lead_unit_is_working_on_is_nobody_elses_work(state, username):
    case = walk_to(state)
    assert case.matter.pk not in work_of(username)


def test_an_extension_asked_for_waits_for_the_centre_and_only_until_it_decides():
    case = walk_to("in_progress")
    take(case, "extension_ask", "handler", term="wd5", reason="配件在路上。")
    assert keys_of(f"dispatcher@{TOWN}") == {"decide"}
    assert case.matter.pk not in work_of("dispatcher@610323")
    take(case, "extension_grant", "dispatcher", decision="同意。")
    assert keys_of(f"dispatcher@{TOWN}") == set()


def test_what_a_centre_asks_for_itself_waits_for_the_centre_above():
    case = walk_to("triaged")
    take(case, "take", "dispatcher")
    take(case, "extension_ask", "dispatcher", term="wd5", reason="等天晴。")
    assert case.matter.pk in work_of("dispatcher@610323")
    mine = {section.key for section in my_work(cast.actor(f"dispatcher@{TOWN}"))}
    assert "decide" not in mine


def test_a_co_handling_unit_sees_it_until_it_has_answered():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    handler = "handler@610323"
    assert keys_of(handler) == {"assist"}
    take(case, "assist_answer", handler, answer="已派人查看。")
    assert keys_of(handler) == set()


def test_late_and_soon_come_first_and_a_matter_stands_in_one_section_only():
    late, soon = walk_to("registered"), walk_to("registered")
    now = timezone.now()
    rows = Matter.objects
    rows.compare_and_set(late.matter, due_at=now - timedelta(hours=3))
    rows.compare_and_set(soon.matter, due_at=now + timedelta(hours=3))
    sections = my_work(cast.actor(f"dispatcher@{TOWN}"))
    assert [section.key for section in sections][:2] == ["overdue", "soon"]
    shown = [matter.pk for section in sections for matter in section.items]
    assert len(shown) == len(set(shown))


def test_it_costs_few_queries_whatever_there_is_to_do(django_assert_max_num_queries):
    for state in ("replied", "revisited", "replied"):
        walk_to(state)
    actor = cast.actor(f"revisit@{TOWN}")
    my_work(actor)
    with django_assert_max_num_queries(5):
        my_work(actor)
