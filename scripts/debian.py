"""Install packages of Debian (or a system made from it) when that is possible without asking anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from .base import say

QUIET = {"DEBIAN_FRONTEND": "noninteractive", "DEBIAN_PRIORITY": "critical"}


def why_not() -> str:
    """Return why packages cannot be installed here, or an empty text when they can."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get"
    return "" if os.geteuid() == 0 else "you are not root"


def install(packages: Sequence[str]) -> bool:
    """Fetch the lists of packages once and install the given ones; say whether that worked.

    What apt says is shown only when it fails.
    """
    say(f"Installing Debian's packages: {' '.join(packages)} …")
    # An update that fails for one source may still leave all that is needed: the install decides.
    update, install = apt("update"), apt("install", "--yes", "--no-install-recommends", *packages)
    if install.returncode:
        say("\n".join([*update.stdout.splitlines()[-5:], *install.stdout.splitlines()[-15:]]))
    return install.returncode == 0


def apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run apt-get without a question, waiting for another apt that may be at work."""
    return subprocess.run(
        ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, **QUIET},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
