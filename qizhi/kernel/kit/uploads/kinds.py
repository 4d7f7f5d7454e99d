"""What may be handed in, told by the first bytes; the name a sender gave decides nothing."""

import codecs
import re
import unicodedata
import zipfile
from enum import StrEnum
from pathlib import Path

import puremagic

from .refusals import ActiveContent, HeicRefused, KindRefused

HEAD_BYTES = 4096
MAX_NAME = 80


class FileKind(StrEnum):
    """A kind that is allowed; its value is its media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    TEXT = "text/plain"
    MP3 = "audio/mpeg"
    M4A = "audio/mp4"
    MP4 = "video/mp4"


IMAGES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.WEBP, FileKind.GIF})
PACKAGES = frozenset({FileKind.DOCX, FileKind.XLSX})

EXTENSIONS = {
    FileKind.JPEG: "jpg",
    FileKind.PNG: "png",
    FileKind.WEBP: "webp",
    FileKind.GIF: "gif",
    FileKind.PDF: "pdf",
    FileKind.DOCX: "docx",
    FileKind.XLSX: "xlsx",
    FileKind.TEXT: "txt",
    FileKind.MP3: "mp3",
    FileKind.M4A: "m4a",
    FileKind.MP4: "mp4",
}

_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), FileKind.JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), FileKind.PNG),
    (re.compile(rb"GIF8[79]a"), FileKind.GIF),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), FileKind.WEBP),
    (re.compile(rb"%PDF-[12]\."), FileKind.PDF),
    (re.compile(rb"....ftyp(?:M4A |M4B )", re.DOTALL), FileKind.M4A),
    (re.compile(rb"....ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|3gp[4-9])", re.DOTALL), FileKind.MP4),
    (re.compile(rb"ID3[\x02-\x04]"), FileKind.MP3),
)
_HEIC = re.compile(rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL)
_MARKUP = re.compile(
    rb"<script[\s>/]|<html[\s>]|<!doctype\s+html|<\?php\s|<iframe[\s>]|<svg[\s>]|<body[\s>]", re.IGNORECASE
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def recognise(path: Path, name: str) -> FileKind:
    """Return the kind of the file at `path`; `name` is only asked whether a text is meant as one (`.txt`).

    Raises `KindRefused` (with `details["looks_like"]`) for everything not allowed, `HeicRefused` for Apple's photos
    and `ActiveContent` when web page text begins the file.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if _HEIC.match(head):
        raise HeicRefused()
    kind = _by_signature(head) or _by_package(path, head) or _by_text(path, name)
    if kind is None:
        raise KindRefused(details={"looks_like": _looks_like(head)})
    if has_markup(head):
        raise ActiveContent()
    return kind


def has_markup(data: bytes) -> bool:
    """Say whether a browser that guesses might take some part of these bytes for a web page."""
    return _MARKUP.search(data) is not None


def clean_name(name: str, kind: FileKind) -> str:
    """Return a name that is safe to store and to offer: no folders, no hidden signs, the extension of its kind.

    Signs that turn the direction of writing are dropped: they make `gpj.exe` read `exe.jpg`.
    """
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    base = re.sub(r'[<>:"|?*]', "_", base)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", base).strip(" .")
    return f"{stem[:MAX_NAME].strip(' .') or '文件'}.{EXTENSIONS[kind]}"


def _by_signature(head: bytes) -> FileKind | None:
    for signature, kind in _SIGNATURES:
        if signature.match(head):
            return kind
    return FileKind.MP3 if _is_mpeg_audio(head) else None


def _is_mpeg_audio(head: bytes) -> bool:
    """Say whether two frames of MPEG-1/2 layer III follow each other, as they do in an MP3 without a tag."""
    length = _frame_length(head[:4])
    return length > 0 and _frame_length(head[length : length + 4]) > 0


def _frame_length(header: bytes) -> int:
    """Return the bytes of the layer III frame that this header opens, 0 when it opens none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate, sampling = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in {0, 15} or sampling == 3:
        return 0
    first = version == 3
    kilobits = (_KILOBITS_1 if first else _KILOBITS_2)[rate - 1]
    hertz = (44_100, 48_000, 32_000)[sampling] // {3: 1, 2: 2, 0: 4}[version]
    return (144_000 if first else 72_000) * kilobits // hertz + (header[2] >> 1 & 1)


_KILOBITS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def _by_package(path: Path, head: bytes) -> FileKind | None:
    if not head.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return FileKind.DOCX
    return FileKind.XLSX if "xl/workbook.xml" in names else None


def _by_text(path: Path, name: str) -> FileKind | None:
    if not name.lower().endswith(".txt"):
        return None
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = codecs.decode(data, encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.search(text) else FileKind.TEXT
    return None


def _looks_like(head: bytes) -> str:
    """Return the media type that a refused file seems to have, for the person who wonders why."""
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return "application/octet-stream"
    return next((guess.mime_type for guess in guesses if guess.mime_type), "application/octet-stream")
