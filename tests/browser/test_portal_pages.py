"""The citizens' pages in a real browser: on every width and in large text, by keyboard, without scripts."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from .conftest import AXE, AXE_TAGS, Site

pytestmark = pytest.mark.browser

PAGES = ("/", "/say/", "/follow/", "/places/")
WIDTHS = (360, 1366, 1920)
TOUCH = 44
TOWN, VILLAGE = "610323104", "610323104202"
TEXT = "村口大树断了枝，压着电线，怕出事，请派人看看。"

# Everything that is pressed, but for links in running text, with what is lower than a finger needs.
TOO_SMALL = """() => {
  const pressed = ['header a', 'header button', 'main a.btn', 'main button', 'main input:not([type=hidden])',
    'main select', 'main textarea', 'main summary'];
  return Array.from(document.querySelectorAll(pressed.join(', ')))
    .filter(e => e.offsetParent !== null && !e.closest('.trap') && !['checkbox', 'radio'].includes(e.type))
    .map(e => [e.tagName, e.textContent.trim().slice(0, 12), Math.round(e.getBoundingClientRect().height)])
    .filter(one => one[2] < %d);
}"""


@pytest.fixture
def window(chromium: Any, site: Site) -> Iterator[Any]:
    """Return a maker of pages: width, whether in large text, whether with scripts."""
    contexts: list[Any] = []

    def make(width: int, *, large: bool = False, scripts: bool = True) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="zh-CN"
        )
        contexts.append(context)
        if large:
            context.add_cookies([{"name": "large", "value": "1", "url": site.address}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        return page

    yield make
    for context in contexts:
        context.close()


def photo() -> dict[str, Any]:
    """Return a small photo as the browser takes it."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 140, 90)).save(content, "JPEG")
    return {"name": "树.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_and_axe_finds_nothing(window: Any, site: Site, width: int, large: bool) -> None:
    """No page scrolls sideways, nothing to press is lower than 44 px, and axe finds no fault of any weight."""
    page = window(width, large=large)
    for path in PAGES:
        page.goto(site.address + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(TOO_SMALL % TOUCH) == [], path
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("async tags => (await axe.run(document, {runOnly: tags})).violations", AXE_TAGS)
        assert [f"{path} {one['id']} {one['nodes'][0]['target']}" for one in found] == []


def test_large_text_is_18_points(window: Any, site: Site) -> None:
    """The large mode shows running text at 18 pt (24 px)."""
    page = window(360, large=True)
    page.goto(site.address + "/say/")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "24px"


def test_the_keyboard_leads_to_the_content_and_through_the_form(window: Any, site: Site) -> None:
    """The first stop is the way to the content, and everything that is stopped at shows a ring."""
    page = window(1366)
    page.goto(site.address + "/say/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    stops = []
    for _ in range(9):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none", stops[-1]
    # the list of villages is passed over until a town is chosen
    assert stops[:4] == ["register_text", "register_title", "register_region_town", "register_address"]


def test_what_was_typed_survives_a_reload_and_goes_when_it_is_sent(window: Any, site: Site) -> None:
    """Words and place come back after a reload; after sending the form is empty."""
    page = window(360)
    page.goto(site.address + "/say/")
    page.fill("textarea", TEXT)
    page.select_option("#register_region_town", TOWN)
    page.select_option("#register_region_village", VILLAGE)
    page.reload()
    assert page.input_value("textarea") == TEXT
    assert page.input_value("#register_region_village") == VILLAGE
    page.click("form.parts button[type=submit].btn-primary")
    page.wait_for_selector("#slip_number, button[name=same]")
    if page.locator("button[name=same]").count():
        page.click("button[name=same][value='']")
    page.wait_for_selector("#slip_number")
    page.goto(site.address + "/say/")
    assert page.input_value("textarea") == ""


def test_photos_are_shown_before_they_go_and_can_be_taken_out(window: Any, site: Site) -> None:
    """Each chosen photo has its picture and its own button; a point is set by a tap inside the county."""
    page = window(360)
    page.goto(site.address + "/say/")
    page.set_input_files("input[type=file]", [photo(), {**photo(), "name": "路.jpg"}])
    assert page.locator(".thumb img").count() == 2
    page.click("button[aria-label='去掉“树.jpg”']")
    assert page.locator(".thumb .name").all_inner_texts() == ["路.jpg"]
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 1
    page.click("summary:has-text('地图上的位置')")
    page.wait_for_selector(".map-town")
    box = page.locator(".map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.input_value("#register_point_lon").startswith("107.")


def test_the_whole_way_without_scripts(window: Any, site: Site) -> None:
    """Say it with a photo, see the slip, follow it, withdraw it: all in plain HTML."""
    page = window(360, scripts=False)
    page.goto(site.address + "/say/")
    page.fill("textarea", TEXT + "没有脚本也能说。")
    page.select_option("select[name=region]", VILLAGE)
    page.set_input_files("input[type=file]", [photo()])
    page.click("form.parts button[type=submit].btn-primary")
    page.wait_for_selector("#slip_number, button[name=same]")
    if page.locator("button[name=same]").count():
        page.click("button[name=same][value='']")
    number = page.locator("#slip_number").inner_text()
    page.click("a:has-text('看这件事的进展')")
    page.wait_for_url(f"**/follow/{number}/")
    page.wait_for_selector(".thumb img")
    page.click("summary:has-text('撤回')")
    page.fill("[name=reason]", "枝子已经锯了")
    page.click("details.act form button:has-text('撤回')")
    page.wait_for_selector(".alert-success")
    assert "已撤回" in page.locator("main").inner_text()
