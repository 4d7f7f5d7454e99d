"""Matters for staff and programs: lists, one, its log, and taking one in."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.story import public_due
from qizhi.testing import cast
from qizhi.testing.program import Program
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

COUNTY = "dispatcher@610323"


def numbers(answer):
    assert answer.status_code == 200, answer.content.decode()
    return [item["number"] for item in answer.json()["items"]]


@pytest.fixture
def some():
    """Five matters of two towns in different states, one a day, the oldest first."""
    start = timezone.now() - timedelta(days=20)
    return {
        "new": open_request(at=start),
        "late": walk_to("dispatched", at=start + timedelta(days=1)),
        "done": walk_to("archived", at=start + timedelta(days=2)),
        "other": walk_to("in_progress", region=OTHER_VILLAGE, at=start + timedelta(days=3)),
        "heat": open_request(
            at=start + timedelta(days=4), category="housing_construction.heating", urgency="urgent"
        ),
    }


FILTERS = {
    "all, newest first": ({}, ["heat", "other", "done", "late", "new"]),
    "oldest first": ({"order": "opened_at"}, ["new", "late", "done", "other", "heat"]),
    "a town's subtree": ({"region": OTHER_TOWN}, ["other"]),
    "a village": ({"region": VILLAGE}, ["heat", "done", "late", "new"]),
    "a code of another system": ({"region": "610323112", "code_system": "mca"}, ["other"]),
    "one state": ({"state": "registered"}, ["heat", "new"]),
    "states by commas": ({"state": "dispatched,in_progress"}, ["other", "late"]),
    "states repeated": ({"state": ["dispatched", "archived"]}, ["done", "late"]),
    "many states": (
        {"state": "registered,triaged,dispatched,objected,accepted,in_progress,suspended,concluded"},
        ["heat", "other", "late", "new"],
    ),
    "open": ({"open": "true"}, ["heat", "other", "late", "new"]),
    "ended": ({"open": "false"}, ["done"]),
    "the unit that handles": ({"unit": f"tg-{OTHER_TOWN}"}, ["other"]),
    "first-level category": ({"category": "housing_construction"}, ["heat", "other", "done", "late", "new"]),
    "second-level category": ({"category": "housing_construction.heating"}, ["heat"]),
    "urgency": ({"urgency": "urgent"}, ["heat"]),
    "channel": ({"channel": "phone"}, []),
    "kind": ({"kind": "request"}, ["heat", "other", "done", "late", "new"]),
    "late, the longest first": ({"overdue": "true"}, ["late", "new", "other", "heat"]),
    "late in one town": ({"overdue": "true", "region": OTHER_TOWN}, ["other"]),
}


@pytest.mark.parametrize("case", FILTERS)
def test_a_list_is_narrowed_by_its_filters(some, case):
    query, expected = FILTERS[case]
    wanted = [some[name].number for name in expected]
    found = numbers(Program(COUNTY).get("matters", **query))
    assert set(found) == set(wanted)
    if not query.get("overdue"):
        assert found == wanted


def test_what_is_late_comes_in_the_order_of_its_due_times(some):
    items = Program(COUNTY).get("matters", overdue="true").json()["items"]
    assert [item["due_at"] for item in items] == sorted(item["due_at"] for item in items)
    assert all(item["is_overdue"] for item in items)


def test_days_count_whole_and_moments_exactly(some):
    day = timezone.localdate(some["done"].matter.opened_at)
    program = Program(COUNTY)
    assert numbers(program.get("matters", opened_from=day, opened_to=day)) == [some["done"].number]
    moment = some["done"].matter.opened_at
    assert numbers(program.get("matters", opened_to=moment.isoformat())) == [
        some["late"].number,
        some["new"].number,
    ]
    assert some["done"].number in numbers(program.get("matters", opened_from=moment.isoformat()))


def test_a_number_and_a_telephone_are_found(some):
    program = Program(COUNTY)
    assert numbers(program.get("matters", q=some["new"].number.lower())) == [some["new"].number]
    case = open_request(reporter={"name": "李", "phone": "0917-8212345"})
    assert numbers(program.get("matters", q="0917-8212345")) == [case.number]
    assert numbers(program.get("matters", q="13900000000")) == []


WRONG = {
    "region": ({"region": "999"}, "unknown_region"),
    "code system missing its place": ({"region": "610323999", "code_system": "mca"}, "unknown_region"),
    "state": ({"state": "done"}, "unknown_state"),
    "kind": ({"kind": "hazard"}, "unknown_kind"),
    "unit": ({"unit": "nasa"}, "unknown_unit"),
    "category": ({"category": "ufo"}, "unknown_category"),
    "channel": ({"channel": "fax"}, "bad_input"),
    "order": ({"order": "title"}, "bad_input"),
    "day": ({"opened_from": "24.11.2026"}, "bad_input"),
    "a number as a day": ({"opened_to": "0.5"}, "bad_input"),
    "moment without offset": ({"opened_from": "2026-11-24T09:00:00"}, "bad_input"),
    "limit 0": ({"limit": "0"}, "bad_input"),
    "limit 201": ({"limit": "201"}, "bad_input"),
    "cursor": ({"cursor": "abc"}, "cursor_invalid"),
    "filter that is not there": ({"stat": "registered"}, "unknown_parameter"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_filter_that_means_nothing_is_refused(case):
    query, code = WRONG[case]
    answer = Program(COUNTY).get("matters", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    "query", [{}, {"order": "opened_at"}, {"order": "due_at"}, {"state": "registered,triaged"}]
)
def test_pages_join_without_a_gap_or_a_repeat(query):
    at = timezone.now()
    opened = [open_request(at=at - timedelta(minutes=n // 3)).number for n in range(11)]
    program, found, cursor = Program(COUNTY), [], None
    while True:
        page = program.get("matters", limit=3, **query, **({"cursor": cursor} if cursor else {}))
        found += numbers(page)
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert len(found) == len(opened)
    assert set(found) == set(opened)


def test_a_list_never_counts():
    open_request()
    assert set(Program(COUNTY).get("matters").json()) == {"items", "next_cursor"}


def test_a_list_shows_nothing_personal_but_what_is_masked():
    open_request(title="请打 13812345678", text="我叫王秀兰，住在岐山")
    said = Program(COUNTY).get("matters").content.decode()
    assert "13812345678" not in said
    assert "138****5678" in said
    assert "王秀兰" not in said


def test_one_matter_is_told_with_its_clocks_explained_and_its_person_masked():
    case = walk_to("in_progress")
    answer = Program("handler@610323100").get(f"matters/{case.number}")
    said = answer.json()
    assert answer["ETag"] == '"5"'
    assert said["reporter"] == {"name": "王*兰", "phone": "138****0021"}
    assert said["lead"] == {"code": f"tg-{TOWN}", "name": said["lead"]["name"]}
    assert [(one["unit"]["code"], one["role"], one["state"]) for one in said["handlers"]] == [
        (f"tg-{TOWN}", "lead", "accepted")
    ]
    assert {clock["name"]: clock["state"] for clock in said["clocks"]} == {
        "triage": "met",
        "accept": "met",
        "handle": "running",
        "answer": "running",
    }
    assert all(clock["lines"] for clock in said["clocks"])
    assert datetime.fromisoformat(said["promised_at"]) == public_due(case.matter)
    assert said["legs"][0]["level"] == "town"


def test_the_words_of_one_matter_are_in_the_callers_language():
    case = walk_to("in_progress")
    said = Program("handler@610323100", language="en").get(f"matters/{case.number}").json()
    assert said["state_title"] == "In progress"
    assert said["clocks"][0]["lines"][0].startswith("Runs from")


def test_the_log_tells_every_step_and_its_chain():
    case = walk_to("replied")
    items = Program("handler@610323100").get(f"matters/{case.number}/steps").json()["items"]
    assert [step["seq"] for step in items] == list(range(1, 8))
    assert [step["transition"] for step in items][-1] == "reply"
    assert all(a["hash"] == b["previous_hash"] for a, b in pairwise(items))
    assert items[1]["values"][0] == {"name": "category", "title": "类别", "value": "路灯井盖与排水"}
    assert items[-1]["texts"] == [
        {"name": "reply", "title": "答复内容（群众可见）", "value": "井盖已经换好，欢迎监督。"}
    ]
    assert items[-1]["actor"]["unit"]
    assert items[0]["actor"]["kind"] == "citizen"


def test_the_log_comes_page_by_page():
    case, program, seen, cursor = walk_to("replied"), Program("handler@610323100"), [], None
    for size in (3, 3, 1):
        page = program.get(
            f"matters/{case.number}/steps", limit=3, **({"cursor": cursor} if cursor else {})
        ).json()
        seen += [(step["seq"], len(step["texts"])) for step in page["items"]]
        cursor = page["next_cursor"]
        assert len(page["items"]) == size
    assert cursor is None
    assert seen == [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 1), (7, 1)]


def test_a_cursor_of_another_list_is_refused():
    case = walk_to("replied")
    cursor = Program("handler@610323100").get(f"matters/{case.number}/steps", limit=3).json()["next_cursor"]
    assert Program(COUNTY).get("matters", cursor=cursor).json()["code"] == "cursor_invalid"


BODY = {
    "kind": "request",
    "channel": "window",
    "region": VILLAGE,
    "text": "来窗口反映路灯不亮。",
    "reporter": {"name": "李大海", "phone": "13900000033", "identity": ""},
    "lon": 107.6,
    "lat": 34.4,
}


def test_staff_take_in_a_matter_for_somebody():
    answer = Program("clerk@610323100").post("matters", BODY)
    said = answer.json()
    matter = Matter.objects.get(number=said["number"])
    assert answer.status_code == 201
    assert (matter.channel, matter.registrar.username) == ("window", "clerk@610323100")
    assert datetime.fromisoformat(said["due_at"]) == public_due(matter)
    assert Program().get(f"public/matters/{matter.number}", query_code=said["query_code"]).status_code == 200
    assert matter_break(matter) is None


def test_kind_and_channel_may_be_left_out():
    body = {name: value for name, value in BODY.items() if name not in ("kind", "channel")}
    number = Program("clerk@610323100").post("matters", body).json()["number"]
    assert (Matter.objects.get(number=number).kind, Matter.objects.get(number=number).channel) == (
        "request",
        "api",
    )


@pytest.mark.parametrize("who", ["supervisor@610323100", "revisit@610323100", "leader@610323"])
def test_who_does_not_register_is_refused(who):
    answer = Program(who).post("matters", BODY)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


def test_the_auditor_changes_nothing():
    answer = Program("auditor@610323").post("matters", BODY)
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only")


def test_a_unit_that_is_no_longer_in_use_keeps_its_name():
    case = walk_to("dispatched")
    lead = case.matter.lead
    lead.is_active = False
    lead.save()
    from qizhi.kernel.units.queries import forget

    forget()
    said = Program(COUNTY).get(f"matters/{case.number}").json()
    assert said["lead"]["code"] == lead.code
    forget()


def test_the_person_who_registered_sees_it_also_from_a_unit_without_a_place():
    case = open_request(actor=cast.actor("gridworker@610323100"))
    take(case, "triage", "dispatcher", category=case.matter.category, difficulty="simple")
    assert numbers(Program("gridworker@610323100").get("matters")) == [case.number]
