"""The sample stack itself is sound: every other test breaks it in one place."""

from qizhi.kernel.modes.checking import check_pack
from qizhi.kernel.modes.compiling import load
from qizhi.kernel.modes.tests.tools import PACKS, checked, told
from qizhi.kernel.modes.trying import run_cases


def test_every_pack_of_the_stack_has_no_error():
    for name in ("nation", "province", "county"):
        pack = check_pack(PACKS / name)
        assert not pack.errors, told(pack.errors)


def test_the_county_stands_on_province_and_nation():
    mode = load(PACKS / "county")
    assert mode.stack == ("nation", "province", "county")
    assert (mode.name, mode.county, mode.mode_method) == ("county", "990101", "m12")


def test_the_only_warning_is_the_planned_part(tmp_path):
    warnings = [str(one) for one in checked(tmp_path).findings if one.is_warning]
    assert warnings == ["county/methods/m12.yaml:7: parts[goal]: 尚未实现：一个目标"]


def test_all_cases_of_the_stack_pass():
    for name in ("nation", "county"):
        results = run_cases(load(PACKS / name))
        assert results
        assert all(result.passed for result in results), [result.faults for result in results]


def test_a_pack_without_a_county_is_law_and_needs_no_units():
    pack = check_pack(PACKS / "nation")
    assert pack.is_law
    assert not pack.mode.units
