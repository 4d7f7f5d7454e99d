"""The keys of this installation: files in the folder of secrets, outside the database, mode 0600.

`sealing-00001.key`, `sealing-00002.key`, …: the keys under which fields are encrypted; the highest number is in use,
the others still open what was sealed under them. `lookup.key`: the key of the hashes by which a telephone number is
found; it never changes, or nothing would be found any more. Each file holds 64 hexadecimal digits (256 bits).

**Source:** `stack.md` §11; 《商用密码管理条例》art. 41.
"""

import contextlib
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .errors import Unavailable

MAX_KEY_ID = 65_535
_made: set[Path] = set()
_SEALING = re.compile(r"sealing-(\d{5})\.key")


class KeyMissing(Unavailable):
    """A key that something was sealed under is not in the folder of secrets."""

    code = "key_missing"
    title = _("解密所需的密钥文件不在本机，数据未受影响。请管理员从备份恢复密钥目录后重试。")


class KeyExposed(Unavailable):
    """Others on this machine may read a key file, so it is not used."""

    code = "key_exposed"
    title = _("密钥文件的权限过宽，系统已停止使用。请管理员将其权限改为 0600 后重试。")


def sealing_key(key_id: int) -> bytes:
    """Return the 32 bytes of the sealing key with this number.

    Raises `KeyMissing` when there is no such file, `KeyExposed` when others may read it.
    """
    return _read(_path(_folder(), _name(key_id)))


def current_key_id() -> int:
    """Return the number of the key that seals now; the first call on a new installation makes key 1."""
    folder = _folder()
    newest = _newest(folder, folder.stat().st_mtime_ns)
    if newest:
        return newest
    _make(folder / _name(1))
    return 1


def key_ids() -> list[int]:
    """Return the numbers of all sealing keys, the oldest first."""
    return sorted(
        int(match.group(1)) for path in _folder().iterdir() if (match := _SEALING.fullmatch(path.name))
    )


def rotate() -> int:
    """Make a new sealing key and return its number; from now on it seals, also in processes that already run.

    Two rotations at the same moment make one key.
    """
    key_id = current_key_id() + 1
    if key_id > MAX_KEY_ID:
        raise KeyMissing()
    _make(_folder() / _name(key_id))
    _newest.cache_clear()
    return key_id


def lookup_key() -> bytes:
    """Return the 32 bytes of the key for look-up hashes, made on the first call."""
    path = _path(_folder(), "lookup.key")
    try:
        return _read(path)
    except KeyMissing:
        _make(path)
        return _read(path)


def _folder() -> Path:
    """Return the folder of secrets; it is made when it is not there, and not touched otherwise: every hash asks."""
    folder: Path = settings.QIZHI.secrets_dir
    if folder not in _made:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _made.add(folder)
    return folder


@lru_cache(maxsize=64)
def _path(folder: Path, name: str) -> Path:
    """Return the file `name` in the folder; every seal and every hash asks."""
    return folder / name


def _name(key_id: int) -> str:
    return f"sealing-{key_id:05}.key"


@lru_cache(maxsize=8)
def _newest(_folder_path: Path, _changed_at: int) -> int:
    """Return the highest key number, 0 when there is none; asked again whenever the folder has changed."""
    return max(key_ids(), default=0)


@lru_cache(maxsize=64)
def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii").strip()
    except OSError as error:
        raise KeyMissing() from error
    if mode & 0o077:
        raise KeyExposed()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise KeyMissing()
    return bytes.fromhex(text)


def _make(path: Path) -> None:
    """Write a new key at `path`, unless another process was first.

    The key is written beside and then linked into place: a link fails when the name is taken, and nobody can ever
    read a key that is half written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a key that is lost with the power takes everything sealed under it along
    finally:
        os.close(folder)
