"""The history of reference data: who changed an account, a post or a unit; never a password."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.test import RequestFactory

from qizhi.kernel.accounts.middleware import ActorMiddleware
from qizhi.kernel.accounts.models import Access, Token, User
from qizhi.kernel.accounts.tests.factories import log_in, make_user, role_of, seat
from qizhi.kernel.modes.models import ModeVersion
from qizhi.kernel.regions.models import Region, RegionAlias
from qizhi.kernel.units.models import Membership, Post, Role, Unit

pytestmark = pytest.mark.django_db
KEPT = (User, Token, Unit, Membership, Role, Post, Region, RegionAlias, ModeVersion)


@pytest.mark.parametrize("model", KEPT)
def test_reference_data_has_a_history(model):
    assert auditlog.contains(model)


def test_the_access_log_is_its_own_history():
    assert not auditlog.contains(Access)


def test_a_changed_account_is_written_down_with_both_values():
    user = make_user(name="旧名")
    user.name = "新名"
    user.save()
    entry = LogEntry.objects.get_for_object(user).first()
    assert entry.changes == {"name": ["旧名", "新名"]}


def test_neither_passwords_nor_sign_ins_enter_it(client):
    user = make_user()
    log_in(client, user.username)
    user.set_password("Another-2026-x")
    user.save()
    entries = LogEntry.objects.get_for_object(user)
    assert not [entry for entry in entries if {"password", "last_login"} & set(entry.changes)]
    assert "md5$" not in str(list(LogEntry.objects.values("changes", "serialized_data")))


def test_an_ended_post_is_written_down():
    post = seat(make_user(), "clerk", "610323100").posts.get()
    post.until_on = date(2026, 12, 31)
    post.save()
    assert LogEntry.objects.get_for_object(post).first().changes == {"until_on": ["None", "2026-12-31"]}


def test_a_role_that_gains_a_right_is_written_down():
    role = role_of("director")
    role.may_unmask = True
    role.save()
    assert LogEntry.objects.get_for_object(role).first().changes == {"may_unmask": ["False", "True"]}


@pytest.mark.parametrize(("method", "is_named"), [("POST", True), ("PATCH", True), ("GET", False)])
def test_the_person_behind_a_writing_request_is_written_down(method, is_named):
    user, role = make_user(), role_of("director")
    request = RequestFactory().generic(method, "/", REMOTE_ADDR="10.0.0.7")
    request.user = user

    def view(_request):
        role.may_unmask = True
        role.save()

    ActorMiddleware(view)(request)
    entry = LogEntry.objects.get_for_object(role).first()
    assert entry.actor == (user if is_named else None)
    assert entry.remote_addr == ("10.0.0.7" if is_named else None)
