"""The list of people: who sees it, what limits it, how it is paged, and the same as a sheet."""

import io
import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.people.queries import ORDER, Filters, people_list
from qizhi.kernel.accounts.scope import actor_of
from qizhi.kernel.accounts.tests.factories import log_in, make_user, seat, signed_in
from qizhi.kernel.accounts.tests.keepers import (
    OTHER_TOWN,
    TOWN,
    auditor,
    clerk,
    county_admin,
    line,
    make_units,
    town_admin,
)
from qizhi.kernel.kit.paging import page
from qizhi.kernel.kit.sheets import read_rows
from qizhi.kernel.regions.tests.factories import make_county

pytestmark = pytest.mark.django_db
PAGE = "/accounts/people/"


@pytest.fixture(autouse=True)
def units():
    make_county()
    make_units()


@pytest.fixture
def admin():
    return county_admin()


def names(answer):
    return [row.person.username for row in answer.context["rows"]]


def test_the_administrator_sees_everybody_with_posts_and_state(admin):
    seat(clerk(name="张小满"), "mediator", OTHER_TOWN)
    said = signed_in(admin).get(PAGE).content.decode()
    for words in (
        "张小满",
        "clerk@610323100",
        "610323100综治中心 · clerk",
        "610323101综治中心 · mediator",
        "新建账号",
    ):
        assert words in said


def test_the_auditor_reads_and_is_offered_nothing():
    clerk(name="张小满")
    answer = signed_in(auditor()).get(PAGE)
    assert "张小满" in answer.content.decode()
    assert "新建账号" not in answer.content.decode()


def test_an_administrator_of_a_town_sees_its_people_and_units():
    clerk(), clerk("other", OTHER_TOWN)
    answer = signed_in(town_admin()).get(PAGE)
    assert names(answer) == ["admin@610323100", "clerk@610323100"]
    assert "centre-610323101" not in answer.content.decode()


@pytest.mark.parametrize(
    "address", [PAGE, f"{PAGE}sheet/", f"{PAGE}new/", f"{PAGE}import/", f"{PAGE}import/form/"]
)
def test_others_are_refused_and_strangers_asked_to_sign_in(address):
    assert signed_in(clerk()).get(address).status_code == 403
    assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["admin@610323", "liu", "wang", "zhang"]),
        ({"active": "0"}, ["gone"]),
        ({"active": "all"}, ["admin@610323", "gone", "liu", "wang", "zhang"]),
        ({"q": "王"}, ["wang"]),
        ({"q": "ZHA"}, ["zhang"]),
        ({"q": "平安办"}, ["admin@610323"]),
        ({"q": "610323101综治"}, ["liu"]),
        ({"q": "%"}, []),
        ({"unit": f"centre-{TOWN}"}, ["wang", "zhang"]),
        ({"role": "mediator"}, ["liu", "wang"]),
        ({"unit": f"centre-{TOWN}", "role": "mediator"}, ["wang"]),
        ({"unit": "nowhere"}, []),
        ({"active": "nonsense", "q": " "}, ["admin@610323", "liu", "wang", "zhang"]),
    ],
)
def test_the_filters_of_the_address_limit_the_list(admin, query, found):
    clerk("zhang", name="张小满")
    seat(make_user("wang", name="王秀兰"), "mediator", TOWN)
    seat(make_user("liu", name="刘平"), "mediator", OTHER_TOWN)
    make_user("gone", name="王已走", is_active=False)
    assert names(signed_in(admin).get(PAGE, query)) == found


def test_unit_and_role_mean_one_post_that_is_not_over(admin):
    person = seat(clerk("zhang", until_on="2026-02-01"), "mediator", OTHER_TOWN)
    actor = actor_of(admin)
    assert not people_list(actor, Filters(unit=f"centre-{TOWN}")).exists()
    assert not people_list(actor, Filters(unit=f"centre-{OTHER_TOWN}", role="clerk")).exists()
    assert people_list(actor, Filters(unit=f"centre-{OTHER_TOWN}", role="mediator")).get() == person


def test_it_is_paged_without_gap_or_repeat(admin):
    for n in range(120):
        make_user(f"p{n:03}", name="某人")
    client, seen, address = signed_in(admin), [], PAGE
    while address:
        answer = client.get(address)
        seen += names(answer)
        found = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())
        address = unescape(found[1]) if found else ""
    assert seen == sorted(User.objects.values_list("username", flat=True))
    assert client.get(PAGE, {"cursor": "x"}).status_code == 422


def test_a_page_costs_the_same_whatever_its_length(admin, django_assert_max_num_queries):
    client = signed_in(admin)
    client.get(PAGE)
    for n in range(60):
        Authenticator.objects.create(user=clerk(f"p{n:03}"), type="totp", data={})
    with django_assert_max_num_queries(11) as asked:
        client.get(PAGE, {"q": "p"})
    assert not [query for query in asked.captured_queries if "COUNT(" in query["sql"]]
    assert people_list(actor_of(admin), Filters()).count() > 60
    assert len(page(people_list(actor_of(admin), Filters()), order=ORDER, limit=50).items) == 50


def test_a_locked_account_and_one_that_was_never_opened_stand_out(admin, client):
    clerk("locked")
    make_user("fresh", must_change_password=True)
    for n in range(5):
        log_in(client, "locked", f"wrong-{n}")
    said = signed_in(admin).get(PAGE).content.decode()
    assert "已锁定" in said
    assert "待改密码" in said


def test_only_the_list_is_sent_when_a_filter_changes(admin):
    answer = signed_in(admin).get(PAGE, headers={"hx-request": "true"})
    assert "<html" not in answer.content.decode()
    assert "admin@610323" in answer.content.decode()


def test_the_sheet_holds_a_row_for_each_post_and_is_logged_with_its_filters(admin):
    seat(clerk("zhang", name="=张小满"), "mediator", OTHER_TOWN)
    make_user("bare", name="没有岗位")
    answer = signed_in(admin).get(f"{PAGE}sheet/", {"active": "all"})
    rows = list(read_rows(io.BytesIO(b"".join(answer.streaming_content)), {}))
    assert [(row["账号"], row["岗位"]) for row in rows] == [
        ("admin@610323", "admin"),
        ("bare", ""),
        ("zhang", "clerk"),
        ("zhang", "mediator"),
    ]
    assert rows[2]["姓名"] == "=张小满"
    assert rows[2]["到岗日期"] == "2026-01-01"
    said = line("export")
    assert (said.user.username, said.subject, said.reason) == ("admin@610323", "人员名册", "active=all")
