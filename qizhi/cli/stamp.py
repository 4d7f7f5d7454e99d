"""The stamp of what was prepared: a second start of unchanged code and data begins at once."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from qizhi.config.env import Env

FOLDERS = ("qizhi", "modes")


class Stamp:
    """A hash over what preparing depends on: the code, the packs, the options and the demonstration's password.

    It lies in the data folder beside the database. With a database server it never holds, since another may have
    changed what lies there.
    """

    def __init__(self, env: Env, root: Path, options: Sequence[str]) -> None:
        self.env = env
        self.path = env.data_dir / ".prepared"
        password = os.environ.get("QIZHI_DEMO_PASSWORD", "")
        total = hashlib.sha256("\n".join([*options, password]).encode())
        for line in _files(root):
            total.update(line.encode())
        self.value = total.hexdigest()

    def holds(self) -> bool:
        """Tell whether all was prepared just so, and the database is still there."""
        if self.env.database_url or not (self.env.data_dir / "qizhi.sqlite3").exists():
            return False
        return self.path.exists() and self.path.read_text() == self.value

    def write(self) -> None:
        """Note that all is prepared."""
        self.path.write_text(self.value)


def _files(root: Path) -> Iterator[str]:
    """Yield path, size and time of every file that preparing reads."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                stat = path.stat()
                yield f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n"
