"""Filters of the desk's templates: `{% load desk %}`."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qizhi.faces.forms import Group
from qizhi.faces.words import is_english
from qizhi.kernel.accounts.scope import ActorKind
from qizhi.kernel.loop.models import Step
from qizhi.kernel.modes.schema import Clock
from qizhi.kernel.worktime.lines import term_text
from qizhi.kernel.worktime.terms import Term

register = template.Library()


@register.filter
def spoken(words: Any) -> str:
    """Show a text that is kept as ``{"zh": …, "en": …}`` in the language of the page."""
    if not isinstance(words, dict):
        return str(words or "")
    return str(words.get("en") if is_english() and words.get("en") else words.get("zh", ""))


@register.filter
def by_citizen(step: Step) -> bool:
    """Tell whether the person who brought the matter took the step."""
    return str(step.actor_kind) == ActorKind.CITIZEN


@register.filter
def by_system(step: Step) -> bool:
    """Tell whether the step happened by itself."""
    return str(step.actor_kind) == ActorKind.SYSTEM


@register.filter
def terms(clock: Clock) -> str:
    """Show how long a promise is: one term, or the terms among which something of the matter decides."""
    texts = [clock.term] if isinstance(clock.term, str) else list(dict.fromkeys(clock.term.terms.values()))
    language = get_language() or "zh-hans"
    return " / ".join(term_text(Term.parse(text), language) for text in texts)


@register.simple_tag
def options(groups: Iterable[Group], chosen: Any) -> SafeString:
    """Show the options of a select; `chosen` is a value or several. A template's loop takes ten times as long."""
    wanted = set(chosen) if isinstance(chosen, list | tuple) else {chosen}
    parts = []
    for group in groups:
        lines = "".join(_option(one.value, one.title, is_chosen=one.value in wanted) for one in group.options)
        parts.append(f'<optgroup label="{escape(group.title)}">{lines}</optgroup>' if group.title else lines)
    return mark_safe("".join(parts))  # noqa: S308 - every value and title is escaped above


def _option(value: str, title: str, *, is_chosen: bool) -> str:
    selected = " selected" if is_chosen else ""
    return f'<option value="{escape(value)}"{selected}>{escape(title)}</option>'
