"""The desk by keyboard alone: through the list, into a form, back out, and a step taken without touching a mouse."""

from typing import Any

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser

TOWN = "610323101"


def focused(staff: Person) -> str:
    """Return what has the focus, as its words or its name."""
    said = "e => e === document.body ? '' : (e.getAttribute('name') || e.innerText || e.id)"
    return str(staff.page.evaluate(f"({said})(document.activeElement)")).strip()


def press(staff: Person, *keys: str) -> None:
    """Press the keys one after the other and let the page come to rest."""
    for key in keys:
        staff.page.keyboard.press(key)
    staff.page.wait_for_load_state("networkidle")


def register(staff: Person, title: str) -> None:
    """Register a matter in the town without leaving the keyboard more than filling fields."""
    staff.go("/desk/new/")
    staff.page.fill("input[name=title]", title)
    staff.page.fill("textarea[name=text]", f"{title}，请派人看看。")
    staff.page.focus("textarea[name=text]")
    press(staff, "Control+Enter")
    staff.page.wait_for_selector(".receipt")


@pytest.fixture
def clerk(person: Any) -> Any:
    """A clerk of 蔡家坡镇 at the desk, with two new matters to triage."""
    staff = person(1366, 768)
    staff.sign_in(f"clerk@{TOWN}")
    for title in ("键盘测试：路口没有灯", "键盘测试：水管漏水"):
        register(staff, title)
    staff.go("/desk/")
    return staff


def test_j_and_k_walk_through_the_list_and_enter_opens(clerk: Any) -> None:
    titles = clerk.page.locator(".case-title").all_inner_texts()
    press(clerk, "j")
    assert focused(clerk) == titles[0]
    press(clerk, "j")
    assert focused(clerk) == titles[1]
    press(clerk, "k")
    assert focused(clerk) == titles[0]
    press(clerk, "Enter")
    assert clerk.page.locator("#matter-title").inner_text() == titles[0]


def test_a_step_is_taken_without_a_mouse_and_the_focus_stays_where_one_works(clerk: Any) -> None:
    page = clerk.page
    press(clerk, "j", "a")
    page.wait_for_selector("[data-row] [data-act] form")
    assert focused(clerk) == "category"
    press(clerk, "Escape")
    assert page.locator("[data-row] [data-act]").count() == 0
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")
    page.evaluate("document.activeElement.closest('[data-row]').querySelector('.case-title').focus()")
    title = focused(clerk)
    press(clerk, "a")
    page.wait_for_selector("[data-row] [data-act] form")
    page.locator("[data-act] select[name=category]").select_option(
        "housing_construction.municipal_facilities"
    )
    press(clerk, "Control+Enter")
    page.wait_for_selector(".case-done")
    assert focused(clerk) == title
    assert "“受理分流”已办好" in page.locator("#whisper").inner_text()
    assert page.locator("[data-act]").count() == 0


def test_g_leads_on_slash_searches_and_the_question_mark_explains(clerk: Any) -> None:
    page = clerk.page
    for key, path in (("l", "/desk/matters/"), ("t", "/desk/notices/"), ("c", "/county/"), ("w", "/desk/")):
        with page.expect_navigation():
            press(clerk, "g", key)
        assert page.url.endswith(path) or path == "/county/"
        if path == "/county/":
            clerk.go("/desk/")
    clerk.go("/desk/matters/")
    press(clerk, "/")
    assert focused(clerk) == "q"
    page.keyboard.type("jjj")
    assert page.locator("#q").input_value() == "jjj"
    page.evaluate("document.activeElement.blur()")
    press(clerk, "?")
    assert page.locator("#keys").is_visible()
    assert clerk.faults() == []


def test_single_keys_can_be_switched_off_and_stay_off(clerk: Any) -> None:
    page = clerk.page
    press(clerk, "?")
    page.locator("#keys-on").uncheck()
    press(clerk, "Escape")
    clerk.go("/desk/")
    press(clerk, "j")
    assert focused(clerk) == ""


def test_what_was_typed_is_asked_about_before_a_form_closes(clerk: Any) -> None:
    page = clerk.page
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", answer)
    press(clerk, "j", "a")
    page.wait_for_selector("[data-act] textarea[name=note]")
    page.locator("[data-act] textarea[name=note]").press_sequentially("写了一半的意见")
    press(clerk, "Escape")
    assert asked
    assert page.locator("[data-act] textarea[name=note]").input_value() == "写了一半的意见"


def test_filters_change_the_list_and_the_address_without_a_reload(clerk: Any) -> None:
    page = clerk.page
    clerk.go("/desk/matters/")
    page.evaluate("window.stayed = true")
    page.select_option("#f-state", "registered")
    page.wait_for_selector(".chip")
    assert page.url.endswith("/desk/matters/?state=registered")
    page.fill("#q", "没有这样的事没有这样的事")
    page.wait_for_selector("#list .empty")
    assert page.evaluate("window.stayed === true")
    assert clerk.faults() == []
