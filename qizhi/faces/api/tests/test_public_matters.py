"""What a citizen may do without an account: bring a matter, follow it, rate the answer."""

import json
from datetime import datetime

import pytest

from qizhi.kernel.loop.models import Matter, Reporter, Step
from qizhi.kernel.loop.queries.story import public_due
from qizhi.testing import cast
from qizhi.testing.program import Program
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

REQUEST = {
    "kind": "request",
    "title": "东街小学门口井盖松动",
    "text": "井盖松动，请打电话 13812345678 联系我。",
    "region": VILLAGE,
    "address": "东街小学门口",
    "lon": 107.6195,
    "lat": 34.444,
    "reporter": {"name": "王秀兰", "phone": "138 0000 0021"},
}


def test_a_request_gets_a_number_a_code_and_the_promise():
    answer = Program().post("public/matters", REQUEST)
    assert answer.status_code == 201
    said = answer.json()
    matter = Matter.objects.get(number=said["number"])
    assert said["state"] == "registered"
    assert said["state_title"] == "已登记"
    assert datetime.fromisoformat(said["due_at"]) == public_due(matter)
    assert said["due_at"].endswith("+08:00")
    assert answer["ETag"] == '"1"'
    assert (matter.region_code, matter.channel) == (VILLAGE, "web")
    assert (float(matter.lon), float(matter.lat)) == (107.6195, 34.444)


def test_chinese_is_written_as_it_is():
    answer = Program().post("public/matters", REQUEST)
    assert "已登记" in answer.content.decode()
    assert "\\u" not in answer.content.decode()


def test_a_telephone_in_the_text_is_masked_and_the_reporter_sealed():
    number = Program().post("public/matters", REQUEST).json()["number"]
    matter = Matter.objects.get(number=number)
    assert "13812345678" not in matter.text
    assert "138****5678" in matter.text
    assert "王秀兰" not in json.dumps(list(Reporter.objects.values("phone_key", "identity_key")))
    assert not any(
        key in json.dumps(list(Step.objects.values_list("inputs", flat=True))) for key in ("王", "138")
    )


def test_only_kind_text_and_place_are_needed():
    answer = Program().post("public/matters", {"kind": "request", "text": "路灯不亮。", "region": TOWN})
    assert answer.status_code == 201
    matter = Matter.objects.get(number=answer.json()["number"])
    assert matter.title == "路灯不亮。"
    assert matter.reporter is None


@pytest.mark.parametrize(
    ("region", "system", "found"),
    [
        ("610323111", "nbs", "610323111"),
        ("610323111", "mca", "610323100"),
        ("610323112", "mca", "610323101"),
        ("610323100000", "nbs", "610323100"),
    ],
)
def test_a_code_from_outside_is_read_with_its_system(region, system, found):
    body = {**REQUEST, "region": region, "code_system": system}
    number = Program().post("public/matters", body).json()["number"]
    assert Matter.objects.get(number=number).region_code == found


def test_the_citizen_sees_the_state_the_promise_and_the_public_steps():
    case = walk_to("replied")
    answer = Program().get(f"public/matters/{case.number}", query_code=case.query_code)
    said = answer.json()
    assert said["state_text"].startswith("已经答复您")
    assert said["region"] == {"code": VILLAGE, "name": "凤鸣镇堰河村"}
    assert said["due_lines"][0].startswith("自")
    assert [step["state"] for step in said["steps"]] == [
        "registered",
        "triaged",
        "dispatched",
        "accepted",
        "in_progress",
        "concluded",
        "replied",
    ]
    assert said["steps"][-1]["texts"][0]["value"] == "井盖已经换好，欢迎监督。"
    assert answer["ETag"] == '"7"'


def test_the_citizen_sees_nothing_that_is_internal():
    case = walk_to("in_progress")
    take(case, "note", "handler", note="内部备注：与施工队约定周三进场。")
    said = Program().get(f"public/matters/{case.number}", query_code=case.query_code).content.decode()
    assert "内部备注" not in said
    assert "凤鸣镇承办人" not in said
    assert "与施工队" not in said


def test_the_words_are_those_of_the_callers_language():
    case = open_request()
    said = Program(language="en").get(f"public/matters/{case.number}", query_code=case.query_code).json()
    assert said["state_title"] == "Registered"
    assert said["category"]["title"] == "Street lamps, manholes and drainage"


def test_a_number_and_a_code_are_read_as_people_write_them():
    case = open_request()
    code = f" {case.query_code[:4].lower()}-{case.query_code[4:].lower()} "
    assert Program().get(f"public/matters/{case.number.lower()}", query_code=code).status_code == 200


def test_a_merged_matter_tells_how_the_other_one_goes_without_its_person():
    other = open_request(text="另一个人的话", title="同一个井盖")
    case = open_request()
    take(case, "merge", "dispatcher", target=other.number)
    take(other, "add_facts", cast.citizen(other.matter), facts="别人的补充，不该给您看。")
    take(other, "triage", "dispatcher", category=other.matter.category, difficulty="simple")
    said = Program().get(f"public/matters/{case.number}", query_code=case.query_code)
    handled = said.json()["merged_into"]
    assert (handled["number"], handled["state"]) == (other.number, "triaged")
    assert "另一个人的话" not in said.content.decode()
    assert "别人的补充" not in said.content.decode()


def rate(case, **body):
    return Program().post(f"public/matters/{case.number}/rating", body, query_code=case.query_code)


def test_satisfied_is_the_step_rate():
    case = walk_to("replied")
    answer = rate(case, satisfied=True, score=5, comment="修得很快，谢谢。")
    assert answer.json()["state"] == "revisited"
    revisit = case.matter.revisits.get()
    assert (revisit.by_reporter, revisit.satisfied, revisit.score) == (True, True, 5)


def test_not_satisfied_reopens_and_needs_no_words():
    case = walk_to("replied")
    answer = rate(case, satisfied=False, score=1)
    assert (answer.json()["transition"], answer.json()["state"]) == ("reopen", "reopened")
    assert case.matter.passages.get(field="comment").text == "来信人表示不满意，没有写明原因。"


def test_not_satisfied_a_second_time_goes_to_supervision():
    case = walk_to("reopened")
    take(case, "start", "handler")
    take(case, "conclude", "handler", result="solved", conclusion="又修了一次。")
    take(case, "reply", "handler", reply="又修了一次。")
    answer = rate(case, satisfied=False, score=1, comment="还是响。")
    assert (answer.json()["transition"], answer.json()["state"]) == ("reopen_supervise", "supervised")


def test_a_rating_before_the_answer_is_refused():
    case = walk_to("in_progress")
    answer = rate(case, satisfied=True, score=5)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now")
    assert case.reload().state == "in_progress"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"score": 5}, "satisfied"),
        ({"satisfied": True}, "score"),
        ({"satisfied": True, "score": 0}, "score"),
        ({"satisfied": True, "score": 6}, "score"),
        ({"satisfied": True, "score": "5"}, "score"),
        ({"satisfied": "yes", "score": 5}, "satisfied"),
        ({"satisfied": True, "score": 5, "comment": "字" * 1001}, "comment"),
        ({"satisfied": True, "score": 5, "stars": 5}, "stars"),
    ],
)
def test_a_rating_says_which_field_is_wrong(body, field):
    case = walk_to("replied")
    answer = rate(case, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert list(answer.json()["fields"]) == [field]
    assert case.reload().state == "replied"


def test_another_towns_centre_takes_in_what_lies_there():
    answer = Program().post("public/matters", {**REQUEST, "region": OTHER_TOWN})
    matter = Matter.objects.get(number=answer.json()["number"])
    assert matter.centre.code == f"centre-{OTHER_TOWN}"
