"""Word and Excel files are folders packed as zip: looked into before anything opens them."""

import zipfile
import zlib
from pathlib import Path

from .refusals import MacrosRefused, PackageBomb, PackageBroken

MAX_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
_CHUNK = 1 << 20


def check_package(path: Path) -> None:
    """Unpack a docx or xlsx into nowhere, and refuse it when it is a bomb, broken, locked or carries macros.

    What the entries say of their size is not believed: they are counted while they are unpacked.

    Raises `PackageBomb`, `PackageBroken` or `MacrosRefused`.
    """
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise PackageBomb()
            if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
                raise MacrosRefused()
            _unpack(package, entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise PackageBroken() from error


def _unpack(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    left = MAX_UNPACKED_BYTES
    for entry in entries:
        # The reader stops at the size that the entry states; with a larger one it shows the true size.
        entry.file_size = left + 2 * _CHUNK
        with package.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise PackageBomb()
