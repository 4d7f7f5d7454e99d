"""What changes rarely: places, units, categories, kinds; and how the program is."""

from typing import Any, Literal

from pydantic import Field

from .base import Told
from .parts import Category


class PlaceOut(Told):
    """A place; an ancestor's code is a prefix of its descendants'."""

    code: str = Field(examples=["610323100211"])
    name: str = Field(examples=["堰河村"])
    full_name: str = Field(examples=["凤鸣镇堰河村"])
    level: Literal["county", "town", "village", "community", "grid"]
    parent: str = Field(examples=["610323100"])
    lon: float | None
    lat: float | None


class UnitOut(Told):
    """A body that can be responsible."""

    code: str = Field(examples=["zhujian"])
    name: str = Field(examples=["岐山县住房和城乡建设局"])
    short_name: str = Field(examples=["县住建局"])
    kind: str = Field(examples=["county_body"])
    level: str = Field(examples=["county"])
    region: str = Field(examples=["610323"])
    purposes: list[str] = Field(examples=[["duty_list", "inspected"]])


class StateOut(Told):
    """A state of a kind."""

    name: str = Field(examples=["replied"])
    title: str = Field(examples=["已答复"])
    public: str = Field(description="What the citizen reads.")
    held_by: str = Field(examples=["centre"])
    is_end: bool
    is_done: bool


class KindTransition(Told):
    """A declared step of a kind."""

    name: str = Field(examples=["reply"])
    title: str = Field(examples=["答复来信人"])
    sources: list[str] = Field(examples=[["concluded"]])
    to: str = Field(
        description="A state, `=` (stay) or `^name` (the state before that step).", examples=["replied"]
    )
    roles: list[str] = Field(examples=[["handler", "head"]])
    law: list[str]


class KindLine(Told):
    """A kind of matter."""

    name: str = Field(examples=["request"])
    title: str = Field(examples=["群众诉求"])
    description: str
    is_public: bool = Field(description="Whether citizens may open it.")
    opens_with: str = Field(examples=["register"])


class KindOut(KindLine):
    """A kind with its whole flow, and the JSON Schema of what opens it."""

    law: list[str]
    states: list[StateOut]
    transitions: list[KindTransition]
    inputs: dict[str, Any]
    flow: str = Field(
        description="The address of its flow chart.", examples=["/api/v1/kinds/request/flow.svg"]
    )


class PlaceList(Told):
    """Places in the order of their codes."""

    items: list[PlaceOut]
    next_cursor: None = None
    total: int = Field(examples=[252])


class UnitList(Told):
    """Units in the order of their codes."""

    items: list[UnitOut]
    next_cursor: None = None
    total: int = Field(examples=[327])


class CategoryList(Told):
    """Categories in the order of the pack."""

    items: list[Category]
    next_cursor: None = None
    total: int = Field(examples=[90])


class KindList(Told):
    """Kinds in the order of the pack."""

    items: list[KindLine]
    next_cursor: None = None
    total: int = Field(examples=[1])


class HealthOut(Told):
    """How the program is."""

    live: Literal[True]
    ready: bool = Field(description="Whether the database answers and a mode is applied.")
    version: str = Field(description="Of the program.", examples=["0.1.0"])
    mode_version: int | None = Field(
        description="The number of the version of the mode in force.", examples=[1]
    )
    mode: str | None = Field(
        description="The mode's name and its own version.", examples=["qishan-12521 2026.1"]
    )
