"""The demo's accounts: one in each role at each place, all marked, none a real person's."""

import csv
from datetime import date

import pytest
from django.contrib.auth.hashers import make_password

from qizhi.kernel.accounts import demo
from qizhi.kernel.accounts.demo import demo_accounts
from qizhi.kernel.accounts.errors import DemoIncomplete
from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.scope import actor_of
from qizhi.kernel.accounts.tests.factories import role_of
from qizhi.kernel.regions.tests.factories import PACK, make_county
from qizhi.kernel.units.models import Membership, Post, Role, Unit

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)
ROLES = (
    "clerk gridworker mediator dispatcher director handler head supervisor revisit "
    "analyst inspector leader admin auditor"
).split()


@pytest.fixture
def county():
    """The real places and units, with the committees and centres that the pack makes from them."""
    from qizhi.kernel.regions.models import Region

    make_county()
    with (PACK / "units.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    listed = [
        Unit(
            code=r["code"],
            name=r["name"],
            short_name=r["short_name"],
            kind=r["kind"],
            level=r["level"],
            region_code="610323",
        )
        for r in rows
    ]
    purposes = {r["code"]: r["purposes"].split(";") for r in rows if r["purposes"]}
    for place in Region.objects.all():
        made = {"level": place.level, "region_code": place.code}
        centre = f"centre-{place.code}"
        listed.append(
            Unit(code=centre, name=f"{place.name}综治中心", short_name="综治中心", kind="centre", **made)
        )
        if place.level == "town":
            code = f"tg-{place.code}"
            listed.append(Unit(code=code, name=code, short_name=code, kind="town_government", **made))
        if place.level in {"village", "community"}:
            code = f"vc-{place.code}"
            kind = f"{place.level}_committee"
            listed.append(Unit(code=code, name=code, short_name=code, kind=kind, **made))
    Unit.objects.bulk_create(listed)
    Membership.objects.bulk_create(
        Membership(unit=unit, purpose=purpose) for unit in listed for purpose in purposes.get(unit.code, ())
    )
    for role in ROLES:
        role_of(role)


def post_of(username):
    post = Post.objects.select_related("unit", "role").get(user__username=username)
    return post.role.key, post.unit.code, post.since_on


def test_every_account_of_the_contract_is_there_with_one_post(county):
    assert demo_accounts("周原-demo-2026", ON) == 14 + 9 * 9 + 48 + 2 * 121
    assert User.objects.count() == Post.objects.count() == 385
    names = set(User.objects.values_list("username", flat=True))
    assert {f"{role}@610323" for role in ROLES} <= names
    for town in ("610323100", "610323101", "610323112"):
        assert {f"{role}@{town}" for role in ROLES[:9]} <= names
        assert not {f"{role}@{town}" for role in ROLES[9:]} & names
    assert len([name for name in names if name.startswith("handler.")]) == 48
    assert len([name for name in names if name.startswith("dispatcher@")]) == 1 + 9 + 121


@pytest.mark.parametrize(
    ("username", "role", "unit"),
    [
        ("clerk@610323", "clerk", "centre-610323"),
        ("gridworker@610323", "gridworker", "centre-610323"),
        ("revisit@610323", "revisit", "centre-610323"),
        ("handler@610323", "handler", "zhujian"),
        ("head@610323", "head", "zhujian"),
        ("supervisor@610323", "supervisor", "pingan_office"),
        ("analyst@610323", "analyst", "pingan_office"),
        ("leader@610323", "leader", "pingan_office"),
        ("admin@610323", "admin", "pingan_office"),
        ("auditor@610323", "auditor", "pingan_office"),
        ("clerk@610323100", "clerk", "centre-610323100"),
        ("handler@610323100", "handler", "tg-610323100"),
        ("head@610323112", "head", "tg-610323112"),
        ("supervisor@610323101", "supervisor", "centre-610323101"),
        ("handler.renshe@610323", "handler", "renshe"),
        ("handler.zhujian@610323", "handler", "zhujian"),
        ("dispatcher@610323100211", "dispatcher", "centre-610323100211"),
        ("dispatcher@610323100002", "dispatcher", "centre-610323100002"),
        ("handler@610323100211", "handler", "vc-610323100211"),
        ("handler@610323100002", "handler", "vc-610323100002"),
    ],
)
def test_each_sits_in_the_unit_that_does_the_work(county, username, role, unit):
    demo_accounts("周原-demo-2026", ON)
    assert post_of(username) == (role, unit, ON)


def test_they_see_what_their_place_allows(county):
    demo_accounts("周原-demo-2026", ON)
    town = actor_of(User.objects.get(username="dispatcher@610323100"), on=ON)
    assert town.covers("610323100211")
    assert not town.covers("610323101200")
    assert actor_of(User.objects.get(username="auditor@610323"), on=ON).covers("610323101200")


def test_all_are_marked_and_named_by_role_and_place(county):
    Role.objects.filter(key="dispatcher").update(title={"zh": "分流员"})
    demo_accounts("周原-demo-2026", ON)
    assert not User.objects.filter(is_demo=False).exists()
    assert User.objects.get(username="dispatcher@610323100").name == "凤鸣镇分流员"
    assert User.objects.get(username="dispatcher@610323100211").name == "堰河村分流员"
    assert User.objects.get(username="leader@610323").name == "岐山县领导"


def test_the_password_is_hashed_once_for_all(county, monkeypatch):
    made = []
    monkeypatch.setattr(demo, "make_password", lambda raw: made.append(raw) or make_password(raw))
    demo_accounts("周原-demo-2026", ON)
    assert made == ["周原-demo-2026"]
    assert User.objects.values("password").distinct().count() == 1
    assert User.objects.get(username="head@610323112").check_password("周原-demo-2026")


def test_a_second_call_changes_nothing(county):
    demo_accounts("周原-demo-2026", ON)
    before = set(User.objects.values_list("id", "password"))
    assert demo_accounts("周原-demo-2026", date(2026, 12, 1)) == 385
    assert set(User.objects.values_list("id", "password")) == before
    assert Post.objects.count() == 385


def test_a_second_call_brings_back_what_is_missing_and_sets_the_new_password(county):
    demo_accounts("周原-demo-2026", ON)
    User.objects.get(username="clerk@610323100").delete()
    assert demo_accounts("another-2026-pass", ON) == 385
    assert User.objects.count() == Post.objects.count() == 385
    assert User.objects.values("password").distinct().count() == 1
    assert User.objects.get(username="clerk@610323100").check_password("another-2026-pass")


def test_it_leaves_real_people_alone(county):
    real = User.objects.create_user("wangming", "own-password-1")
    demo_accounts("周原-demo-2026", ON)
    real.refresh_from_db()
    assert real.check_password("own-password-1")
    assert not real.is_demo


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda: Unit.objects.filter(code="centre-610323100211").delete(), {"unit": "centre-610323100211"}),
        (lambda: Unit.objects.filter(code="zhujian").update(is_active=False), {"unit": "zhujian"}),
        (lambda: Role.objects.filter(key="revisit").delete(), {"roles": ["revisit"]}),
    ],
)
def test_without_the_pack_applied_nothing_is_made(county, spoil, named):
    spoil()
    with pytest.raises(DemoIncomplete) as refusal:
        demo_accounts("周原-demo-2026", ON)
    assert refusal.value.details == named
    assert not User.objects.exists()
