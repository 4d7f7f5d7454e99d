"""Word and Excel files are counted while they are unpacked."""

import io
import struct
import zipfile

import pytest

from qizhi.kernel.kit.uploads import packages
from qizhi.kernel.kit.uploads.packages import check_package
from qizhi.kernel.kit.uploads.refusals import MacrosRefused, PackageBomb, PackageBroken


def packed(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in entries.items():
            archive.writestr(name, body)
    return out.getvalue()


GOOD = {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>" * 500}


@pytest.fixture
def check(tmp_path):
    def run(data):
        path = tmp_path / "draft"
        path.write_bytes(data)
        check_package(path)

    return run


def test_an_ordinary_document_passes(check):
    check(packed(GOOD))


@pytest.mark.parametrize("name", ["word/vbaProject.bin", "xl/vbaProject.bin", "word/VBAPROJECT.BIN"])
def test_macros_are_refused(check, name):
    with pytest.raises(MacrosRefused) as caught:
        check(packed(GOOD | {name: "x"}))
    assert caught.value.code == "package_macros"


def test_a_bomb_that_says_its_size_is_refused(check, monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED_BYTES", 100_000)
    with pytest.raises(PackageBomb) as caught:
        check(packed(GOOD | {"word/media/a.bin": bytes(100_001)}))
    assert caught.value.code == "package_bomb"


def test_a_bomb_that_lies_about_its_size_is_refused(check, monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED_BYTES", 100_000)
    data = packed(GOOD | {"word/media/a.bin": bytes(3_000_000)})
    lying = data.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 10))
    assert lying != data
    with pytest.raises(PackageBomb):
        check(lying)


def test_too_many_entries_are_refused(check, monkeypatch):
    monkeypatch.setattr(packages, "MAX_ENTRIES", 3)
    with pytest.raises(PackageBomb):
        check(packed(GOOD | {"a": "", "b": ""}))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"word/document.xml", b"word/document.xml\xff\xff\xff\xff", 1),
        lambda data: b"",
        lambda data: b"PK\x03\x04" + bytes(100),
        lambda data: data.replace(b"\x00\x00\x08\x00", b"\x01\x00\x08\x00"),  # marked as encrypted
    ],
)
def test_a_broken_or_locked_one_is_refused(check, damage):
    with pytest.raises(PackageBroken) as caught:
        check(damage(packed(GOOD)))
    assert caught.value.code == "package_broken"
