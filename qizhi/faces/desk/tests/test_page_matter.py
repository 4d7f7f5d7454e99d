"""The page of a matter: everything about it, masked, with only the buttons of whoever reads it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qizhi.kernel.loop.models import Attachment
from qizhi.kernel.notices.models import Notice
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN, VILLAGE

from .pages import HTMX, cost_of, page_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shown(case, username):
    return page_of(cast.browser(username).get(f"/desk/matters/{case.number}/"))


def test_it_tells_what_was_said_where_and_by_whom_masked():
    case = open_request()
    page = shown(case, f"dispatcher@{TOWN}")
    assert case.matter.text in page
    assert "凤鸣镇堰河村" in page
    assert "王*兰" in page
    assert "138****0021" in page
    assert "13800000021" not in page
    assert "王秀兰" not in page


@pytest.mark.parametrize(
    ("state", "username", "has", "lacks"),
    [
        (
            "registered",
            f"dispatcher@{TOWN}",
            {"triage", "take", "merge", "not_accept"},
            {"accept", "dispatch"},
        ),
        ("registered", f"clerk@{TOWN}", {"triage", "add_facts"}, {"take", "dispatch"}),
        ("registered", f"director@{TOWN}", {"triage", "escalate"}, {"archive"}),
        ("registered", "dispatcher@610323", {"take_up"}, {"triage", "merge"}),
        ("dispatched", f"handler@{TOWN}", {"accept", "object"}, {"conclude", "dispatch"}),
        (
            "in_progress",
            f"head@{TOWN}",
            {"conclude", "suspend", "extension_ask"},
            {"reply", "extension_grant"},
        ),
        ("in_progress", "supervisor@610323", {"urge", "note"}, {"conclude"}),
        ("replied", f"revisit@{TOWN}", {"revisit", "revisit_unreached"}, {"revisit_supervise", "archive"}),
        ("in_progress", "auditor@610323", set(), {"urge", "conclude", "note"}),
        ("in_progress", "leader@610323", set(), {"urge", "conclude", "note"}),
    ],
)
def test_only_the_buttons_that_may_be_pressed_now_are_there(state, username, has, lacks):
    case = walk_to(state)
    page = shown(case, username)
    offered = {name for name in has | lacks if f"/do/{name}/" in page}
    assert offered == has


def test_a_main_step_that_waits_for_others_says_for_whom():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    take(case, "accept", "handler", contacted=True)
    take(case, "start", "handler")
    page = shown(case, f"handler@{TOWN}")
    assert "“办结”还不能办" in page
    assert "县住建局" in page


def test_internal_words_and_those_that_the_person_reads_are_told_apart():
    case = walk_to("in_progress")
    take(case, "progress", "handler", progress="已经派人去看了。")
    take(case, "note", "handler", note="注意：他和邻居有旧怨。")
    page = shown(case, f"handler@{TOWN}")
    public, internal = page.index("已经派人去看了"), page.index("他和邻居有旧怨")
    assert "群众可见" in page[public - 400 : public]
    assert "内部" in page[internal - 400 : internal]
    assert "内部步骤，群众看不到" in page[internal : internal + 400]


def test_each_promise_is_explained_line_by_line_with_its_law():
    page = shown(walk_to("in_progress"), f"handler@{TOWN}")
    assert "办理时限" in page
    assert "起计时，期限为7个工作日" in page
    assert "到期时间" in page
    assert "依据：" in page


def test_a_promise_into_a_year_without_a_calendar_is_marked_as_provisional():
    late = datetime(2026, 12, 28, 9, tzinfo=SHANGHAI)
    assert "放假安排还没有公布" in shown(open_request(at=late), f"dispatcher@{TOWN}")
    early = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    assert "放假安排还没有公布" not in shown(open_request(at=early), f"dispatcher@{TOWN}")


def test_units_levels_and_applications_are_told():
    case = walk_to("triaged")
    take(case, "escalate", "dispatcher", reason="需要县级部门。")
    take(case, "triage", "dispatcher@610323", category=case.matter.category, difficulty="general")
    take(case, "dispatch", "dispatcher@610323", lead_unit="zhujian", assist_units=[f"tg-{TOWN}"])
    take(case, "accept", "handler.zhujian@610323", contacted=True)
    take(case, "extension_ask", "handler.zhujian@610323", term="wd5", reason="等材料。")
    page = words_of(cast.browser("dispatcher@610323").get(f"/desk/matters/{case.number}/"))
    assert "县住建局 主办" in page
    assert "协办 待受理" in page
    assert "申请延期 5个工作日：待批" in page
    beside = words_of(
        cast.browser("dispatcher@610323").get(f"/desk/matters/{case.number}/beside/", headers=HTMX)
    )
    levels = beside[beside.index("经过哪几级") :]
    assert levels.index("凤鸣镇综治中心") < levels.index("县综治中心")


def test_whoever_sorts_it_sees_the_proposed_unit_with_the_reason_and_others_do_not():
    case = walk_to("triaged")
    assert "路灯、井盖、排水等市政设施由住建部门主管" in shown(case, f"dispatcher@{TOWN}")
    assert "建议交给谁" not in shown(case, "leader@610323")


def test_similar_open_matters_are_given_beside_and_only_those_one_may_see():
    other = open_request(text="东街小学门口井盖松动，孩子上学容易绊倒，请尽快修。")
    hidden = open_request(region="610323101001", title="东街小学门口井盖松动（另一个镇）")
    case = open_request()
    page = page_of(
        cast.browser(f"dispatcher@{TOWN}").get(f"/desk/matters/{case.number}/beside/", headers=HTMX)
    )
    assert other.number in page
    assert hidden.number not in page
    assert case.number not in page


def test_what_was_merged_into_it_is_listed():
    case = walk_to("merged")
    target = case.matter.merged_into
    page = page_of(
        cast.browser(f"dispatcher@{TOWN}").get(f"/desk/matters/{target.number}/beside/", headers=HTMX)
    )
    assert case.number in page
    assert target.number in shown(case, f"dispatcher@{TOWN}")


def test_a_point_draws_a_map_and_none_draws_none():
    case = open_request(point={"lon": "107.62", "lat": "34.44"})
    assert 'data-lon="107.620000"' in shown(case, f"dispatcher@{TOWN}")
    assert "data-desk-map" not in shown(open_request(), f"dispatcher@{TOWN}")


def test_files_are_shown_with_their_pictures():
    case = walk_to("in_progress")
    step = case.matter.steps.order_by("seq").last()
    file = Attachment.objects.create(
        matter=case.matter, step=step, field="photos", name="现场.jpg", media_type="image/jpeg", size=1,
        sha256="0" * 64, has_preview=True, uploaded_at=step.at,
    )  # fmt: skip
    page = shown(case, f"handler@{TOWN}")
    assert f"/files/{file.pk}/preview/" in page


@pytest.mark.parametrize(
    "username",
    [f"dispatcher@{OTHER_TOWN}", "handler.gongan@610323", f"gridworker@{OTHER_TOWN}", "admin@610323"],
)
def test_to_a_stranger_it_does_not_exist(username):
    case = open_request(title="只有凤鸣镇知道的事")
    client = cast.browser(username)
    for path in ("", "beside/", "do/triage/", "receipt/"):
        answer = client.get(f"/desk/matters/{case.number}/{path}")
        assert answer.status_code == 404
        assert case.matter.title not in answer.content.decode()


def test_reading_it_marks_its_notices_as_read_and_no_others():
    case, other = open_request(), open_request()
    person = cast.user(f"dispatcher@{TOWN}")
    for number, one in enumerate((case, other)):
        Notice.objects.create(
            user=person,
            matter=one.matter,
            key=str(number),
            kind="late",
            words={"zh": "到期"},
            at=one.matter.opened_at,
        )
    shown(case, f"dispatcher@{TOWN}")
    assert list(Notice.objects.filter(read_at=None).values_list("matter", flat=True)) == [other.matter.pk]


def test_the_flow_is_drawn_with_the_present_state_marked():
    client = cast.browser(f"dispatcher@{TOWN}")
    page = page_of(client.get("/desk/kinds/request/chart/?mode=1&here=triaged", headers=HTMX))
    assert "现在在这里" in page
    assert "现在在这里" not in page_of(client.get("/desk/kinds/request/chart/?here=nowhere", headers=HTMX))
    assert client.get("/desk/kinds/nothing/chart/").status_code == 404


def test_english_by_the_switch():
    client = cast.browser(f"handler@{TOWN}")
    client.cookies["language"] = "en"
    assert "Conclude" in page_of(client.get(f"/desk/matters/{walk_to('in_progress').number}/"))


def test_the_page_costs_at_most_twelve_queries():
    case = walk_to("in_progress", at=datetime.now(SHANGHAI) - timedelta(days=1), region=VILLAGE)
    take(case, "extension_ask", "handler", term="wd5", reason="配件在路上。")
    for username in (f"dispatcher@{TOWN}", f"handler@{TOWN}", "leader@610323"):
        assert cost_of(cast.browser(username), f"/desk/matters/{case.number}/") <= 12
    assert cost_of(cast.browser(f"dispatcher@{TOWN}"), f"/desk/matters/{case.number}/beside/", **HTMX) <= 11
