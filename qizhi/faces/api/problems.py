"""Everything that goes wrong in a call becomes a problem document in the caller's language.

Errors of the rooms are told as they are; what pydantic finds in a body or a query is said in one plain sentence
for each field; what a library would answer in its own words is said in ours.

**Source:** RFC 9457; `architecture.md` §8.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from qizhi.kernel.kit.errors import QizhiError, SignInNeeded, TooLarge
from qizhi.kernel.kit.problems import problem_response
from qizhi.kernel.loop.errors import BadInput

from .errors import BadForm, MalformedJson

# What pydantic says, by the type of its error, in words for people; %(…)s come from the error's context.
SENTENCES: dict[str, str] = {
    "missing": _("缺少这一项，请补上。"),
    "extra_forbidden": _("没有这一项，请对照接口说明删去。"),
    "string_type": _("请填写文字。"),
    "string_too_long": _("太长了，最多%(max_length)s字。"),
    "string_too_short": _("请填写，不能为空。"),
    "string_pattern_mismatch": _("格式不对，请对照接口说明。"),
    "int_type": _("请填写整数。"),
    "int_parsing": _("请填写整数。"),
    "int_parsing_size": _("请填写整数。"),
    "int_from_float": _("请填写整数。"),
    "float_type": _("请填写数字。"),
    "float_parsing": _("请填写数字。"),
    "finite_number": _("请填写数字。"),
    "bool_type": _("请填写 true 或 false。"),
    "bool_parsing": _("请填写 true 或 false。"),
    "greater_than_equal": _("不能小于%(ge)s。"),
    "less_than_equal": _("不能大于%(le)s。"),
    "list_type": _("请填写一个列表。"),
    "too_long": _("太多了，最多%(max_length)s项。"),
    "model_type": _("请填写一个对象（用花括号）。"),
    "model_attributes_type": _("请填写一个对象（用花括号）。"),
    "dict_type": _("请填写一个对象（用花括号）。"),
    "literal_error": _("只能是 %(expected)s 之一。"),
    "enum": _("只能是 %(expected)s 之一。"),
    "day": _("日期写成 2026-11-24，时间写成 2026-11-24T09:00:00+08:00。"),
    "date_from_datetime_parsing": _("日期写成 2026-11-24，时间写成 2026-11-24T09:00:00+08:00。"),
    "datetime_from_date_parsing": _("日期写成 2026-11-24，时间写成 2026-11-24T09:00:00+08:00。"),
    "timezone_aware": _("时间要写明时区，例如 2026-11-24T09:00:00+08:00。"),
}
OTHERWISE = _("这一项填写有误，请对照接口说明。")
BODY = "body"


def sentence(found: dict[str, Any]) -> str:
    """Return one finding of pydantic as a sentence in the caller's language."""
    words = gettext(SENTENCES.get(found["type"], OTHERWISE))
    return words % {name: _plain(value) for name, value in (found.get("ctx") or {}).items()}


def _plain(value: Any) -> str:
    return str(value).replace("'", "").replace(" or ", "、").replace(", ", "、")


def bad_input(error: ValidationError) -> BadInput:
    """Return the findings of ninja and pydantic as the error that the rooms raise for bad input."""
    fields: dict[str, list[str]] = {}
    for found in error.errors:
        source, *path = found["loc"]
        named = [str(part) for part in path]
        # the name of the Python argument that takes the body means nothing to the caller
        if source == BODY:
            named = named[1:]
        fields.setdefault(".".join(named) or BODY, []).append(sentence(found))
    return BadInput(fields=fields)


def _own(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(error, request)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return problem_response(bad_input(error), request)


def _unread(request: HttpRequest, error: Any) -> HttpResponse:
    """Ninja wraps whatever the parser raised."""
    cause = error.__cause__
    return problem_response(cause if isinstance(cause, QizhiError) else MalformedJson(), request)


def _saying(kind: type[QizhiError]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, _error: problem_response(kind(), request)


def answer_errors(api: NinjaAPI) -> None:
    """Let `api` answer every foreseeable error with a problem document; an unforeseen one goes to the middleware."""
    api.add_exception_handler(QizhiError, _own)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unread)
    api.add_exception_handler(AuthenticationError, _saying(SignInNeeded))
    api.add_exception_handler(RequestDataTooBig, _saying(TooLarge))
    api.add_exception_handler(MultiPartParserError, _saying(BadForm))
    api.add_exception_handler(BadRequest, _saying(BadForm))
    api.add_exception_handler(SuspiciousOperation, _saying(BadForm))
