"""The menu of the staff. A face registers its entries when it starts; each says who may use it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.errors import Text


@dataclass(frozen=True)
class Item:
    """One entry as a face declares it: the name of its address, its words, its icon in the sprite, its place."""

    name: str
    title: Text
    icon: str
    order: int = 50
    may_use: Callable[[Actor], bool] = lambda _actor: True


class Entry(NamedTuple):
    """One entry as a page shows it."""

    title: Text
    url: str
    icon: str
    is_here: bool


_items: dict[str, Item] = {}


def register(*items: Item) -> None:
    """Put entries into the menu; one with the same name of address takes the other's place."""
    _items.update({item.name: item for item in items})


def entries(actor: Actor, path: str) -> list[Entry]:
    """Return the entries that `actor` may use, in order; the one whose address `path` lies deepest under is marked."""
    usable = sorted((i for i in _items.values() if i.may_use(actor)), key=lambda i: (i.order, i.name))
    urls = [reverse(item.name) for item in usable]
    here = max((url for url in urls if path.startswith(url)), key=len, default="")
    return [Entry(item.title, url, item.icon, url == here) for item, url in zip(usable, urls, strict=True)]
