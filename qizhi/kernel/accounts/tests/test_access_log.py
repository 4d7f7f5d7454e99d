"""The access log: only added to, read by administrators and auditors, in pages that never count it."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from qizhi.kernel.accounts.access import ORDER, access_add, access_list
from qizhi.kernel.accounts.errors import AccessIsFixed
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.accounts.scope import CITIZEN, actor_of
from qizhi.kernel.accounts.tests.factories import make_user, seat, signed_in
from qizhi.kernel.kit.paging import page

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = "/accounts/access/"
Event = Access.Event


def lines(count, user=None, at=AT):
    return [access_add(Event.SIGN_IN, user=user, at=at + timedelta(minutes=n)) for n in range(count)]


@pytest.fixture
def auditor():
    return seat(make_user("auditor@610323", name="审计员"), "auditor", "610323")


CHANGES = {
    "save": lambda line: line.save(),
    "delete": lambda line: line.delete(),
    "update": lambda line: Access.objects.update(reason="别的"),
    "filtered update": lambda line: Access.objects.filter(pk=line.pk).update(reason="别的"),
    "bulk update": lambda line: Access.objects.bulk_update([line], ["reason"]),
    "bulk delete": lambda line: Access.objects.all().delete(),
    "upsert": lambda line: Access.objects.bulk_create(
        [line], update_conflicts=True, update_fields=["reason"], unique_fields=["id"]
    ),
    "update_or_create": lambda line: Access.objects.update_or_create(pk=line.pk, defaults={"reason": "别的"}),
    "by way of the person": lambda line: line.user.accesses.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_stored_line_cannot_be_changed_or_removed(change):
    line = access_add(Event.SIGN_IN, user=make_user(), reason="密码", at=AT)
    line.reason = "别的"
    with pytest.raises(AccessIsFixed):
        change(line)
    assert Access.objects.get().reason == "密码"


def test_the_person_of_a_line_cannot_be_deleted():
    user = make_user()
    access_add(Event.SIGN_IN, user=user)
    with pytest.raises(Exception, match="protected"):
        user.delete()


def test_a_line_of_a_typed_name_is_filed_under_the_account_that_bears_it():
    user = make_user("clerk@610323100")
    assert access_add(Event.SIGN_IN_FAILED, username="Clerk@610323100").user == user
    assert access_add(Event.SIGN_IN_FAILED, username="nobody").user is None


def test_texts_that_are_too_long_are_cut_and_not_lost():
    line = access_add(Event.EXPORT, username="x" * 300, subject="y" * 300, reason="z" * 300, address="9" * 90)
    line.refresh_from_db()
    assert (len(line.username), len(line.subject), len(line.reason), len(line.address)) == (80, 120, 200, 45)


@pytest.mark.parametrize(
    ("role", "place", "reads"),
    [
        ("auditor", "610323", True),
        ("admin", "610323", True),
        ("clerk", "610323", False),
        ("analyst", "610323", False),
        ("director", "610323", False),
        ("leader", "610323", False),
    ],
)
def test_administrators_and_auditors_read_it_and_nobody_else(role, place, reads):
    lines(3)
    actor = actor_of(seat(make_user(), role, place))
    assert access_list(actor).count() == (3 if reads else 0)


def test_a_citizen_reads_nothing():
    lines(3)
    assert not access_list(CITIZEN).exists()


def test_an_administrator_of_a_town_reads_the_lines_of_its_people():
    ours, theirs = make_user("a@610323100"), make_user("b@610323101")
    seat(ours, "clerk", "610323100211")
    seat(theirs, "clerk", "610323101")
    lines(2, ours)
    lines(2, theirs)
    lines(1)
    admin = actor_of(seat(make_user("admin@610323100"), "admin", "610323100"))
    assert {line.user for line in access_list(admin)} == {ours}


def test_it_is_read_newest_first_and_page_by_page_without_gap_or_repeat(auditor):
    lines(5)
    lines(5)  # the same moments again
    part = page(access_list(actor_of(auditor)), order=ORDER, limit=3)
    read = list(part.items)
    while part.next_cursor:
        part = page(access_list(actor_of(auditor)), order=ORDER, limit=3, cursor=part.next_cursor)
        read += part.items
    assert len(read) == len({line.pk for line in read}) == 10
    assert [line.at for line in read] == sorted((line.at for line in read), reverse=True)


def test_the_page_shows_fifty_lines_and_leads_to_the_older_ones(auditor):
    lines(60, make_user(name="张窗口"))
    client = signed_in(auditor)
    first = client.get(PAGE)
    assert first.content.decode().count("张窗口") == 49  # and the auditor's own sign-in
    link = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    older = client.get(html.unescape(link))
    assert older.content.decode().count("张窗口") == 11
    assert 'rel="next"' not in older.content.decode()


def test_filters_live_in_the_address(auditor):
    lines(2, make_user("clerk@610323100"))
    access_add(Event.UNMASK, user=make_user("other@610323100"), subject="SQ2026000123", reason="核实")
    client = signed_in(auditor)
    assert "SQ2026000123" in client.get(PAGE, {"event": "unmask"}).content.decode()
    assert len(client.get(PAGE, {"event": "unmask"}).context["page_of_lines"].items) == 1
    assert len(client.get(PAGE, {"username": " Clerk@610323100"}).context["page_of_lines"].items) == 2
    assert (
        len(client.get(PAGE, {"event": "nonsense", "username": "nobody"}).context["page_of_lines"].items) == 0
    )


@pytest.mark.parametrize(("cursor", "status"), [("x", 422), ("0" * 32, 422), ("", 200)])
def test_a_made_up_place_in_the_list_is_refused(auditor, cursor, status):
    assert signed_in(auditor).get(PAGE, {"cursor": cursor}).status_code == status


def test_the_page_is_refused_to_others():
    client = signed_in(seat(make_user(), "director", "610323"))
    answer = client.get(PAGE)
    assert answer.status_code == 403
    assert "权限" in answer.content.decode()


def test_the_page_asks_for_sign_in(client):
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_the_page_costs_a_fixed_number_of_queries(auditor, django_assert_max_num_queries):
    lines(120, make_user())
    client = signed_in(auditor)
    # the session, the person, the posts, the lines; and for the frame the county's name and the unread notices
    with django_assert_max_num_queries(6) as asked:
        client.get(PAGE)
    assert not [query for query in asked.captured_queries if "COUNT(" in query["sql"]]


@pytest.mark.parametrize(
    ("event", "written", "shown"),
    [
        (Event.SIGN_IN, "密码、手机验证器", "Password, Authenticator"),
        (Event.SIGN_IN_FAILED, "统一身份认证失败：AccessDenied", "single sign-on failed: AccessDenied"),
        (Event.SIGN_OUT, "", ""),
        # what a person wrote is never translated
        (Event.UNMASK, "密码、电话", "密码、电话"),
    ],
)
def test_in_english_the_program_s_own_reasons_are_english(event, written, shown):
    line = Access(event=event, reason=written)
    assert line.reason_said == written
    with override("en"):
        assert line.reason_said == shown
