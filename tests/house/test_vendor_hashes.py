"""The front-end files that we carry are byte for byte those that `make vendor` copied."""

import json
import re

import pytest

from scripts.base import ROOT
from scripts.vendor import ICONS, STATIC, TESTS, hashes, symbol


@pytest.mark.parametrize("folder", [STATIC, TESTS], ids=["static", "tests"])
def test_every_vendored_file_has_its_recorded_hash(folder):
    assert hashes(folder) == (folder / "HASHES").read_text(encoding="utf-8"), "run `make vendor` and review"


def test_a_changed_or_added_file_changes_the_hashes(tmp_path):
    (tmp_path / "a.js").write_text("1")
    before = hashes(tmp_path)
    (tmp_path / "a.js").write_text("2")
    changed = hashes(tmp_path)
    (tmp_path / "b.js").write_text("1")
    assert len({before, changed, hashes(tmp_path)}) == 3


def test_the_sprite_has_every_icon_once():
    drawn = re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8"))
    assert drawn == sorted(set(ICONS))


def test_an_icon_loses_its_empty_square():
    drawing = '<svg\n width="24">\n <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n <path d="M1 1" />\n</svg>'
    assert symbol("dot", drawing).endswith('stroke-linejoin="round"><path d="M1 1" /></symbol>')


@pytest.mark.parametrize("folder", [STATIC, TESTS], ids=["static", "tests"])
def test_no_vendored_file_points_to_a_source_map(folder):
    texts = [path for path in folder.rglob("*") if path.suffix in {".js", ".css"}]
    assert texts
    assert [path.name for path in texts if b"sourceMappingURL=" in path.read_bytes()[-200:]] == []


def test_each_library_comes_with_its_licence():
    folders = [path for place in (STATIC, TESTS) for path in place.iterdir() if path.is_dir()]
    assert len(folders) >= 4
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []


def test_the_npm_lock_pins_hashes_and_no_address():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []
