"""A list of staff as a file: checked first, then taken, and changing nothing when it is read again."""

import base64
import io
import re
from datetime import date, timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone

from qizhi.kernel.accounts.errors import NotAKeeper, StaffListExpired
from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.accounts.people import taking
from qizhi.kernel.accounts.people.actions import person_create
from qizhi.kernel.accounts.people.planning import Verdict, Wanted, pack, staff_plan, unpack
from qizhi.kernel.accounts.people.taking import staff_take
from qizhi.kernel.accounts.scope import actor_of
from qizhi.kernel.accounts.tests.factories import log_in, make_user, role_of, signed_in
from qizhi.kernel.accounts.tests.keepers import (
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    auditor,
    clerk,
    county_admin,
    make_units,
    town_admin,
)
from qizhi.kernel.kit.sheets import read_rows
from qizhi.kernel.regions.tests.factories import make_county
from qizhi.kernel.units.models import Post
from qizhi.kernel.units.queries import forget
from qizhi.kernel.units.tests.factories import make_unit

pytestmark = pytest.mark.django_db
CHECK, CONFIRM = "/accounts/people/import/", "/accounts/people/import/confirm/"
HEAD = "账号,姓名,单位代码或名称,岗位,到岗日期,网格或区划"


@pytest.fixture(autouse=True)
def units():
    make_county()
    make_units()
    for key, title in (("clerk", "窗口登记员"), ("gridworker", "网格员"), ("mediator", "人民调解员")):
        role = role_of(key)
        role.title = {"zh": title, "en": key.title()}
        role.save()


@pytest.fixture
def admin():
    return county_admin()


def wanted(
    username="zhang01", name="张小满", unit=f"centre-{TOWN}", *, role="窗口登记员", since_on="", place=""
):
    return Wanted(2, username, name, unit, role, since_on, place)


def verdicts(actor, *rows):
    return [line.verdict for line in staff_plan(actor, rows)]


def said(actor, row):
    (line,) = staff_plan(actor, [row])
    assert line.verdict is Verdict.WRONG
    return line.said


def file(*rows, head=HEAD, encoding="utf-8"):
    return SimpleUploadedFile("staff.csv", "\n".join((head, *rows)).encode(encoding))


def packed(answer):
    return re.search(r'name="rows" value="([^"]+)"', answer.content.decode())[1]


def state():
    return (User.objects.count(), Post.objects.count(), Access.objects.exclude(event="sign_in").count())


def test_a_file_is_checked_taken_and_its_passwords_told_once(admin, client):
    browser = signed_in(admin)
    before = state()
    rows = [f"grid{n:02},王{n},centre-{VILLAGE},网格员,2026/1/5," for n in range(3)]
    answer = browser.post(CHECK, {"file": file(*rows, "grid00,王0,610323100综治中心,clerk,2026-02-01,")})
    assert state() == before
    answer = browser.post(CONFIRM, {"rows": packed(answer), "reason": "年度聘任"})
    assert state() == (before[0] + 3, before[1] + 4, before[2] + 7)
    assert "no-store" in answer["Cache-Control"]
    address = re.search(r'href="(data:[^"]+)"', answer.content.decode())[1]
    sheet = list(read_rows(io.BytesIO(base64.b64decode(address.partition(",")[2])), {}))
    assert [(row["账号"], row["单位"], row["岗位"]) for row in sheet] == [
        (f"grid{n:02}", "610323100211综治中心", "网格员") for n in range(3)
    ]
    assert log_in(client, "grid01", sheet[1]["一次性密码"]).status_code == 302
    assert set(Access.objects.filter(event="post_given").values_list("reason", flat=True)) == {"年度聘任"}
    assert Post.objects.get(user__username="grid02").since_on == date(2026, 1, 5)


def test_a_second_reading_changes_nothing(admin):
    actor = actor_of(admin)
    rows = [wanted(), wanted(role="mediator"), wanted("wang02", "王秀兰", since_on="2026-03-01")]
    lines, made = staff_take(actor, rows, "")
    assert [line.verdict for line in lines] == ["new", "post", "new"]
    assert len(made) == 2
    before = state()
    lines, made = staff_take(actor, rows, "")
    assert ([line.verdict for line in lines], made) == (["same"] * 3, [])
    assert state() == before


def test_the_sheet_of_now_can_be_read_again_and_changes_nothing(admin):
    clerk("zhang01")
    browser = signed_in(admin)
    sheet = b"".join(browser.get("/accounts/people/sheet/").streaming_content)
    lines = browser.post(CHECK, {"file": SimpleUploadedFile("now.xlsx", sheet)}).context["lines"]
    assert {verdict: len(found) for verdict, found in lines.items()} == {
        "new": 0,
        "post": 0,
        "same": 2,
        "wrong": 0,
    }


def test_the_empty_form_has_the_columns_that_are_read(admin):
    content = b"".join(signed_in(admin).get("/accounts/people/import/form/").streaming_content)
    assert list(read_rows(io.BytesIO(content), {})) == []
    answer = signed_in(admin).post(CHECK, {"file": SimpleUploadedFile("empty.xlsx", content)})
    assert answer.status_code == 422
    assert "1 至 1000 个人" in answer.content.decode()


@pytest.mark.parametrize("unit", [f"centre-{TOWN}", "610323100综治中心"])
@pytest.mark.parametrize("role", ["gridworker", "网格员", "Gridworker"])
def test_units_and_roles_are_known_by_code_or_name(admin, unit, role):
    (line,) = staff_plan(actor_of(admin), [wanted(unit=unit, role=role)])
    assert (line.seated.unit.code, line.seated.role.key) == (f"centre-{TOWN}", "gridworker")


@pytest.mark.parametrize("place", [VILLAGE, "凤鸣镇堰河村", "堰河村"])
def test_a_place_is_known_by_code_full_name_or_name(admin, place):
    (line,) = staff_plan(actor_of(admin), [wanted(place=place)])
    assert line.seated.place == VILLAGE


def test_the_unit_s_own_place_narrows_nothing(admin):
    (line,) = staff_plan(actor_of(admin), [wanted(place=TOWN)])
    assert line.seated.place == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-05", date(2026, 1, 5)),
        ("2026/1/5", date(2026, 1, 5)),
        ("2026.01.05", date(2026, 1, 5)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("2026-01-05 00:00:00", date(2026, 1, 5)),
        ("", timezone.localdate()),
    ],
)
def test_days_are_read_as_people_write_them(admin, text, day):
    (line,) = staff_plan(actor_of(admin), [wanted(since_on=text)])
    assert line.seated.since_on == day


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (wanted(username="张三"), "小写字母"),
        (wanted(name=""), "请填写姓名"),
        (wanted(unit="没有这个单位"), "没有找到这个单位"),
        (wanted(role="县长"), "没有这个岗位"),
        (wanted(since_on="32号"), "日期写成"),
        (wanted(since_on="2026-02-30"), "日期写成"),
        (wanted(since_on="1999-12-31"), "不早于 2000 年"),
        (wanted(place=OTHER_TOWN), "网格或区划须在"),
        (wanted(place="火星村"), "网格或区划须在"),
        (wanted(username="clerk01", name="别人"), "姓名是“凤鸣镇登记员”"),
        (wanted(username="gone01", name="已走"), "已停用"),
        (wanted(username="admin@610323", name="县管理员"), "不能更改自己"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(admin, row, words):
    clerk("clerk01")
    make_user("gone01", name="已走", is_active=False)
    assert words in said(actor_of(admin), row)


def test_all_that_is_wrong_with_a_row_is_said_at_once(admin):
    words = said(actor_of(admin), wanted("张三", "", "没有这个单位", role="县长", since_on="32号"))
    for part in ("小写字母", "请填写姓名", "没有找到这个单位", "没有这个岗位", "日期写成"):
        assert part in words


def test_a_name_that_several_units_have_asks_for_the_code(admin):
    for code in ("team-1", "team-2"):
        make_unit(code, "610323", kind="team", name="督查组")
    forget()
    assert "team-1、team-2" in said(actor_of(admin), wanted(unit="督查组"))


def test_a_wrong_row_keeps_no_other_from_being_taken(admin):
    lines, made = staff_take(actor_of(admin), [wanted(username="张三"), wanted(), wanted(name="李四")], "")
    assert [line.verdict for line in lines] == ["wrong", "new", "wrong"]
    assert [one.person.username for one in made] == ["zhang01"]


def test_what_was_stored_is_told_of_when_the_database_fails_in_the_middle(admin, monkeypatch):
    def create(**said):
        if said["username"] == "person40":
            raise OperationalError("database is locked")
        return person_create(**said)

    monkeypatch.setattr(taking, "person_create", create)
    rows = [wanted(f"person{n:02}", "某人") for n in range(60)]
    lines, made = staff_take(actor_of(admin), rows, "")
    assert [one.person.username for one in made] == [f"person{n:02}" for n in range(taking.AT_ONCE)]
    assert User.objects.filter(name="某人").count() == taking.AT_ONCE
    assert {line.verdict for line in lines[taking.AT_ONCE :]} == {"wrong"}
    assert "再导一次" in lines[-1].said
    monkeypatch.undo()
    lines, made = staff_take(actor_of(admin), rows, "")
    assert len(made) == 60 - taking.AT_ONCE


def test_a_row_that_somebody_else_was_quicker_with_is_left_out(admin, monkeypatch):
    def quicker(actor, rows):
        lines = staff_plan(actor, rows)
        make_user("zhang01")
        return lines

    monkeypatch.setattr(taking, "staff_plan", quicker)
    lines, made = staff_take(actor_of(admin), [wanted(), wanted("wang02", "王秀兰")], "")
    assert [line.verdict for line in lines] == ["wrong", "new"]
    assert [one.person.username for one in made] == ["wang02"]


def test_a_post_that_was_ended_is_not_given_again_by_the_same_list(admin):
    person = clerk("zhang01", name="张小满", since_on=date(2026, 1, 5), until_on=date(2026, 3, 31))
    row = wanted(since_on="2026-01-05")
    assert verdicts(actor_of(admin), row) == ["same"]
    assert verdicts(actor_of(admin), wanted(since_on="2026-06-01")) == ["post"]
    assert person.posts.count() == 1


def test_an_administrator_of_a_town_takes_its_people_only():
    clerk("theirs", OTHER_TOWN, name="张小满")
    actor = actor_of(town_admin())
    assert verdicts(
        actor, wanted(), wanted("theirs"), wanted(unit=f"centre-{OTHER_TOWN}"), wanted(unit="office")
    ) == [
        "new",
        "wrong",
        "wrong",
        "wrong",
    ]


def test_others_take_nothing():
    for who in (auditor(), clerk()):
        with pytest.raises(NotAKeeper):
            staff_plan(actor_of(who), [wanted()])
        browser = signed_in(who)
        assert browser.post(CHECK, {"file": file("a")}).status_code == 403
        assert browser.post(CONFIRM, {"rows": pack(actor_of(who), [wanted()])}).status_code == 403
    assert not User.objects.filter(username="zhang01").exists()


def test_checking_asks_a_few_queries_however_long_the_list_is(admin, django_assert_max_num_queries):
    actor = actor_of(admin)
    rows = [wanted(f"person{n:03}", "某人") for n in range(300)]
    staff_plan(actor, rows[:1])
    # the roles, the accounts, their posts; twice whether a mode is applied, which none is here
    with django_assert_max_num_queries(5):
        assert set(verdicts(actor, *rows)) == {"new"}


def test_the_rows_go_only_back_to_whom_they_were_shown_and_for_an_hour(admin, monkeypatch):
    actor, other = actor_of(admin), actor_of(county_admin("admin02"))
    rows = [wanted(), wanted(place="堰河村")]
    carried = pack(actor, rows)
    assert unpack(actor, carried) == rows
    for who, text in ((other, carried), (actor, carried[:-1] + "x"), (actor, "")):
        with pytest.raises(StaffListExpired):
            unpack(who, text)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(signing.time, "time", later.timestamp)
    with pytest.raises(StaffListExpired):
        unpack(actor, carried)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({}, 422, "请选择文件"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, 422, "空的"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04nonsense")}, 422, ""),
        ({"file": SimpleUploadedFile("a.bin", b"\x00\x01\x02" * 50)}, 422, "不是可以读取的"),
        ({"file": file("a,b", head="账号,姓名")}, 422, "单位代码或名称、岗位"),
        ({"file": file(*(["a,b,c,d,,"] * 1001))}, 422, "1 至 1000 个人"),
        ({"file": SimpleUploadedFile("a.csv", b"x" * (2 * 1024 * 1024 + 1))}, 413, "2 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_of(admin, sent, status, words):
    before = state()
    answer = signed_in(admin).post(CHECK, sent)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert state() == before


def test_a_file_of_an_old_office_program_is_read(admin):
    answer = signed_in(admin).post(
        CHECK, {"file": file("zhang01,张小满,县委平安办,clerk,,", encoding="gb18030")}
    )
    assert [line.seated.name for line in answer.context["lines"]["new"]] == ["张小满"]
