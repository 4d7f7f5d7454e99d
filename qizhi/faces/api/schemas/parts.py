"""Parts of what goes out: places, units, files, texts, clocks."""

from typing import Any

from pydantic import Field

from qizhi.kernel.loop.choices import AssignmentRole, AssignmentState, ClockState

from .base import Key, Moment, Told


class NamedPlace(Told):
    """A place with its name below the county."""

    code: str = Field(examples=["610323100211"])
    name: str = Field(examples=["凤鸣镇堰河村"])


class NamedUnit(Told):
    """A unit with its short name."""

    code: str = Field(examples=["tg-610323100"])
    name: str = Field(examples=["凤鸣镇政府"])


class Category(Told):
    """A class of requests; `parent` is empty on the first level."""

    code: str = Field(examples=["housing_construction.municipal_facilities"])
    title: str = Field(examples=["路灯井盖与排水"])
    parent: str = Field(examples=["housing_construction"])


class NamedCategory(Told):
    """A category with its title."""

    code: str = Field(examples=["housing_construction.municipal_facilities"])
    title: str = Field(examples=["路灯井盖与排水"])


class FileOut(Told):
    """A file that was handed in."""

    id: Key
    name: str = Field(examples=["井盖.jpg"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description="Bytes.", examples=[182_044])
    has_preview: bool = Field(description="Whether `?preview=true` gives a small WebP picture of it.")


class SaidOut(Told):
    """A text or value of a step, by the name of its input."""

    name: str = Field(examples=["reply"])
    title: str = Field(examples=["答复内容（群众可见）"])
    value: Any = Field(examples=["井盖已经换好，欢迎监督。"])


class ReporterOut(Told):
    """Who asks, masked."""

    name: str = Field(examples=["王*兰"])
    phone: str = Field(examples=["138****0021"])


class HandlerOut(Told):
    """A unit that handles or handled the matter."""

    unit: NamedUnit
    role: AssignmentRole
    state: AssignmentState
    assigned_at: Moment
    ended_at: Moment | None


class LegOut(Told):
    """How long one level held the matter."""

    centre: NamedUnit
    level: str = Field(examples=["town"])
    from_at: Moment
    to_at: Moment | None


class ClockOut(Told):
    """One promise, explained line by line."""

    name: str = Field(examples=["answer"])
    title: str = Field(examples=["答复承诺"])
    state: ClockState
    term: str = Field(examples=["9wd"])
    is_public: bool
    started_at: Moment
    due_at: Moment | None
    ended_at: Moment | None
    is_provisional: bool = Field(
        description="True while the holidays of a year it runs into are not published."
    )
    lines: list[str] = Field(examples=[["自2026年11月24日（周二）9:00起计时，期限为9个工作日。"]])
