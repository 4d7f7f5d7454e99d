"""The whole way of a citizen's request in a real browser: from the first word to the public end.

A citizen says it on a phone; the clerk takes it in, the dispatcher gives it to two units, both answer, the lead
replies; another asks the citizen, who is not satisfied; it comes back, is solved, the citizen says yes, and it is
filed. On every page that is passed, axe looks for serious faults.
"""

import re
from typing import Any

import pytest

from .conftest import Person

pytestmark = pytest.mark.browser

TOWN, VILLAGE = "610323100", "610323100211"
LAMP = "村口的路灯坏了半个月，晚上老人孩子走路看不见，麻烦来修一下。"


def take(staff: Person, number: str, step: str, **fields: str) -> None:
    """Open the matter, press the button of the step, fill the form that opens in place, and send it."""
    page = staff.page
    staff.go(f"/desk/matters/{number}/")
    button = page.locator(".actions [data-step]", has_text=re.compile(f"^{step}$"))
    if not button.is_visible():
        page.locator(".actions .dropdown-toggle").click()
    button.click()
    form = page.locator("#act form")
    form.wait_for()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        kind = field.evaluate("e => e.tagName + ':' + e.type")
        if kind.startswith("SELECT"):
            field.select_option(value)
        elif kind.endswith("radio"):
            form.locator(f"[name={name}][value={value}]").check()
        elif kind.endswith("checkbox"):
            box = form.locator(f"[name={name}][value={value}]") if value != "on" else field
            box.check()
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    page.wait_for_selector("#act form", state="detached")


def state_of(staff: Person, number: str) -> str:
    """Return the state as the matter's page shows it."""
    staff.go(f"/desk/matters/{number}/")
    return str(
        staff.page.locator(".matter-badges .badge, .matter-badges [class*=state]").first.inner_text()
    ).strip()


def say_it(citizen: Person) -> tuple[str, str]:
    """Say it on the phone; return number and query code."""
    page = citizen.page
    citizen.go("/say/")
    page.fill("textarea[name=text]", LAMP)
    page.locator("select[id$=_town]").select_option(TOWN)
    page.locator("select[id$=_village]").select_option(VILLAGE)
    citizen.picture("say")
    page.locator("form.parts button[type=submit].btn-primary").click()
    page.wait_for_load_state("networkidle")
    if page.locator("button[name=same][value='']").count():
        assert citizen.faults() == []
        page.locator("button[name=same][value='']").click()
    page.wait_for_selector("#slip_number")
    return page.locator("#slip_number").inner_text().strip(), page.locator("#slip_code").inner_text().strip()


def follow(citizen: Person, number: str, code: str) -> None:
    """Open the matter by number and query code."""
    page = citizen.page
    citizen.go("/follow/")
    if page.locator("input[name=code]").count():
        page.fill("input[name=number]", number)
        page.fill("input[name=code]", code)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state("networkidle")
    else:
        citizen.go(f"/follow/{number}/")


def test_from_the_first_word_to_the_public_end(person: Any) -> None:
    """Nobody can lose it, nobody closes it alone, and the citizen sees every public step."""
    faults: list[str] = []
    citizen = person(390, 844)
    citizen.go("/")
    citizen.picture("portal")
    faults += citizen.faults()
    number, code = say_it(citizen)
    faults += citizen.faults()

    clerk = person(1366, 768)
    clerk.sign_in(f"clerk@{TOWN}")
    faults += clerk.faults()
    take(clerk, number, "受理分流", category="housing_construction.municipal_facilities", difficulty="simple")
    faults += clerk.faults()

    dispatcher = person(1366, 768)
    dispatcher.sign_in(f"dispatcher@{TOWN}")
    dispatcher.picture("desk")
    faults += dispatcher.faults()
    dispatcher.go("/desk/matters/")
    dispatcher.picture("list")
    faults += dispatcher.faults()
    take(
        dispatcher,
        number,
        "交办",
        lead_unit=f"tg-{TOWN}",
        assist_units="zhujian",
        note="请镇上主办，住建局协办。",
    )
    dispatcher.picture("matter", whole=True)
    faults += dispatcher.faults()

    lead, helper = person(1366, 768), person(1366, 768)
    lead.sign_in(f"handler@{TOWN}")
    take(lead, number, "受理", contacted="on")
    take(lead, number, "开始办理")
    lead.page.wait_for_selector(".waiting")
    helper.sign_in("handler.zhujian@610323")
    take(helper, number, "协办答复", answer="线路已检修，灯具由镇上更换。")
    take(lead, number, "办结", result="solved", conclusion="更换了两盏路灯。")
    take(lead, number, "答复来信人", reply="路灯已经换好，您看看亮不亮。")

    asker = person(1366, 768)
    asker.sign_in(f"revisit@{TOWN}")
    take(asker, number, "回访：不满意，退回重办", comment="只亮了一盏，另一盏还是不亮。")
    follow(citizen, number, code)
    assert "重新办理" in citizen.page.locator("main").inner_text()
    faults += citizen.faults()

    take(lead, number, "开始办理")
    take(lead, number, "办结", result="solved", conclusion="另一盏的线路也接好了。")
    take(lead, number, "答复来信人", reply="两盏都亮了，让您久等。")
    follow(citizen, number, code)
    citizen.page.locator("details.act form[data-draft$='.rate'] button[type=submit]").click()
    citizen.page.wait_for_load_state("networkidle")
    take(asker, number, "归档")
    assert state_of(asker, number) == "已归档"
    follow(citizen, number, code)
    assert "已归档" in citizen.page.locator("main").inner_text()
    citizen.picture("follow")
    faults += citizen.faults()
    assert faults == []


def test_the_leader_opens_a_number_down_to_its_cases(person: Any) -> None:
    """The county page is read in a minute, and its first number opens the list behind it."""
    leader = person(1366, 768)
    leader.sign_in("leader@610323")
    leader.go("/county/")
    leader.picture("county")
    assert leader.faults() == []
    first = leader.page.locator("main table a", has_text=re.compile(r"^[1-9]\d*$")).first
    wanted = int(first.inner_text().strip())
    first.click()
    leader.page.wait_for_load_state("networkidle")
    assert leader.page.locator("[data-row]").count() == min(wanted, 20)
    assert leader.faults() == []


def test_the_flow_draws_itself_and_pages_fit_a_phone(person: Any) -> None:
    """The page of the kind shows its chart; no page of the desk scrolls sideways at 360 px, also in large text."""
    clerk = person(360, 740)
    clerk.sign_in(f"clerk@{TOWN}")
    clerk.go("/desk/kinds/request/")
    assert clerk.page.locator("main svg[role=img], main img[alt]").count() >= 1
    for path in ("/desk/", "/desk/matters/", "/desk/new/", "/", "/say/", "/follow/", "/places/"):
        clerk.go(path)
        width = clerk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{path} is {width} px wide"
