"""Icons, badges and times in templates: `{% load kit %}`.

A badge always says its meaning in words; icon and colour only repeat it.

**Source:** WCAG 2.1, 1.4.1 Use of Color.
"""

from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

register = template.Library()

# The tones of `tokens.css`, each with the icon that says the same without colour.
TONES = {
    "new": "inbox",
    "busy": "player-play",
    "wait": "hourglass",
    "warn": "alert-triangle",
    "done": "check",
    "ended": "lock",
}
SOON_HOURS = 24


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return the icon `name` of the sprite; without a label it is decoration and hidden from screen readers."""
    address = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}" focusable="false"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', address
    )


@register.simple_tag
def state_badge(word: str, tone: str = "busy", icon_name: str = "") -> SafeString:
    """Return a badge that says `word`, in one of the six `TONES`; an unknown tone is shown as `ended`."""
    tone = tone if tone in TONES else "ended"
    return format_html(
        '<span class="state state-{}">{}<span>{}</span></span>', tone, icon(icon_name or TONES[tone]), word
    )


@register.simple_tag
def clock_badge(due_at: datetime | None, state: str = "running", now: datetime | None = None) -> SafeString:
    """Return a badge that says how a promise stands.

    `state` is `running`, `paused`, `met` or `broken` (ended in time or late). Of a running clock it says the time left
    or the time since it was due, in natural days, hours or minutes. Without `due_at` there is nothing to say.
    """
    if state in _STANDING:
        word, tone, icon_name = _STANDING[state]
        return state_badge(_(word), tone, icon_name)
    if due_at is None:
        return SafeString("")
    left = due_at - (now or timezone.now())
    if left < timedelta(0):
        return state_badge(_("已超期 %(span)s") % {"span": span(-left)}, "warn", "alarm")
    word = _("还剩 %(span)s") % {"span": span(left)}
    if left <= timedelta(hours=SOON_HOURS):
        return state_badge(word, "wait", "hourglass")
    return state_badge(word, "busy", "clock")


@register.filter
def ago(when: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago a moment was, as one would say it: 刚刚, 5 分钟前, 昨天 14:05, 3 天前, then the day."""
    if when is None:
        return ""
    now = now or timezone.now()
    passed = now - when
    if passed < timedelta(minutes=1):
        return _("刚刚") if passed > -timedelta(minutes=1) else local_time(when)
    days = (timezone.localdate(now) - timezone.localdate(when)).days
    if days == 0 or passed < timedelta(hours=6):
        return _("%(span)s前") % {"span": span(passed)}
    local = timezone.localtime(when)
    if days == 1:
        return _("昨天 %(time)s") % {"time": f"{local:%H:%M}"}
    if days <= 7:
        return ngettext("%(n)d 天前", "%(n)d 天前", days) % {"n": days}
    return f"{local:%Y-%m-%d}"


@register.filter
def local_time(when: datetime | None) -> str:
    """Return a moment in local time as `2026-11-24 10:20`; nothing for nothing."""
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M}" if when else ""


def span(length: timedelta) -> str:
    """Return a length of time in its largest whole unit of days, hours or minutes, at least one minute."""
    minutes = int(length.total_seconds()) // 60
    if minutes >= 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
    if minutes >= 60:
        return ngettext("%(n)d 小时", "%(n)d 小时", minutes // 60) % {"n": minutes // 60}
    minutes = max(1, minutes)
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}


_STANDING = {
    "paused": (gettext_noop("计时已暂停"), "ended", "player-pause"),
    "met": (gettext_noop("按期办结"), "done", "check"),
    "broken": (gettext_noop("超期办结"), "warn", "alarm"),
}
