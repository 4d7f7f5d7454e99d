"""Routing tables, and the cases of a pack's own test suite. Pure."""

from typing import Annotated

from pydantic import StringConstraints

from .base import Part, Words
from .strings import Key


class When(Part):
    """The conditions of a route rule; all that are given must hold, a list means any of them."""

    kind: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    months: tuple[int, ...] = ()


class RouteRule(Part):
    """One line of a routing table: when → which unit, and the reason told to people."""

    name: Key
    when: When = When()
    to: Annotated[str, StringConstraints(pattern=r"^(unit:[a-z0-9_-]+|own:[a-z_]+@(county|town|village))$")]
    assist: tuple[str, ...] = ()
    because: Words


class RouteTable(Part):
    """Rules tried in order; the last must hold always."""

    name: Key
    title: Words
    rules: tuple[RouteRule, ...]


class RouteCase(Part):
    """A case of the pack's own test suite: facts, and the unit, promise or path that must come out."""

    name: str
    kind: Key = "request"
    facts: dict[str, str] = {}
    table: Key | None = None
    unit: str | None = None
    clock: Key | None = None
    start: str | None = None
    due: str | None = None
    path: tuple[str, ...] = ()
    ends_in: Key | None = None
