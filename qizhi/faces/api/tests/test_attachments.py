"""Files: handed in before the step that names them, and given out through the same gate as on pages."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qizhi.kernel.kit.uploads import MAX_BYTES
from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.testing.program import Program
from qizhi.testing.stories import take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
CLERK, HANDLER = f"clerk@{TOWN}", f"handler@{TOWN}"


def photo(name="井盖.jpg", size=(900, 700)):
    buffer = io.BytesIO()
    Image.new("RGB", size, (90, 120, 80)).save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def handed_in(who=HANDLER):
    answer = Program(who).upload("uploads", photo())
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()["id"]


def whole(answer):
    return b"".join(answer.streaming_content)


def test_a_photo_is_handed_in_and_described():
    said = Program(HANDLER).upload("uploads", photo()).json()
    row = Attachment.objects.get(pk=said["id"])
    assert (said["name"], said["media_type"], said["has_preview"]) == ("井盖.jpg", row.media_type, True)
    assert (row.step, row.matter, row.uploaded_by.username) == (None, None, HANDLER)


def test_a_step_takes_up_the_file_and_staff_may_read_it():
    case, key = walk_to("in_progress"), handed_in()
    path = f"matters/{case.number}/transitions/progress"
    answer = Program(HANDLER).post(path, {"progress": "已到现场。", "photos": [key]})
    assert answer.status_code == 200
    step = Program(HANDLER).get(f"matters/{case.number}/steps").json()["items"][-1]
    assert [file["id"] for file in step["files"]] == [key]
    answer = Program(f"dispatcher@{TOWN}").get(f"attachments/{key}")
    assert answer["Content-Type"] == Attachment.objects.get(pk=key).media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert len(whole(answer)) == Attachment.objects.get(pk=key).size


def test_a_photo_has_a_small_picture():
    key = handed_in()
    answer = Program(HANDLER).get(f"attachments/{key}", preview="true")
    assert answer["Content-Type"] == "image/webp"
    assert max(Image.open(io.BytesIO(whole(answer))).size) <= 900


def test_a_text_has_no_small_picture():
    key = Program(HANDLER).upload("uploads", SimpleUploadedFile("a.txt", "说明".encode())).json()["id"]
    assert Program(HANDLER).get(f"attachments/{key}", preview="true").status_code == 404
    answer = Program(HANDLER).get(f"attachments/{key}")
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_draft_is_seen_and_used_by_its_owner_only():
    case, key = walk_to("in_progress"), handed_in(CLERK)
    assert Program(CLERK).get(f"attachments/{key}").status_code == 200
    assert Program(HANDLER).get(f"attachments/{key}").status_code == 404
    path = f"matters/{case.number}/transitions/progress"
    answer = Program(HANDLER).post(path, {"progress": "x", "photos": [key]})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["photos"])


def test_a_file_is_used_once():
    case, key = walk_to("in_progress"), handed_in()
    path, inputs = f"matters/{case.number}/transitions/progress", {"progress": "x", "photos": [key]}
    assert Program(HANDLER).post(path, inputs).status_code == 200
    assert Program(HANDLER).post(path, inputs).status_code == 422


def test_a_file_of_another_town_is_not_there():
    case, key = walk_to("in_progress"), handed_in()
    take(case, "progress", "handler", progress="已到现场。", photos=[key])
    assert Program(f"director@{OTHER_TOWN}").get(f"attachments/{key}").status_code == 404
    assert Program("supervisor@610323").get(f"attachments/{key}").status_code == 200
    assert Program(HANDLER).get(f"attachments/{uuid.uuid4()}").status_code == 404
    assert Program(HANDLER).get("attachments/x").status_code == 422


REFUSED = {
    "an .exe named .jpg": ("photo.jpg", b"MZ\x90\x00" + b"\x00" * 200, 422, "file_kind_refused"),
    "a web page": ("a.html", b"<!DOCTYPE html><script>alert(1)</script>", 422, "file_kind_refused"),
    "nothing": ("a.jpg", b"", 422, "file_empty"),
    "half a photo": ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 50, 422, "image_broken"),
    "21 MB": ("a.mp4", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * (21 * 1024 * 1024), 413, "file_too_large"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("path", ["uploads", "public/uploads"])
def test_a_file_that_cannot_be_taken_is_refused(path, case):
    name, content, status, code = REFUSED[case]
    assert MAX_BYTES == 20 * 1024 * 1024
    answer = Program(HANDLER).upload(path, SimpleUploadedFile(name, content))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Attachment.objects.exists()


def test_a_form_without_a_file_is_refused(client):
    answer = client.post("/api/v1/public/uploads", {"photo": "x"})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["file"])


def test_a_form_that_cannot_be_read_is_refused(client):
    answer = client.post("/api/v1/public/uploads", b"x", content_type="multipart/form-data; boundary=")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_form")


def test_the_citizens_photos_go_with_the_request_and_come_back():
    key = Program().upload("public/uploads", photo()).json()["id"]
    body = {"kind": "request", "text": "井盖松动。", "region": VILLAGE, "photos": [key]}
    said = Program().post("public/matters", body).json()
    path = f"public/matters/{said['number']}"
    shown = Program().get(path, query_code=said["query_code"]).json()
    assert [file["id"] for file in shown["attachments"]] == [key]
    answer = Program().get(f"{path}/attachments/{key}", query_code=said["query_code"], preview="true")
    assert answer["Content-Type"] == "image/webp"
    assert Program(HANDLER).get(f"attachments/{key}").status_code == 404
    assert Program(CLERK).get(f"attachments/{key}").status_code == 200
    assert Matter.objects.get(number=said["number"]).attachments.count() == 1


def test_the_citizen_does_not_see_what_staff_handed_in_for_themselves():
    case, key = walk_to("in_progress"), handed_in()
    take(case, "progress", "handler", progress="已到现场。", photos=[key])
    path = f"public/matters/{case.number}"
    assert Program().get(path, query_code=case.query_code).json()["attachments"] == []
    assert Program().get(f"{path}/attachments/{key}", query_code=case.query_code).status_code == 404
