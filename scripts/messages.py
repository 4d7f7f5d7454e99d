"""`make messages`: gather the words of the house into the English catalogue, and compile it.

The words in code and templates are Chinese and stand for themselves, so English is the only catalogue. Gathering needs
GNU gettext; compiling needs nothing, so that a machine without it can still mend a word.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .base import ROOT, VENV_PYTHON, say, stop
from .catalogue import Entry, compiled, read

PO = ROOT / "qizhi" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
# What no user reads, or what holds no words of ours.
ASIDE = ("tests", "testing", "migrations", "static", "__pycache__")
MAKE = ("makemessages", "--locale", "en", "--add-location", "file", "--no-obsolete", "--no-wrap")
SORT = ("msgattrib", "--sort-by-file", "--add-location=file", "--no-wrap")


def gather() -> None:
    """Merge the messages of code and templates into the catalogue, sorted by file, without line numbers and dates.

    It works on a copy: Django writes a file beside every template while it reads it.
    """
    with tempfile.TemporaryDirectory(prefix="qizhi-messages-") as folder:
        copy = Path(folder) / "qizhi"
        shutil.copytree(ROOT / "qizhi", copy, ignore=shutil.ignore_patterns(*ASIDE))
        merged = copy / PO.relative_to(ROOT / "qizhi")
        merged.parent.mkdir(parents=True, exist_ok=True)
        run([str(VENV_PYTHON), "-P", "-m", "django", *MAKE, "--verbosity", "0"], copy)
        text = run([*SORT, str(merged)], copy)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(re.sub(r'^"POT-Creation-Date:.*\n', "", text, flags=re.MULTILINE), encoding="utf-8")


def run(command: Sequence[str], folder: Path) -> str:
    """Return what a command prints; stop with its own words when it fails."""
    # With settings, Django would write into the catalogues that these name.
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        stop(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def summary(entries: Sequence[Entry]) -> str:
    """Say how many messages there are and which still need a translator."""
    open_ones = [entry.id for entry in entries if not entry.is_translated]
    lines = [f"{len(entries) - 1} messages, {len(open_ones)} of them to translate or to check."]
    return "\n".join([*lines, *(f"  {message}" for message in open_ones)])


def main() -> None:
    """Gather where gettext is there, and compile in any case."""
    has_gettext = shutil.which("xgettext") is not None
    if has_gettext:
        gather()
    entries = read(PO.read_text(encoding="utf-8"))
    MO.write_bytes(compiled(entries))
    say(summary(entries))
    if not has_gettext:
        stop("Only compiled: gathering new words needs GNU gettext (Debian: apt install gettext).")


if __name__ == "__main__":
    main()
