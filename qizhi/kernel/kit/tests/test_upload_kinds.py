"""First bytes decide, never the name."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from qizhi.kernel.kit.errors import Invalid
from qizhi.kernel.kit.uploads.kinds import FileKind, clean_name, recognise
from qizhi.kernel.kit.uploads.refusals import ActiveContent, HeicRefused, KindRefused


def picture(form, **options):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, form, **options)
    return out.getvalue()


def package(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (picture("JPEG"), "a.jpg", FileKind.JPEG),
        (picture("JPEG"), "a.exe", FileKind.JPEG),
        (picture("PNG"), "a.png", FileKind.PNG),
        (picture("WEBP"), "a", FileKind.WEBP),
        (picture("GIF"), "a.gif", FileKind.GIF),
        (b"%PDF-1.7\n%\xe2\xe3", "a.pdf", FileKind.PDF),
        (package("[Content_Types].xml", "word/document.xml"), "a.docx", FileKind.DOCX),
        (package("[Content_Types].xml", "xl/workbook.xml"), "a.zip", FileKind.XLSX),
        ("情况说明".encode(), "a.TXT", FileKind.TEXT),
        ("情况说明".encode("gb18030"), "a.txt", FileKind.TEXT),
        ("\ufeff情况说明\r\n".encode(), "a.txt", FileKind.TEXT),
        (b"ID3\x03\x00" + bytes(20), "a.mp3", FileKind.MP3),
        (MP3_FRAME * 3, "a.mp3", FileKind.MP3),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00", "a.m4a", FileKind.M4A),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", "a.mp4", FileKind.MP4),
        (b"\x00\x00\x00\x20ftypmp42\x00\x00\x02\x00", "a.mp4", FileKind.MP4),
    ],
)
def test_it_recognises_what_is_allowed(tmp_path, data, name, kind):
    path = tmp_path / "draft"
    path.write_bytes(data)
    assert recognise(path, name) is kind


@pytest.mark.parametrize(
    ("data", "name", "looks_like"),
    [
        (b"MZ\x90\x00\x03" + bytes(200), "photo.jpg", "application/vnd.microsoft.portable-executable"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "photo.jpg", "application/"),
        (b"<html><script>alert(1)</script>", "photo.jpg", "text/html"),
        (b"<html><script>alert(1)</script>", "photo.html", "text/html"),
        (b"#!/bin/sh\nrm -rf /\n", "run.sh", ""),
        ("情况说明".encode(), "a.jpg", ""),
        (b"Rar!\x1a\x07\x00" + bytes(100), "a.docx", "rar"),
        (b"PK\x03\x04" + bytes(100), "a.docx", ""),
        (package("readme.txt"), "a.docx", ""),
        (package("[Content_Types].xml", "ppt/presentation.xml"), "a.pptx", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.doc", ""),
        (b"a\x00b", "a.txt", ""),
        (b"\xff\xfe\xff\xff", "a.txt", ""),
        (b"\xff\xfb\x90\x00 no second frame", "a.mp3", ""),
        (b"\x00\x00\x00\x20ftypqt  ", "a.mov", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", ""),
        (b"x", "", ""),
    ],
)
def test_it_refuses_everything_else_and_names_it(tmp_path, data, name, looks_like):
    path = tmp_path / "draft"
    path.write_bytes(data)
    with pytest.raises(KindRefused) as caught:
        recognise(path, name)
    assert caught.value.code == "file_kind_refused"
    assert looks_like in caught.value.details["looks_like"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!DOCTYPE html><p>", "a.txt"),
        (b"hello <script src=x>", "a.txt"),
        (b"%PDF-1.7\n<html >", "a.pdf"),
        (b"GIF89a/*<SCRIPT>*/", "a.gif"),
    ],
)
def test_a_web_page_in_disguise_is_refused(tmp_path, data, name):
    path = tmp_path / "draft"
    path.write_bytes(data)
    with pytest.raises(ActiveContent):
        recognise(path, name)


def test_an_apple_photo_gets_its_own_advice(tmp_path):
    path = tmp_path / "draft"
    path.write_bytes(b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic")
    with pytest.raises(HeicRefused) as caught:
        recognise(path, "IMG_0001.HEIC")
    assert caught.value.code == "file_heic"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"PK\x03\x04", b"\xff\xfb\x90", b"\x00\x00\x00\x20ftyp"]),
    st.binary(max_size=300),
    st.sampled_from(["a.txt", "a.jpg"]),
)
def test_no_bytes_break_it(tmp_path, start, rest, name):
    path = tmp_path / "draft"
    path.write_bytes(start + rest)
    try:
        kind = recognise(path, name)
    except Invalid:
        return
    assert kind in FileKind


@pytest.mark.parametrize(
    ("name", "kind", "cleaned"),
    [
        ("现场照片.JPG", FileKind.JPEG, "现场照片.jpg"),
        ("photo.exe", FileKind.JPEG, "photo.jpg"),
        ("../../etc/passwd", FileKind.TEXT, "passwd.txt"),
        ("C:\\Users\\a\\说明.docx", FileKind.DOCX, "说明.docx"),
        ("abc\u202egpj.exe", FileKind.JPEG, "abcgpj.jpg"),
        ("a\x00b\nc.png", FileKind.PNG, "abc.png"),
        ('a<b>"c".pdf', FileKind.PDF, "a_b__c_.pdf"),
        ("v1.2 第3版.pdf", FileKind.PDF, "v1.2 第3版.pdf"),
        ("", FileKind.PNG, "文件.png"),
        (".png", FileKind.PNG, "文件.png"),
        ("..", FileKind.PNG, "文件.png"),
        ("长" * 300 + ".png", FileKind.PNG, "长" * 80 + ".png"),
    ],
)
def test_names_are_cleaned(name, kind, cleaned):
    assert clean_name(name, kind) == cleaned


@given(st.text(max_size=200))
def test_no_name_can_leave_its_folder(name):
    cleaned = clean_name(name, FileKind.PNG)
    assert "/" not in cleaned
    assert "\\" not in cleaned
    assert not cleaned.startswith(".")
    assert len(cleaned) <= 84
