"""A catalogue of translations: read as text (.po), compiled to what Python's gettext loads (.mo).

Only Python's own library, so that a catalogue can be mended and proven where GNU gettext is missing.

**Source:** GNU gettext manual, 3 The Format of PO Files, 10 Producing Binary MO Files.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

_MAGIC, _REVISION, _HEAD_BYTES = 0x950412DE, 0, 28
_LINE = re.compile(r'(?:#~ ?)?(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[\d+\])? )?(".*")')


@dataclass
class Entry:
    """One message: its id as the source has it, its translations (several when it has a plural), and its marks."""

    id: str = ""
    plural: str = ""
    context: str = ""
    texts: list[str] = field(default_factory=list)
    is_fuzzy: bool = False
    is_obsolete: bool = False

    @property
    def key(self) -> str:
        """How the message is looked up: context and id."""
        return f"{self.context}\x04{self.id}" if self.context else self.id

    @property
    def is_translated(self) -> bool:
        """Whether gettext would use it: not obsolete, nobody doubts it, and no form is empty."""
        return not self.is_obsolete and not self.is_fuzzy and bool(self.texts) and all(self.texts)


def read(text: str) -> list[Entry]:
    """Return the entries of a .po file in their order; the first, whose id is empty, is the header."""
    return [entry for block in re.split(r"\n{2,}", text) if (entry := _entry(block)) is not None]


def _entry(block: str) -> Entry | None:
    """Read one entry; None for a block of comments."""
    entry, parts = Entry(), {"msgctxt": "", "msgid": "", "msgid_plural": ""}
    part = ""
    for line in block.splitlines():
        if line.startswith("#,"):
            entry.is_fuzzy = "fuzzy" in re.split(r"[\s,]+", line)
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        entry.is_obsolete = line.startswith("#~")
        part = found[1] or part
        if part != "msgstr":
            parts[part] += ast.literal_eval(found[2])
        elif found[1]:
            entry.texts.append(ast.literal_eval(found[2]))
        else:
            entry.texts[-1] += ast.literal_eval(found[2])
    entry.context, entry.id, entry.plural = parts["msgctxt"], parts["msgid"], parts["msgid_plural"]
    return entry if part else None


def compiled(entries: Iterable[Entry]) -> bytes:
    """Return the .mo file of the translated entries: a head, two tables of lengths and places, then the texts."""
    pairs = sorted(
        (
            (f"{entry.key}\0{entry.plural}" if entry.plural else entry.key).encode(),
            "\0".join(entry.texts).encode(),
        )
        for entry in entries
        if entry.is_translated
    )
    count, texts, table = len(pairs), bytearray(), []
    start = _HEAD_BYTES + 2 * 8 * count
    for side in (0, 1):
        for pair in pairs:
            table += [len(pair[side]), start + len(texts)]
            texts += pair[side] + b"\0"
    head = (_MAGIC, _REVISION, count, _HEAD_BYTES, _HEAD_BYTES + 8 * count, 0, start)
    return struct.pack(f"<7I{len(table)}I", *head, *table) + bytes(texts)
