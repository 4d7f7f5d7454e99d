"""What all scripts share: where the repository is, and how they speak."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def say(text: str) -> None:
    """Print one line at once, also when the output goes into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stop(text: str) -> NoReturn:
    """End the program with one line on the error stream and exit code 1."""
    sys.stdout.flush()
    sys.stderr.write(f"{text}\n")
    raise SystemExit(1)


def works(command: Sequence[str | Path]) -> bool:
    """Run a command in the repository, its output shown; say whether it ended well."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode == 0
