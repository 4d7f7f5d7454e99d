"""The packs of this repository hold: no error, and every case of their own comes out as it says."""

from pathlib import Path

import pytest

from qizhi.kernel.modes.checking import check_pack
from qizhi.kernel.modes.tests.tools import told
from qizhi.kernel.modes.trying import run_cases

MODES = Path(__file__).parents[4] / "modes"
PACKS = sorted(path.parent for path in MODES.glob("*/mode.yaml"))


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_the_pack_has_no_error_and_its_cases_pass(folder):
    pack = check_pack(folder)
    assert not pack.errors, told(pack.errors)
    failed = [(result.case.name, result.faults) for result in run_cases(pack.mode) if not result.passed]
    assert not failed


def test_there_are_packs():
    assert PACKS
