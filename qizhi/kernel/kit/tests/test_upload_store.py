"""The store: written whole or not at all, for its owner only."""

import hashlib
import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from qizhi.kernel.kit.uploads import (
    MAX_BYTES,
    FileKind,
    discard,
    open_file,
    open_preview,
    save_upload,
    sweep_drafts,
)
from qizhi.kernel.kit.uploads.kinds import IMAGES
from qizhi.kernel.kit.uploads.refusals import FileEmpty, FileMissing, FileTooLarge, ImageBroken, KindRefused

PDF = b"%PDF-1.7\n" + b"x" * 200_000


def photo():
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "green").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def files(house):
    """The files that lie in the store."""
    return lambda: sorted(path for path in house.files_dir.rglob("*") if path.is_file())


def test_a_document_is_stored_as_it_came(files):
    stored = save_upload(io.BytesIO(PDF), "../情况说明.pdf")
    assert (stored.name, stored.media_type) == ("情况说明.pdf", "application/pdf")
    assert (stored.size, stored.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert not stored.has_preview
    with open_file(stored.id) as file:
        assert file.read() == PDF
    assert [path.name for path in files()] == [str(stored.id)]
    assert files()[0].parent.name == stored.id.hex[-2:]


def test_only_the_owner_reads_files_and_folders(house, files):
    save_upload(io.BytesIO(photo()), "a.jpg")
    assert {path.stat().st_mode & 0o777 for path in files()} == {0o600}
    folders = [path for path in house.files_dir.rglob("*") if path.is_dir()]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_a_picture_is_stored_encoded_anew_with_its_preview():
    stored = save_upload(SimpleUploadedFile("照片.jpeg", photo()), "照片.jpeg")
    assert stored.has_preview
    assert stored.name == "照片.jpg"
    with open_file(stored.id) as file:
        data = file.read()
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    with open_preview(stored.id) as file:
        assert Image.open(file).size == (800, 600)


class Endless:
    """A sender who never stops; counts what was taken."""

    taken = 0

    def read(self, size=-1, /):
        self.taken += size
        return b"%PDF-1.7"[: size if size < 8 else 8].ljust(size, b"x")


def test_twenty_megabytes_pass_and_one_byte_more_does_not(files):
    exact = b"%PDF-1.7\n".ljust(MAX_BYTES, b"x")
    discard(save_upload(io.BytesIO(exact), "a.pdf").id)
    with pytest.raises(FileTooLarge) as caught:
        save_upload(io.BytesIO(exact + b"x"), "a.pdf")
    assert "20 MB" in str(caught.value)
    assert (caught.value.code, caught.value.status) == ("file_too_large", 413)
    assert files() == []


def test_it_stops_reading_at_the_limit(files):
    sender = Endless()
    with pytest.raises(FileTooLarge):
        save_upload(sender, "a.pdf", limit=1_000_000)
    assert sender.taken < 1_100_000
    assert files() == []


@pytest.mark.parametrize(
    ("data", "name", "refusal"),
    [
        (b"", "a.jpg", FileEmpty),
        (b"MZ\x90\x00" + bytes(500), "a.jpg", KindRefused),
        (photo()[:5000], "a.jpg", ImageBroken),
    ],
)
def test_nothing_is_left_of_a_refused_file(files, data, name, refusal):
    with pytest.raises(refusal):
        save_upload(io.BytesIO(data), name)
    assert files() == []


def test_a_form_may_accept_pictures_only(files):
    with pytest.raises(KindRefused):
        save_upload(io.BytesIO(PDF), "a.pdf", accept=IMAGES)
    assert save_upload(io.BytesIO(photo()), "a.jpg", accept=IMAGES).media_type == FileKind.JPEG
    assert len(files()) == 2


def test_a_discarded_file_is_gone_and_may_be_discarded_again(files):
    stored = save_upload(io.BytesIO(photo()), "a.jpg")
    discard(stored.id)
    discard(stored.id)
    assert files() == []
    with pytest.raises(FileMissing):
        open_file(stored.id)


def test_a_document_has_no_preview():
    with pytest.raises(FileMissing):
        open_preview(save_upload(io.BytesIO(PDF), "a.pdf").id)


def test_drafts_of_a_killed_process_are_swept(house):
    save_upload(io.BytesIO(PDF), "a.pdf")
    now = datetime(2026, 11, 24, tzinfo=UTC)
    for name, age in {"old.raw": timedelta(days=1, seconds=1), "new.raw": timedelta(hours=23)}.items():
        path = house.files_dir / "drafts" / name
        path.write_bytes(b"x")
        os.utime(path, (0, (now - age).timestamp()))
    assert sweep_drafts(now) == 1
    assert [path.name for path in (house.files_dir / "drafts").iterdir()] == ["new.raw"]
