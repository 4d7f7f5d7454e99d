"""What limits a list, in words, each with the address of the list without it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qizhi.faces import listing
from qizhi.faces.words import is_english, said
from qizhi.kernel.kit.errors import Text
from qizhi.kernel.loop.choices import Channel, Urgency
from qizhi.kernel.loop.queries.listing import Filters
from qizhi.kernel.modes.store import current
from qizhi.kernel.units.queries import directory

from .rows import place_name


class Chip(NamedTuple):
    """One limit: its words and the address without it."""

    words: str
    url: str


def chips(filters: Filters) -> list[Chip]:
    """Return one chip for each limit of the list, in the order of the address."""
    given = listing.given(filters)
    return [Chip(_WORDS[name](value), _url(filters, name)) for name, value in given.items()]


def _url(filters: Filters, name: str) -> str:
    query = listing.query_of(listing.without(filters, name))
    return f"{reverse('desk_matters')}?{query}" if query else reverse("desk_matters")


def _states(values: list[str]) -> str:
    titles = {
        name: said(state.title) for kind in current().kinds.values() for name, state in kind.states.items()
    }
    return _("状态：%(states)s") % {"states": _("、").join(titles.get(value, value) for value in values)}


def _category(code: str) -> str:
    found = (c.en if is_english() and c.en else c.zh for c in current().categories if c.code == code)
    return _("类别：%(category)s") % {"category": next(found, code)}


def _unit(code: str) -> str:
    body = directory().by_code.get(code)
    return _("单位：%(unit)s") % {"unit": body.short_name if body else code}


def _period(words: Text) -> Callable[[Any], str]:
    return lambda ends: str(words) % {"from": ends[0] or _("以前"), "to": ends[1] or _("现在")}


def _either(yes: Text, no: Text) -> Callable[[str], str]:
    return lambda value: str(yes if value == "1" else no)


_WORDS: dict[str, Callable[[Any], str]] = {
    "q": lambda text: _("关键词：%(text)s") % {"text": text},
    "kind": lambda name: said(current().kinds[name].title),
    "state": _states,
    "open": _either(gettext_lazy("在办"), gettext_lazy("已结束")),
    "overdue": lambda _value: _("已超期"),
    "region": lambda code: _("地点：%(place)s") % {"place": place_name(code)},
    "here": lambda _value: _("只看本级，不含下级"),
    "unit": _unit,
    "category": _category,
    "channel": lambda value: _("来源：%(channel)s") % {"channel": Channel(value).label},
    "urgency": lambda value: _("紧急程度：%(urgency)s") % {"urgency": Urgency(value).label},
    "opened": _period(gettext_lazy("登记：%(from)s 至 %(to)s")),
    "concluded": _period(gettext_lazy("办结：%(from)s 至 %(to)s")),
    "heard": _period(gettext_lazy("群众答复：%(from)s 至 %(to)s")),
    "replied": _either(gettext_lazy("已答复来信人"), gettext_lazy("还没有答复来信人")),
    "on_time": _either(gettext_lazy("按期答复"), gettext_lazy("超期答复")),
    "solved": _either(gettext_lazy("群众说已解决"), gettext_lazy("群众说没有解决")),
}
