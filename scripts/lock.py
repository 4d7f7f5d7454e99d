"""`make lock`: resolve pyproject.toml into requirements.lock and requirements-dev.lock.

The locks hold versions and hashes for every system and every supported Python, and no address, so that a
mirror or a closed network can serve them.
"""

from __future__ import annotations

import shutil
import sys

from .base import VENV, stop, works

OPTIONS = ("--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet")


def main() -> None:
    """Resolve anew; `--upgrade` takes newer versions, without it only what must change does."""
    uv = shutil.which("uv") or shutil.which(VENV / "bin" / "uv")
    if uv is None:
        stop("make lock needs uv: .venv/bin/python -m pip install uv")
    resolve = [uv, "pip", "compile", *OPTIONS, *sys.argv[1:], "pyproject.toml"]
    test = [*resolve, "--group", "dev", "--output-file", "requirements-dev.lock"]
    # What runs must be the very same versions as what was tested.
    run = [*resolve, "--constraints", "requirements-dev.lock", "--output-file", "requirements.lock"]
    if not (works(test) and works(run)):
        stop("The packages could not be resolved; what uv said stands above.")


if __name__ == "__main__":
    main()
