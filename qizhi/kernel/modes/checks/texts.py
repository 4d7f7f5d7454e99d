"""Proof: every text for people is there in English too; where it is not, Chinese is shown (a warning)."""

from collections.abc import Iterator

from ..compiling import Compiled
from ..errors import Finding
from ..nodes import Table, walk


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield a warning for each text without English."""
    for path, node in walk(pack.origin):
        chinese = node.text("zh") if isinstance(node, Table) else ""
        if chinese and isinstance(node, Table) and not node.text("en"):
            yield pack.warning(path, f"“{_short(chinese)}”没有英文（en）。")


def _short(text: str) -> str:
    return text if len(text) <= 16 else text[:16] + "…"
