"""Proof: the categories make a tree of two levels, each code only once."""

from collections.abc import Iterator

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each category whose code is taken or whose parent is another or absent."""
    met: set[str] = set()
    for place, category in enumerate(pack.mode.categories):
        if category.code in met:
            yield pack.error(("categories", place, "code"), f"类别代码“{category.code}”写了两次。")
        met.add(category.code)
        above = category.code.rpartition(".")[0]
        if category.parent != above:
            message = f"上级应为“{above}”，与代码前一段一致。" if above else "一级类别没有上级，请留空。"
            yield pack.error(("categories", place, "parent"), message)
        elif above and not pack.knows("categories", above):
            message = f"没有“{above}”这个上级类别" + hint(above, pack.names("categories"))
            yield pack.error(("categories", place, "parent"), message)
