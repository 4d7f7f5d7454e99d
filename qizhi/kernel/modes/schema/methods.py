"""Numbered work methods: ordered trees of parts. Pure."""

from typing import Annotated

from pydantic import StringConstraints

from .base import Part, Words
from .strings import Key, Realiser


class MethodPart(Part):
    """A part of a numbered method: what realises it, or that it is still planned."""

    key: Key
    title: Words
    text: Words | None = None
    is_official: bool = True
    planned: bool = False
    realised_by: tuple[Realiser, ...] = ()
    parts: tuple["MethodPart", ...] = ()
    source: tuple[str, ...] = ()


class Method(Part):
    """A numbered work method: an ordered tree of parts."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
    title: Words
    segments: tuple[int, ...] = ()
    owner: str = ""
    region_code: str = ""
    is_official: bool = True
    parts: tuple[MethodPart, ...] = ()
    source: tuple[str, ...] = ()
