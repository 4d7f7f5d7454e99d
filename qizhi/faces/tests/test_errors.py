"""What goes wrong is said in the look of all other pages, and as a fragment where a fragment was asked for."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from qizhi.config import urls
from qizhi.faces import errors
from qizhi.faces.portal.tests.typed import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def _raise(error):
    def view(_request):
        raise error

    return view


class Broken:
    """The addresses of the house, and three that fail."""

    urlpatterns = [
        *urls.urlpatterns,
        path("fails/bad/", _raise(BadRequest())),
        path("fails/denied/", _raise(PermissionDenied())),
        path("fails/broken/", _raise(RuntimeError("geheim"))),
    ]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


CASES = [
    ("/fails/bad/", 400, "bad_request", "这次提交没有看懂"),
    ("/fails/denied/", 403, "refused", "没有打开这个页面的权限"),
    ("/nothing-here/", 404, "not_found", "没有找到这个页面"),
]


@pytest.mark.parametrize(("address", "status", "code", "said"), CASES)
def test_an_error_is_a_page_in_plain_words(address, status, code, said):
    with override_settings(ROOT_URLCONF=Broken):
        answer = Client().get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    for words in (said, code, "回首页", "岐山县社会治理"):
        assert words in page


@pytest.mark.parametrize(("address", "status", "code", "said"), CASES)
def test_a_part_of_a_page_gets_a_part(address, status, code, said):
    with override_settings(ROOT_URLCONF=Broken):
        answer = Client().get(address, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert answer.status_code == status
    assert said in page
    assert "<html" not in page


@pytest.mark.parametrize("headers", [{}, {"HTTP_HX_REQUEST": "true"}])
def test_a_fault_of_the_program_tells_nothing_of_its_inside(headers):
    with override_settings(ROOT_URLCONF=Broken):
        answer = Client(raise_request_exception=False).get("/fails/broken/", **headers)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "系统出了故障" in page
    assert "geheim" not in page


def test_the_page_of_a_fault_needs_neither_database_nor_context(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = errors.broken(RequestFactory().get("/"))
    assert "110" in answer.content.decode()


def test_too_much_at_once_is_said_in_plain_words():
    strict = Client(enforce_csrf_checks=True)
    strict.get("/say/")
    answer = strict.post("/say/", {"photos": [photo(f"{number}.jpg") for number in range(21)]})
    assert answer.status_code == 413
    assert "文件太多" in answer.content.decode()


@pytest.mark.parametrize(("cookie", "said"), [("", "开得太久"), ("abc", "开得太久")])
def test_a_page_that_was_open_too_long_says_so(cookie, said):
    strict = Client(enforce_csrf_checks=True)
    if cookie:
        strict.cookies["csrftoken"] = cookie
    answer = strict.post("/follow/", {"number": "SQ-2026-000001", "code": "23456789"})
    assert answer.status_code == 403
    assert said in answer.content.decode()
