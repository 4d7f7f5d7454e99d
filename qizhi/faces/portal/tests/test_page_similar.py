"""The look at similar matters before something is sent."""

import re

import pytest

from qizhi.governance.triage.models import DuplicateHint
from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import OTHER_VILLAGE, VILLAGE

from .typed import kept_files, page_of, photo, request, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

TEXT = "东街小学门口的井盖松了，车一过咣当响，我家孩子差点绊倒。"


@pytest.fixture
def earlier():
    return open_request()


def _fields(page):
    """Return the hidden fields that carry everything typed along."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def test_it_shows_what_is_public_of_a_similar_matter(client, earlier):
    page = page_of(send(client, text=TEXT))
    assert "先看一眼" in page
    assert "东街小学门口井盖松动" in page
    assert "凤鸣镇堰河村" in page
    for hidden in (earlier.number, earlier.query_code, "王秀兰</", "138****", "孩子上学容易绊倒"):
        assert hidden not in page
    assert Matter.objects.count() == 1


def test_nothing_similar_means_no_extra_step(client, earlier):
    assert send(client, text="村里大喇叭早上五点半就喊。", title="").status_code == 302


@pytest.mark.parametrize("state", ["withdrawn", "archived"])
def test_a_closed_matter_is_not_shown(client, state):
    walk_to(state)
    assert send(client, text=TEXT).status_code == 302


def test_it_carries_everything_typed_and_the_files_along(client, earlier):
    typed = request(text=TEXT)
    page = page_of(client.post("/say/", {**typed, "photos": [photo()]}))
    carried = _fields(page)
    for name in ("text", "title", "region", "address", "reporter_name", "reporter_phone", "once"):
        assert carried[name] == typed[name]
    assert len(kept_files(page)) == 1


def test_not_the_same_is_sent_as_it_is(client, earlier):
    page = page_of(send(client, text=TEXT, photos=[photo()]))
    answer = client.post("/say/", {**_fields(page), "photos_kept": kept_files(page), "same": ""})
    assert answer["Location"] == "/said/"
    mine = Matter.objects.exclude(pk=earlier.matter.pk).get()
    assert Attachment.objects.filter(matter=mine).count() == 1
    assert not DuplicateHint.objects.exists()


def test_the_same_opens_my_own_matter_and_tells_the_dispatcher(client, earlier):
    page = page_of(send(client, text=TEXT))
    answer = client.post("/say/", {**_fields(page), "same": str(earlier.matter.pk)})
    assert answer["Location"] == "/said/"
    mine = Matter.objects.exclude(pk=earlier.matter.pk).get()
    hint = DuplicateHint.objects.get()
    assert (hint.matter_id, hint.other_id, hint.by_reporter) == (mine.pk, earlier.matter.pk, True)
    assert hint.score > 0
    assert earlier.reload().version == 1


def test_a_key_that_was_not_shown_is_no_hint(client, earlier):
    stranger = open_request(region=OTHER_VILLAGE, title="别的事", text="石头挡在路上。")
    page = page_of(send(client, text=TEXT))
    client.post("/say/", {**_fields(page), "same": str(stranger.matter.pk)})
    assert Matter.objects.count() == 3
    assert not DuplicateHint.objects.exists()


def test_back_shows_the_form_with_everything_in_it(client, earlier):
    page = page_of(send(client, text=TEXT, photos=[photo()]))
    answer = client.post("/say/", {**_fields(page), "photos_kept": kept_files(page), "back": "1"})
    again = page_of(answer)
    assert answer.status_code == 200
    assert TEXT in again
    assert f'<option value="{VILLAGE}" selected>' in again
    assert len(kept_files(again)) == 1
    assert 'role="alert"' not in again.replace('x-cloak role="alert"', "")
    assert Matter.objects.count() == 1


def test_a_title_made_from_somebodys_text_is_not_shown(client):
    open_request(title=None, category=None)
    page = page_of(send(client, text=TEXT))
    assert "一件还没有分类的事" in page
    assert "东街小学门口的井盖松动" not in page
