"""A program that calls the API, and holds every answer against the OpenAPI document.

An answer whose status, media type or shape is not declared fails the test that called, whatever the test was about.
"""

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from django.http import HttpResponse
from django.test import Client

from . import cast

ROOT = "/api/v1/"
Answer = Any


class Undeclared(AssertionError):
    """An answer is not as the OpenAPI document declares it."""


class Program:
    """Calls the API with the token of a demo account, or as nobody; paths are told below `/api/v1/`.

    Arguments:
        language: of titles and errors, as `Accept-Language`; absent is Chinese.
    """

    def __init__(self, username: str = "", *, language: str = "", **defaults: Any) -> None:
        self._client = Client(**defaults)
        self._headers = {"Authorization": f"Bearer {cast.token(username)}"} if username else {}
        if language:
            self._headers["Accept-Language"] = language

    def get(self, path: str, **query: Any) -> Answer:
        """Call with GET; `query` are the parameters of the address."""
        return self._call("get", path, query_params=query)

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        version: Any = None,
        raw: bool = False,
        **query: Any,
    ) -> Answer:
        """Call with POST.

        Arguments:
            body: JSON values, or with `raw` the bytes as they stand.
            key: the `Idempotency-Key`.
            version: what goes into `If-Match`.
        """
        data = body if raw else json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        headers = {"Idempotency-Key": key} if key else {}
        if version is not None:
            headers["If-Match"] = str(version)
        return self._call(
            "post", path, data=data, content_type="application/json", headers=headers, query_params=query
        )

    def upload(self, path: str, file: Any, *, key: str = "", **query: Any) -> Answer:
        """Hand in a file as a form does."""
        headers = {"Idempotency-Key": key} if key else {}
        return self._call("post", path, data={"file": file}, headers=headers, query_params=query)

    def _call(self, method: str, path: str, **options: Any) -> Answer:
        headers = {**self._headers, **options.pop("headers", {})}
        answer = getattr(self._client, method)(ROOT + path, headers=headers, **options)
        hold(method, ROOT + path, answer)
        return answer


def hold(method: str, path: str, answer: HttpResponse) -> None:
    """Hold an answer against the document.

    Raises:
        Undeclared: the call, its status or its media type is not declared, or the body has another shape.
    """
    call = _declared(path).get(method)
    if call is None:
        return
    status, media_type = str(answer.status_code), answer["Content-Type"].split(";")[0]
    declared = call["responses"].get(status)
    if declared is None:
        raise Undeclared(f"{method} {path} answered {status}: {_body(answer)}")
    content = declared.get("content", {})
    if media_type not in content and "*/*" not in content:
        raise Undeclared(f"{method} {path} answered {status} as {media_type}")
    if media_type.endswith("json"):
        for error in _validator(content[media_type]["schema"]["$ref"]).iter_errors(json.loads(_body(answer))):
            raise Undeclared(f"{method} {path} {status} at {error.instance_path}: {error.message}")


def _body(answer: Any) -> str:
    return answer.content.decode() if not answer.streaming else "(a file)"


@cache
def _declared(path: str) -> dict[str, Any]:
    """Return the declared methods of the path; a literal path wins over one with parameters."""
    from qizhi.faces.api.openapi import document

    paths = document()["paths"]
    fitting = [one for one in paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
    found: dict[str, Any] = paths[min(fitting, key=lambda one: one.count("{"))] if fitting else {}
    return found


@cache
def _validator(reference: str) -> Any:
    from qizhi.faces.api.openapi import document

    return jsonschema_rs.Draft202012Validator(
        {"$ref": reference, "components": document()["components"]}, validate_formats=True
    )
