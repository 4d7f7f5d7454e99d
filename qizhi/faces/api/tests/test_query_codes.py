"""The query code opens one matter; wrong ones are counted, and tell nothing."""

import pytest
from django.utils import timezone

from qizhi.kernel.loop.policy import CODE_TRIES
from qizhi.testing.program import Program
from qizhi.testing.stories import open_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

READS = ("public/matters/{number}", "public/matters/{number}/transitions")
WRITES = {
    "public/matters/{number}/rating": {"satisfied": True, "score": 5},
    "public/matters/{number}/transitions/withdraw": {"reason": "不用了"},
}


def wrong(case):
    return "2" * 8 if case.query_code != "2" * 8 else "3" * 8


@pytest.fixture(autouse=True)
def steady_clock(monkeypatch):
    """A quarter of an hour must not begin in the middle of a test."""
    now = timezone.now().replace(minute=1, second=0, microsecond=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.mark.parametrize("path", READS)
def test_a_wrong_code_opens_nothing_to_read(path):
    case = open_request()
    answer = Program().get(path.format(number=case.number), query_code=wrong(case))
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_query_code")


@pytest.mark.parametrize("path", WRITES)
def test_a_wrong_code_opens_nothing_to_write(path):
    case = open_request()
    answer = Program().post(path.format(number=case.number), WRITES[path], query_code=wrong(case))
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_query_code")
    assert case.reload().version == 1


@pytest.mark.parametrize("path", [*READS, *WRITES, "public/matters/{number}/attachments/{key}"])
def test_a_code_is_needed(path):
    case = open_request()
    address = path.format(number=case.number, key="019ab1c2-7d3e-7a40-8f11-5c2d90e1b7aa")
    answer = Program().post(address, WRITES[path]) if path in WRITES else Program().get(address)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["query_code"])


def test_whether_the_number_exists_is_not_told():
    case = open_request()
    there = Program().get(f"public/matters/{case.number}", query_code=wrong(case)).json()
    not_there = Program().get("public/matters/SQ-2026-999999", query_code=wrong(case)).json()
    assert {**there, "instance": ""} == {**not_there, "instance": ""}


def test_the_code_of_another_matter_opens_nothing():
    case, other = open_request(), open_request()
    answer = Program().get(f"public/matters/{case.number}", query_code=other.query_code)
    assert answer.status_code == 403


def test_after_five_wrong_codes_also_the_right_one_must_wait():
    case, other = open_request(), open_request()
    for _ in range(CODE_TRIES):
        assert Program().get(f"public/matters/{case.number}", query_code=wrong(case)).status_code == 403
    answer = Program().get(f"public/matters/{case.number}", query_code=case.query_code)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert int(answer["Retry-After"]) == answer.json()["retry_after"] == 840
    assert Program().get(f"public/matters/{other.number}", query_code=other.query_code).status_code == 200


def test_every_route_counts_the_same_tries():
    case = open_request()
    for path in (*READS, *WRITES, "public/matters/{number}/attachments/{key}"):
        address = path.format(number=case.number, key="019ab1c2-7d3e-7a40-8f11-5c2d90e1b7aa")
        program = Program()
        body = WRITES.get(path)
        answer = (
            program.post(address, body, query_code=wrong(case))
            if body
            else program.get(address, query_code=wrong(case))
        )
        assert answer.status_code == 403, path
    assert Program().get(f"public/matters/{case.number}", query_code=case.query_code).status_code == 429
