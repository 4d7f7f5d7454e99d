"""The county's page of truth: every number opens a list that holds exactly as many matters as it says."""

import re
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qizhi.faces import listing
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.listing import matter_list
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import COUNTY, GRID, OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
LINK = re.compile(r'<a[^>]*href="/desk/matters/\?([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def page_of(answer):
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def numbers_of(page):
    """Return every whole number on the page with the query of the list behind it."""
    found = []
    for query, inner in LINK.findall(page):
        text = re.sub(r"<[^>]+>|\s", "", inner)
        number = re.search(r"(\d+)$", text)
        if number and "%" not in text:
            found.append((int(number[1]), query))
    return found


def counted(username, query):
    """Return how many matters the list of this address holds, walked page by page."""
    filters, cursor, count = listing.read(QueryDict(query)).filters, None, 0
    while True:
        page = matter_list(cast.actor(username), filters, cursor=cursor, limit=7)
        count += len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return count


@pytest.fixture
def autumn():
    """Matters of two months in several places and every state, some late, some heard twice."""
    now = timezone.now()
    this, before = now.replace(day=1) + timedelta(hours=1), now.replace(day=1) - timedelta(days=40)
    for state in (
        "registered",
        "in_progress",
        "suspended",
        "replied",
        "archived",
        "withdrawn",
        "reopened",
        "merged",
    ):
        walk_to(state, at=before if state == "in_progress" else this)
    for state in ("archived", "supervised", "not_accepted", "concluded"):
        walk_to(state, region=OTHER_VILLAGE, at=this)
    walk_to("archived", region=OTHER_VILLAGE, at=before)
    late = walk_to("concluded", at=before)
    take(late, "reply", "handler", at=this + timedelta(hours=3), reply="让您久等了。")
    open_request(region=COUNTY, at=this)
    open_request(region=TOWN, at=this)
    open_request(region=GRID, at=this)
    twice = walk_to("reopened", at=this)
    for transition, inputs in (
        ("start", {}),
        ("conclude", {"result": "solved", "conclusion": "换了新的。"}),
        ("reply", {"reply": "已换新。"}),
    ):
        take(twice, transition, "handler", **inputs)
    take(twice, "rate", "reporter", score=5)


@pytest.mark.parametrize(
    ("username", "query"),
    [
        ("leader@610323", ""),
        ("leader@610323", "month=before"),
        ("leader@610323", f"region={TOWN}"),
        ("leader@610323", f"region={VILLAGE}"),
        ("auditor@610323", f"region={OTHER_TOWN}&month=before"),
        (f"director@{TOWN}", ""),
        (f"clerk@{TOWN}", f"region={VILLAGE}"),
        (f"dispatcher@{VILLAGE}", ""),
    ],
)
def test_every_number_opens_exactly_its_cases(autumn, username, query):
    before = (timezone.localdate().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    page = page_of(cast.browser(username).get(f"/county/?{query.replace('before', before)}"))
    numbers = numbers_of(page)
    assert len(numbers) > 12
    assert any(number for number, _query in numbers)
    for number, link in numbers:
        assert counted(username, link) == number, link


def test_the_numbers_are_right(autumn):
    page = page_of(cast.browser("leader@610323").get("/county/"))
    tiles = re.findall(r'tile-value figures">([^<]+)<', page)
    is_open = Matter.objects.filter(is_open=True)
    late = is_open.filter(due_at__lt=timezone.now())
    first = listing.midnight(timezone.localdate().replace(day=1))
    concluded = Matter.objects.filter(concluded_at__gte=first)
    assert tiles[:2] == [str(is_open.count()), str(late.count())]
    assert tiles[2:4] == [str(Matter.objects.filter(opened_at__gte=first).count()), str(concluded.count())]
    assert late.exists()


def test_a_town_person_sees_the_villages_of_the_own_town_and_nothing_else(autumn):
    client = cast.browser(f"director@{TOWN}")
    page = page_of(client.get("/county/"))
    assert "凤鸣镇情况" in page
    assert "堰河村" in page
    assert "蔡家坡镇" not in page
    for region in (COUNTY, OTHER_TOWN, OTHER_VILLAGE, "999"):
        assert client.get(f"/county/?region={region}").status_code == 404


@pytest.mark.parametrize("username", [f"handler@{TOWN}", "handler.gongan@610323", "admin@610323"])
def test_posts_that_see_units_only_are_told_so_and_have_no_menu_entry(username):
    client = cast.browser(username)
    answer = client.get("/county/")
    assert answer.status_code == 403
    assert "本单位的事项" in answer.content.decode()
    assert '<a class="bar-tool" href="/county/"' not in page_of(client.get("/desk/"))


def test_without_sign_in_it_leads_to_it(client):
    assert client.get("/county/")["Location"] == "/accounts/login/?next=/county/"


@pytest.mark.parametrize("month", ["nonsense", "2026-13", "2099-01", "", "0000-00"])
def test_a_month_that_is_none_or_not_yet_shows_the_present_one(month):
    page = page_of(cast.browser("leader@610323").get(f"/county/?month={month}"))
    assert f'<option value="{timezone.localdate():%Y-%m}" selected>' in page


def test_each_place_opens_the_same_page_one_level_below(autumn):
    page = page_of(cast.browser("leader@610323").get("/county/"))
    assert f'href="/county/?region={TOWN}&month={timezone.localdate():%Y-%m}"' in page
    below = page_of(cast.browser("leader@610323").get(f"/county/?region={TOWN}"))
    assert '<a href="/county/?region=610323&month=' in below


def test_it_says_which_month_it_shows_and_how_its_numbers_are_made():
    page = page_of(cast.browser("leader@610323").get("/county/?month=2026-03"))
    assert '<span class="month">2026年3月</span>' in page
    assert "这些数怎么算" in page
    assert not re.search(r"\sstyle=", page)
    assert '<th scope="col"' in page


def test_an_empty_county_divides_by_nothing():
    page = page_of(cast.browser("leader@610323").get("/county/"))
    assert "—" in page
    assert "nan" not in page.lower()


def test_in_english():
    client = cast.browser("leader@610323")
    client.cookies["language"] = "en"
    assert 'lang="en"' in page_of(client.get("/county/"))


def test_it_costs_ten_queries(autumn):
    client = cast.browser("leader@610323")
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as queries:
            page_of(client.get("/county/"))
        counts.append(len(queries))
    # what a process keeps for a while is read now and then
    assert min(counts) <= 10


def test_a_fixed_day_of_the_past_stays_the_same():
    walk_to("archived", at=datetime(2026, 3, 2, 9, tzinfo=SHANGHAI))
    page = page_of(cast.browser("leader@610323").get("/county/?month=2026-03"))
    tiles = re.findall(r'tile-value figures">([^<]+)<', page)
    assert tiles == ["0", "0", "1", "1", "100%", "100%"]
