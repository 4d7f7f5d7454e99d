"""What the tests of packs share: the sample stack, changed at will, and the rules that it names."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from qizhi.kernel.modes.checking import check_pack
from qizhi.kernel.modes.compiling import Compiled
from qizhi.kernel.modes.errors import Finding
from qizhi.kernel.modes.schema import Kind

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Slip:
    """One change to one file of the sample stack: `old` becomes `new`; an empty `old` means the end of the file."""

    file: str
    old: str
    new: str


def stack(folder: Path, *slips: Slip) -> Path:
    """Copy the sample stack into `folder` with the changes, and return the folder of the county's pack."""
    shutil.copytree(PACKS, folder, dirs_exist_ok=True)
    for slip in slips:
        path = folder / slip.file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text() if path.exists() else ""
        assert slip.old in text, f"{slip.file} does not hold {slip.old!r}"
        path.write_text(text.replace(slip.old, slip.new, 1) if slip.old else text + slip.new)
    return folder / "county"


def checked(folder: Path, *slips: Slip) -> Compiled:
    """Return the proven county pack of the sample stack with the changes."""
    return check_pack(stack(folder, *slips))


def line_of(folder: Path, file: str, text: str) -> int:
    """Return the line of `file` on which `text` stands; it must be the only one.

    A text of several lines stands for its first line, or for its last where that is only the name of a field.
    """
    whole = (folder / file).read_text()
    last = text.rpartition("\n")[2]
    offset = text.count("\n") if "\n" in text and last.strip().isidentifier() else 0
    lines = {whole[: found.start()].count("\n") + 1 + offset for found in re.finditer(re.escape(text), whole)}
    assert len(lines) == 1, f"{text!r} stands on lines {sorted(lines)} of {file}"
    return lines.pop()


def cases_of(name: str) -> list[dict[str, str]]:
    """Return the table of cases in the file `name` beside the tests."""
    cases: list[dict[str, str]] = yaml.safe_load((PACKS.parent / name).read_text())
    return cases


def told(found: list[Finding]) -> str:
    """Return the findings as a test's message."""
    return "\n".join(str(one) for one in found)


def kind_of(**transitions: tuple[list[str], str]) -> Kind:
    """Return a small kind from ``name=(from, to)``; the first is the opening, states named ``end…`` are ends."""
    states = {
        state for sources, to in transitions.values() for state in [*sources, to] if state[0] not in "=^"
    }
    words = {"zh": "字", "en": "word"}
    return Kind.model_validate(
        {
            "name": "kind",
            "title": words,
            "number": "K",
            "description": words,
            "opens_with": next(iter(transitions)),
            "states": {
                name: {
                    "name": name,
                    "title": words,
                    "held_by": "centre",
                    "public": words,
                    "end": name.startswith("end"),
                }
                for name in sorted(states)
            },
            "transitions": {
                name: {"name": name, "title": words, "from": sources, "to": to, "by": {"clerk": "centre"}}
                for name, (sources, to) in transitions.items()
            },
        }
    )
