"""One person: what the page shows, what it offers to whom, and every form behind a button."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from qizhi.kernel.accounts import hooks
from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.accounts.people.pages.person import VERBS
from qizhi.kernel.accounts.tests.factories import log_in, role_of, seat, signed_in
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
from qizhi.kernel.regions.tests.factories import make_county
from qizhi.kernel.units.models import Post

pytestmark = pytest.mark.django_db
PEOPLE = "/accounts/people/"
NEW = f"{PEOPLE}new/"


@pytest.fixture(autouse=True)
def units():
    make_county()
    make_units()
    role_of("clerk")


@pytest.fixture
def admin():
    return county_admin()


@pytest.fixture
def browser(admin):
    return signed_in(admin)


def page_of(person, rest=""):
    return f"{PEOPLE}{person.pk}/{rest}"


def told_password(answer):
    return re.search(r'id="password">([^<]+)<', answer.content.decode())[1]


WANTED = {
    "username": "zhang01",
    "name": "张小满",
    "unit": f"centre-{TOWN}",
    "role": "clerk",
    "since_on": "2026-11-02",
    "place": "",
    "reason": "",
}


def test_it_shows_posts_second_factor_sign_ins_and_what_was_done(browser, admin, client):
    person = seat(clerk(name="张小满"), "mediator", OTHER_TOWN, until_on="2026-03-31")
    Authenticator.objects.create(user=person, type="totp", data={})
    log_in(client, person.username, "wrong")
    browser.post(page_of(person, "rename/"), {"name": "张小曼", "reason": "身份证写法"})
    said = browser.get(page_of(person)).content.decode()
    for words in (
        "610323100综治中心 · clerk",
        "至 2026-03-31",
        "已结束",
        "绑定",
        "登录失败",
        "更正姓名",
        "身份证写法",
        "县管理员",
    ):
        assert words in said


def test_it_costs_a_bounded_number_of_queries(browser, django_assert_max_num_queries):
    person = clerk()
    for n in range(8):
        seat(person, f"role-{n}", TOWN)
    browser.get(page_of(person))
    # one of them looks for a mode, which is not applied here
    with django_assert_max_num_queries(12):
        browser.get(page_of(person))


def test_the_auditor_is_offered_nothing_and_every_form_is_refused():
    person, reader = clerk(), signed_in(auditor())
    said = reader.get(page_of(person)).content.decode()
    assert "重置密码</a>" not in said
    assert "结束<span" not in said
    for rest in (*(f"{verb}/" for verb in VERBS), "posts/new/", f"posts/{person.posts.get().pk}/end/"):
        for ask in (reader.get, reader.post):
            assert ask(page_of(person, rest)).status_code == 403, rest
    assert reader.post(NEW, WANTED).status_code == 403


def test_on_their_own_page_administrators_are_told_to_ask_another(browser, admin):
    said = browser.get(page_of(admin)).content.decode()
    assert "由另一位系统管理员办理" in said
    assert "停用账号" not in said
    post = admin.posts.get()
    for rest in (*(f"{verb}/" for verb in VERBS), "posts/new/", f"posts/{post.pk}/end/"):
        assert (
            browser.post(page_of(admin, rest), {"reason": "试试", "until_on": "2026-11-24"}).status_code
            == 403
        )
    assert Post.objects.get(pk=post.pk).until_on is None


def test_whom_an_administrator_of_a_town_does_not_see_is_not_found():
    browser = signed_in(town_admin())
    theirs = clerk("theirs", OTHER_TOWN)
    for rest in ("", "reset/", "posts/new/", f"posts/{theirs.posts.get().pk}/end/"):
        assert browser.get(page_of(theirs, rest)).status_code == 404
    assert browser.get(page_of(clerk())).status_code == 200


def test_a_post_is_ended_only_on_its_own_person_s_page(browser):
    one, other = clerk(), clerk("other")
    assert browser.get(page_of(one, f"posts/{other.posts.get().pk}/end/")).status_code == 404


def test_a_new_account_is_shown_once_with_its_password(browser, client):
    answer = browser.post(NEW, WANTED | {"username": " Zhang01 "})
    raw = told_password(answer)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    person = User.objects.get(username="zhang01")
    assert raw not in browser.get(page_of(person)).content.decode()
    assert log_in(client, "zhang01", raw).status_code == 302
    assert not [session for session in browser.session.values() if raw in str(session)]


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"username": ""}, 422, "请填写这一项"),
        ({"username": "张三"}, 422, "小写字母"),
        ({"name": ""}, 422, "请填写这一项"),
        ({"unit": "nowhere"}, 422, "nowhere"),
        ({"role": "king"}, 422, "king"),
        ({"since_on": "2026-13-01"}, 422, "日期写成"),
        ({"since_on": "1999-01-01"}, 422, "不早于 2000 年"),
        ({"place": VILLAGE, "unit": f"centre-{OTHER_TOWN}"}, 422, "网格或区划须在"),
        ({"username": "admin@610323"}, 409, "已经有人用了"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser, wrong, status, said):
    answer = browser.post(NEW, WANTED | wrong)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert ("张小满" in answer.content.decode()) is ("name" not in wrong)
    assert User.objects.count() == 1


def test_an_administrator_of_a_town_chooses_among_its_units_and_places_only():
    form = signed_in(town_admin()).get(NEW).context["form"]
    assert {code for _group, options in form.fields["unit"].choices[1:] for code, _words in options} == {
        f"centre-{TOWN}",
        f"centre-{VILLAGE}",
    }
    assert all(
        code.startswith(TOWN)
        for _group, options in form.fields["place"].choices[1:]
        for code, _words in options
    )


def test_a_reset_shows_the_password_once(browser, client):
    person = clerk()
    assert "只显示这一次" in browser.get(page_of(person, "reset/")).content.decode()
    assert browser.post(page_of(person, "reset/"), {"reason": ""}).status_code == 422
    raw = told_password(browser.post(page_of(person, "reset/"), {"reason": "忘记密码"}))
    assert log_in(client, person.username, raw).status_code == 302


def test_every_other_verb_leads_back_to_the_person(browser):
    person = clerk()
    Authenticator.objects.create(user=person, type="totp", data={})
    for verb in ("rename", "device", "deactivate", "activate", "unlock"):
        assert browser.get(page_of(person, f"{verb}/")).status_code == 200
        answer = browser.post(page_of(person, f"{verb}/"), {"reason": "核实过", "name": "新名"})
        assert answer["Location"] == page_of(person)
    assert set(Access.objects.filter(about=person).values_list("event", "reason")) == {
        ("renamed", "核实过"),
        ("device_reset", "核实过"),
        ("deactivated", "核实过"),
        ("activated", "核实过"),
        ("unlocked", "核实过"),
    }


def test_what_is_no_longer_so_is_said(browser):
    person = clerk()
    answer = browser.post(page_of(person, "activate/"), {"reason": ""})
    assert answer.status_code == 409
    assert "已经是这个状态" in answer.content.decode()


def test_a_post_is_given_and_ended(browser):
    person = clerk()
    given = {"unit": f"centre-{TOWN}", "role": "clerk", "since_on": "2026-11-02", "place": ""}
    assert browser.post(page_of(person, "posts/new/"), given).status_code == 409  # held already
    answer = browser.post(page_of(person, "posts/new/"), given | {"unit": f"centre-{VILLAGE}"})
    assert answer["Location"] == page_of(person)
    post = person.posts.get(unit__code=f"centre-{VILLAGE}")
    assert browser.get(page_of(person, f"posts/{post.pk}/end/")).status_code == 200
    assert (
        browser.post(page_of(person, f"posts/{post.pk}/end/"), {"until_on": "2020-01-01"}).status_code == 422
    )
    today = timezone.localdate()
    answer = browser.post(page_of(person, f"posts/{post.pk}/end/"), {"until_on": today, "reason": "轮岗"})
    assert answer["Location"] == page_of(person)
    post.refresh_from_db()
    assert post.until_on == today


def test_the_page_warns_when_nobody_would_be_left(browser, monkeypatch):
    monkeypatch.setattr(hooks, "_open_work", [lambda _unit, _role: 3])
    person = clerk()
    post = person.posts.get()
    today = timezone.localdate()
    for rest, values in (
        (f"posts/{post.pk}/end/", {"until_on": today.isoformat()}),
        ("deactivate/", {"reason": "调离"}),
    ):
        address = page_of(person, rest)
        assert "还有 3 件在等" in browser.get(address).content.decode()
        answer = browser.post(address, values)
        assert answer.status_code == 409
        assert "仍要办理" in answer.content.decode()
        assert browser.post(address, values | {"sure": "on"}).status_code == 302


def test_the_log_can_be_asked_for_what_was_done_to_an_account(browser):
    person = clerk()
    browser.post(page_of(person, "unlock/"), {"reason": "核实过"})
    lines = browser.get("/accounts/access/", {"username": person.username}).context["page_of_lines"].items
    assert [(one.event, one.user.username) for one in lines] == [("unlocked", "admin@610323")]
