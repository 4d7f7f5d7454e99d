"""The gate before every file: who may read it, and that nothing opens in our name that could run."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qizhi.faces.portal.tests.typed import kept_files, opened, page_of, photo, send
from qizhi.kernel.loop.actions import attachment_draft
from qizhi.kernel.loop.models import Attachment
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take
from qizhi.testing.world import OTHER_TOWN, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def _draft(who=None, file=None):
    handed = file or photo()
    actor = cast.actor(who) if who else cast.citizen()
    return attachment_draft(file=handed, name=handed.name, actor=actor)


def _status(client, file):
    return client.get(f"/files/{file.pk}/").status_code


@pytest.fixture
def case():
    """A matter with a photo of the reporter, an internal paper and a public photo of the unit."""
    case = open_request(photos=[_draft().pk])
    for move in (
        ("triage", "dispatcher"),
        ("dispatch", "dispatcher"),
        ("accept", "handler"),
        ("start", "handler"),
    ):
        inputs = {
            "triage": {"category": case.matter.category, "difficulty": "general"},
            "dispatch": {"lead_unit": f"tg-{TOWN}"},
        }.get(move[0], {})
        take(case, *move, **inputs)
    take(case, "progress", "handler", progress="开工", photos=[_draft(f"handler@{TOWN}").pk])
    return case


def _file(case, transition):
    return case.matter.attachments.get(step__transition=transition)


def test_staff_see_the_files_of_matters_that_they_see(case):
    for transition in ("register", "progress"):
        file = _file(case, transition)
        assert _status(cast.browser(f"clerk@{TOWN}"), file) == 200
        assert _status(cast.browser(f"clerk@{OTHER_TOWN}"), file) == 404


def test_a_draft_is_its_own_persons_only():
    mine = _draft(f"clerk@{TOWN}")
    assert _status(cast.browser(f"clerk@{TOWN}"), mine) == 200
    assert _status(cast.browser(f"dispatcher@{TOWN}"), mine) == 404
    assert _status(Client(), mine) == 404


def test_a_draft_of_a_citizen_is_that_browsers_only(client):
    (key,) = kept_files(page_of(send(client, reporter_phone="abc", photos=[photo()])))
    assert client.get(f"/files/{key}/").status_code == 200
    assert Client().get(f"/files/{key}/").status_code == 404
    assert cast.browser("admin@610323").get(f"/files/{key}/").status_code == 404


def test_the_reporter_sees_their_own_file(client, case):
    assert _status(client, _file(case, "register")) == 404
    opened(client, case)
    assert _status(client, _file(case, "register")) == 200


def test_the_reporter_sees_a_file_of_the_unit_only_when_it_is_public(client, case):
    file = _file(case, "progress")
    opened(client, case)
    assert _status(client, file) == 404
    Attachment.objects.filter(pk=file.pk).update(is_public=True)
    assert _status(client, file) == 200


def test_of_the_matter_handled_for_mine_i_see_the_public_files_only(client, case):
    mine = open_request()
    take(mine, "merge", "dispatcher", target=case.number)
    opened(client, mine)
    file = _file(case, "progress")
    assert _status(client, file) == 404
    Attachment.objects.filter(pk=file.pk).update(is_public=True)
    assert _status(client, file) == 200
    assert _status(client, _file(case, "register")) == 404


def test_the_small_picture_has_the_same_gate(case):
    file = _file(case, "register")
    answer = cast.browser(f"clerk@{TOWN}").get(f"/files/{file.pk}/preview/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert Client().get(f"/files/{file.pk}/preview/").status_code == 404


def test_a_paper_has_no_small_picture():
    paper = _draft(f"clerk@{TOWN}", SimpleUploadedFile("说明.txt", "写明情况".encode()))
    assert cast.browser(f"clerk@{TOWN}").get(f"/files/{paper.pk}/preview/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [
        ("说明.txt", "写明情况".encode(), "attachment"),
        ("说明.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "inline"),
    ],
)
def test_only_pictures_sounds_films_and_pdf_open_in_the_browser(name, content, disposition):
    file = _draft(f"clerk@{TOWN}", SimpleUploadedFile(name, content))
    answer = cast.browser(f"clerk@{TOWN}").get(f"/files/{file.pk}/")
    assert answer["Content-Disposition"].startswith(disposition)
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_nothing_that_a_file_holds_can_run(case):
    answer = cast.browser(f"clerk@{TOWN}").get(f"/files/{_file(case, 'register').pk}/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]


def test_a_file_that_does_not_exist_looks_like_one_that_may_not_be_seen():
    assert Client().get("/files/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_a_file_is_only_read(case):
    assert Client().post(f"/files/{_file(case, 'register').pk}/").status_code == 405
