"""`Idempotency-Key`: the same write sent again gets the first answer again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qizhi.kernel.kit.idempotency import IdempotencyKey
from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.testing.program import Program
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
BODY = {"kind": "request", "text": "路灯不亮。", "region": VILLAGE}


def test_a_request_sent_twice_is_one_matter_with_one_code():
    first, second = (Program().post("public/matters", BODY, key="a") for _ in range(2))
    assert first.content == second.content
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert second["ETag"] == '"1"'
    assert Matter.objects.count() == 1


def test_another_content_under_the_same_key_is_refused():
    Program().post("public/matters", BODY, key="a")
    answer = Program().post("public/matters", {**BODY, "text": "别的事。"}, key="a")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")
    assert Matter.objects.count() == 1


def test_a_strangers_key_is_another_key():
    numbers = {
        Program(REMOTE_ADDR=address).post("public/matters", BODY, key="a").json()["number"]
        for address in ("203.0.113.5", "203.0.113.6")
    }
    staff = {
        Program(who).post("matters", BODY, key="a").json()["number"]
        for who in (f"clerk@{TOWN}", f"head@{TOWN}")
    }
    assert len(numbers | staff) == 4


def test_neither_address_nor_answer_is_kept_in_clear():
    said = Program(REMOTE_ADDR="203.0.113.5").post("public/matters", BODY, key="a").json()
    row = IdempotencyKey.objects.get()
    assert "203.0.113.5" not in row.scope
    assert said["query_code"].encode() not in bytes(row.body)


@pytest.mark.parametrize("key", ["x" * 201, "\x7f", "键"])
def test_a_key_that_cannot_be_one_is_refused(key):
    answer = Program().post("public/matters", BODY, key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_invalid")
    assert not Matter.objects.exists()


def test_a_write_that_failed_leaves_its_key_free():
    assert Program().post("public/matters", {**BODY, "region": "9"}, key="a").status_code == 422
    assert Program().post("public/matters", BODY, key="a").status_code == 201


def test_a_step_pressed_twice_is_taken_once():
    case = walk_to("triaged")
    path, inputs = f"matters/{case.number}/transitions/dispatch", {"lead_unit": f"tg-{TOWN}"}
    program = Program(f"dispatcher@{TOWN}")
    first, second = (program.post(path, inputs, key="press", version=2) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert case.reload().version == 3


def test_the_citizens_writes_can_be_repeated_too():
    case = open_request()
    path = f"public/matters/{case.number}/transitions/add_facts"
    for _ in range(2):
        answer = Program().post(path, {"facts": "又塌了。"}, query_code=case.query_code, key="f")
        assert answer.status_code == 200
    rated = walk_to("replied")
    for _ in range(2):
        path = f"public/matters/{rated.number}/rating"
        answer = Program().post(path, {"satisfied": True, "score": 4}, query_code=rated.query_code, key="r")
        assert answer.status_code == 200
    assert (case.reload().version, rated.reload().version) == (2, 8)


def test_a_file_sent_twice_is_stored_once():
    program = Program(f"clerk@{TOWN}")
    answers = [
        program.upload("uploads", SimpleUploadedFile("a.txt", "说明".encode()), key="f") for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Attachment.objects.count() == 1
    other = program.upload("uploads", SimpleUploadedFile("a.txt", "别的".encode()), key="f")
    assert other.json()["code"] == "idempotency_mismatch"
