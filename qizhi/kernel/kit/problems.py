"""Errors as problem documents, for programs.

**Source:** RFC 9457; `architecture.md` §8.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from .errors import QizhiError, SignInNeeded

PROBLEM_TYPE = "application/problem+json"


def problem(error: QizhiError, request: HttpRequest | None = None) -> dict[str, Any]:
    """Return the problem document of `error` in the language that is active now.

    Members: `type`, `title`, `status`, `detail`, `code`, `fields` (name → messages), `instance` (the request's number)
    when it is known, and whatever `error.details` holds beside them.
    """
    document: dict[str, Any] = {
        **error.details,
        "type": f"urn:qizhi:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "fields": error.fields,
    }
    if request_id := getattr(request, "request_id", ""):
        document["instance"] = f"urn:qizhi:request:{request_id}"
    plain: dict[str, Any] = json.loads(json.dumps(document, cls=DjangoJSONEncoder))
    return plain


def problem_response(error: QizhiError, request: HttpRequest | None = None) -> HttpResponse:
    """Return `error` as an HTTP answer, with `Retry-After` or `WWW-Authenticate` where its status wants one."""
    body = json.dumps(problem(error, request), ensure_ascii=False)
    response = HttpResponse(body, content_type=PROBLEM_TYPE, status=error.status)
    add_error_headers(response, error)
    return response


def add_error_headers(response: HttpResponse, error: QizhiError) -> None:
    """Set the headers that belong to the error's status, whatever form its body has.

    **Source:** RFC 9110 §10.2.3 and §11.6.1.
    """
    if "retry_after" in error.details:
        response["Retry-After"] = str(error.details["retry_after"])
    if isinstance(error, SignInNeeded):
        response["WWW-Authenticate"] = "Bearer"
