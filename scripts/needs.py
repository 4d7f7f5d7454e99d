"""What the tests need beyond Python: a browser, a Chinese font and a PostgreSQL server."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import debian, postgres
from .base import say

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Need:
    """One thing from outside, the package that brings it and what cannot run without it."""

    name: str
    package: str
    without: str
    is_there: Callable[[], bool]


def has_browser() -> bool:
    """Say whether a browser that the tests can drive is on the PATH."""
    return any(shutil.which(name) for name in BROWSERS)


def has_chinese_font() -> bool:
    """Say whether Chinese would be drawn as letters and not as boxes."""
    if shutil.which("fc-list"):
        told = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
        return bool(told.stdout.strip())
    return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))


NEEDS = (
    Need("Chromium", "chromium", "the browser tests", has_browser),
    Need("a Chinese font", "fonts-noto-cjk", "a readable picture of a page", has_chinese_font),
    Need("PostgreSQL", "postgresql", "the tests on PostgreSQL", lambda: postgres.programs() is not None),
)


def missing() -> list[Need]:
    """Return what is not there now."""
    return [need for need in NEEDS if not need.is_there()]


def provide() -> list[Need]:
    """Install what is missing where that is possible; say in one line what stays away, and return it."""
    lacking = missing()
    if not lacking:
        return []
    reason = debian.why_not()
    if not reason:
        reason = "" if debian.install([need.package for need in lacking]) else "apt-get failed"
        lacking = missing()
    if lacking:
        say(
            f"Missing: {', '.join(need.name for need in lacking)} ({reason or 'still not found'}); "
            f"therefore not run: {', '.join(need.without for need in lacking)}. "
            f"To have it all: sudo apt install {' '.join(need.package for need in lacking)}"
        )
    return lacking
