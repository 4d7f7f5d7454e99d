"""Answers for htmx."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from qizhi.kernel.kit import htmx

ASKED = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "is_one"),
    [
        ({}, False),
        (ASKED, True),
        (ASKED | {"HX-Boosted": "true"}, False),
        (ASKED | {"HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "false"}, False),
    ],
)
def test_a_part_is_wanted_only_by_an_action_of_htmx(headers, is_one):
    request = RequestFactory().get("/", headers=headers)
    assert htmx.is_fragment(request) is is_one
    assert htmx.template_for(request, "desk/list.html") == ("desk/_list.html" if is_one else "desk/list.html")
    assert htmx.template_for(request, "list.html") == ("_list.html" if is_one else "list.html")


def test_a_redirect_and_a_refresh_are_left_to_the_browser():
    response = htmx.hx_redirect("/desk/?a=1")
    assert (response.status_code, response["HX-Redirect"]) == (200, "/desk/?a=1")
    assert "Location" not in response
    assert htmx.hx_refresh()["HX-Refresh"] == "true"


def test_an_announcement_may_be_chinese():
    response = htmx.announce(HttpResponse(), "已受理")
    header = response["HX-Trigger-After-Settle"]
    assert header.isascii()
    assert json.loads(header) == {"announce": {"message": "已受理"}}


def test_several_events_may_be_fired():
    response = htmx.hx_trigger(htmx.announce(HttpResponse(), "已受理"), "matter-changed", {"number": "SQ-1"})
    assert set(json.loads(response["HX-Trigger-After-Settle"])) == {"announce", "matter-changed"}


def test_an_error_goes_among_the_notices():
    response = htmx.to_notices(HttpResponse())
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#notices", "innerHTML")
