"""Moments and texts of the packs as people read them, in the language of the page."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from qizhi.kernel.modes.schema import Words

_WEEKDAYS = "一二三四五六日"


def is_english() -> bool:
    """Tell whether the page is shown in English."""
    return (get_language() or "").startswith("en")


def said(words: Any) -> str:
    """Return a text of a pack, or anything else as it stands; nothing for None."""
    if words is None:
        return ""
    return words.say(get_language() or "zh-hans") if isinstance(words, Words) else str(words)


def day_words(at: datetime) -> str:
    """Return the day with its weekday: 2026年12月7日（星期一）, or Monday 7 December 2026."""
    day = timezone.localtime(at)
    if is_english():
        return f"{day:%A} {day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def moment_words(at: datetime) -> str:
    """Return day and time: 2026年12月7日（星期一）18:00."""
    clock = f"{timezone.localtime(at):%H:%M}"
    return f"{day_words(at)}, {clock}" if is_english() else f"{day_words(at)}{clock}"


def short_words(at: datetime) -> str:
    """Return a moment for lists: 12月7日 18:00, or 7 Dec, 18:00; with the year when it is another one."""
    local = timezone.localtime(at)
    is_this_year = local.year == timezone.localtime().year
    if is_english():
        return f"{local.day} {local:%b}{'' if is_this_year else f' {local.year}'}, {local:%H:%M}"
    return f"{'' if is_this_year else f'{local.year}年'}{local.month}月{local.day}日 {local:%H:%M}"
