"""The OpenAPI document as a file, and a page that lists the calls: nothing from the internet, no script."""

import json
from functools import cache
from http.client import responses
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from qizhi.kernel.kit.errors import NotFound

from .contract import CODES
from .openapi import TAGS, calls, document, text


@require_safe
def openapi_json(_request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI document."""
    return HttpResponse(text(), content_type="application/json")


@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    """Show every call with its parameters, its body and its answers, in the language that pages are read in."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = chosen if chosen in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
    with override(language):
        page = render(request, "api/docs.html", {"info": document()["info"], "groups": groups()})
    page["Content-Language"] = language
    patch_vary_headers(page, ["Cookie"])
    return page


@cache
def groups() -> list[dict[str, Any]]:
    """Return the calls by their tags, as the page shows them."""
    found = list(calls(document()))
    return [
        {
            "name": tag,
            "said": said,
            "calls": [_call(path, method, call) for path, method, call in found if tag in call["tags"]],
        }
        for tag, said in TAGS
    ]


def _call(path: str, method: str, call: dict[str, Any]) -> dict[str, Any]:
    return {
        "method": method.upper(),
        "path": path,
        "key": call["operationId"],
        "summary": call["summary"],
        "said": call.get("description", ""),
        "is_open": not call.get("security"),
        "parameters": [one for one in call["parameters"] if one["name"] != "Accept-Language"],
        "bodies": [
            {"type": media_type, "example": _pretty(described.get("example"))}
            for media_type, described in call.get("requestBody", {}).get("content", {}).items()
        ],
        "answers": [_answer(status, answer) for status, answer in call["responses"].items()],
        "codes": call.get(CODES, []),
    }


def _answer(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
    return {
        "status": status,
        "said": answer.get("description") or responses[int(status)],
        "example": _pretty(described.get("example")),
        "codes": list(described.get("examples", ())),
    }


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) if value is not None else ""


def nothing_here(_request: HttpRequest) -> NoReturn:
    """Answer for an address that the API does not have, at once and without a page being drawn.

    Raises:
        NotFound: always.
    """
    raise NotFound
