"""Registering at the window: one form, what is known beside it, one matter however often the button is pressed."""

import re
import uuid

import pytest

from qizhi.governance.triage.models import DuplicateHint
from qizhi.kernel.loop.models import Matter
from qizhi.testing import cast
from qizhi.testing.stories import open_request
from qizhi.testing.world import OTHER_VILLAGE, TOWN, VILLAGE

from .pages import HTMX, cost_of, page_of, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

CODE = r"查询码 ([2-9A-HJKMNP-Z]{8}) "
TEXT = "堰河村二组的水渠塌了一截，水漫到麦地里，浇不成地。"


def said(**other):
    return {
        "once": str(uuid.uuid4()), "kind": "request", "channel": "window", "title": "水渠塌了一截", "text": TEXT,
        "region": VILLAGE, "urgency": "normal", "reporter_name": "王秀兰", "reporter_phone": "13800000021", **other,
    }  # fmt: skip


@pytest.fixture
def clerk():
    return cast.browser(f"clerk@{TOWN}")


def test_it_is_registered_and_leads_to_a_receipt_with_number_code_and_promise(clerk):
    answer = clerk.post("/desk/new/", said(), follow=True)
    matter = Matter.objects.get()
    page = words_of(answer)
    assert answer.redirect_chain == [(f"/desk/matters/{matter.number}/receipt/", 302)]
    assert matter.number in page
    code = re.search(CODE, page)[1]
    assert "承诺答复" in page
    assert "<svg" in page_of(clerk.get(f"/desk/matters/{matter.number}/receipt/"))
    assert code in page_of(clerk.get(f"/desk/matters/{matter.number}/receipt/"))
    assert (matter.channel, matter.registrar.username) == ("window", f"clerk@{TOWN}")


def test_nobody_else_and_no_later_receipt_shows_the_code(clerk):
    clerk.post("/desk/new/", said())
    matter = Matter.objects.get()
    other = cast.browser(f"dispatcher@{TOWN}")
    assert "只在登记时告诉一次" in page_of(other.get(f"/desk/matters/{matter.number}/receipt/"))
    clerk.post("/desk/new/", said(title="另一件事"))
    assert "只在登记时告诉一次" in page_of(clerk.get(f"/desk/matters/{matter.number}/receipt/"))
    latest = Matter.objects.order_by("number").last()
    page = words_of(clerk.get(f"/desk/matters/{latest.number}/receipt/"))
    assert re.search(CODE, page)[1] not in str(dict(clerk.session))


def test_the_button_pressed_twice_registers_once(clerk):
    form = said()
    first, second = clerk.post("/desk/new/", form), clerk.post("/desk/new/", form)
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(clerk):
    answer = clerk.post("/desk/new/", said(text="", reporter_phone="12abc", channel="phone"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写“详细情况”" in page
    assert 'value="12abc"' in page
    assert 'value="水渠塌了一截"' in page
    assert 'value="phone" checked' in page
    assert not Matter.objects.exists()


@pytest.mark.parametrize("channel", ["", "web", "api", "pigeon"])
def test_only_channels_of_the_staff_are_taken(clerk, channel):
    answer = clerk.post("/desk/new/", said(channel=channel))
    assert answer.status_code == 422
    assert "请选择来源" in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_place_outside_the_own_town_is_refused_in_words(clerk):
    answer = clerk.post("/desk/new/", said(region=OTHER_VILLAGE))
    assert answer.status_code == 422
    assert "不在您的管辖范围内" in answer.content.decode()
    assert f'value="{OTHER_VILLAGE}"' not in page_of(clerk.get("/desk/new/"))


@pytest.mark.parametrize(
    "username", ["leader@610323", "auditor@610323", f"mediator@{TOWN}", "supervisor@610323"]
)
def test_posts_that_register_nothing_are_told_so(username):
    client = cast.browser(username)
    assert client.get("/desk/new/").status_code == 403
    assert client.post("/desk/new/", said()).status_code == 403
    assert "/desk/new/" not in page_of(client.get("/desk/")).split('id="keys"')[0]
    assert not Matter.objects.exists()


def test_a_grid_worker_begins_with_the_channel_of_the_grid():
    page = page_of(cast.browser(f"gridworker@{TOWN}").get("/desk/new/"))
    assert 'value="grid" checked' in page


def test_earlier_matters_of_the_telephone_are_shown_and_only_those_one_may_see(clerk):
    mine, other = open_request(), open_request(region=OTHER_VILLAGE)
    page = page_of(clerk.post("/desk/new/earlier/", {"reporter_phone": "138 0000 0021"}, headers=HTMX))
    assert mine.number in page
    assert other.number not in page
    assert "13800000021" not in page
    nobody = page_of(clerk.post("/desk/new/earlier/", {"reporter_phone": "13900000000"}, headers=HTMX))
    assert "没有找到" in nobody
    assert "没有找到" not in page_of(clerk.post("/desk/new/earlier/", {"reporter_phone": "12"}, headers=HTMX))
    assert clerk.get("/desk/new/earlier/").status_code == 405


def test_similar_open_matters_are_shown_while_typing_and_the_chosen_one_is_noted(clerk):
    same = open_request(title="二组水渠塌了", text="堰河村二组水渠塌了一截，水漫麦地，没法浇地。")
    form = {"title": "水渠塌了一截", "text": TEXT, "region": VILLAGE}
    assert same.number in page_of(clerk.post("/desk/new/similar/", form, headers=HTMX))
    assert same.number not in page_of(
        clerk.post("/desk/new/similar/", {"text": "水", "region": VILLAGE}, headers=HTMX)
    )
    clerk.post("/desk/new/", said(same=same.number))
    matter = Matter.objects.exclude(pk=same.matter.pk).get()
    assert matter.state == "registered"
    assert DuplicateHint.objects.get(matter=matter).other_id == same.matter.pk


def test_the_form_costs_few_queries(clerk):
    assert cost_of(clerk, "/desk/new/") <= 4
