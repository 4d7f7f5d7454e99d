"""Problem documents as RFC 9457 describes them."""

import json
from datetime import UTC, datetime
from uuid import UUID

from django.test import RequestFactory
from django.utils.translation import gettext_lazy

from qizhi.kernel.kit.errors import Conflict, Invalid, SignInNeeded, TooMany
from qizhi.kernel.kit.problems import PROBLEM_TYPE, problem, problem_response


def test_it_says_what_where_and_which():
    error = Invalid("电话号码有误。", fields={"phone": [gettext_lazy("电话号码有误。")]})
    assert problem(error) == {
        "type": "urn:qizhi:problem:invalid",
        "title": "填写的内容有误，尚未保存。请按提示修改后重新提交。",
        "status": 422,
        "detail": "电话号码有误。",
        "code": "invalid",
        "fields": {"phone": ["电话号码有误。"]},
    }


def test_further_facts_stand_beside_and_never_in_place_of_the_members():
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    error = Conflict(details={"version": 3, "at": moment, "id": UUID(int=1), "status": "x", "code": "y"})
    document = problem(error)
    assert (document["version"], document["status"], document["code"]) == (3, 409, "conflict")
    assert document["id"] == "00000000-0000-0000-0000-000000000001"
    assert document["at"].startswith("2026-11-24T00:00:00")
    json.dumps(document)


def test_it_carries_the_number_of_the_request():
    request = RequestFactory().get("/")
    vars(request)["request_id"] = "abc12345"
    assert problem(Invalid(), request)["instance"] == "urn:qizhi:request:abc12345"


def test_chinese_is_written_as_it_is():
    response = problem_response(Invalid())
    assert response["Content-Type"] == PROBLEM_TYPE
    assert response.status_code == 422
    assert "填写的内容有误" in response.content.decode()


def test_headers_belong_to_their_status():
    assert problem_response(TooMany(details={"retry_after": 90}))["Retry-After"] == "90"
    assert problem_response(SignInNeeded())["WWW-Authenticate"] == "Bearer"
    assert "Retry-After" not in problem_response(TooMany())
