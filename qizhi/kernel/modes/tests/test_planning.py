"""`mode plan`: what would change, thing by thing."""

from qizhi.kernel.modes.compiling import load
from qizhi.kernel.modes.planning import plan
from qizhi.kernel.modes.tests.tools import PACKS, Slip, checked


def changes(tmp_path, *slips):
    return [(one.kind, one.path) for one in plan(load(PACKS / "county"), checked(tmp_path, *slips).mode)]


def test_the_same_pack_plans_nothing(tmp_path):
    assert changes(tmp_path) == []


def test_a_shorter_term_is_one_change(tmp_path):
    new = checked(tmp_path, Slip("county/kinds/letter.yaml", "light: 3wd", "light: 2wd")).mode
    found = plan(load(PACKS / "county"), new)
    assert [(one.kind, one.path, one.before, one.after) for one in found] == [
        ("change", "kinds.letter.clocks.handle.term.terms.light", "3wd", "2wd")
    ]


def test_a_new_row_in_the_middle_is_one_addition(tmp_path):
    row = "990101100,东镇,town,990101,107.7,34.4\n"
    new = "990101100300,南郭村,village,990101100,,\n"
    found = changes(tmp_path, Slip("county/regions.csv", row, row + new))
    assert found == [
        ("add", "regions.990101100300"),
        ("add", "regions.990101100300001"),
        ("add", "units.vc-990101100300"),
        ("add", "units.centre-990101100300"),
    ]


def test_a_dropped_unit_is_one_removal(tmp_path):
    line = "lights,样例县城管局,县城管局,county_body,county,990101,office,false,duty_list;inspected\n"
    found = changes(
        tmp_path,
        Slip("county/units.csv", line, ""),
        Slip("county/routes/intake.yaml", "unit:lights", "unit:office"),
    )
    assert ("remove", "units.lights") in found
    assert ("change", "routes.intake.rules.lamps.to") in found
    assert len(found) == 2


def test_cases_change_nothing_of_how_the_mode_works(tmp_path):
    assert changes(tmp_path, Slip("county/tests/routes.yaml", "unit: lights", "unit: office")) == []


def test_without_a_mode_everything_is_new():
    found = plan(None, load(PACKS / "county"))
    assert {one.kind for one in found} == {"add"}
    paths = [one.path for one in found]
    assert "kinds.letter" in paths
    assert "regions.990101" in paths
    assert "roles.clerk" in paths
