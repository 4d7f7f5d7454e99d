"""“我的今天”: each post finds its work, with the one main step beside it; others find the ways that they use."""

import pytest

from qizhi.kernel.loop.models import Matter
from qizhi.kernel.notices.models import Notice
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN

from .pages import HTMX, cost_of, page_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize(
    ("state", "username", "button"),
    [
        ("registered", f"clerk@{TOWN}", "受理分流"),
        ("registered", f"dispatcher@{TOWN}", "受理分流"),
        ("triaged", f"dispatcher@{TOWN}", "交办"),
        ("dispatched", f"handler@{TOWN}", "受理"),
        ("accepted", f"head@{TOWN}", "开始办理"),
        ("in_progress", f"handler@{TOWN}", "办结"),
        ("concluded", f"handler@{TOWN}", "答复来信人"),
        ("replied", f"revisit@{TOWN}", "回访：满意"),
        ("revisited", f"revisit@{TOWN}", "归档"),
        ("supervised", "supervisor@610323", "发督办意见，限期重办"),
    ],
)
def test_the_one_thing_to_do_stands_beside_the_matter(state, username, button):
    case = walk_to(state)
    page = words_of(cast.browser(username).get("/desk/"))
    assert case.matter.title in page
    assert button in page


def test_a_stranger_sees_nothing_of_it():
    case = walk_to("registered", title="只有凤鸣镇知道的事")
    assert case.matter.title not in page_of(cast.browser(f"dispatcher@{OTHER_TOWN}").get("/desk/"))


@pytest.mark.parametrize("role", ["leader", "analyst", "inspector", "auditor"])
def test_posts_without_work_of_their_own_get_the_ways_that_they_use(role):
    page = page_of(cast.browser(f"{role}@610323").get("/desk/"))
    assert "/county/?region=610323" in page
    assert "overdue=1" in page
    assert ("/accounts/access/" in page) is (role == "auditor")


def test_an_administrator_sees_no_numbers_of_places_but_the_record_of_access():
    page = page_of(cast.browser("admin@610323").get("/desk/"))
    assert "/county/?region" not in page
    assert "/accounts/access/" in page


def test_nothing_to_do_is_said_in_words():
    assert "现在没有等您办的事" in page_of(cast.browser(f"handler@{OTHER_TOWN}").get("/desk/"))


def test_an_extension_asked_for_is_shown_to_whoever_decides():
    case = walk_to("in_progress")
    take(case, "extension_ask", "handler", term="wd5", reason="配件在路上。")
    page = words_of(cast.browser(f"dispatcher@{TOWN}").get("/desk/"))
    assert "待审核" in page
    assert "同意延期" in page


def test_unread_notices_stand_beside_and_lead_to_their_matter():
    case = open_request()
    person = cast.user(f"dispatcher@{TOWN}")
    Notice.objects.create(
        user=person,
        matter=case.matter,
        key="k",
        kind="late",
        words={"zh": "分流已到期"},
        at=case.matter.opened_at,
    )
    page = page_of(cast.browser(f"dispatcher@{TOWN}").get("/desk/"))
    assert "分流已到期" in page
    assert f"/desk/matters/{case.number}/" in page


def test_a_step_taken_in_the_list_answers_with_the_row_alone():
    case = walk_to("dispatched")
    client = cast.browser(f"handler@{TOWN}")
    url = f"/desk/matters/{case.number}/do/accept/"
    form = client.get(f"{url}?version={case.matter.version}&at=row", headers=HTMX)
    assert case.matter.text in form.content.decode()
    assert "<html" not in form.content.decode()
    answer = client.post(f"{url}?at=row", {"version": case.matter.version, "contacted": "1"}, headers=HTMX)
    assert answer["HX-Retarget"] == f"#row-{case.matter.pk}"
    assert "开始办理" in answer.content.decode()
    assert "“受理”已办好" in answer.content.decode()
    assert Matter.objects.get(pk=case.matter.pk).state == "accepted"


@pytest.mark.parametrize(
    ("username", "queries"),
    [(f"dispatcher@{TOWN}", 12), (f"handler@{TOWN}", 11), (f"revisit@{TOWN}", 12), ("leader@610323", 6)],
)
def test_the_page_costs_at_most_twelve_queries(username, queries):
    for state in ("registered", "triaged", "in_progress", "replied", "revisited", "dispatched"):
        walk_to(state)
    assert cost_of(cast.browser(username), "/desk/") <= queries
