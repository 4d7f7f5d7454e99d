"""Bad input gets one clear sentence in the caller's language and a stable code, and nothing is stored."""

import re

import pytest
from django.utils import translation

from qizhi.kernel.loop.errors import BadInput
from qizhi.kernel.loop.models import Matter, Reporter, Step
from qizhi.testing.program import Program
from qizhi.testing.stories import walk_to
from qizhi.testing.world import OTHER_VILLAGE, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

GOOD = {"kind": "request", "text": "路灯不亮。", "region": VILLAGE}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def english_is_there() -> bool:
    """Tell whether the English words are made: the sentence of the commonest error is not the Chinese one."""
    with translation.override("en"):
        return not CHINESE.search(str(BadInput.title))


NEEDS_ENGLISH = pytest.mark.skipif(not english_is_there(), reason="the English words are not made yet")

BODIES = {
    "no kind": ({"kind": None}, 422, "bad_input", "kind"),
    "unknown kind": ({"kind": "hazard"}, 422, "unknown_kind", None),
    "unknown region": ({"region": "999999"}, 422, "bad_input", "region"),
    "unknown region of another system": (
        {"region": "610323999", "code_system": "mca"},
        422,
        "unknown_region",
        "region",
    ),
    "unknown code system": ({"code_system": "iso"}, 422, "bad_input", "code_system"),
    "telephone with letters": ({"reporter": {"phone": "138abc00021"}}, 422, "bad_input", "reporter.phone"),
    "telephone too short": ({"reporter": {"phone": "1380000"}}, 422, "bad_input", "reporter.phone"),
    "name too long": ({"reporter": {"name": "王" * 41}}, 422, "bad_input", "reporter.name"),
    "reporter is no object": ({"reporter": "王秀兰"}, 422, "bad_input", "reporter"),
    "field of the reporter that is not there": ({"reporter": {"age": "3"}}, 422, "bad_input", "reporter.age"),
    "text of 0 characters": ({"text": ""}, 422, "bad_input", "text"),
    "text of blanks": ({"text": " \n　"}, 422, "bad_input", "text"),
    "text of 100,001 characters": ({"text": "字" * 100_001}, 422, "bad_input", "text"),
    "text is a number": ({"text": 5}, 422, "bad_input", "text"),
    "title too long": ({"title": "字" * 121}, 422, "bad_input", "title"),
    "unknown category": ({"category": "ufo"}, 422, "bad_input", "category"),
    "longitude without latitude": ({"lon": 107.6}, 422, "bad_input", "point"),
    "latitude beyond the pole": ({"lon": 107.6, "lat": 91}, 422, "bad_input", "lat"),
    "longitude as words": ({"lon": "东", "lat": 34.4}, 422, "bad_input", "lon"),
    "photo that nobody handed in": (
        {"photos": ["019ab1c2-7d3e-7a40-8f11-5c2d90e1b7aa"]},
        422,
        "bad_input",
        "photos",
    ),
    "photo that is no key": ({"photos": ["x"]}, 422, "bad_input", "photos"),
    "field that is not there": ({"urgency": "emergency"}, 422, "bad_input", "urgency"),
}


def hold(answer, status, code, field, *, english=False):
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert field is None or field in said["fields"]
    sentences = [said["detail"], *(line for lines in said["fields"].values() for line in lines)]
    assert all(len(sentence) > 3 for sentence in sentences)
    assert all(bool(CHINESE.search(sentence)) is not english for sentence in sentences)


def nothing_is_stored():
    return not (Matter.objects.exists() or Step.objects.exists() or Reporter.objects.exists())


@pytest.mark.parametrize("case", BODIES)
def test_a_request_that_cannot_be_taken_is_refused(case):
    changed, status, code, field = BODIES[case]
    body = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    hold(Program().post("public/matters", body), status, code, field)
    assert nothing_is_stored()


@NEEDS_ENGLISH
@pytest.mark.parametrize("case", BODIES)
def test_the_sentence_is_english_for_who_asks_in_english(case):
    changed, status, code, field = BODIES[case]
    body = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    hold(Program(language="en-GB").post("public/matters", body), status, code, field, english=True)


RAW = {
    "no JSON": (b"{", 400, "malformed_json"),
    "half a surrogate pair": (
        rb'{"kind": "request", "text": "\ud800", "region": "610323"}',
        400,
        "malformed_json",
    ),
    "not a number": (b'{"kind": "request", "lon": NaN}', 400, "malformed_json"),
    "not UTF-8": ("路灯".encode("gb18030"), 400, "malformed_json"),
    "nested too deep": (b"[" * 100_000, 400, "malformed_json"),
    "a list": (b"[]", 422, "bad_input"),
    "nothing": (b"", 422, "bad_input"),
    "too large": (b'"' + b"x" * 2_700_000 + b'"', 413, "too_large"),
}


@pytest.mark.parametrize("case", RAW)
def test_a_body_that_cannot_be_read_is_refused(case):
    body, status, code = RAW[case]
    hold(Program().post("public/matters", body, raw=True), status, code, None)
    assert nothing_is_stored()


def test_a_body_of_another_media_type_is_refused(client):
    answer = client.post("/api/v1/public/matters", {"kind": "request"})
    hold(answer, 415, "unsupported_media_type", None)


def test_all_that_is_wrong_is_said_at_once():
    body = {**GOOD, "region": "1", "text": " ", "reporter": {"phone": "abc"}}
    fields = Program().post("public/matters", body).json()["fields"]
    assert list(fields) == ["text", "region", "reporter.phone"]


def test_a_nul_character_is_left_out():
    answer = Program().post("public/matters", {**GOOD, "text": "路\x00灯"})
    assert Matter.objects.get(number=answer.json()["number"]).text == "路灯"


@pytest.mark.parametrize("path", ["nothing", "matters/1/2/3", "", "public", "docs/x"])
def test_an_unknown_address_is_a_problem_too(path):
    hold(Program().get(path), 404, "not_found", None)


@pytest.mark.parametrize(
    ("method", "path"), [("delete", "matters"), ("put", "health"), ("patch", "public/matters")]
)
def test_a_method_that_is_not_there_says_which_are(client, method, path):
    answer = getattr(client, method)(f"/api/v1/{path}")
    hold(answer, 405, "method_not_allowed", None)
    assert answer["Allow"]


STAFF = {
    "a village outside the clerk's scope": ({"region": OTHER_VILLAGE}, 422, "outside_scope", "region"),
    "unknown region": ({"region": "61032"}, 422, "bad_input", "region"),
    "unknown channel": ({"channel": "fax"}, 422, "bad_input", "channel"),
    "unknown urgency": ({"urgency": "soon"}, 422, "bad_input", "urgency"),
    "urgency as a list": ({"urgency": ["urgent"]}, 422, "bad_input", "urgency"),
    "category as a list": ({"category": ["health"]}, 422, "bad_input", "category"),
    "an input that the kind does not declare": ({"colour": "red"}, 422, "bad_input", "colour"),
    "identity number with a wrong check digit": (
        {"reporter": {"identity": "610323199001011230"}},
        422,
        "bad_input",
        "reporter.identity",
    ),
    "point with words": ({"lon": "x", "lat": "y"}, 422, "bad_input", "point"),
}


@pytest.mark.parametrize("case", STAFF)
def test_a_staff_intake_that_cannot_be_taken_is_refused(case):
    changed, status, code, field = STAFF[case]
    hold(Program("clerk@610323100").post("matters", {**GOOD, **changed}), status, code, field)
    assert nothing_is_stored()


STEPS = {
    "unknown transition": ("approve", {}, 422, "unknown_transition", None),
    "the opening step": ("register", {}, 422, "unknown_transition", None),
    "not allowed now": (
        "triage",
        {"category": "health", "difficulty": "simple"},
        409,
        "not_allowed_now",
        None,
    ),
    "missing input": ("dispatch", {}, 422, "bad_input", "lead_unit"),
    "unknown unit": ("dispatch", {"lead_unit": "nasa"}, 422, "bad_input", "lead_unit"),
    "unit as a number": ("dispatch", {"lead_unit": 7}, 422, "bad_input", "lead_unit"),
    "units as words": (
        "dispatch",
        {"lead_unit": "tg-610323100", "assist_units": "x"},
        422,
        "bad_input",
        "assist_units",
    ),
    "a unit out of reach": ("dispatch", {"lead_unit": "tg-610323101"}, 409, "need_not_met", None),
    "a matter that is not there": ("merge", {"target": "SQ-2026-999999"}, 422, "bad_input", "target"),
    "an input that is not declared": (
        "dispatch",
        {"lead_unit": "tg-610323100", "x": 1},
        422,
        "bad_input",
        "x",
    ),
}


@pytest.mark.parametrize("case", STEPS)
def test_a_step_that_cannot_be_taken_is_refused(case):
    name, inputs, status, code, field = STEPS[case]
    matter = walk_to("triaged")
    answer = Program("dispatcher@610323100").post(f"matters/{matter.number}/transitions/{name}", inputs)
    hold(answer, status, code, field)
    assert matter.reload().version == 2


@NEEDS_ENGLISH
@pytest.mark.parametrize("case", STEPS)
def test_a_step_is_refused_in_english_for_who_asks_in_english(case):
    name, inputs, status, code, field = STEPS[case]
    matter = walk_to("triaged")
    program = Program("dispatcher@610323100", language="en")
    hold(
        program.post(f"matters/{matter.number}/transitions/{name}", inputs), status, code, field, english=True
    )


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"'])
def test_the_inputs_of_a_step_are_a_json_object(body):
    matter = walk_to("triaged")
    path = f"matters/{matter.number}/transitions/dispatch"
    answer = Program("dispatcher@610323100").post(path, body, raw=True)
    hold(answer, 400, "malformed_json", None)


@pytest.mark.parametrize(
    "number", ["SQ-2026-9", "x", "SQ-2026-000001'", "SQ-2026-000001\x00", "SQ-2026-" + "9" * 40]
)
def test_a_number_that_is_none_is_not_found(number):
    hold(Program("dispatcher@610323100").get(f"matters/{number}"), 404, "matter_not_found", None)
