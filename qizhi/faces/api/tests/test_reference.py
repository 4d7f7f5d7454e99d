"""What changes rarely: places, units, categories, kinds with their flows."""

from xml.etree import ElementTree as Tree

import jsonschema_rs
import pytest

from qizhi.kernel.modes.store import current
from qizhi.testing.program import Program
from qizhi.testing.stories import REQUEST
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
CLERK = f"clerk@{TOWN}"


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ({}, 252),
        ({"level": "town"}, 9),
        ({"level": "village"}, 106),
        ({"level": "community"}, 15),
        ({"within": TOWN, "level": "town"}, 1),
        ({"within": VILLAGE}, 2),
    ],
)
def test_places_are_listed_whole_without_sign_in(query, total):
    said = Program().get("regions", **query).json()
    assert (said["total"], len(said["items"]), said["next_cursor"]) == (total, total, None)
    codes = [item["code"] for item in said["items"]]
    assert codes == sorted(codes)


def test_one_place_is_told_with_its_full_name():
    said = Program().get(f"regions/{VILLAGE}").json()
    assert (said["name"], said["full_name"], said["parent"]) == ("堰河村", "凤鸣镇堰河村", TOWN)


@pytest.mark.parametrize("path", ["regions/999", "kinds/hazard", "kinds/hazard/flow.svg"])
def test_what_is_not_there_is_not_found(path):
    answer = Program().get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("regions", {"within": "9"}, "unknown_region"),
        ("regions", {"level": "province"}, "bad_input"),
        ("regions", {"parent": TOWN}, "unknown_parameter"),
        ("units", {"kind": "school"}, "bad_input"),
        ("units", {"within": "9"}, "unknown_region"),
        ("units", {"q": "x"}, "unknown_parameter"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(path, query, code):
    answer = Program(CLERK).get(path, **query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    ("query", "total"),
    [({"kind": "centre"}, 131), ({"kind": "town_government"}, 9), ({"kind": "centre", "within": TOWN}, 26)],
)
def test_units_are_listed_for_staff(query, total):
    assert Program(CLERK).get("units", **query).json()["total"] == total
    assert Program().get("units", **query).status_code == 401


def test_categories_have_two_levels_and_both_languages():
    chinese = {one["code"]: one for one in Program().get("categories").json()["items"]}
    english = {one["code"]: one for one in Program(language="en").get("categories").json()["items"]}
    assert chinese["housing_construction.heating"] == {
        "code": "housing_construction.heating",
        "title": "冬季供暖",
        "parent": "housing_construction",
    }
    assert english["housing_construction.heating"]["title"] == "Winter heating"
    assert {one["parent"] for one in chinese.values()} - {""} <= set(chinese)


def test_a_kind_tells_its_whole_flow_and_what_opens_it():
    kind = current().kinds["request"]
    said = Program().get("kinds/request").json()
    assert [state["name"] for state in said["states"]] == list(kind.states)
    assert {step["name"] for step in said["transitions"]} == set(kind.transitions)
    assert said["flow"] == "/api/v1/kinds/request/flow.svg"
    jsonschema_rs.validator_for(said["inputs"]).validate({**REQUEST, "region": VILLAGE})


def test_the_kinds_are_listed():
    said = Program(language="en").get("kinds").json()
    assert [(one["name"], one["title"], one["is_public"]) for one in said["items"]] == [
        ("request", "Citizen request", True)
    ]


@pytest.mark.parametrize(("language", "word"), [("", "群众诉求"), ("en", "Citizen request")])
def test_the_flow_of_a_kind_is_drawn(language, word):
    answer = Program(language=language).get("kinds/request/flow.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    drawn = answer.content.decode()
    assert Tree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own drawing
    assert word in drawn
    assert "<script" not in drawn
    assert "style=" not in drawn
