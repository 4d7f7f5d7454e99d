"""Where files lie: `files/<last two digits>/<uuid>`, mode 0600, each written whole or not at all.

The last two digits are random; the first ones of a UUIDv7 are the time and would fill one folder after the other.
"""

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from ..keys import uuid7
from .images import Photo, clean_image
from .kinds import IMAGES, PACKAGES, FileKind, clean_name, recognise
from .packages import check_package
from .refusals import FileEmpty, FileMissing, FileTooLarge, KindRefused
from .scanner import scan

MAX_BYTES = 20 * 1024 * 1024
_CHUNK = 1 << 16


class Readable(Protocol):
    """What can be read in pieces: an uploaded file of Django, or an open file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file that is in the store: what a room keeps in its own row beside it.

    `size` in bytes and `sha256` are of the stored content, which for a picture is the one encoded anew. `taken_at`,
    `lon` and `lat` (WGS 84) are what a photo said before it was stripped.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    has_preview: bool
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


class _Draft:
    """The files that one upload needs until it is whole: as it came, cleaned, and its preview."""

    def __init__(self, folder: Path, file_id: UUID) -> None:
        self.file_id = file_id
        self.raw = folder / f"{file_id}.raw"
        self.clean = folder / f"{file_id}.clean"
        self.preview = folder / f"{file_id}.preview"


def save_upload(
    file: Readable, name: str, *, accept: Collection[FileKind] = tuple(FileKind), limit: int = MAX_BYTES
) -> StoredFile:
    """Check, clean and store one file; return what is to be kept about it.

    It is read in pieces and never further than `limit` bytes; `accept` narrows the kinds, for example to pictures.
    Nothing is left behind when it is refused. The caller stores the row; should that fail, `discard` takes the file
    back.

    Raises one of `refusals`: each says in a sentence what is wrong with the file.
    """
    file_id = uuid7()
    draft = _Draft(_drafts(), file_id)
    try:
        _receive(file, draft.raw, limit)
        kind = recognise(draft.raw, name)
        if kind not in accept:
            raise KindRefused(details={"looks_like": kind.value})
        scan(draft.raw)
        photo = _prepare(draft, kind)
        return _publish(draft, clean_name(name, kind), kind, photo)
    finally:
        for path in (draft.raw, draft.clean, draft.preview):
            path.unlink(missing_ok=True)


def open_file(file_id: UUID) -> BinaryIO:
    """Open the stored content for reading; raises `FileMissing` when it is not there."""
    return _open(_path(file_id))


def open_preview(file_id: UUID) -> BinaryIO:
    """Open the WebP preview of a stored picture for reading; raises `FileMissing` when there is none."""
    return _open(_path(file_id).with_suffix(".webp"))


def discard(file_id: UUID) -> None:
    """Delete a stored file and its preview; a file that is not there is no error."""
    path = _path(file_id)
    path.with_suffix(".webp").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def sweep_drafts(now: datetime) -> int:
    """Delete what a killed process left half written more than a day ago; return how many files there were."""
    old = [
        path for path in _drafts().iterdir() if path.stat().st_mtime < (now - timedelta(days=1)).timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _drafts() -> Path:
    folder: Path = settings.QIZHI.files_dir / "drafts"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path(file_id: UUID) -> Path:
    folder: Path = settings.QIZHI.files_dir
    return folder / file_id.hex[-2:] / str(file_id)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise FileMissing() from error


def _create(path: Path) -> BinaryIO:
    """Open a new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _receive(file: Readable, draft: Path, limit: int) -> None:
    """Write what arrives to `draft`, and stop at the first byte too many."""
    size = 0
    with _create(draft) as target:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                message = _("单个文件不能超过 %(mb)d MB，这个文件没有保存。请压缩或拆分后再上传。")
                raise FileTooLarge(message % {"mb": max(1, limit >> 20)}, details={"limit": limit})
            target.write(chunk)
    if not size:
        raise FileEmpty()


def _prepare(draft: _Draft, kind: FileKind) -> Photo | None:
    """Look inside; of a picture write the clean one and its preview, and return what it told."""
    if kind in PACKAGES:
        check_package(draft.raw)
    if kind not in IMAGES:
        return None
    for path in (draft.clean, draft.preview):
        _create(path).close()
    return clean_image(draft.raw, draft.clean, draft.preview, kind)


def _publish(draft: _Draft, name: str, kind: FileKind, photo: Photo | None) -> StoredFile:
    """Move the finished files into place, the content last: whoever finds it finds its preview too."""
    content = draft.clean if photo else draft.raw
    target = _path(draft.file_id)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with content.open("rb") as finished:
        sha256 = hashlib.file_digest(finished, "sha256").hexdigest()
    size = content.stat().st_size
    if photo:
        _move(draft.preview, target.with_suffix(".webp"))
    _move(content, target)
    return StoredFile(
        id=draft.file_id,
        name=name,
        media_type=kind.value,
        size=size,
        sha256=sha256,
        has_preview=photo is not None,
        taken_at=photo.taken_at if photo else None,
        lon=photo.lon if photo else None,
        lat=photo.lat if photo else None,
    )


def _move(source: Path, target: Path) -> None:
    """Bring the bytes to the disk, then give them their name, then bring the name to the disk."""
    _sync(source)
    source.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
