"""The OpenAPI document: what ninja reads from the code, completed with an example of everything and every code.

The same text is served at `/api/v1/openapi.json` and committed as `docs/openapi.json`; a test compares the two.

**Source:** `stack.md` §5; issue 2, “API”.
"""

import json
from collections.abc import Iterator
from functools import cache
from http.client import responses
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.kit.problems import PROBLEM_TYPE, problem

from .api import PREFIX, api
from .contract import CODES
from .examples import DETAILS, FIELDS, PARAMETERS, example_of

Made = dict[str, Any]
JSON_TYPE = "application/json"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
METHODS = ("get", "post", "put", "patch", "delete")
TAGS = (
    ("public", gettext_noop("群众：不用账号，凭编号和查询码。")),
    ("matters", gettext_noop("工作人员和程序：登记、查询、办理。")),
    ("files", gettext_noop("文件：先上传，再在步骤里引用。")),
    ("reference", gettext_noop("区划、单位、类别、事项种类。")),
    ("health", gettext_noop("运行状况。")),
)
ERROR_HEADERS: dict[int, Made] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}, "example": "Bearer"}},
    429: {
        "Retry-After": {
            "description": "Seconds.",
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
            "example": "600",
        }
    },
}


@cache
def document() -> Made:
    """Return the OpenAPI document; its own words are those of the code, its examples are Chinese."""
    with translation.override("zh-hans"):
        made: Made = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
        schemas = made["components"]["schemas"]
        for path, _, call in calls(made):
            _answers(call, schemas)
            _asks(path, call, schemas)
        codes = sorted({code for _, _, call in calls(made) for code in call[CODES]})
        made["components"]["examples"] = {code: {"value": _example(_errors()[code])} for code in codes}
        _drop_unused(made)
        made["tags"] = [{"name": name, "description": said} for name, said in TAGS]
        made["servers"] = [{"url": "/"}]
    return made


@cache
def text() -> str:
    """Return the document as it is served and committed."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def calls(made: Made) -> Iterator[tuple[str, str, Made]]:
    """Yield path, method and description of every call, in the order of the document."""
    for path, item in made["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _answers(call: Made, schemas: Made) -> None:
    """Give every answer its example, and every error its media type, its headers and an example of each code."""
    codes = [_errors()[code] for code in call.get(CODES, ())]
    for status, answer in call["responses"].items():
        content = answer.get("content", {})
        described = content.get(JSON_TYPE)
        if described is None:
            continue
        if described["schema"] != PROBLEM:
            described["example"] = example_of(described["schema"], schemas)
            continue
        answer["description"] = responses[int(status)]
        if int(status) in ERROR_HEADERS:
            answer["headers"] = ERROR_HEADERS[int(status)]
        fitting = [error.code for error in codes if error.status == int(status)]
        examples = {code: {"$ref": f"#/components/examples/{code}"} for code in fitting}
        answer["content"] = {PROBLEM_TYPE: {"schema": PROBLEM, "examples": examples}}


def _asks(path: str, call: Made, schemas: Made) -> None:
    """Give the body and every parameter an example."""
    for media_type, described in call.get("requestBody", {}).get("content", {}).items():
        if media_type == JSON_TYPE and "example" not in described:
            described["example"] = example_of(described["schema"], schemas)
    for parameter in call["parameters"]:
        said = PARAMETERS.get((path.split("/")[3], parameter["name"])) or PARAMETERS.get(
            ("", parameter["name"])
        )
        if said:
            parameter.setdefault("description", said[0])
            parameter.setdefault("example", said[1])
        parameter["schema"] = _given(parameter["schema"])
        # ninja copies a field's examples as they stand; OpenAPI wants one example, or a map of them
        parameter.pop("examples", None)
        if "example" not in parameter:
            parameter["example"] = example_of(parameter["schema"], schemas)


def _drop_unused(made: Made) -> None:
    """Leave out the schemas to which nothing leads: those of queries, which stand as parameters."""
    said = json.dumps(made)
    schemas = made["components"]["schemas"]
    for name in [name for name in schemas if f'"#/components/schemas/{name}"' not in said]:
        del schemas[name]


def _given(schema: Made) -> Made:
    """Return the schema of a parameter without null: what is not wanted is left out of an address."""
    options = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        return {**rest, **options[0]}
    return {**schema, "anyOf": options} if options else schema


def _example(error: type[QizhiError]) -> Made:
    fields = {name: [gettext(said)] for name, said in FIELDS.get(error.code, {}).items()}
    return problem(error(fields=fields, details=DETAILS.get(error.code)))


@cache
def _errors() -> dict[str, type[QizhiError]]:
    """Return every error class by its code."""
    found: dict[str, type[QizhiError]] = {}
    waiting = [QizhiError]
    while waiting:
        error = waiting.pop(0)
        found.setdefault(error.code, error)
        waiting += error.__subclasses__()
    return found
