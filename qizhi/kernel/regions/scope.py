"""Scope by code prefix: “this place and all below it” is one range of the index.

Pure but for Django's Q object. Codes hold digits only, so the range end is the prefix with its last digit raised.
"""

from django.db.models import Q

from .choices import CODE_LENGTHS


def range_end(code: str) -> str:
    """Return the first string that is greater than every string that begins with `code`.

    `code` is a non-empty string of digits. The result may end in ``:``, the character after ``9``.
    """
    return code[:-1] + chr(ord(code[-1]) + 1)


def within(code: str, field: str = "region_code") -> Q:
    """Return the condition “`field` is `code` or lies below it”, in the range form that uses an index.

    **Source:** `architecture.md` §2 (Region); `stack.md` §4 (LIKE does not use the index on SQLite).
    """
    return Q(**{f"{field}__gte": code, f"{field}__lt": range_end(code)})


def is_within(code: str, of: str) -> bool:
    """Tell whether place `code` is `of` or lies below it."""
    return code.startswith(of)


def ancestors(code: str) -> list[str]:
    """Return the codes of all levels from the county down to `code` itself: county, town, village, grid."""
    return [code[:length] for length in CODE_LENGTHS if length <= len(code)]
