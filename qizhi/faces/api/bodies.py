"""Bodies in and out: JSON read strictly, and written compactly with Chinese as it is."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn, cast

from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.types import DictStrAny

from .errors import IfMatchInvalid, MalformedJson, WrongMediaType

JSON_TYPE = "application/json"
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"|(\d{1,9})', re.ASCII)


class JsonParser(Parser):
    """Reads a body as JSON in UTF-8."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Return the body's value; see `read_json`."""
        return cast("DictStrAny", read_json(request))


def read_json(request: HttpRequest) -> Any:
    """Return the value of a JSON body.

    Raises:
        WrongMediaType: the body says that it is something else.
        MalformedJson: it is not JSON in UTF-8; also for NaN, and for half of a surrogate pair, which no database
            takes.
    """
    if request.content_type not in (JSON_TYPE, ""):
        raise WrongMediaType
    try:
        text = request.body.decode()
        value = json.loads(text, parse_constant=_refuse)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedJson from error
    return value


def read_object(request: HttpRequest) -> dict[str, Any]:
    """Return a JSON object; an empty body is an empty one.

    Raises:
        WrongMediaType, MalformedJson: as `read_json`; also when the value is no object.
    """
    if not request.body:
        return {}
    value = read_json(request)
    if not isinstance(value, dict):
        raise MalformedJson
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def read_version(request: HttpRequest) -> int | None:
    """Return the version that `If-Match` names, plain or as an ETag; None when it is absent or ``*``.

    Raises:
        IfMatchInvalid: it is neither.
    """
    said = request.headers.get("If-Match")
    if said is None or said == "*":
        return None
    found = _VERSION.fullmatch(said.strip())
    if found is None:
        raise IfMatchInvalid(fields={"If-Match": [IfMatchInvalid.title]})
    return int(found[1] or found[2])


def dump(value: Any) -> bytes:
    """Return a value of plain JSON types as compact UTF-8 with Chinese unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return plain JSON values as an answer.

    Calls build their answers from such values and come here directly: what the program itself made is not
    validated a second time; tests hold every answer against its declared schema instead.
    """
    response = HttpResponse(dump(value), status=status, content_type=JSON_TYPE)
    for name, said in (headers or {}).items():
        response[name] = said
    return response


def etag(version: int) -> dict[str, str]:
    """Return the header by which a caller names the version that it saw."""
    return {"ETag": f'"{version}"'}


class JsonRenderer(BaseRenderer):
    """Writes what a call returns as plain values; for the few calls that do not use `reply`."""

    media_type = JSON_TYPE

    def render(self, _request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        """Return `data` as JSON."""
        return dump(data)
