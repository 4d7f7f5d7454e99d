"""Pressing a button: the form opens in place, what is refused stays typed, and who comes second sees what changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qizhi.kernel.loop.models import Attachment, Matter, Step
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN

from .pages import HTMX, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PHOTO = b"\x89PNG\r\n\x1a\n"


def url_of(case, name):
    return f"/desk/matters/{case.number}/do/{name}/"


@pytest.fixture
def handler():
    return cast.browser(f"handler@{TOWN}")


@pytest.fixture
def case():
    return walk_to("in_progress")


def test_the_form_asks_for_the_declared_inputs_and_carries_the_version_seen(handler, case):
    page = page_of(handler.get(f"{url_of(case, 'conclude')}?version={case.matter.version}", headers=HTMX))
    assert 'name="conclusion"' in page
    assert "办理后的照片或材料" in page
    assert f'name="version" value="{case.matter.version}"' in page
    assert "<html" not in page


def test_without_scripts_the_whole_page_comes_with_the_form_opened(handler, case):
    page = page_of(handler.get(url_of(case, "conclude")))
    assert "<html" in page
    assert 'name="conclusion"' in page
    assert case.matter.text in page


def test_taking_the_step_shows_the_new_matter_in_place_and_says_so(handler, case):
    said = {"version": case.matter.version, "result": "solved", "conclusion": "井盖已经换好。"}
    answer = handler.post(url_of(case, "conclude"), said, headers=HTMX)
    page = page_of(answer)
    assert answer["HX-Retarget"] == "#matter"
    assert answer["HX-Reswap"] == "outerHTML"
    assert "whisper" in answer["HX-Trigger-After-Settle"]
    assert "focus-on" in answer["HX-Trigger-After-Settle"]
    assert "“办结”已办好。现在是“已办结”，由凤鸣镇政府接着办。" in page
    assert "/do/reply/" in page
    assert case.reload().state == "concluded"


def test_without_scripts_it_leads_back_to_the_page(handler, case):
    said = {"version": case.matter.version, "result": "solved", "conclusion": "井盖已经换好。"}
    answer = handler.post(url_of(case, "conclude"), said, follow=True)
    assert answer.redirect_chain == [(f"/desk/matters/{case.number}/", 302)]
    assert "“办结”已办好" in page_of(answer)


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(handler, case):
    said = {"version": case.matter.version, "result": "partly", "conclusion": ""}
    answer = handler.post(url_of(case, "conclude"), said, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写“办理情况”" in page
    assert 'value="partly" checked' in page
    assert case.reload().state == "in_progress"


def test_who_comes_second_sees_what_changed_and_keeps_what_was_typed(handler, case):
    seen = case.matter.version
    take(case, "suspend", f"head@{TOWN}", reason="等井盖到货。")
    said = {"version": seen, "result": "solved", "conclusion": "我写了很久的办理情况。"}
    answer = handler.post(url_of(case, "conclude"), said, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写了很久的办理情况。" in page
    assert "中止办理 → 已中止" in page
    assert "不能办理这一步" in page
    assert 'type="submit"' not in page
    assert case.reload().state == "suspended"


def test_a_change_that_does_not_stand_in_the_way_lets_one_press_again(handler, case):
    seen = case.matter.version
    take(case, "note", f"head@{TOWN}", note="已和群众通过电话。")
    said = {"version": seen, "result": "solved", "conclusion": "井盖已经换好。"}
    answer = handler.post(url_of(case, "conclude"), said, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "内部备注" in page
    assert f'name="version" value="{seen + 1}"' in page
    again = handler.post(url_of(case, "conclude"), {**said, "version": seen + 1}, headers=HTMX)
    assert again.status_code == 200
    assert case.reload().state == "concluded"


def test_a_form_opened_from_an_old_page_tells_what_happened_since(handler, case):
    seen = case.matter.version
    take(case, "note", f"head@{TOWN}", note="已和群众通过电话。")
    page = page_of(handler.get(f"{url_of(case, 'conclude')}?version={seen}", headers=HTMX))
    assert "您打开页面以后，这件事有了新的进展" in page
    assert f'name="version" value="{case.matter.version}"' in page


def test_a_step_that_cannot_be_taken_now_gets_no_form_but_the_reason(handler, case):
    page = page_of(handler.get(url_of(case, "reply"), headers=HTMX))
    assert "现在是“办理中”，不能办理这一步" in page
    assert "<form" not in page


def test_a_need_that_does_not_hold_is_said_in_its_own_words():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    take(case, "accept", "handler", contacted=True)
    take(case, "start", "handler")
    client = cast.browser(f"handler@{TOWN}")
    assert "还有协办单位没有答复：县住建局" in page_of(client.get(url_of(case, "conclude"), headers=HTMX))
    said = {"version": case.matter.version, "result": "solved", "conclusion": "换好了。"}
    answer = client.post(url_of(case, "conclude"), said, headers=HTMX)
    assert answer.status_code == 409
    assert "还有协办单位没有答复" in answer.content.decode()
    assert "换好了。" in answer.content.decode()


def test_the_dispatch_begins_with_the_proposed_units():
    case = walk_to("registered")
    take(case, "escalate", "dispatcher", reason="需要县级部门。")
    take(case, "triage", "dispatcher@610323", category=case.matter.category, difficulty="general")
    page = page_of(cast.browser("dispatcher@610323").get(url_of(case, "dispatch"), headers=HTMX))
    assert 'value="zhujian" data-words="县住建局 岐山县住房和城乡建设局" selected' in page
    assert "建议交给" in page
    assert "由住建部门主管" in page


def test_a_proposed_unit_out_of_reach_is_not_chosen_and_the_way_up_is_named():
    case = walk_to("triaged")
    page = page_of(cast.browser(f"dispatcher@{TOWN}").get(url_of(case, "dispatch"), headers=HTMX))
    assert "上报上一级" in page
    assert 'value="zhujian" data-words' not in page or "selected" not in page.split('value="zhujian"')[1][:80]


def test_a_file_survives_a_refused_form(handler, case, tmp_path):
    from PIL import Image

    path = tmp_path / "a.png"
    Image.new("RGB", (60, 40), "teal").save(path)
    file = SimpleUploadedFile("现场.png", path.read_bytes(), content_type="image/png")
    answer = handler.post(
        url_of(case, "conclude"),
        {"version": case.matter.version, "result": "solved", "photos": file},
        headers=HTMX,
    )
    draft = Attachment.objects.get(step=None)
    assert answer.status_code == 422
    assert f'name="photos_kept" value="{draft.pk}"' in answer.content.decode()
    said = {
        "version": case.matter.version,
        "result": "solved",
        "conclusion": "换好了。",
        "photos_kept": str(draft.pk),
    }
    assert handler.post(url_of(case, "conclude"), said, headers=HTMX).status_code == 200
    draft.refresh_from_db()
    assert draft.matter_id == case.matter.pk


@pytest.mark.parametrize(
    "file", [("病毒.jpg", b"MZ" + b"\x00" * 200), ("太大.png", PHOTO + b"0" * (21 * 2**20))]
)
def test_a_file_that_is_not_taken_is_refused_at_its_field_and_the_words_stay(handler, case, file):
    upload = SimpleUploadedFile(file[0], file[1])
    said = {"version": case.matter.version, "result": "solved", "conclusion": "换好了。", "photos": upload}
    answer = handler.post(url_of(case, "conclude"), said, headers=HTMX)
    assert answer.status_code == 422
    assert file[0] in answer.content.decode()
    assert "换好了。" in answer.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("username", "step", "status"),
    [
        (f"handler@{TOWN}", "nonsense", 422),
        (f"handler@{TOWN}", "register", 422),
        (f"handler@{OTHER_TOWN}", "conclude", 404),
        (f"clerk@{TOWN}", "conclude", 403),
        ("auditor@610323", "conclude", 403),
    ],
)
def test_nobody_takes_a_step_that_is_not_theirs(case, username, step, status):
    before = Step.objects.count()
    said = {"version": case.matter.version, "result": "solved", "conclusion": "换好了。"}
    answer = cast.browser(username).post(url_of(case, step), said, headers=HTMX)
    assert answer.status_code == status
    assert Step.objects.count() == before
    assert Matter.objects.get(pk=case.matter.pk).state == "in_progress"


def test_a_refusal_in_a_fragment_goes_to_the_notices_and_leaves_the_form_alone():
    case = open_request()
    answer = cast.browser(f"handler@{OTHER_TOWN}").post(url_of(case, "triage"), {}, headers=HTMX)
    assert answer.status_code == 404
    assert answer["HX-Retarget"] == "#notices"


def test_a_co_handling_unit_answers_and_still_sees_the_matter():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    client = cast.browser("handler.zhujian@610323")
    said = {"version": case.matter.version, "answer": "我局已派人查看。"}
    answer = client.post(url_of(case, "assist_answer"), said, headers=HTMX)
    assert answer.status_code == 200
    assert "“协办答复”已办好" in answer.content.decode()
