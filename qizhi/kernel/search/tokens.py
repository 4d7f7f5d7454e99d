"""Texts and questions as two-character tokens: exact, without a dictionary, the same on every database.

``噪音扰民`` becomes ``噪音 音扰 扰民 民``; a question of two characters or more is the phrase of its pairs, one of a
single character is a prefix. Latin letters and digits stay whole words. Pure: no Django.

**Source:** `stack.md` §13.
"""

import re
import unicodedata
from dataclasses import dataclass

_RUN = re.compile(r"(?P<word>[a-z0-9]+)|(?P<han>[㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f]+)")
TEXT_MAX = 20_000


@dataclass(frozen=True)
class Term:
    """One part of a question: tokens that must follow each other; the last may be a prefix."""

    tokens: tuple[str, ...]
    is_prefix: bool = False


def tokens_of(text: str) -> list[str]:
    """Return the tokens of a text in order; beyond 20,000 characters nothing is indexed."""
    found: list[str] = []
    for run in _runs(text[:TEXT_MAX]):
        if run[0].isascii():
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run))]
    return found


def terms_of(question: str) -> list[Term]:
    """Return the parts of a question, all of which must be found."""
    terms: list[Term] = []
    for run in _runs(question[:200]):
        if run[0].isascii() or len(run) == 1:
            terms.append(Term((run,), is_prefix=True))
        else:
            terms.append(Term(tuple(run[i : i + 2] for i in range(len(run) - 1))))
    return terms


def _runs(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    return [match.group(0) for match in _RUN.finditer(plain)]
