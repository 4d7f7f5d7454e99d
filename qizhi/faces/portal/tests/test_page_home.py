"""The first page and the places: open to everybody, with what the pack declares."""

import pytest

from qizhi.faces.portal.kinds import public_kind
from qizhi.faces.portal.pages.home import promises
from qizhi.kernel.modes.store import current

from .typed import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_the_three_doors_are_there_without_sign_in(client):
    page = page_of(client.get("/"))
    for address in ("/say/", "/follow/", "/places/"):
        assert f'class="door{" door-first" if address == "/say/" else ""}" href="{address}"' in page
    for number in ("110", "119", "120", "122"):
        assert f'href="tel:{number}"' in page


def test_the_promise_is_the_term_of_the_packs_public_clock(client):
    assert [promise.term for promise in promises(public_kind())] == ["9wd"]
    assert "9个工作日" in page_of(client.get("/"))


def test_a_promise_that_depends_on_the_matter_shows_its_usual_term():
    kind = current().kinds["request"]
    handle = kind.clocks["handle"].model_copy(update={"public": True})
    changed = kind.model_copy(update={"clocks": {"handle": handle}})
    assert [promise.term for promise in promises(changed)] == ["7wd"]


def test_the_places_are_all_centres_of_the_directory(client):
    answer = client.get("/places/")
    page = page_of(answer)
    assert len(answer.context["towns"]) == 9
    assert answer.context["count_villages"] == 121
    assert page.count('class="town"') == 9
    assert page.count("/say/?region=6103231") == 121
    assert "岐山县社会治安综合治理中心" in page


def test_a_place_leads_to_the_form_with_that_place_chosen(client):
    page = page_of(client.get("/say/?region=610323100211"))
    assert '<option value="610323100211" selected>' in page


def test_an_unknown_place_in_the_address_is_no_error(client):
    answer = client.get("/say/?region=999999")
    assert answer.status_code == 200
    assert "selected" not in page_of(answer)


@pytest.mark.parametrize("address", ["/", "/places/", "/say/", "/follow/"])
def test_a_page_is_shown_in_english_by_the_switch(client, address):
    client.post("/switch/language/", {"language": "en", "next": address})
    answer = client.get(address)
    assert '<html lang="en"' in page_of(answer)
    assert answer["Content-Language"] == "en"


@pytest.mark.parametrize("address", ["/", "/places/", "/say/", "/follow/"])
def test_a_page_asks_at_most_anew_for_places_units_and_the_mode(
    client, address, django_assert_max_num_queries
):
    client.get(address)
    with django_assert_max_num_queries(4):
        client.get(address)
