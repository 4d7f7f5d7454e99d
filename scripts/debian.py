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
    """Fetch the lists of packages once and install the given ones; say whether that worked."""
    say(f"Installing Debian's packages: {' '.join(packages)}")
    environment = {**os.environ, **QUIET}
    # An update that fails for one source may still leave all that is needed: the install decides.
    subprocess.run(["apt-get", "update", "-qq"], env=environment, stdin=subprocess.DEVNULL, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0
