"""What an administrator does for an account, each with its line in the log and in the history."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from qizhi.kernel.accounts import hooks
from qizhi.kernel.accounts.errors import (
    AccountInactive,
    AccountIsSo,
    BeyondReach,
    DayNotAllowed,
    LeftAlone,
    NotAKeeper,
    OwnAccount,
    PersonNameNotAllowed,
    PlaceOutsideUnit,
    ReasonNeeded,
    RoleNotForUnit,
    TokenRefused,
    UnknownRole,
    UsernameNotAllowed,
    UsernameTaken,
)
from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.accounts.people import actions
from qizhi.kernel.accounts.people.locks import codes_used_up, locked_until
from qizhi.kernel.accounts.people.log import BY_COMMAND
from qizhi.kernel.accounts.scope import SYSTEM, actor_of
from qizhi.kernel.accounts.tests.factories import log_in, make_user, role_of, seat, signed_in
from qizhi.kernel.accounts.tests.keepers import (
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    auditor,
    clerk,
    county_admin,
    create,
    line,
    make_units,
    town_admin,
    unit,
)
from qizhi.kernel.accounts.tokens import token_actor, token_create

pytestmark = pytest.mark.django_db
WHY = "本人来电，已核实"


@pytest.fixture(autouse=True)
def units():
    make_units()


@pytest.fixture
def admin():
    return actor_of(county_admin(), address="10.0.0.9")


@pytest.fixture
def roles(monkeypatch):
    """Let the mode declare two roles, one of them for offices only."""
    declared = {"clerk": frozenset({"centre"}), "auditor": frozenset({"working_group"})}
    monkeypatch.setattr(hooks, "_roles", [lambda: declared])


def test_a_new_account_signs_in_once_with_the_password_that_was_told(admin):
    created = create(admin, "Zhang01", name=" 张  小满 ")
    person = User.objects.get(username="zhang01")
    assert (person.name, person.must_change_password, person.is_active, person.is_demo) == (
        "张 小满",
        True,
        True,
        False,
    )
    assert (created.unit, created.role) == ("610323100综治中心", "clerk")
    assert created.password not in person.password
    assert [seat.role for seat in actor_of(person).seats] == ["clerk"]
    answer = log_in(Client(), "zhang01", created.password)
    assert answer.status_code == 302


def test_the_log_says_who_made_which_account_and_gave_which_post(admin):
    created = create(admin, reason="岐平安办〔2026〕3号")
    made, given = line("created"), line("post_given")
    assert {made.user.username, given.user.username} == {"admin@610323"}
    assert {made.about, given.about} == {created.person}
    assert (made.subject, made.reason, made.address) == ("zhang01 张小满", "岐平安办〔2026〕3号", "10.0.0.9")
    assert given.subject == "zhang01 张小满 · 610323100综治中心 · clerk · 2026-01-05"


def test_neither_log_nor_history_holds_the_password(admin):
    created = create(admin)
    said = f"{list(LogEntry.objects.values())}{list(Access.objects.values())}"
    assert created.password not in said
    assert "argon2" not in said
    assert LogEntry.objects.get_for_object(created.person).exists()
    assert LogEntry.objects.get_for_object(created.post).exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"username": "ab"}, UsernameNotAllowed),
        ({"username": "张三"}, UsernameNotAllowed),
        ({"username": "zhang 01"}, UsernameNotAllowed),
        ({"username": "-zhang"}, UsernameNotAllowed),
        ({"username": "a" * 81}, UsernameNotAllowed),
        ({"username": "ADMIN@610323"}, UsernameTaken),
        ({"name": " "}, PersonNameNotAllowed),
        ({"name": "张" * 41}, PersonNameNotAllowed),
        ({"name": "张\x00三"}, PersonNameNotAllowed),
        ({"place": OTHER_TOWN}, PlaceOutsideUnit),
        ({"since_on": date(1999, 12, 31)}, DayNotAllowed),
        ({"since_on": timezone.localdate() + timedelta(days=400)}, DayNotAllowed),
    ],
)
def test_what_cannot_be_taken_makes_nothing(admin, wrong, error):
    with pytest.raises(error):
        create(admin, **{"username": "zhang01", **wrong})
    assert User.objects.count() == 1
    assert not Access.objects.exists()


def test_a_role_is_given_only_where_the_mode_lets_it_be_held(admin, roles):
    with pytest.raises(RoleNotForUnit):
        create(admin, role=role_of("auditor"))
    with pytest.raises(UnknownRole):
        create(admin, role=role_of("handler"))
    assert create(admin, role=role_of("auditor"), unit=unit("office")).post.role.key == "auditor"


@pytest.mark.parametrize("place", [TOWN, VILLAGE])
def test_a_town_s_administrator_makes_accounts_in_the_town(place):
    assert create(town_admin(), unit=unit(f"centre-{place}")).person.posts.count() == 1


@pytest.mark.parametrize("code", [f"centre-{OTHER_TOWN}", "office"])
def test_a_town_s_administrator_makes_none_elsewhere(code):
    with pytest.raises(BeyondReach):
        create(town_admin(), unit=unit(code))


@pytest.mark.parametrize("who", [clerk, auditor])
def test_others_make_no_account(who):
    with pytest.raises(NotAKeeper):
        create(who())


VERBS = {
    "rename": lambda actor, person: actions.person_rename(actor=actor, person=person, name="新名"),
    "reset": lambda actor, person: actions.person_reset(actor=actor, person=person, reason=WHY),
    "device": lambda actor, person: actions.device_reset(actor=actor, person=person, reason=WHY),
    "deactivate": lambda actor, person: actions.person_deactivate(actor=actor, person=person, reason=WHY),
    "activate": lambda actor, person: actions.person_activate(actor=actor, person=person),
    "unlock": lambda actor, person: actions.person_unlock(actor=actor, person=person),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_does_it_for_themselves_nor_without_the_role_nor_beyond_the_place(verb):
    admin = county_admin()
    with pytest.raises(OwnAccount):
        verb(actor_of(admin), admin)
    with pytest.raises(NotAKeeper):
        verb(actor_of(auditor()), clerk())
    with pytest.raises(BeyondReach):
        verb(actor_of(town_admin()), admin)
    assert not Access.objects.exclude(event="sign_in").exists()


@pytest.mark.parametrize("verb", ["reset", "device", "deactivate"])
@pytest.mark.parametrize("reason", ["", " ", "x", "长" * 201])
def test_what_is_grave_needs_a_reason(admin, verb, reason):
    person = clerk()
    Authenticator.objects.create(user=person, type="totp", data={})
    act = {
        "reset": actions.person_reset,
        "device": actions.device_reset,
        "deactivate": actions.person_deactivate,
    }
    with pytest.raises(ReasonNeeded):
        act[verb](actor=admin, person=person, reason=reason)
    assert not Access.objects.exists()


def test_a_reset_ends_every_session_and_the_old_password(admin):
    person = clerk()
    here = signed_in(person)
    assert here.get("/accounts/me/").status_code == 200
    raw = actions.person_reset(actor=admin, person=person, reason=WHY)
    assert here.get("/accounts/me/")["Location"].startswith("/accounts/login/")
    assert log_in(Client(), person.username).status_code == 200
    client = Client()
    assert log_in(client, person.username, raw).status_code == 302
    assert client.get("/accounts/me/")["Location"].startswith("/accounts/password/change/")
    said = line("password_reset")
    assert (said.user.username, said.about, said.reason) == ("admin@610323", person, WHY)


def test_a_reset_opens_a_locked_account(admin, client):
    person = clerk()
    for n in range(5):
        log_in(client, person.username, f"wrong-{n}")
    raw = actions.person_reset(actor=admin, person=person, reason=WHY)
    assert log_in(client, person.username, raw).status_code == 302


def test_a_stopped_account_gets_no_password(admin):
    person = clerk()
    actions.person_deactivate(actor=admin, person=person, reason=WHY)
    with pytest.raises(AccountInactive):
        actions.person_reset(actor=admin, person=person, reason=WHY)


def test_a_lost_second_factor_goes_with_its_recovery_codes(admin):
    person = seat(make_user("leader"), "analyst", "610323")
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=person, type=kind, data={})
    actions.device_reset(actor=admin, person=person, reason=WHY)
    assert not Authenticator.objects.exists()
    assert line("device_reset").reason == WHY
    client = Client()
    log_in(client, "leader")
    assert client.get("/accounts/me/")["Location"].startswith("/accounts/2fa/totp/activate/")
    with pytest.raises(AccountIsSo):
        actions.device_reset(actor=admin, person=person, reason=WHY)


def test_a_stopped_account_is_out_at_once_and_back_with_its_posts_when_started(admin):
    person = clerk()
    here, key = signed_in(person), token_create(person, "test", 30)
    actions.person_deactivate(actor=admin, person=person, reason="调离")
    assert here.get("/accounts/me/")["Location"].startswith("/accounts/login/")
    assert log_in(Client(), person.username).status_code != 302 or not Access.objects.filter(
        event="sign_in", user=person, reason="密码"
    )
    with pytest.raises(TokenRefused):
        token_actor(key, "10.0.0.1")
    with pytest.raises(AccountIsSo):
        actions.person_deactivate(actor=admin, person=person, reason="调离")
    actions.person_activate(actor=admin, person=person)
    assert log_in(Client(), person.username).status_code == 302
    assert token_actor(key, "10.0.0.1").roles == {"clerk"}
    assert (line("deactivated").reason, line("activated").about) == ("调离", person)
    with pytest.raises(AccountIsSo):
        actions.person_activate(actor=admin, person=person)


def test_nobody_stops_who_would_be_missed_without_saying_so(admin, monkeypatch):
    monkeypatch.setattr(hooks, "_open_work", [lambda _unit, role: 4 if role == "clerk" else 0])
    person = seat(clerk(), "mediator", TOWN)
    with pytest.raises(LeftAlone) as refusal:
        actions.person_deactivate(actor=admin, person=person, reason="调离")
    assert refusal.value.details["left"] == [{"unit": "610323100综治中心", "role": "clerk", "count": 4}]
    assert User.objects.get(pk=person.pk).is_active
    actions.person_deactivate(actor=admin, person=person, reason="调离", sure=True)
    assert not User.objects.get(pk=person.pk).is_active


def test_a_locked_account_is_opened(admin, client):
    person = clerk()
    for n in range(5):
        log_in(client, person.username, f"wrong-{n}")
    until = locked_until([person.username, "nobody"])
    left = until[person.username] - timezone.now()
    assert list(until) == [person.username]
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    actions.person_unlock(actor=admin, person=person)
    assert locked_until([person.username]) == {}
    assert log_in(client, person.username).status_code == 302
    assert line("unlocked").about == person


@pytest.mark.parametrize(
    "addresses", [["10.0.0.1"] * 4, ["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.3"]]
)
def test_a_few_failures_from_each_address_lock_nothing(client, addresses):
    person = clerk()
    for address in addresses:
        log_in(client, person.username, "wrong", REMOTE_ADDR=address)
    assert locked_until([person.username]) == {}


def test_wrong_codes_are_forgiven_too(admin):
    from qizhi.kernel.accounts.failures import CODE_FAILURES, note

    person = clerk()
    for _ in range(CODE_FAILURES.most):
        note(CODE_FAILURES, person.pk.hex)
    assert codes_used_up(person)
    actions.person_unlock(actor=admin, person=person)
    assert not codes_used_up(person)


def test_a_name_is_put_right_and_both_are_kept_in_the_history(admin):
    person = clerk(name="王秀蓝")
    actions.person_rename(actor=admin, person=person, name="王秀兰")
    assert User.objects.get(pk=person.pk).name == "王秀兰"
    assert line("renamed").subject == "clerk@610323100 王秀兰 · 王秀蓝"
    assert LogEntry.objects.get_for_object(person).first().changes == {"name": ["王秀蓝", "王秀兰"]}
    with pytest.raises(AccountIsSo):
        actions.person_rename(actor=admin, person=person, name="王秀兰")


def test_what_the_command_did_is_said_in_the_language_of_the_page_and_a_person_s_words_never_are(admin):
    create(SYSTEM, "admin01", reason=BY_COMMAND)
    create(admin, "zhang02", reason=BY_COMMAND)
    by_command, by_person = Access.objects.filter(event="created").order_by("at")
    assert (by_command.user, by_command.reason_said) == (None, "命令行")
    with override("en"):
        assert by_person.reason_said == "命令行"
