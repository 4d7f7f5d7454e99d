"""Saying something: from the form to the slip, and nothing that was typed is ever lost."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from qizhi.faces.portal import slips
from qizhi.kernel.kit.uploads import MAX_BYTES
from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.kernel.loop.reporters import reporter_facts
from qizhi.testing.world import VILLAGE

from .typed import TEXT, kept_files, page_of, photo, request, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def _matter():
    return Matter.objects.get()


def test_the_form_asks_what_the_pack_declares(client):
    page = page_of(client.get("/say/"))
    for words in (
        "详细情况",
        "一句话说清什么事",
        "详细地址",
        "例如：东街小学门口",
        "照片或材料",
        "来信人",
        "全县，或者说不清在哪个镇",
    ):
        assert words in page
    assert "凤鸣镇（全镇，或者说不清哪个村）" in page
    # sorted by whoever reads it, never by the citizen
    assert 'name="category"' not in page
    assert 'name="urgency"' not in page
    # the least that is needed
    assert 'name="reporter_identity"' not in page


def test_it_opens_a_matter_and_leads_to_the_slip(client):
    answer = send(client)
    assert (answer.status_code, answer["Location"]) == (302, "/said/")
    matter = _matter()
    assert (matter.text, matter.title, matter.region_code, matter.channel) == (
        TEXT,
        "水渠塌了一截",
        VILLAGE,
        "web",
    )
    facts = reporter_facts(matter.reporter)
    assert (facts.name, facts.phone) == ("王秀兰", "13800000021")


def test_two_things_are_enough(client):
    answer = send(client, title="", address="", reporter_name="", reporter_phone="")
    assert answer.status_code == 302
    assert _matter().reporter is None
    assert _matter().title == TEXT


def test_the_slip_shows_number_code_promise_and_a_code_to_scan(client):
    send(client)
    page = page_of(client.get("/said/"))
    matter = _matter()
    assert matter.number in page
    assert re.search(r'id="slip_code">[2-9A-Z]{8}<', page)
    due = timezone.localtime(matter.clocks.get(name="answer").due_at)
    weekday = "一二三四五六日"[due.weekday()]
    assert f"{due.year}年{due.month}月{due.day}日（星期{weekday}）18:00" in page
    assert 'class="segno"' in page
    assert f"http://testserver/follow/{matter.number}/" in page


def test_the_code_stands_in_no_address_and_in_no_clear_text_of_the_session(client):
    send(client)
    code = re.search(r'id="slip_code">([2-9A-Z]{8})<', page_of(client.get("/said/")))[1]
    assert code not in str(dict(client.session))


def test_the_code_is_not_shown_any_more_after_a_quarter_of_an_hour(client, monkeypatch):
    send(client)
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(slips.timezone, "now", lambda: later)
    assert client.get("/said/")["Location"] == "/follow/"
    monkeypatch.undo()
    assert client.get("/said/")["Location"] == "/follow/"


def test_the_slip_of_nobody_leads_to_the_page_that_asks(client):
    assert client.get("/said/")["Location"] == "/follow/"


def test_whoever_sent_it_may_follow_it_at_once(client):
    send(client)
    assert client.get(f"/follow/{_matter().number}/").status_code == 200
    assert "查询码" in page_of(Client().get(f"/follow/{_matter().number}/"))


def test_photos_go_with_it(client):
    assert send(client, photos=[photo("一.jpg"), photo("二.jpg")]).status_code == 302
    files = Attachment.objects.filter(matter=_matter()).order_by("uploaded_at")
    assert [file.name for file in files] == ["一.jpg", "二.jpg"]
    assert not any(file.is_public for file in files)


def test_a_point_on_the_map_goes_with_it(client):
    send(client, point_lon="107.619517", point_lat="34.444017")
    assert (str(_matter().lon), str(_matter().lat)) == ("107.619517", "34.444017")


def test_telephone_and_identity_number_in_the_text_are_masked(client):
    send(client, title="", text="找我打13812345678，身份证610323199003072116，水渠塌了。")
    matter = _matter()
    assert "13812345678" not in matter.text + matter.title
    assert "610323199003072116" not in matter.text + matter.title
    page = page_of(client.get(f"/follow/{matter.number}/"))
    assert "138****5678" in page
    assert "13812345678" not in page


# What a citizen may get wrong: the fields, the sentence, the status.
WRONG = [
    ({"text": ""}, "请填写“详细情况”。", 422),
    ({"text": "   \n "}, "请填写“详细情况”。", 422),
    ({"text": "水" * 100_001}, "太长了：现在100001字，最多100000字。", 422),
    ({"region": ""}, "请填写“在哪里”。", 422),
    ({"region": "610399999999"}, "没有", 422),
    ({"region": "' OR 1=1"}, "没有", 422),
    ({"reporter_phone": "1380000abcd"}, "电话", 422),
    ({"reporter_phone": "1380000"}, "电话", 422),
    ({"reporter_name": "王" * 41}, "姓名太长", 422),
    ({"title": "水" * 121}, "太长了：现在121字，最多120字。", 422),
    ({"address": "水" * 201}, "太长了：现在201字，最多200字。", 422),
    ({"point_lon": "abc", "point_lat": "34.4"}, "经度、纬度必须是数字。", 422),
    ({"point_lon": "107.6", "point_lat": ""}, "经度、纬度必须是数字。", 422),
    ({"website": "http://spam.example"}, "没有发送", 403),
]


@pytest.mark.parametrize(
    ("wrong", "said", "status"), WRONG, ids=[f"{next(iter(w))}-{n}" for n, (w, _, _) in enumerate(WRONG)]
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_typed_is_lost(client, wrong, said, status):
    typed = request(**wrong)
    answer = client.post("/say/", typed)
    page = page_of(answer)
    assert answer.status_code == status
    assert said in page
    assert not Matter.objects.exists()
    for name in ("text", "title", "address", "reporter_name", "reporter_phone"):
        if name not in wrong:
            assert str(typed[name]) in page
    if "region" not in wrong:
        assert f'<option value="{VILLAGE}" selected>' in page
    if "text" in wrong and wrong["text"].strip():
        assert wrong["text"] in page


def test_everything_that_is_wrong_is_said_at_once(client):
    page = page_of(
        send(
            client,
            text="",
            region="",
            reporter_phone="abc",
            photos=[SimpleUploadedFile("a.jpg", b"MZ\x90\x00")],
        )
    )
    for said in ("请填写“详细情况”。", "请填写“在哪里”。", "电话", "“a.jpg”："):
        assert said in page


def test_a_photo_of_21_mb_is_refused_and_the_others_are_kept(client):
    huge = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff\xe0" + b"\0" * MAX_BYTES, "image/jpeg")
    answer = send(client, photos=[photo("一.jpg"), huge, photo("二.jpg")])
    page = page_of(answer)
    assert answer.status_code == 422
    assert "“大.jpg”：单个文件不能超过 20 MB" in page
    assert len(kept_files(page)) == 2
    assert TEXT in page
    assert not Matter.objects.exists()


def test_a_program_named_jpg_is_refused(client):
    program = SimpleUploadedFile("照片.jpg", b"MZ\x90\x00\x03" + b"\0" * 400, "image/jpeg")
    answer = send(client, photos=[program])
    assert answer.status_code == 422
    assert "“照片.jpg”：只能上传照片" in page_of(answer)
    assert not Attachment.objects.exists()


def test_photos_survive_a_mistake_and_go_with_the_second_try(client):
    page = page_of(send(client, reporter_phone="abc", photos=[photo()]))
    (key,) = kept_files(page)
    assert f"/files/{key}/preview/" in page
    assert client.get(f"/files/{key}/preview/").status_code == 200
    assert send(client, photos_kept=[key]).status_code == 302
    assert str(Attachment.objects.get(matter=_matter()).pk) == key


def test_a_kept_photo_that_was_unticked_stays_behind(client):
    kept_files(page_of(send(client, reporter_phone="abc", photos=[photo()])))
    send(client)
    assert not Attachment.objects.filter(matter=_matter()).exists()


@pytest.mark.parametrize("key", ["no-key", "00000000-0000-7000-8000-000000000000"])
def test_a_file_key_that_was_made_up_is_left_out(client, key):
    assert send(client, photos_kept=[key]).status_code == 302


def test_ten_files_are_one_too_many(client):
    answer = send(client, photos=[photo(f"{n}.jpg") for n in range(10)])
    assert answer.status_code == 422
    assert "最多9个文件" in page_of(answer)


def test_the_same_form_sent_twice_is_one_matter_and_one_slip(client):
    typed = request()
    for _ in range(2):
        assert client.post("/say/", typed)["Location"] == "/said/"
    assert Matter.objects.count() == 1


def test_another_text_under_the_same_token_asks_once_more_and_then_is_sent(client):
    typed = request(address="")
    client.post("/say/", typed)
    other = {**typed, "text": "村口的大槐树叫风刮断了，压着电线。", "title": ""}
    answer = client.post("/say/", other)
    page = page_of(answer)
    assert answer.status_code == 409
    assert "村口的大槐树" in page
    token = re.search(r'name="once" value="([^"]+)"', page)[1]
    assert token != typed["once"]
    assert client.post("/say/", {**other, "once": token}).status_code == 302
    assert Matter.objects.count() == 2


# Places far apart, so that nothing is similar.
FAR_APART = ["610323101001", "610323103201", "610323104202"]


@pytest.mark.parametrize(
    ("limit", "said", "without_phone"),
    [
        ("SENT_OF_PHONE", "这个电话今天反映的事已经够多了", 302),
        ("SENT_OF_ADDRESS", "这个网络一小时里反映的事太多", 429),
    ],
)
def test_a_telephone_and_an_address_may_not_send_without_end(client, monkeypatch, limit, said, without_phone):
    monkeypatch.setattr(f"qizhi.faces.portal.limits.{limit}", 2)
    answers = [send(client, region=place) for place in FAR_APART]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert said in page_of(answers[2])
    assert TEXT in page_of(answers[2])
    assert send(client, region=FAR_APART[2], reporter_phone="").status_code == without_phone


def test_the_limit_of_all_faces_holds_here_too(client, monkeypatch):
    monkeypatch.setattr(settings.QIZHI, "public_per_hour", 1)
    statuses = [send(client, region=place, reporter_phone="").status_code for place in FAR_APART[:2]]
    assert statuses == [302, 429]


def test_an_installation_may_count_nothing(client, monkeypatch):
    monkeypatch.setattr(settings.QIZHI, "public_per_hour", 0)
    monkeypatch.setattr("qizhi.faces.portal.limits.SENT_OF_ADDRESS", 0)
    assert send(client).status_code == 302


def test_what_can_be_tried_in_an_hour_is_bounded(client, monkeypatch):
    monkeypatch.setattr("qizhi.faces.portal.limits.TRIES_OF_ADDRESS", 1)
    assert send(client, text="").status_code == 422
    answer = send(client)
    assert answer.status_code == 429
    assert "这个网络一小时里提交得太多" in page_of(answer)
    assert TEXT in page_of(answer)


def test_a_form_without_its_token_is_not_taken():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/say/", request())
    assert answer.status_code == 403
    assert "这个页面开得太久" in page_of(answer)
    assert not Matter.objects.exists()


def test_staff_who_use_the_page_act_as_citizens():
    from qizhi.testing import cast

    send(cast.browser("clerk@610323100"))
    assert _matter().registrar is None
    assert _matter().steps.get().actor_kind == "citizen"
