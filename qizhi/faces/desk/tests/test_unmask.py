"""Seeing who asks in full: only by right, only with a reason, each time logged, and for one view only."""

import pytest

from qizhi.kernel.accounts.models import Access
from qizhi.kernel.loop.audit import audit_verify
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN

from .pages import HTMX, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

WORDS = "井盖响得睡不着，请回电 13800000021。"


@pytest.fixture
def case():
    return open_request(text=WORDS)


def url_of(case):
    return f"/desk/matters/{case.number}/unmask/"


def unmaskings():
    return list(Access.objects.filter(event="unmask").values_list("username", "subject", "reason"))


def test_with_a_reason_it_is_shown_once_and_logged(case):
    client = cast.browser(f"dispatcher@{TOWN}")
    page = page_of(client.post(url_of(case), {"reason": "电话核实井盖位置"}, headers=HTMX))
    assert "王秀兰" in page
    assert "13800000021" in page
    assert f'<p class="keep-lines mb-0">{WORDS}</p>' in page
    assert unmaskings() == [(f"dispatcher@{TOWN}", case.number, "电话核实井盖位置")]
    again = page_of(client.get(f"/desk/matters/{case.number}/"))
    assert "13800000021" not in again
    assert "王秀兰" not in again


def test_what_the_person_writes_later_is_masked_too():
    case = walk_to("suspended")
    said = "井盖在老槐树旁，我换了号码：13912345678。"
    take(case, "answer", "reporter", answer=said)
    client = cast.browser(f"dispatcher@{TOWN}")
    page = page_of(client.get(f"/desk/matters/{case.number}/"))
    assert "井盖在老槐树旁" in page
    assert "13912345678" not in page
    assert f'<p class="keep-lines mb-1">{said}</p>' in page_of(
        client.post(url_of(case), {"reason": "回电核实位置"}, headers=HTMX)
    )
    assert not list(audit_verify())


def test_who_gave_no_name_and_a_number_later_can_be_called_back():
    case = walk_to("suspended", reporter=None)
    browser, page = cast.browser(f"dispatcher@{TOWN}"), f"/desk/matters/{case.number}/"
    assert url_of(case) not in page_of(browser.get(page))
    take(case, "answer", "reporter", answer="请回电 13912345678。")
    assert url_of(case) in page_of(browser.get(page))


def test_what_staff_write_stays_as_it_is():
    case = walk_to("suspended")
    take(case, "answer", f"clerk@{TOWN}", answer="住建局值班电话 13912345678。")
    assert "13912345678" in page_of(cast.browser(f"dispatcher@{TOWN}").get(f"/desk/matters/{case.number}/"))


def test_it_asks_for_the_reason_first(case):
    page = page_of(cast.browser(f"dispatcher@{TOWN}").get(url_of(case), headers=HTMX))
    assert "为什么要看完整信息" in page
    assert "13800000021" not in page
    assert unmaskings() == []


@pytest.mark.parametrize("reason", ["", " ", "看", "字" * 201])
def test_without_a_proper_reason_nothing_is_shown_or_logged(case, reason):
    answer = cast.browser(f"dispatcher@{TOWN}").post(url_of(case), {"reason": reason}, headers=HTMX)
    assert answer.status_code == 422
    assert "13800000021" not in answer.content.decode()
    assert unmaskings() == []


@pytest.mark.parametrize(
    ("username", "status"),
    [
        (f"director@{TOWN}", 403),
        ("leader@610323", 403),
        ("analyst@610323", 403),
        ("auditor@610323", 403),
        (f"dispatcher@{OTHER_TOWN}", 404),
    ],
)
def test_without_the_right_there_is_neither_button_nor_door(case, username, status):
    client = cast.browser(username)
    assert client.post(url_of(case), {"reason": "电话核实井盖位置"}, headers=HTMX).status_code == status
    assert client.get(url_of(case)).status_code == status
    if status == 403:
        assert "/unmask/" not in page_of(client.get(f"/desk/matters/{case.number}/"))
    assert unmaskings() == []


def test_without_scripts_the_whole_page_shows_it_once(case):
    client = cast.browser(f"dispatcher@{TOWN}")
    page = page_of(client.post(url_of(case), {"reason": "电话核实井盖位置"}))
    assert "<html" in page
    assert "13800000021" in page
    assert len(unmaskings()) == 1


def test_the_page_that_shows_it_is_kept_by_no_cache(case):
    answer = cast.browser(f"dispatcher@{TOWN}").post(url_of(case), {"reason": "电话核实井盖位置"})
    assert "no-store" in answer["Cache-Control"]
