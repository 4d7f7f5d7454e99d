"""Filters that put moments, terms and texts of the packs into words."""

import re
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qizhi.faces import words
from qizhi.governance.triage.queries import Similar
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.worktime.lines import Line, line_text, term_text
from qizhi.kernel.worktime.terms import Term

register = template.Library()

_NOTE = re.compile(r"（[^（）]*）$| \([^()]*\)$")
VERY_ALIKE, RATHER_ALIKE = 40, 22


@register.filter
def say(text: Any) -> str:
    """Show a text of a pack in the language of the page."""
    return words.said(text)


@register.filter
def bare(text: str) -> str:
    """Show the title of an input without the note to whoever fills it in, such as “（群众可见）”."""
    return _NOTE.sub("", text)


@register.filter
def moment(at: datetime | None) -> str:
    """Show a moment in full, with its weekday."""
    return words.moment_words(at) if at else ""


@register.filter
def short(at: datetime | None) -> str:
    """Show a moment for a list."""
    return words.short_words(at) if at else ""


@register.filter
def explained(line: Line) -> str:
    """Show one line that explains a due time."""
    return line_text(line, get_language() or "zh-hans")


@register.filter
def term(text: str) -> str:
    """Show a term such as ``9wd`` in words."""
    return term_text(Term.parse(text), get_language() or "zh-hans")


@register.filter
def likeness(similar: Similar) -> str:
    """Show how alike an open matter is to what was typed."""
    if similar.score >= VERY_ALIKE:
        return _("和您说的非常像")
    return _("和您说的比较像") if similar.score >= RATHER_ALIKE else _("和您说的有点像")


@register.filter
def place(code: str) -> str:
    """Show a place by its name below the county, such as 凤鸣镇堰河村; a grid shows as its village."""
    known = gazetteer()
    village = code[:12]
    return known.path_name(village) if village in known.by_code else code
