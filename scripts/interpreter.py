"""Find a Python that Qizhi runs on; kept so plain that an older Python can read it and say what is wrong."""

from __future__ import annotations

import os
import shutil
import sys

from .base import ROOT, stop

OLDEST, NEWEST = (3, 11), (3, 13)


def suits(version: tuple[int, int]) -> bool:
    """Say whether Qizhi runs on this Python, given as major and minor number."""
    return OLDEST <= version <= NEWEST


def use_a_suitable_python(module: str) -> None:
    """Go on when this Python suits; otherwise start the module again under one from the PATH, or stop."""
    if suits((sys.version_info[0], sys.version_info[1])):
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.chdir(ROOT)
            os.execv(found, [found, "-m", module, *sys.argv[1:]])  # noqa: S606 - no shell is wanted
    stop(
        f"Qizhi needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]} and no other was found. "
        "On Debian 12: apt install python3; then run make again."
    )


def base_python() -> str:
    """Return the interpreter itself, also when make runs inside the environment that is to be made anew."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)
