"""What wraps every request: its number, its headers, its language, and its errors in the caller's form."""

import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

from .errors import Invalid, NotFound, QizhiError, Refused, SignInNeeded, TooLarge, Unavailable
from .htmx import hx_redirect, is_fragment, to_notices
from .keys import uuid7
from .problems import add_error_headers, problem_response

GetResponse = Callable[[HttpRequest], HttpResponse]

API_PATHS = ("/api/", "/open311/")
LANGUAGE_SECONDS = 365 * 24 * 3600
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), encrypted-media=(), "
    "fullscreen=(self), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), "
    "usb=()"
)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log = structlog.get_logger("qizhi.request")


class Broken(QizhiError):
    """Something failed that no rule foresaw."""

    code = "broken"
    title = _(
        "系统出了故障，这次没有办成，已填内容没有保存。请稍后再试；多次不成功，请联系管理员并告知编号。"
    )


class MethodNotAllowed(Invalid):
    """The address is there and does not take this method."""

    code = "method_not_allowed"
    status = 405
    title = _("这个地址不接受这种请求方法。请对照接口说明修改后再试。")


class BadRequest(Invalid):
    """The request cannot be read."""

    code = "bad_request"
    status = 400
    title = _("这次请求没有看懂，没有任何改动。请检查格式后重新提交。")


def is_api(request: HttpRequest) -> bool:
    """Say whether a program is asking: errors are problem documents there, and the language is the header's."""
    return request.path.startswith(API_PATHS)


def _is_static(request: HttpRequest) -> bool:
    return bool(settings.STATIC_URL) and request.path.startswith(settings.STATIC_URL or "")


class RequestIdMiddleware:
    """Gives every request a number, which its answer, its errors and its log lines carry, and logs how it went.

    A number that a proxy has given (`X-Request-ID`) is kept when it is plain.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request; log method, path without query, status and milliseconds."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid7().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if not _is_static(request):
            _log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
        return response


class HeadersMiddleware:
    """Sets the security headers that neither Django nor django-csp sets."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add what is not there yet.

        Pages are asked for anew each time, since what one may see changes; `no-store` would also throw away what
        somebody typed before they went back.
        """
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        if not _is_static(request):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class LanguageMiddleware:
    """Chooses the language: of pages by the cookie or `?lang=`, of the API by `Accept-Language`; Chinese by default.

    The browser's own language does not choose a page's: office machines often come with an English system.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for this request, and remember one that was asked for."""
        switched = "" if is_api(request) else request.GET.get("lang", "")
        if switched not in dict(settings.LANGUAGES):
            switched = ""
        language = switched or _language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language" if is_api(request) else "Cookie"])
        if switched:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                switched,
                max_age=LANGUAGE_SECONDS,
                samesite="Lax",
                secure=request.is_secure(),
                httponly=True,
            )
        return response


class ErrorMiddleware:
    """Turns an error into the caller's form: a page, a fragment among the page's notices, or a problem document."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give programs a problem document also where Django or a library answered with a page."""
        response = self.get_response(request)
        if response.status_code < 400 or not is_api(request):
            return response
        if re.search(r"\b(?:json|xml)\b", response.get("Content-Type", "")):
            return response
        error = _PLAIN_STATUS.get(
            response.status_code, Broken if response.status_code >= 500 else BadRequest
        )()
        document = problem_response(error, request)
        document.status_code = response.status_code
        if "Allow" in response:
            document["Allow"] = response["Allow"]
        return document

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the errors that are ours to explain; leave the others to Django."""
        error = _explained(request, exception)
        if error is None:
            return None
        if is_api(request):
            return problem_response(error, request)
        if isinstance(error, SignInNeeded) and request.method in {"GET", "HEAD"}:
            return _to_login(request)
        return _error_page(request, error)


_PLAIN_STATUS: dict[int, type[QizhiError]] = {
    401: SignInNeeded,
    403: Refused,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    503: Unavailable,
}


def _language(request: HttpRequest) -> str:
    """Return the first supported language that the cookie (pages) or `Accept-Language` (programs) names."""
    if not is_api(request):
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wanted == "*":
            break
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _explained(request: HttpRequest, exception: Exception) -> QizhiError | None:
    """Return the error to show, if there is one; Django's own 403 and 404 pages are left to it."""
    if isinstance(exception, QizhiError):
        return exception
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return TooLarge()
    if is_api(request) and isinstance(exception, Http404):
        return NotFound()
    if is_api(request) and isinstance(exception, PermissionDenied):
        return Refused()
    return None


def _to_login(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and from there back."""
    if not is_fragment(request):
        return redirect_to_login(request.get_full_path())
    return hx_redirect(redirect_to_login("").url.split("?")[0])


def _error_page(request: HttpRequest, error: QizhiError) -> HttpResponse:
    """Return the error as a page, or as a fragment that leaves the form that was being filled in alone."""
    fragment = is_fragment(request)
    said = {
        "heading": gettext("没有办成"),
        "message": error.message,
        "code": error.code,
        "status": error.status,
        "details_lines": [line for lines in error.fields.values() for line in lines],
        "request_id": getattr(request, "request_id", ""),
    }
    response = render(request, "kit/_error.html" if fragment else "kit/error.html", said, status=error.status)
    add_error_headers(response, error)
    return to_notices(response) if fragment else response
