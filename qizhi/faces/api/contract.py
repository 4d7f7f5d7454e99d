"""How a call is described: its answer, and every error that it can give, by the classes that are raised.

The codes, with the sentence of each, become examples in the OpenAPI document (`openapi`), so that what is written
there is what the program says.
"""

from typing import Any

from qizhi.kernel.accounts.errors import PasswordChangeNeeded, SecondFactorNeeded, TokenRefused
from qizhi.kernel.kit.errors import QizhiError, SignInNeeded, TooLarge, TooMany
from qizhi.kernel.kit.idempotency import IdempotencyKeyInvalid, IdempotencyMismatch
from qizhi.kernel.loop.errors import (
    BadInput,
    MatterNotFound,
    NeedNotMet,
    NotAllowedNow,
    NotYours,
    ReadOnly,
    Stale,
    UnknownTransition,
    WrongQueryCode,
)
from qizhi.kernel.modes.errors import NoMode

from .errors import BadForm, CsrfMissing, IfMatchInvalid, MalformedJson, WrongMediaType
from .schemas.problem import Problem

CODES = "x-codes"
Errors = tuple[type[QizhiError], ...]

ALWAYS: Errors = (NoMode,)
STAFF_READ: Errors = (SignInNeeded, TokenRefused, PasswordChangeNeeded, SecondFactorNeeded, TooMany)
STAFF_WRITE: Errors = (*STAFF_READ, CsrfMissing, ReadOnly)
BY_CODE: Errors = (WrongQueryCode, TooMany, BadInput)
BODY: Errors = (MalformedJson, TooLarge, WrongMediaType, BadInput, IdempotencyMismatch, IdempotencyKeyInvalid)
FORM: Errors = (BadForm, TooLarge, BadInput, IdempotencyMismatch, IdempotencyKeyInvalid)
FIRING: Errors = (
    *BODY,
    MatterNotFound,
    NotYours,
    UnknownTransition,
    Stale,
    NotAllowedNow,
    NeedNotMet,
    IfMatchInvalid,
)

LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "`zh` (the default) or `en`: the language of titles and of problem documents.",
    "schema": {"type": "string"},
    "example": "zh-CN",
}
REPEAT = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Made by the caller for one write; the same key again gets the first answer again, for three days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
    "example": "5f0c1d1e-8f0b-4d9a-9d1c-2f3a4b5c6d7e",
}
VERSION = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The version that the caller saw, plain or as the ETag; 409 with what changed when it is another.",
    "schema": {"type": "string", "pattern": r'^(\*|[0-9]{1,9}|(W/)?"[0-9]{1,9}")$'},
    "example": "6",
}
ETAG = {"ETag": {"description": "The matter's version.", "schema": {"type": "string"}, "example": '"6"'}}
REPLAYED = {
    "Idempotency-Replayed": {
        "description": "`true` when this is the stored answer to an earlier call with the same key.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}


def told(
    answer: Any,
    errors: Errors,
    *,
    status: int = 200,
    headers: dict[str, Any] | None = None,
    parameters: tuple[dict[str, Any], ...] = (),
    body: dict[str, Any] | None = None,
    content: dict[str, Any] | None = None,
    also: dict[int, Any] | None = None,
) -> dict[str, Any]:
    """Return what a route says of its answer and its errors, as keyword arguments of ninja's decorators.

    Arguments:
        answer: the schema of the answer with `status`.
        errors: what can be raised; `ALWAYS` need not be named.
        headers: headers of the answer, as OpenAPI has them.
        parameters: header parameters that the call reads by itself.
        body: the media type and schema of a body that the call reads by itself.
        content: media types of an answer that is not JSON.
        also: further answers that are no errors, by status.
    """
    raised = sorted({*errors, *ALWAYS}, key=lambda error: (error.status, error.code))
    extra: dict[str, Any] = {"parameters": [LANGUAGE, *parameters], CODES: [error.code for error in raised]}
    if headers or content:
        extra["responses"] = {
            status: {**({"headers": headers} if headers else {}), **({"content": content} if content else {})}
        }
    if body:
        extra["requestBody"] = body
    return {
        "response": {status: answer, **{error.status: Problem for error in raised}, **(also or {})},
        "openapi_extra": extra,
    }


def json_body(schema: dict[str, Any], example: Any, *, required: bool) -> dict[str, Any]:
    """Return the description of a JSON body that a call reads by itself."""
    return {
        "required": required,
        "content": {"application/json": {"schema": schema, "example": example}},
    }
