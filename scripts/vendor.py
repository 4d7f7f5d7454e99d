"""`make vendor`: copy the few built front-end files, with their licences, and write their hashes.

Versions and hashes of the packages are pinned in package.json and package-lock.json. What is copied is
committed, so neither Node nor the network is needed to install, run or test Qizhi.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .base import ROOT, say, stop

STATIC = ROOT / "qizhi" / "faces" / "static" / "vendor"
TESTS = ROOT / "tests" / "vendor"

# From the package's file to ours. Alpine's package has no licence text: alpine/LICENSE is kept by hand.
STATIC_FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "@popperjs/core/LICENSE.md": "bootstrap/LICENSE.popper",
    "@alpinejs/csp/dist/cdn.min.js": "alpine/alpine-csp.min.js",
    "@vue/reactivity/LICENSE": "alpine/LICENSE.vue",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images/layers.png": "leaflet/images/layers.png",
    "leaflet/dist/images/layers-2x.png": "leaflet/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png": "leaflet/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png": "leaflet/images/marker-shadow.png",
    "leaflet/LICENSE": "leaflet/LICENSE",
    "@tabler/icons/LICENSE": "icons.LICENSE",
}
TEST_FILES = {
    "axe-core/axe.min.js": "axe/axe.min.js",
    "axe-core/LICENSE": "axe/LICENSE",
    "axe-core/LICENSE-3RD-PARTY.txt": "axe/LICENSE-3RD-PARTY.txt",
}
ICONS = """
    home inbox list search filter download clock alarm map-pin map camera photo phone user users building
    send arrow-back arrow-right check checks x alert-triangle info-circle star message message-circle
    refresh lock logout language text-size printer plus edit eye eye-off chart-bar sitemap git-branch
    calendar flag hand-stop player-pause player-play history link file-text paperclip bell settings menu-2
    chevron-right chevron-down qrcode share hourglass
""".split()

# A named map file that is not shipped would stop `collectstatic`.
SOURCE_MAP = re.compile(rb"\s*(?://#\s*sourceMappingURL=\S+|/\*#\s*sourceMappingURL=\S+\s*\*/)\s*$")
EMPTY_SQUARE = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def copy(packages: Path, target: Path, files: dict[str, str]) -> None:
    """Copy files out of the package folder, without their pointers to source maps."""
    for source, name in files.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        content = (packages / source).read_bytes()
        place.write_bytes(SOURCE_MAP.sub(b"\n", content) if place.suffix in {".js", ".css"} else content)


def symbol(name: str, drawing: str) -> str:
    """Return one outline icon as a symbol of the sprite."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if found is None:
        stop(f"The icon {name} is not a drawing as expected.")
    paths = " ".join(found[1].replace(EMPTY_SQUARE, "").split()).replace("> <", "><")
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
    )


def sprite(drawings: Path) -> str:
    """Return all icons as one drawing; a page shows one by `<use href="…/icons.svg#name">`."""
    symbols = [symbol(name, (drawings / f"{name}.svg").read_text(encoding="utf-8")) for name in sorted(ICONS)]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


def hashes(folder: Path) -> str:
    """Return one line for each file of the folder, as `sha256sum` writes it, in order of the names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "HASHES")
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    )


def main() -> None:
    """Fetch the pinned packages into a folder that goes away again, and copy what is needed."""
    if shutil.which("npm") is None:
        stop("make vendor needs npm (Debian: apt install npm); nothing else in this repository does.")
    with tempfile.TemporaryDirectory(prefix="qizhi-vendor-") as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, folder)
        subprocess.run(["npm", "ci"], cwd=folder, check=True)
        packages = Path(folder) / "node_modules"
        copy(packages, STATIC, STATIC_FILES)
        copy(packages, TESTS, TEST_FILES)
        icons = sprite(packages / "@tabler" / "icons" / "icons" / "outline")
    (STATIC / "icons.svg").write_text(icons, encoding="utf-8")
    for place in (STATIC, TESTS):
        (place / "HASHES").write_text(hashes(place), encoding="utf-8")
    say(
        f"Copied {len(STATIC_FILES) + len(TEST_FILES)} files and {len(ICONS)} icons; look at `git diff --stat`."
    )


if __name__ == "__main__":
    main()
