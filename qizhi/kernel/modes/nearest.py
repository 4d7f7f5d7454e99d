"""The nearest known name to one that is not known: most mistakes are slips of the finger."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_CLOSE_ENOUGH = 65


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like `name`, or None when none looks like it."""
    found = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return found[0] if found else None


def hint(name: str, known: Iterable[str]) -> str:
    """Return “，是不是想写“…”？” for the nearest known name, else a full stop."""
    found = nearest(name, known)
    return f"，是不是想写“{found}”？" if found else "。"
