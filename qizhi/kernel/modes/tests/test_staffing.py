"""The roles that the mode lends to the room of accounts."""

import pytest

from qizhi.kernel.accounts.hooks import declared_roles
from qizhi.kernel.modes import staffing, store

pytestmark = pytest.mark.django_db


def test_before_a_pack_is_applied_nothing_is_declared():
    store.forget()
    assert staffing.roles() == {}


def test_the_roles_come_in_their_declared_order_with_their_kinds_of_unit(world):
    declared = declared_roles()
    assert list(declared)[:3] == ["clerk", "gridworker", "mediator"]
    assert declared["dispatcher"] == {"centre"}
    assert "working_group" in declared["admin"]
