"""Scope by code prefix: a place is inside another exactly when the tree says so."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from qizhi.kernel.regions.models import Region
from qizhi.kernel.regions.scope import ancestors, is_within, range_end, within
from qizhi.kernel.regions.tests.factories import COUNTY, county_rows, make_county

CODES = st.from_regex(r"\A[0-9]{6}([0-9]{3}){0,3}\Z")
# Segments at the edges of the range form, where an off-by-one would show.
SEGMENT = st.sampled_from(["000", "001", "009", "010", "099", "100", "199", "200", "998", "999"])


@st.composite
def trees(draw):
    """Draw a set of codes that holds every ancestor of each of its codes; neighbouring counties included."""
    codes: set[str] = set()
    for county in draw(
        st.sets(st.sampled_from(["610322", "610323", "610324", "610329", "610330"]), min_size=1)
    ):
        codes.add(county)
        for segments in draw(st.lists(st.lists(SEGMENT, min_size=1, max_size=3), max_size=8)):
            codes.update(county + "".join(segments[:depth]) for depth in range(1, len(segments) + 1))
    return sorted(codes)


def parent_of(code):
    return code[:-3] if len(code) > 6 else code[:4]


def subtree(root, parents):
    """Return `root` and all below it by following parent links only: the oracle knows no prefixes."""
    found, grew = {root}, True
    while grew:
        below = {code for code, parent in parents.items() if parent in found} - found
        found |= below
        grew = bool(below)
    return found


@pytest.mark.django_db
def test_every_place_of_the_county_sees_its_subtree_and_nothing_else():
    make_county(grids=True)
    parents = dict(Region.objects.values_list("code", "parent_code"))
    assert len(parents) == 1 + 9 + 121 + 121
    for code in parents:
        seen = set(Region.objects.filter(within(code, "code")).values_list("code", flat=True))
        assert seen == subtree(code, parents)


@pytest.mark.django_db
@given(trees())
def test_in_any_tree_a_place_is_matched_iff_it_lies_in_the_subtree(codes):
    Region.objects.all().delete()
    Region.objects.bulk_create(Region(code=c, name=c, level="grid", parent_code=parent_of(c)) for c in codes)
    parents = {code: parent_of(code) for code in codes}
    for code in codes:
        seen = set(Region.objects.filter(within(code, "code")).values_list("code", flat=True))
        assert seen == subtree(code, parents)


@pytest.mark.django_db
@given(st.data())
def test_any_two_real_places_agree_in_database_and_in_memory(data):
    if not Region.objects.exists():
        make_county()
    codes = [row["code"] for row in county_rows()]
    inner, outer = data.draw(st.sampled_from(codes)), data.draw(st.sampled_from(codes))
    matched = Region.objects.filter(within(outer, "code"), code=inner).exists()
    assert matched == is_within(inner, outer) == (outer in ancestors(inner))


@given(CODES, CODES)
def test_the_range_holds_exactly_the_strings_that_begin_with_the_code(prefix, other):
    assert (prefix <= other < range_end(prefix)) == other.startswith(prefix)
    assert prefix <= prefix + other < range_end(prefix)


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("610323", "610324"),
        ("610329", "61032:"),
        ("610323999", "61032399:"),
        ("610323100211", "610323100212"),
        ("0", "1"),
        ("9", ":"),
    ],
)
def test_the_range_ends_at_the_next_prefix_of_the_same_length(code, end):
    assert range_end(code) == end


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("610323", ["610323"]),
        ("610323100", ["610323", "610323100"]),
        ("610323100211", ["610323", "610323100", "610323100211"]),
        ("610323100211001", ["610323", "610323100", "610323100211", "610323100211001"]),
    ],
)
def test_ancestors_run_from_the_county_to_the_place_itself(code, chain):
    assert ancestors(code) == chain


@pytest.mark.django_db
def test_the_range_form_uses_the_index():
    make_county()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a table of 131 rows is read whole unless told otherwise
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Region.objects.filter(within(COUNTY + "100", "code")).values_list("code").explain().lower()
    assert "index" in plan
    assert "seq scan" not in plan
    assert "scan regions_region" not in plan
