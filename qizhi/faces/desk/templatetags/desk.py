"""Filters of the desk's templates: `{% load desk %}`."""

from typing import Any

from django import template
from django.utils.translation import get_language

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
