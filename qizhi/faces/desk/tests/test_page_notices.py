"""My notices: newest first, mine alone, read all at once."""

from datetime import timedelta

import pytest

from qizhi.kernel.loop.readers import read_all
from qizhi.kernel.loop.sealer import seal_steps
from qizhi.kernel.notices.models import Notice
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import TOWN

from .pages import cost_of, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def tell(case, username, count=1):
    person = cast.user(username)
    Notice.objects.bulk_create(
        Notice(
            user=person, matter=case.matter, key=f"{case.number}:{n}", kind="late", words={"zh": f"第{n}次提醒"},
            at=case.matter.opened_at + timedelta(minutes=n),
        )
        for n in range(count)
    )  # fmt: skip


def test_mine_are_shown_newest_first_page_by_page():
    case = open_request()
    tell(case, f"dispatcher@{TOWN}", 33)
    client = cast.browser(f"dispatcher@{TOWN}")
    page = page_of(client.get("/desk/notices/"))
    assert page.index("第32次提醒") < page.index("第31次提醒")
    assert "第2次提醒" not in page
    assert "下一页" in page
    assert "第32次提醒" not in page_of(cast.browser(f"clerk@{TOWN}").get("/desk/notices/"))


def test_all_are_marked_as_read_at_once():
    case = open_request()
    tell(case, f"dispatcher@{TOWN}", 3)
    client = cast.browser(f"dispatcher@{TOWN}")
    assert '<span class="unread">3' in page_of(client.get("/desk/notices/"))
    page = page_of(client.post("/desk/notices/read/", follow=True))
    assert "3 条提醒已标为已读" in page
    assert '<span class="unread">' not in page


def test_a_notice_about_a_matter_out_of_sight_is_not_shown():
    case = open_request(title="只有凤鸣镇知道的事")
    tell(case, "handler.gongan@610323")
    assert case.matter.title not in page_of(cast.browser("handler.gongan@610323").get("/desk/notices/"))


def test_whoever_decides_is_told_of_a_request_for_more_time():
    case = walk_to("in_progress")
    take(case, "extension_ask", "handler", term="wd5", reason="配件在路上。")
    while seal_steps():
        pass
    while read_all():
        pass
    assert "申请延期" in page_of(cast.browser(f"dispatcher@{TOWN}").get("/desk/notices/"))


def test_the_page_costs_few_queries():
    tell(open_request(), f"dispatcher@{TOWN}", 5)
    assert cost_of(cast.browser(f"dispatcher@{TOWN}"), "/desk/notices/") <= 5
