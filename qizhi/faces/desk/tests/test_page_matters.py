"""The list: the address says everything, pages go both ways, and nobody sees what is not theirs."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qizhi.testing import cast
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

from .pages import HTMX, cost_of, page_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOVEMBER = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)


def numbers(page):
    return list(dict.fromkeys(re.findall(r'case-title" href="/desk/matters/(SQ-\d{4}-\d{6})/', page)))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ["open", "other", "done"]),
        ("state=registered", ["open", "other"]),
        ("state=registered&state=archived", ["open", "other", "done"]),
        ("open=0", ["done"]),
        (f"region={TOWN}", ["open", "done"]),
        (f"region={OTHER_TOWN}", ["other"]),
        (f"unit=tg-{TOWN}", ["done"]),
        ("category=housing_construction", ["open", "other", "done"]),
        ("category=labour_security.wages", []),
        ("urgency=urgent", ["other"]),
        ("channel=window", []),
        ("opened_from=2026-11-02", ["open", "other", "done"]),
        ("opened_to=2026-11-02", []),
        ("concluded_from=2026-11-01&concluded_to=2026-11-30&replied=1&on_time=1", ["done"]),
        ("heard_from=2026-11-01&heard_to=2026-11-30&solved=1", ["done"]),
        ("order=old", ["done", "other", "open"]),
    ],
)
def test_a_filter_in_the_address_gives_its_cases(query, wanted):
    cases = {
        "done": walk_to("archived", at=NOVEMBER),
        "other": open_request(region=OTHER_VILLAGE, urgency="urgent", at=NOVEMBER + timedelta(hours=1)),
        "open": open_request(at=NOVEMBER + timedelta(hours=2)),
    }
    page = page_of(cast.browser("leader@610323").get(f"/desk/matters/?{query}"))
    assert numbers(page) == [cases[name].number for name in wanted]


def test_a_number_a_telephone_or_an_empty_search_finds_it():
    case = open_request(reporter={"name": "李", "phone": "13900000077"})
    open_request()
    client = cast.browser(f"clerk@{TOWN}")
    for text in (case.number, case.number.lower(), "13900000077", "139 0000 0077"):
        assert numbers(page_of(client.get("/desk/matters/", {"q": text}))) == [case.number]
    assert numbers(page_of(client.get("/desk/matters/", {"q": "13900000078"}))) == []


def test_what_limits_the_list_is_told_in_words_with_a_way_to_take_it_away():
    page = page_of(
        cast.browser("leader@610323").get(f"/desk/matters/?state=registered&region={TOWN}&here=1&overdue=1")
    )
    for words in ("状态：已登记", "地点：凤鸣镇", "只看本级，不含下级", "已超期"):
        assert words in page
    assert f'class="chip" href="/desk/matters/?state=registered&overdue=1&region={TOWN}"' in page


def test_what_nobody_understands_is_named_and_left_out():
    case = open_request()
    query = (
        "state=nonsense&region=999&unit=nobody&opened_from=yesterday&urgency=very&order=up&on_time=perhaps"
    )
    page = words_of(cast.browser(f"clerk@{TOWN}").get(f"/desk/matters/?{query}"))
    assert "看不懂" in page
    for name in ("state", "region", "unit", "opened_from", "urgency", "order", "on_time"):
        assert name in page
    assert case.number in page


def test_htmx_gets_the_list_alone_and_the_address_it_stands_for():
    open_request()
    client = cast.browser(f"clerk@{TOWN}")
    answer = client.get("/desk/matters/?q=&state=registered&region=&order=", headers=HTMX)
    assert "<html" not in page_of(answer)
    assert answer["HX-Push-Url"] == "/desk/matters/?state=registered"


def test_limits_that_only_links_set_are_carried_along_by_the_form():
    page = page_of(
        cast.browser("leader@610323").get("/desk/matters/?concluded_from=2026-11-01&here=1&solved=0")
    )
    for name, value in (("concluded_from", "2026-11-01"), ("here", "1"), ("solved", "0")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_pages_go_forth_and_back():
    for minute in range(45):
        open_request(at=NOVEMBER + timedelta(minutes=minute))
    client = cast.browser(f"clerk@{TOWN}")
    first = page_of(client.get("/desk/matters/"))
    assert "上一页" not in first
    second = page_of(client.get(re.search(r'rel="next" href="([^"]+)"', first)[1]))
    third = page_of(client.get(re.search(r'rel="next" href="([^"]+)"', second)[1]))
    assert [len(numbers(page)) for page in (first, second, third)] == [20, 20, 5]
    assert "下一页" not in third
    assert len({*numbers(first), *numbers(second), *numbers(third)}) == 45
    back = page_of(client.get(re.search(r'rel="prev" href="([^"]+)"', third)[1]))
    assert numbers(back) == numbers(second)


def test_a_lost_place_begins_at_the_first_page_and_says_so():
    case = open_request()
    page = page_of(cast.browser(f"clerk@{TOWN}").get("/desk/matters/?cursor=broken"))
    assert "翻页位置已失效" in page
    assert numbers(page) == [case.number]


@pytest.mark.parametrize(
    ("username", "sees"),
    [
        ("leader@610323", {"mine", "other"}),
        (f"clerk@{TOWN}", {"mine"}),
        (f"clerk@{OTHER_TOWN}", {"other"}),
        (f"dispatcher@{VILLAGE}", {"mine"}),
        ("handler.gongan@610323", set()),
        ("admin@610323", set()),
    ],
)
def test_everybody_sees_their_own_part(username, sees):
    cases = {"mine": open_request(), "other": open_request(region=OTHER_VILLAGE)}
    client = cast.browser(username)
    for query in ("", f"region={COUNTY}", f"region={TOWN}", "concluded_from=2020-01-01&open=1"):
        shown = set(numbers(page_of(client.get(f"/desk/matters/?{query}"))))
        assert shown <= {cases[name].number for name in sees}
    assert set(numbers(page_of(client.get("/desk/matters/")))) == {cases[name].number for name in sees}


def test_only_places_and_units_that_one_has_to_do_with_are_offered():
    page = page_of(cast.browser(f"clerk@{TOWN}").get("/desk/matters/"))
    assert f'value="{VILLAGE}"' in page
    assert f'value="{OTHER_VILLAGE}"' not in page
    assert f'value="tg-{OTHER_TOWN}"' not in page
    assert 'value="zhujian"' in page


def test_the_list_says_no_total():
    for minute in range(23):
        open_request(at=NOVEMBER + timedelta(minutes=minute))
    words = words_of(cast.browser(f"clerk@{TOWN}").get("/desk/matters/"))
    assert "23" not in re.sub(r"SQ-\d+-\d+|\d+月\d+日 \d+:\d+|\d+ (?:天|小时|分钟)", "", words)


@pytest.mark.parametrize(
    ("username", "queries"),
    [("leader@610323", 7), (f"dispatcher@{TOWN}", 11), (f"handler@{TOWN}", 9), ("handler.gongan@610323", 9)],
)
def test_the_list_costs_few_queries_whatever_it_holds(username, queries):
    for state in ("registered", "triaged", "in_progress", "replied", "archived"):
        walk_to(state)
    client = cast.browser(username)
    for query in ("", "open=1", f"region={TOWN}&order=due"):
        assert cost_of(client, f"/desk/matters/?{query}") <= queries
        assert cost_of(client, f"/desk/matters/?{query}", **HTMX) <= queries
