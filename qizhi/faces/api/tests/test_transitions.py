"""Steps: which may be taken now, with the schema of their inputs, and taking one."""

import jsonschema_rs
import pytest

from qizhi.kernel.modes.store import current
from qizhi.testing import cast
from qizhi.testing.program import Program
from qizhi.testing.stories import PATHS, open_request, take, walk_to
from qizhi.testing.world import TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
DISPATCHER, HANDLER = f"dispatcher@{TOWN}", f"handler@{TOWN}"


def offered(who, case):
    answer = Program(who).get(f"matters/{case.number}/transitions")
    return {item["name"]: item for item in answer.json()["items"]}


def fire(who, case, name, inputs=None, **options):
    return Program(who).post(f"matters/{case.number}/transitions/{name}", inputs, **options)


def test_only_the_steps_of_the_callers_post_are_offered():
    case = walk_to("dispatched")
    assert set(offered(HANDLER, case)) == {"accept", "object", "note"}
    assert "accept" not in offered(DISPATCHER, case)
    assert "assist_add" in offered(DISPATCHER, case)
    assert offered("auditor@610323", case) == {}


def test_a_step_says_where_it_leads_and_by_which_rule():
    step = offered(HANDLER, walk_to("dispatched"))["object"]
    assert (step["title"], step["to"], step["tone"]) == ("提出派单异议", "objected", "plain")
    assert "北京市接诉即办工作条例第12条" in step["law"]


def test_a_main_step_that_does_not_fit_yet_says_why():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    take(case, "accept", "handler")
    take(case, "start", "handler")
    said = Program(HANDLER).get(f"matters/{case.number}/transitions").json()
    assert [one["name"] for one in said["waiting"]] == ["conclude"]
    assert "县住建局" in said["waiting"][0]["reason"]


def test_the_schema_of_the_inputs_has_titles_in_the_callers_language():
    case = walk_to("registered")
    chinese = offered(DISPATCHER, case)["triage"]["inputs"]
    answer = Program(DISPATCHER, language="en").get(f"matters/{case.number}/transitions")
    english = next(one for one in answer.json()["items"] if one["name"] == "triage")["inputs"]
    assert chinese["properties"]["difficulty"]["title"] == "难易"
    assert chinese["properties"]["difficulty"]["oneOf"][0] == {
        "const": "simple",
        "title": "简单（3个工作日）",
    }
    assert english["properties"]["difficulty"]["title"] == "Difficulty"
    assert chinese["required"] == ["category", "difficulty"]
    assert "housing_construction.heating" in chinese["properties"]["category"]["enum"]


@pytest.mark.parametrize(
    "state", ["registered", "triaged", "dispatched", "in_progress", "suspended", "replied"]
)
def test_every_schema_is_a_schema(state):
    case = walk_to(state)
    for who in (DISPATCHER, f"director@{TOWN}", f"revisit@{TOWN}", f"clerk@{TOWN}"):
        for step in offered(who, case).values():
            jsonschema_rs.meta.validate(step["inputs"])


def test_the_schema_accepts_what_the_engine_accepts_and_refuses_what_it_refuses():
    case = walk_to("triaged")
    schema = jsonschema_rs.validator_for(offered(DISPATCHER, case)["dispatch"]["inputs"])
    assert schema.is_valid({"lead_unit": f"tg-{TOWN}", "assist_units": ["zhujian"], "note": "请尽快。"})
    for wrong in ({}, {"lead_unit": 1}, {"lead_unit": "x", "y": 1}, {"lead_unit": "x", "note": "字" * 2001}):
        assert not schema.is_valid(wrong)
        assert fire(DISPATCHER, case, "dispatch", wrong).status_code == 422


def test_a_step_is_taken_and_says_what_came_of_it():
    case = walk_to("triaged")
    answer = fire(DISPATCHER, case, "dispatch", {"lead_unit": f"tg-{TOWN}"}, version=2)
    said = answer.json()
    assert (answer.status_code, answer["ETag"]) == (200, '"3"')
    assert (said["state"], said["state_title"], said["version"]) == ("dispatched", "已交办", 3)
    assert said["hash"] == case.reload().last_hash


def test_an_empty_body_is_no_inputs():
    case = walk_to("accepted")
    assert fire(HANDLER, case, "start").json()["state"] == "in_progress"


@pytest.mark.parametrize("version", [2, '"2"', 'W/"2"', "*"])
def test_the_version_is_read_plain_and_as_an_etag(version):
    case = walk_to("triaged")
    answer = fire(DISPATCHER, case, "dispatch", {"lead_unit": f"tg-{TOWN}"}, version=version)
    assert answer.status_code == 200


@pytest.mark.parametrize("version", ["two", "-1", '"2', "2,3", "1.0"])
def test_a_version_that_is_none_is_refused(version):
    case = walk_to("triaged")
    answer = fire(DISPATCHER, case, "dispatch", {"lead_unit": f"tg-{TOWN}"}, version=version)
    assert (answer.status_code, answer.json()["code"]) == (422, "if_match_invalid")
    assert case.reload().version == 2


def test_a_stale_version_says_what_changed():
    case = walk_to("triaged")
    take(case, "note", "dispatcher", note="已电话核实。")
    answer = fire(DISPATCHER, case, "dispatch", {"lead_unit": f"tg-{TOWN}"}, version=2)
    said = answer.json()
    assert (answer.status_code, said["code"], said["version"]) == (409, "stale_version", 3)
    assert [(step["seq"], step["transition"]) for step in said["steps"]] == [(3, "note")]
    assert case.reload().state == "triaged"


def test_a_step_of_another_post_is_refused():
    case = walk_to("dispatched")
    answer = fire(f"clerk@{TOWN}", case, "accept")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert case.reload().version == 3


def test_who_handled_it_does_not_revisit_it():
    case = walk_to("registered")
    take(case, "take", "dispatcher")
    take(case, "conclude", "dispatcher", result="solved", conclusion="已修好。")
    take(case, "reply", "dispatcher", reply="已修好。")
    inputs = {"way": "phone", "satisfaction": "satisfied"}
    assert fire(f"revisit@{TOWN}", case, "revisit", inputs).json()["code"] == "not_yours"
    assert fire("revisit@610323", case, "revisit", inputs).json()["state"] == "revisited"


def test_every_error_keeps_the_matter_as_it_was():
    case = walk_to("in_progress")
    before = case.reload().last_hash
    for name, inputs in (
        ("conclude", {}),
        ("reply", {"reply": "x"}),
        ("fly", {}),
        ("conclude", {"result": "magic"}),
    ):
        assert fire(HANDLER, case, name, inputs).status_code in (409, 422)
    assert case.reload().last_hash == before


# --- the citizen's own steps ---------------------------------------------------------------------


def theirs(case):
    answer = Program().get(f"public/matters/{case.number}/transitions", query_code=case.query_code)
    return {item["name"]: item for item in answer.json()["items"]}


def act(case, name, inputs, **options):
    path = f"public/matters/{case.number}/transitions/{name}"
    return Program().post(path, inputs, query_code=case.query_code, **options)


OWN = {
    "registered": {"add_facts", "withdraw"},
    "in_progress": {"add_facts", "withdraw"},
    "suspended": {"answer", "withdraw"},
    "concluded": set(),
    "replied": {"rate", "reopen"},
    "revisited": {"reopen"},
    "archived": {"reopen"},
    "withdrawn": set(),
    "not_accepted": set(),
}


@pytest.mark.parametrize("state", OWN)
def test_the_citizen_is_offered_the_reporters_steps(state):
    assert set(theirs(walk_to(state))) == OWN[state]


def test_the_citizen_answers_a_question():
    case = walk_to("in_progress")
    take(case, "ask_reporter", "handler", question="在哪个门口？")
    answer = act(case, "answer", {"answer": "北门。"}, version=6)
    assert (answer.status_code, answer.json()["state"]) == (200, "in_progress")
    assert answer["ETag"] == '"7"'
    assert case.matter.passages.get(field="answer").text == "北门。"


def test_the_citizen_adds_facts_and_withdraws():
    case = open_request()
    assert act(case, "add_facts", {"facts": "今天又塌了一块。"}).json()["version"] == 2
    assert act(case, "withdraw", {"reason": "已经修好。"}).json()["state"] == "withdrawn"


def test_the_citizen_does_not_take_the_steps_of_staff():
    case = walk_to("dispatched")
    answer = act(case, "accept", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")


def test_every_step_of_the_reporter_is_in_the_table():
    kind = current().kinds["request"]
    declared = {
        name for name, step in kind.transitions.items() if "reporter" in step.by and step.source_states
    }
    assert declared == {"rate", "reopen", "reopen_supervise", "add_facts", "answer", "withdraw"}
    assert set(OWN) <= set(PATHS)


def test_staff_may_answer_for_the_citizen_at_the_window():
    case = walk_to("suspended")
    assert fire(f"clerk@{TOWN}", case, "answer", {"answer": "来人说是北门。"}).status_code == 200
    assert case.reload().state == "in_progress"
    assert cast.user(f"clerk@{TOWN}") == case.matter.steps.latest("seq").actor
