"""The door of the desk: nobody enters without signing in, and no page has inline script or style."""

import re

import pytest
from django.test import Client

from qizhi.testing import cast
from qizhi.testing.stories import open_request
from qizhi.testing.world import TOWN

from .pages import HTMX, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PATHS = ("", "matters/", "matters/export/", "new/", "notices/", "kinds/request/", "kinds/request/chart/")


@pytest.mark.parametrize("path", PATHS)
def test_without_sign_in_a_page_leads_to_it_and_back(path):
    answer = Client().get(f"/desk/{path}")
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next=/desk/{path}"


def test_a_form_sent_after_the_session_ended_is_not_lost():
    case = open_request()
    answer = Client().post(f"/desk/matters/{case.number}/do/triage/", {"note": "写好的意见"}, headers=HTMX)
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "#notices"


@pytest.mark.parametrize("path", ["", "matters/", "new/", "notices/", "kinds/request/"])
def test_no_page_has_inline_script_style_or_handler(path):
    open_request()
    page = page_of(cast.browser(f"dispatcher@{TOWN}").get(f"/desk/{path}"))
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son[a-z]+=", page)


def test_the_keys_are_listed_and_can_be_switched_off():
    page = page_of(cast.browser(f"dispatcher@{TOWN}").get("/desk/"))
    assert '<dialog class="keys"' in page
    assert 'id="keys-on"' in page
    for place in ("work", "list", "new", "notices", "county"):
        assert f"data-{place}=" in page
