"""Unmasking: a right, a reason and a line in the log before anything is shown."""

from datetime import UTC, datetime

import pytest

from qizhi.kernel.accounts.errors import ReasonNeeded, UnmaskRefused
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.accounts.scope import CITIZEN, SYSTEM, actor_of
from qizhi.kernel.accounts.tests.factories import make_user, seat
from qizhi.kernel.accounts.unmasking import unmask

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def clerk():
    return actor_of(seat(make_user(), "clerk", "610323100"), address="10.0.0.7")


def test_it_is_noted_with_subject_reason_address_and_moment():
    actor = clerk()
    unmask(actor, "SQ2026000123", " 电话核实地址 ", AT)
    line = Access.objects.get()
    assert (line.event, line.user_id, line.username) == ("unmask", actor.user_id, "clerk@610323100")
    assert (line.subject, line.reason) == ("SQ2026000123", "电话核实地址")
    assert (line.address, line.at) == ("10.0.0.7", AT)


@pytest.mark.parametrize("reason", ["", " ", "看", " 看 ", "\n\t"])
def test_a_reason_of_two_characters_is_the_least(reason):
    with pytest.raises(ReasonNeeded) as refusal:
        unmask(clerk(), "SQ2026000123", reason, AT)
    assert list(refusal.value.fields) == ["reason"]
    assert not Access.objects.exists()


@pytest.mark.parametrize(("length", "is_taken"), [(2, True), (200, True), (201, False)])
def test_a_reason_is_kept_whole_or_refused(length, is_taken):
    if is_taken:
        unmask(clerk(), "SQ2026000123", "核" * length, AT)
        assert len(Access.objects.get().reason) == length
    else:
        with pytest.raises(ReasonNeeded):
            unmask(clerk(), "SQ2026000123", "核" * length, AT)


@pytest.mark.parametrize("role", ["auditor", "analyst", "admin", "director", "gridworker"])
def test_roles_without_the_right_are_refused(role):
    actor = actor_of(seat(make_user(), role, "610323"))
    with pytest.raises(UnmaskRefused):
        unmask(actor, "SQ2026000123", "电话核实地址", AT)
    assert not Access.objects.exists()


@pytest.mark.parametrize("actor", [CITIZEN, SYSTEM])
def test_neither_a_citizen_nor_the_clock_unmasks(actor):
    with pytest.raises(UnmaskRefused):
        unmask(actor, "SQ2026000123", "电话核实地址", AT)
