"""A kind explained: its states, promises with their law, who does what, and the drawn flow."""

import pytest

from qizhi.testing import cast
from qizhi.testing.world import TOWN

from .pages import cost_of, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_it_tells_states_promises_law_and_roles():
    page = page_of(cast.browser(f"clerk@{TOWN}").get("/desk/kinds/request/"))
    for words in (
        "群众诉求流程图",
        "我们收到了您的诉求",
        "办理时限",
        "3个工作日",
        "窗口登记员",
        "《信访工作条例》第22条",
    ):
        assert words in page


def test_the_chart_needs_no_style_and_no_script():
    page = page_of(cast.browser(f"clerk@{TOWN}").get("/desk/kinds/request/"))
    drawing = page[page.index("<svg xmlns") : page.index("</svg>", page.index("<svg xmlns"))]
    assert " style=" not in drawing
    assert "<script" not in drawing


def test_an_unknown_kind_is_not_found():
    assert cast.browser(f"clerk@{TOWN}").get("/desk/kinds/nothing/").status_code == 404


def test_in_english():
    client = cast.browser(f"clerk@{TOWN}")
    client.cookies["language"] = "en"
    assert "Citizen request" in page_of(client.get("/desk/kinds/request/"))


def test_the_page_costs_few_queries():
    assert cost_of(cast.browser(f"clerk@{TOWN}"), "/desk/kinds/request/") <= 4
