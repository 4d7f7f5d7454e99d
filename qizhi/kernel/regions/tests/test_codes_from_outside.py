"""A code from outside is read with its code system, or not at all."""

import pytest
from django.db import IntegrityError

from qizhi.kernel.regions.errors import CodeSystemNeeded, UnknownRegion
from qizhi.kernel.regions.models import Region, RegionAlias
from qizhi.kernel.regions.queries import forget, region_from_outside, region_get, trim_code
from qizhi.kernel.regions.tests.factories import make_county

pytestmark = pytest.mark.django_db

READINGS = [
    # code, system, the place that is meant
    ("610323111", "nbs", "故郡镇"),
    ("610323111", "mca", "凤鸣镇"),
    ("610323112", "nbs", "京当镇"),
    ("610323112", "mca", "蔡家坡镇"),
    ("610323113", "mca", "京当镇"),
    ("610323114", "mca", "故郡镇"),
    ("610323103", "nbs", "益店镇"),
    ("610323103", "mca", "益店镇"),
    ("610323", "nbs", "岐山县"),
    ("610323", "mca", "岐山县"),
    ("610323000000", "nbs", "岐山县"),
    ("610323111000", "nbs", "故郡镇"),
    ("610323111000", "mca", "凤鸣镇"),
    ("610323100211", "nbs", "堰河村"),
    (" 610323112 ", "nbs", "京当镇"),
]


@pytest.mark.parametrize(("code", "system", "name"), READINGS)
def test_each_system_means_its_own_place(code, system, name):
    make_county()
    assert region_from_outside(code, system).name == name


@pytest.mark.parametrize("system", ["", "NBS", "gb2260", "mca ", "610323"])
@pytest.mark.parametrize("code", ["610323111", "610323112", "610323103", "610323"])
def test_a_code_without_a_known_system_is_refused(code, system):
    make_county()
    with pytest.raises(CodeSystemNeeded) as refusal:
        region_from_outside(code, system)
    assert refusal.value.code == "code_system_needed"
    assert list(refusal.value.fields) == ["code_system"]


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("610323113", "nbs"),  # only the civil-affairs system has it
        ("610323100", "mca"),  # only the statistical system has it
        ("610323100211", "mca"),  # no village is known by a civil-affairs code
        ("610324", "nbs"),  # the neighbouring county
        ("", "nbs"),
        ("凤鸣镇", "nbs"),
    ],
)
def test_a_code_that_the_system_does_not_have_is_unknown(code, system):
    make_county()
    with pytest.raises(UnknownRegion):
        region_from_outside(code, system)


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("610323000000", "610323"),
        ("610323000", "610323"),
        ("610323", "610323"),
        ("610323100000", "610323100"),
        ("610323100", "610323100"),
        ("610323100211", "610323100211"),
        ("610323100200", "610323100200"),  # a village may end in two zeros
        ("610323100211000", "610323100211"),
        ("610000", "610000"),  # a province: nothing shorter than a county is made
        (" 610323100000\n", "610323100"),
    ],
)
def test_only_whole_groups_of_filling_zeros_are_cut(long, short):
    assert trim_code(long) == short


def test_an_inactive_place_is_not_found():
    make_county()
    Region.objects.filter(code="610323100211").update(is_active=False)
    forget()
    with pytest.raises(UnknownRegion) as refusal:
        region_get("610323100211")
    assert list(refusal.value.fields) == ["region"]


def test_one_code_of_one_system_belongs_to_one_place():
    make_county()
    with pytest.raises(IntegrityError):
        RegionAlias.objects.create(code_system="mca", code="610323111", region_code="610323111")
