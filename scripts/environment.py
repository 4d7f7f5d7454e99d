"""`make setup`: an environment in .venv with exactly the locked packages and the command .venv/bin/qizhi.

uv installs when it is there, pip otherwise; both take the index that is configured on the machine, and both
check the hash of every file. A stamp remembers what was installed, so a second run does nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import debian
from .base import ROOT, VENV, VENV_PYTHON, say, stop, works
from .interpreter import base_python, suits, use_a_suitable_python

LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}

# The first line may be too long for a kernel, or hold a blank, when the folder's name does: so a shell starts
# the interpreter, and to Python the same two lines are a text that means nothing.
COMMAND = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from qizhi.cli import main

sys.exit(main())
"""


def venv_version() -> str:
    """Return the version of the Python in the environment, empty when there is none that runs."""
    config = VENV / "pyvenv.cfg"
    if not (config.is_file() and VENV_PYTHON.exists()):
        return ""
    found = re.search(r"^version(?:_info)? *= *(\S+)", config.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def usable() -> bool:
    """Say whether the environment that is there can be kept."""
    major, minor = (int(part) for part in (venv_version() or "0.0").split(".")[:2])
    if not suits((major, minor)):
        return False
    # A folder that was moved still names its old place in every command.
    place = VENV / ".place"
    return not place.is_file() or place.read_text(encoding="utf-8") == str(ROOT)


def stamp(purpose: str) -> str:
    """Return what an up-to-date environment for `run` or `test` would have written down."""
    digest = hashlib.sha256()
    for part in (Path(LOCKS[purpose]), Path("pyproject.toml"), Path("scripts/environment.py")):
        digest.update((ROOT / part).read_bytes())
    digest.update(f"{venv_version()} {ROOT}".encode())
    return digest.hexdigest()


def is_current(purpose: str) -> bool:
    """Say whether nothing needs to be done; whoever can test can also run."""
    if not usable():
        return False
    purposes = ["test"] if purpose == "test" else ["run", "test"]
    stamps = [(VENV / f".stamp-{name}", stamp(name)) for name in purposes]
    return any(path.is_file() and path.read_text(encoding="utf-8") == text for path, text in stamps)


def make_with_uv(uv: str) -> bool:
    """Make an empty environment with uv; say whether that worked."""
    return works([uv, "venv", "--quiet", "--no-python-downloads", "--python", base_python(), str(VENV)])


def make_with_venv() -> None:
    """Make an empty environment with Python's own means, or say in one line what the system lacks."""
    if importlib.util.find_spec("ensurepip") is None:
        reason = debian.why_not()
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if reason or not debian.install([package]):
            stop(f"Python's venv is missing here ({reason or 'apt failed'}): sudo apt install {package}")
    if not works([base_python(), "-m", "venv", VENV]):
        stop("Python could not make an environment in .venv; what it said stands above.")


def make(uv: str | None) -> None:
    """Put an empty environment in the place of whatever is there."""
    if VENV.exists():
        say("The environment in .venv does not suit any more and is made anew.")
        shutil.rmtree(VENV)
    if not (uv and make_with_uv(uv)):
        shutil.rmtree(VENV, ignore_errors=True)
        make_with_venv()


def fill_with_uv(uv: str, lock: str) -> bool:
    """Install the locked packages with uv; say whether that worked."""
    command = [uv, "pip", "install", "--quiet", "--python", str(VENV_PYTHON), "--compile-bytecode"]
    return works([*command, "--require-hashes", "--requirements", lock])


def fill_with_pip(lock: str) -> None:
    """Install the locked packages with pip, or stop: pip has then said why."""
    if not works([VENV_PYTHON, "-c", "import pip"]):
        make(None)  # uv makes environments without pip
    # Twice quiet: only errors; a machine's own configuration may warn about each package.
    command = [str(VENV_PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    if not works([*command, "--require-hashes", "--requirement", lock]):
        stop(
            "The packages could not be installed; what pip said stands above. Run make again when it is cured."
        )


def fill(uv: str | None, lock: str) -> None:
    """Install the locked packages; when uv cannot (it does not read pip's configuration), pip does."""
    if uv and fill_with_uv(uv, lock):
        return
    if uv:
        say("uv could not install the packages; trying pip.")
    fill_with_pip(lock)


def link() -> None:
    """Make `import qizhi` and the command `qizhi` work in the environment, straight from this folder."""
    asked = [str(VENV_PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    (site / "qizhi.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "qizhi"
    command.write_text(COMMAND.format(python=VENV_PYTHON), encoding="utf-8")
    command.chmod(0o755)


@contextmanager
def alone() -> Iterator[None]:
    """Let two makes that start at once work one after the other."""
    with (ROOT / "pyproject.toml").open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def ensure(purpose: str) -> None:
    """Bring the environment up to what `run` or `test` needs; does nothing when it is there already."""
    with alone():
        if is_current(purpose):
            return
        uv = shutil.which("uv")
        say(f"Installing what is needed into .venv with {'uv' if uv else 'pip'} (a minute or two, once).")
        if not usable():
            make(uv)
        fill(uv, LOCKS[purpose])
        link()
        (VENV / ".place").write_text(str(ROOT), encoding="utf-8")
        (VENV / f".stamp-{purpose}").write_text(stamp(purpose), encoding="utf-8")


def main() -> None:
    """Set up for running, or for testing when asked by `--test`."""
    use_a_suitable_python("scripts.environment")
    os.chdir(ROOT)
    ensure("test" if "--test" in sys.argv[1:] else "run")


if __name__ == "__main__":
    main()
