"""What wraps every request, asked through Django itself."""

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.test import Client
from django.urls import path
from django.utils.translation import gettext

from qizhi.kernel.kit.errors import Conflict, Invalid, NotFound, SignInNeeded, TooMany
from qizhi.kernel.kit.problems import PROBLEM_TYPE

RAISED = {
    "conflict": Conflict(details={"version": 4}),
    "invalid": Invalid("电话号码有误。", fields={"phone": ["只填数字。"]}),
    "missing": NotFound(),
    "signin": SignInNeeded(),
    "many": TooMany(details={"retry_after": 30}),
    "big": RequestDataTooBig(),
    "http404": Http404(),
    "denied": PermissionDenied(),
    "bug": ZeroDivisionError(),
}


def fail(_request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


def say(request: HttpRequest) -> HttpResponse:
    return HttpResponse(gettext("January") + getattr(request, "LANGUAGE_CODE", ""))


def answer(_request: HttpRequest, status: int) -> HttpResponse:
    if status == 405:
        return HttpResponseNotAllowed(["GET"])
    if status == 499:
        return JsonResponse({"ours": True}, status=422)
    return HttpResponse("<h1>page</h1>", status=status)


urlpatterns = [
    path("say", say),
    path("fail/<name>", fail),
    path("api/say", say),
    path("api/fail/<name>", fail),
    path("api/answer/<int:status>", answer),
    path("answer/<int:status>", answer),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        "kit/error.html": "PAGE {{ message }} {{ code }} {{ request_id }} {{ details_lines|join:',' }}",
                        "kit/_error.html": "PART {{ message }} {{ code }}",
                        "404.html": "DJANGO 404",
                        "403.html": "DJANGO 403",
                        "500.html": "DJANGO 500",
                    },
                )
            ]
        },
    }
]
MIDDLEWARE = [
    "qizhi.kernel.kit.middleware.RequestIdMiddleware",
    "qizhi.kernel.kit.middleware.HeadersMiddleware",
    "qizhi.kernel.kit.middleware.LanguageMiddleware",
    "qizhi.kernel.kit.middleware.ErrorMiddleware",
]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ROOT_URLCONF = __name__
    settings.TEMPLATES = TEMPLATES
    settings.MIDDLEWARE = MIDDLEWARE


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


def test_every_request_has_a_number(browser):
    first, second = (browser.get("/say")["X-Request-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("proxy-12345678", True),
        ("short", False),
        ("x" * 65, False),
        ("a b c d e f g", False),
        ("号" * 10, False),
    ],
)
def test_the_number_of_a_proxy_is_kept_when_it_is_plain(browser, given, is_kept):
    response = browser.get("/say", headers={"X-Request-ID": given})
    assert (response["X-Request-ID"] == given) is is_kept


def test_security_headers_are_set_and_never_overwritten(browser):
    response = browser.get("/say")
    assert "geolocation=(self)" in response["Permissions-Policy"]
    assert "payment=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("url", "cookie", "header", "language"),
    [
        ("/say", "", "", "zh-hans"),
        ("/say", "", "en", "zh-hans"),
        ("/say", "en", "", "en"),
        ("/say", "xx", "", "zh-hans"),
        ("/say?lang=en", "", "", "en"),
        ("/say?lang=zh-hans", "en", "", "zh-hans"),
        ("/say?lang=xx", "en", "", "en"),
        ("/api/say", "", "", "zh-hans"),
        ("/api/say", "", "en", "en"),
        ("/api/say", "", "en-GB,zh;q=0.5", "en"),
        ("/api/say", "", "fr, zh-CN;q=0.9, en;q=0.8", "zh-hans"),
        ("/api/say", "", "fr", "zh-hans"),
        ("/api/say", "", "*", "zh-hans"),
        ("/api/say", "en", "", "zh-hans"),
        ("/api/say?lang=en", "", "", "zh-hans"),
    ],
)
def test_the_language(browser, url, cookie, header, language):
    if cookie:
        browser.cookies["language"] = cookie
    response = browser.get(url, headers={"Accept-Language": header} if header else {})
    assert response.content.decode().endswith(language)
    assert response["Content-Language"] == language
    assert ("Accept-Language" if url.startswith("/api/") else "Cookie") in response["Vary"]


def test_a_switch_of_language_is_remembered(browser):
    response = browser.get("/say?lang=en")
    assert response.cookies["language"].value == "en"
    assert response.cookies["language"]["samesite"] == "Lax"
    assert browser.get("/say")["Content-Language"] == "en"
    assert "language" not in browser.get("/say").cookies


def test_an_error_becomes_a_page(browser):
    response = browser.get("/fail/invalid")
    assert response.status_code == 422
    body = response.content.decode()
    assert body.startswith("PAGE 电话号码有误。 invalid")
    assert response["X-Request-ID"] in body
    assert "只填数字。" in body


def test_an_error_in_an_action_becomes_a_notice_and_leaves_the_form(browser):
    response = browser.post("/fail/conflict", headers=HTMX)
    assert response.status_code == 409
    assert response.content.decode().startswith("PART ")
    assert response["HX-Retarget"] == "#notices"


def test_an_error_of_the_api_becomes_a_problem_document(browser):
    response = browser.post("/api/fail/conflict", headers=HTMX)
    assert (response.status_code, response["Content-Type"]) == (409, PROBLEM_TYPE)
    document = json.loads(response.content)
    assert (document["code"], document["version"]) == ("conflict", 4)
    assert document["instance"].endswith(response["X-Request-ID"])


def test_too_often_says_when_to_come_back(browser):
    assert browser.get("/fail/many")["Retry-After"] == "30"
    assert browser.get("/api/fail/many")["Retry-After"] == "30"


def test_who_is_not_signed_in_is_led_to_the_door_and_back(browser, settings):
    page = browser.get("/fail/signin?a=1")
    assert page.status_code == 302
    assert page["Location"] == f"{settings.LOGIN_URL}?next=/fail/signin%3Fa%3D1"
    part = browser.get("/fail/signin", headers=HTMX)
    assert (part.status_code, part["HX-Redirect"]) == (200, settings.LOGIN_URL)
    assert browser.post("/fail/signin").status_code == 401
    program = browser.get("/api/fail/signin")
    assert (program.status_code, program["WWW-Authenticate"]) == (401, "Bearer")


def test_too_much_is_said_in_our_words(browser):
    response = browser.post("/fail/big")
    assert response.status_code == 413
    assert "too_large" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("http404", 404, "not_found"),
        ("denied", 403, "refused"),
        ("bug", 500, "broken"),
        ("missing", 404, "not_found"),
    ],
)
def test_other_errors_are_documents_in_the_api_and_djangos_pages_elsewhere(browser, name, status, code):
    program = browser.get(f"/api/fail/{name}")
    assert (program.status_code, json.loads(program.content)["code"]) == (status, code)
    page = browser.get(f"/fail/{name}")
    assert page.status_code == status
    assert page.content.decode().startswith("PAGE" if name == "missing" else "DJANGO")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad_request"),
        (401, "sign_in_needed"),
        (405, "method_not_allowed"),
        (413, "too_large"),
        (418, "bad_request"),
        (500, "broken"),
        (503, "unavailable"),
    ],
)
def test_a_page_of_a_library_never_reaches_a_program(browser, status, code):
    response = browser.get(f"/api/answer/{status}")
    document = json.loads(response.content)
    assert (response.status_code, document["code"]) == (status, code)
    assert browser.get(f"/answer/{status}").content == (b"" if status == 405 else b"<h1>page</h1>")


def test_an_address_that_is_not_there_is_a_document_too(browser):
    assert json.loads(browser.get("/api/nowhere").content)["code"] == "not_found"
    assert browser.get("/api/answer/405")["Allow"] == "GET"


def test_an_answer_that_is_json_already_stays(browser):
    assert json.loads(browser.get("/api/answer/499").content) == {"ours": True}
    assert browser.get("/api/answer/200").content == b"<h1>page</h1>"
