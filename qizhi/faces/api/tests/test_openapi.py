"""The OpenAPI document is the code's own, complete with an example of everything and every code."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest

from qizhi.faces.api.openapi import calls, document, text
from qizhi.testing.program import Program

COMMITTED = Path(__file__).resolve().parents[4] / "docs" / "openapi.json"
CALLS = [pytest.param(path, method, call, id=f"{method} {path}") for path, method, call in calls(document())]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CONTRACT = {
    "post /api/v1/public/matters",
    "get /api/v1/public/matters/{number}",
    "post /api/v1/public/matters/{number}/rating",
    "get /api/v1/matters",
    "post /api/v1/matters",
    "get /api/v1/matters/{number}",
    "get /api/v1/matters/{number}/steps",
    "get /api/v1/matters/{number}/transitions",
    "post /api/v1/matters/{number}/transitions/{name}",
    "get /api/v1/health",
}


def resolved(schema):
    return jsonschema_rs.validator_for(
        {**schema, "components": document()["components"]}, validate_formats=False
    )


def test_the_committed_document_is_the_codes_own():
    assert COMMITTED.read_text(encoding="utf-8") == text(), "run `make openapi` and commit docs/openapi.json"


@pytest.mark.django_db
def test_the_document_is_served_as_it_is_committed():
    answer = Program().get("openapi.json")
    assert answer["Content-Type"] == "application/json"
    assert answer.content.decode() == text()


def test_every_call_of_the_contract_is_there():
    assert {f"{method} {path}" for path, method, _ in calls(document())} >= CONTRACT


def test_the_filters_of_a_list_are_those_of_the_contract():
    call = document()["paths"]["/api/v1/matters"]["get"]
    names = {one["name"] for one in call["parameters"] if one["in"] == "query"}
    wanted = "kind state region unit category opened_from opened_to overdue q order cursor limit"
    assert names >= set(wanted.split())


def test_operations_have_names_of_their_own():
    names = [call["operationId"] for _, _, call in calls(document())]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_a_call_says_what_it_does_in_both_languages(path, method, call):
    assert CHINESE.search(call["summary"])
    assert call["description"].isascii() or not CHINESE.search(call["description"])
    assert call["tags"]


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_every_parameter_has_an_example_that_fits(path, method, call):
    for parameter in call["parameters"]:
        assert "example" in parameter, parameter["name"]
        resolved(parameter["schema"]).validate(parameter["example"])


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_every_body_has_an_example_that_fits(path, method, call):
    assert method == "get" or "requestBody" in call
    described = call.get("requestBody", {}).get("content", {}).get("application/json")
    if described:
        resolved(described["schema"]).validate(described["example"])


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_every_answer_has_an_example_that_fits(path, method, call):
    for status, answer in call["responses"].items():
        for media_type, described in answer["content"].items():
            if media_type == "application/json":
                resolved(described["schema"]).validate(described["example"])
            elif media_type == "application/problem+json":
                assert described["examples"], status
                for code in described["examples"]:
                    said = document()["components"]["examples"][code]["value"]
                    resolved(described["schema"]).validate(said)
                    assert (str(said["status"]), said["code"]) == (status, code)


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_writes_can_be_repeated_and_guarded_calls_say_how_to_sign_in(path, method, call):
    headers = {one["name"] for one in call["parameters"] if one["in"] == "header"}
    assert ("Idempotency-Key" in headers) == (method == "post")
    assert ("If-Match" in headers) == ("transitions/{name}" in path or path.endswith("rating"))
    assert ("401" in call["responses"]) == ("security" in call)
    assert "security" not in call or call["security"] == [{"Token": []}, {"Session": []}]


def test_the_document_is_json_with_chinese_as_it_is():
    assert json.loads(text())["openapi"].startswith("3.1")
    assert "\\u" not in text()
