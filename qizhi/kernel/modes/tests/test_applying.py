"""`mode apply`: one transaction; the same pack again changes nothing; what is used is never dropped."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qizhi.kernel.accounts.models import User
from qizhi.kernel.modes import hooks, store
from qizhi.kernel.modes.applying import apply, digest_of
from qizhi.kernel.modes.compiling import compile_pack, load
from qizhi.kernel.modes.errors import NoCounty, PackBroken, StillUsed
from qizhi.kernel.modes.models import ModeVersion
from qizhi.kernel.modes.tests.tools import PACKS, Slip, checked, stack
from qizhi.kernel.regions.models import Region, RegionAlias
from qizhi.kernel.units.models import Membership, Post, Role, Unit

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
LIGHTS = "lights,样例县城管局,县城管局,county_body,county,990101,office,false,duty_list;inspected\n"
NO_LIGHTS = (
    Slip("county/units.csv", LIGHTS, ""),
    Slip("county/routes/intake.yaml", "unit:lights", "unit:office"),
    Slip("county/tests/routes.yaml", "unit: lights", "unit: office"),
)
NO_WEST = (
    Slip("county/regions.csv", "990101101,西镇,town,990101,,\n", ""),
    Slip("county/regions.csv", "990101101200,太慈村村委会,village,990101101,,\n", ""),
)


@pytest.fixture(autouse=True)
def only_our_hooks(monkeypatch):
    for name in ("_usage", "_carry_over", "_past_cases"):
        monkeypatch.setattr(hooks, name, [])
    yield
    store.forget()


@pytest.fixture
def county():
    return compile_pack(PACKS / "county").mode


def test_the_first_time_everything_is_written(county):
    version = apply(county, at=AT)
    assert (version.number, version.name, version.version, version.applied_at) == (1, "county", "1", AT)
    assert version.digest == digest_of(county)
    assert Region.objects.filter(is_active=True).count() == 9
    east = Region.objects.get(code="990101100")
    assert (east.name, east.level, east.parent_code, str(east.lon)) == (
        "东镇",
        "town",
        "990101",
        "107.700000",
    )
    assert RegionAlias.objects.get(code="990101111").region_code == "990101100"
    village = Unit.objects.get(code="centre-990101100200")
    assert village.parent is not None
    assert (village.parent.code, village.level) == ("centre-990101100", "village")
    assert set(Membership.objects.values_list("unit__code", "purpose")) == {
        ("office", "supervision"),
        ("lights", "duty_list"),
        ("lights", "inspected"),
    }
    auditor = Role.objects.get(key="auditor")
    assert (auditor.is_reader, auditor.needs_second_factor, auditor.title["en"]) == (True, True, "Auditor")


def test_the_running_program_reads_what_was_applied(county):
    apply(county, at=AT)
    assert store.current() == county
    assert store.current().kinds["letter"].transitions["answer"].source_states == ("working",)


def test_the_same_pack_again_changes_nothing(county):
    first = apply(county, at=AT)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = apply(compile_pack(PACKS / "county").mode)
    assert again == first
    assert again.applied_at == AT
    assert ModeVersion.objects.count() == 1
    assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_digest_does_not_depend_on_how_often_a_pack_is_read(county):
    assert digest_of(county) == digest_of(compile_pack(PACKS / "county").mode)


def test_a_changed_pack_is_a_new_version_and_changes_only_what_differs(county, tmp_path):
    apply(county, at=AT)
    kept = dict(Unit.objects.values_list("code", "pk"))
    new = checked(
        tmp_path,
        Slip("county/units.csv", "县平安办,county_body", "平安办,county_body"),
        Slip("county/units.csv", "true,supervision", "true,supervision;inspected"),
        Slip("county/aliases.csv", "mca,990101111,东镇,990101100", "mca,990101111,东镇,990101101"),
        Slip("nation/roles.yaml", "登记员", "窗口登记员"),
        *NO_LIGHTS,
    ).mode
    version = apply(new)
    assert version.number == 2
    assert Unit.objects.get(code="office").short_name == "平安办"
    assert dict(Unit.objects.values_list("code", "pk")) == kept
    assert not Unit.objects.get(code="lights").is_active
    assert set(Membership.objects.values_list("unit__code", "purpose")) == {
        ("office", "supervision"),
        ("office", "inspected"),
    }
    assert RegionAlias.objects.get(code="990101111").region_code == "990101101"
    assert Role.objects.get(key="clerk").title["zh"] == "窗口登记员"
    assert store.current_number() == 2


def test_what_comes_back_is_in_use_again(county, tmp_path):
    apply(county, at=AT)
    apply(checked(tmp_path, *NO_LIGHTS).mode)
    assert apply(county).number == 3
    assert Unit.objects.get(code="lights").is_active


def test_places_that_nobody_uses_go_out_of_use(county, tmp_path):
    apply(county, at=AT)
    apply(checked(tmp_path, *NO_WEST).mode)
    gone = Region.objects.filter(is_active=False).values_list("code", flat=True)
    assert set(gone) == {"990101101", "990101101200", "990101101200001"}


def test_rows_that_no_pack_ever_listed_are_left_alone(county, tmp_path):
    apply(county, at=AT)
    own = Unit.objects.create(
        code="own", name="自建单位", short_name="自建", kind="team", level="county", region_code="990101"
    )
    Membership.objects.create(unit=own, purpose="inspected")
    RegionAlias.objects.create(name="老东街", region_code="990101100001")
    apply(checked(tmp_path, *NO_LIGHTS).mode)
    assert Unit.objects.get(code="own").is_active
    assert Membership.objects.filter(unit=own).exists()
    assert RegionAlias.objects.filter(name="老东街").exists()
    assert not Membership.objects.filter(unit__code="lights").exists()


def test_a_code_of_the_pack_is_the_packs(county):
    RegionAlias.objects.create(code_system="mca", code="990101111", name="旧", region_code="990101")
    apply(county, at=AT)
    assert RegionAlias.objects.get(code="990101111").name == "东镇"


def post(unit, role, **changes):
    user = User.objects.create_user(f"{role}@{unit}", name="张三")
    held = {
        "unit": Unit.objects.get(code=unit),
        "role": Role.objects.get(key=role),
        "since_on": date(2026, 1, 1),
    }
    return Post.objects.create(user=user, **{**held, **changes})


def test_a_unit_in_which_somebody_holds_a_post_is_not_dropped(county, tmp_path):
    apply(county, at=AT)
    post("lights", "handler")
    with pytest.raises(StillUsed) as refused:
        apply(checked(tmp_path, *NO_LIGHTS).mode, at=AT)
    assert refused.value.details == {"still_used": {"units": ["lights"]}}
    assert "单位：县城管局（lights）" in str(refused.value)
    assert ModeVersion.objects.count() == 1
    assert Unit.objects.get(code="lights").is_active


def test_a_post_that_has_ended_holds_nothing(county, tmp_path):
    apply(county, at=AT)
    post("lights", "handler", until_on=date(2026, 2, 28))
    assert apply(checked(tmp_path, *NO_LIGHTS).mode, at=AT).number == 2


NO_AUDITOR = Slip(
    "nation/roles.yaml",
    """auditor:
  title: {zh: 审计员, en: Auditor}
  duty: {zh: 只看不改。, en: Reads only.}
  sees: region
  is_reader: true
  needs_second_factor: true
""",
    "",
)


def test_a_role_that_somebody_holds_is_not_dropped(county, tmp_path):
    apply(county, at=AT)
    held = post("office", "auditor")
    new = checked(tmp_path, NO_AUDITOR).mode
    with pytest.raises(StillUsed, match="角色：审计员（auditor）"):
        apply(new, at=AT)
    held.until_on = date(2026, 2, 1)
    held.save()
    apply(new, at=AT)
    assert Role.objects.filter(key="auditor").exists(), "the record of who held it stays"
    held.delete()
    apply(county, at=AT)
    apply(new, at=AT)
    assert not Role.objects.filter(key="auditor").exists()


@pytest.mark.parametrize(
    ("used", "slips", "says"),
    [
        (hooks.Usage(regions=frozenset({"990101101200"})), NO_WEST, "区划：太慈村村委会（990101101200）"),
        (
            hooks.Usage(states=frozenset({("letter", "checked")})),
            [
                Slip("county/kinds/letter.yaml", "  checked:\n    title", "  proofed:\n    title"),
                Slip("county/kinds/letter.yaml", "to: checked", "to: proofed"),
                Slip("county/kinds/letter.yaml", "from: [checked]\n    to", "from: [proofed]\n    to"),
                Slip("county/kinds/letter.yaml", "from: [checked]\n    by", "from: [proofed]\n    by"),
            ],
            "状态：已复核（letter.checked）",
        ),
        (hooks.Usage(units=frozenset({"lights"})), NO_LIGHTS, "单位：县城管局（lights）"),
    ],
)
def test_what_a_room_says_is_used_is_not_dropped(county, tmp_path, used, slips, says):
    apply(county, at=AT)
    hooks.register_usage(lambda: used)
    new = checked(tmp_path, *slips)
    assert not new.errors
    with pytest.raises(StillUsed, match=says.replace("（", ".").replace("）", ".")):
        apply(new.mode, at=AT)
    assert ModeVersion.objects.count() == 1


def test_a_kind_of_which_there_are_matters_is_not_dropped(county):
    apply(county, at=AT)
    hooks.register_usage(lambda: hooks.Usage(kinds=frozenset({"letter"})))
    with pytest.raises(StillUsed, match="事项种类：样例县来信"):
        apply(county.model_copy(update={"kinds": {}}), at=AT)


def test_matters_of_kinds_that_move_are_carried_over_in_the_same_transaction(county, tmp_path):
    apply(county, at=AT)
    asked = []
    hooks.register_carry_over(lambda version, kinds: asked.append((version.number, list(kinds))))
    finish = checked(tmp_path / "finish", *NO_LIGHTS).mode
    move = checked(
        tmp_path / "move",
        Slip("county/kinds/letter.yaml", "extends: letter\n", "extends: letter\ncarry_over: move\n"),
    ).mode
    apply(finish)
    apply(move)
    assert asked == [(2, []), (3, ["letter"])]


def test_when_carrying_over_fails_nothing_was_changed(county, tmp_path):
    apply(county, at=AT)

    def fails(version, kinds):
        raise RuntimeError("no")

    hooks.register_carry_over(fails)
    with pytest.raises(RuntimeError):
        apply(checked(tmp_path, *NO_LIGHTS).mode)
    assert ModeVersion.objects.count() == 1
    assert Unit.objects.get(code="lights").is_active
    assert store.current_number() == 1


def test_law_without_a_county_is_not_applied():
    with pytest.raises(NoCounty):
        apply(compile_pack(PACKS / "province").mode)


def test_a_broken_pack_is_refused_with_every_error(tmp_path):
    folder = stack(tmp_path, Slip("county/units.csv", "990101,office,false", "990101,nobody,false"))
    with pytest.raises(PackBroken) as broken:
        load(folder)
    assert "county/units.csv:3: parent: 没有“nobody”这个上级单位" in str(broken.value)
    assert broken.value.code == "pack_broken"
    assert len(broken.value.findings) == 1
