"""Units, memberships, roles and posts: what the tables themselves refuse."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from qizhi.kernel.units.choices import Sees, UnitKind
from qizhi.kernel.units.models import Membership, Post, Role, Unit
from qizhi.kernel.units.tests.factories import join, make_post, make_role, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return get_user_model().objects.create_user("clerk", name="凤鸣镇登记员")


def test_a_unit_code_is_given_once():
    make_unit("zhujian", "610323", kind=UnitKind.COUNTY_BODY)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_unit("zhujian", "610323100")


def test_a_unit_joins_a_group_once_for_each_purpose():
    unit = make_unit("zhujian", "610323", kind=UnitKind.COUNTY_BODY)
    join(unit, "duty_list")
    join(unit, "inspected")
    with pytest.raises(IntegrityError), transaction.atomic():
        join(unit, "duty_list")
    assert Membership.objects.filter(unit=unit).count() == 2


def test_the_same_post_may_be_held_again_later_but_not_twice_from_one_day(clerk):
    unit, role = make_unit("centre-610323100", "610323100"), make_role("clerk")
    make_post(clerk, unit, role, since_on=date(2025, 1, 1), until_on=date(2025, 6, 30))
    make_post(clerk, unit, role, since_on=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(clerk, unit, role, since_on=date(2026, 1, 1))


@pytest.mark.parametrize("held", [Unit, Role])
def test_a_unit_or_a_role_that_is_held_cannot_be_deleted(clerk, held):
    make_post(clerk, make_unit("centre-610323100", "610323100"), make_role("clerk"))
    with pytest.raises(ProtectedError):
        held.objects.get().delete()


def test_a_unit_with_units_below_it_cannot_be_deleted():
    office = make_unit("pingan_office", "610323", kind=UnitKind.WORKING_GROUP)
    make_unit("team_1", "610323", kind=UnitKind.TEAM, parent=office)
    with pytest.raises(ProtectedError):
        office.delete()


def test_posts_go_with_the_person(clerk):
    make_post(clerk, make_unit("centre-610323100", "610323100"), make_role("clerk"))
    clerk.delete()
    assert not Post.objects.exists()


def test_a_role_sees_only_its_unit_and_may_not_unmask_unless_said():
    role = Role.objects.create(key="gridworker", title={"zh": "网格员"})
    assert role.sees == Sees.UNIT
    assert not role.is_reader
    assert not role.may_unmask
    assert not role.needs_second_factor


@pytest.mark.parametrize(
    ("title", "shown"), [({"zh": "网格员", "en": "Grid worker"}, "网格员"), ({}, "gridworker")]
)
def test_a_role_is_shown_by_its_chinese_title_or_its_key(title, shown):
    assert str(Role(key="gridworker", title=title)) == shown


def test_keys_rise_in_the_order_of_making_so_rows_stay_in_order():
    made = [make_unit(f"u{n}", "610323").id for n in range(50)]
    assert made == sorted(made)
