"""A matter: new, in a list, whole, its log, and as its citizen sees it."""

from typing import Literal

from pydantic import Field

from qizhi.kernel.loop.choices import Channel, Urgency

from .base import MatterNumber, Moment, Told
from .parts import (
    ClockOut,
    FileOut,
    HandlerOut,
    LegOut,
    NamedCategory,
    NamedPlace,
    NamedUnit,
    ReporterOut,
    SaidOut,
)


class OpenedOut(Told):
    """A new matter. The query code is told this once and kept only as a hash."""

    number: MatterNumber
    query_code: str = Field(examples=["7KQ2M9XA"])
    state: str = Field(examples=["registered"])
    state_title: str = Field(examples=["已登记"])
    due_at: Moment | None = Field(description="The promise: when the citizen will have an answer.")
    version: int = Field(examples=[1])


class MatterLine(Told):
    """A matter as lists show it: nothing personal but what is masked."""

    number: MatterNumber
    kind: str = Field(examples=["request"])
    state: str = Field(examples=["in_progress"])
    state_title: str = Field(examples=["办理中"])
    is_open: bool
    version: int = Field(examples=[5])
    title: str = Field(examples=["东街小学门口井盖松动"])
    category: NamedCategory | None
    channel: Channel
    urgency: Urgency
    region: NamedPlace
    level: str = Field(description="The level whose centre holds it.", examples=["town"])
    centre: NamedUnit
    holder: NamedUnit | None = Field(description="The unit whose turn it is.")
    lead: NamedUnit | None = Field(description="The unit that handles it.")
    opened_at: Moment
    due_at: Moment | None = Field(description="The earliest of its running clocks; null when none runs.")
    is_overdue: bool
    concluded_at: Moment | None
    closed_at: Moment | None
    was_on_time: bool | None = Field(description="Whether the promise was kept; null until it was answered.")
    reopened: int = Field(description="How often it was handled again.", examples=[0])


class MatterOut(MatterLine):
    """One matter as staff see it; personal data is masked."""

    text: str
    address: str = Field(examples=["东街小学门口"])
    lon: float | None = Field(examples=[107.6195])
    lat: float | None = Field(examples=[34.444])
    difficulty: str = Field(examples=["general"])
    reporter: ReporterOut
    promised_at: Moment | None = Field(description="The promise that the citizen was given.")
    merged_into: MatterNumber | None = Field(description="The matter that is handled for this one.")
    handlers: list[HandlerOut]
    legs: list[LegOut]
    clocks: list[ClockOut]
    attachments: list[FileOut]


class MatterPage(Told):
    """One page of a list; it never counts the whole."""

    items: list[MatterLine]
    next_cursor: str | None


class ActorOut(Told):
    """Who took a step."""

    kind: Literal["staff", "citizen", "system"]
    name: str = Field(examples=["凤鸣镇承办人"])
    role: str = Field(examples=["handler"])
    unit: str = Field(description="The unit's short name at that time.", examples=["凤鸣镇政府"])


class StepOut(Told):
    """One step of a matter's log."""

    seq: int = Field(examples=[3])
    transition: str = Field(examples=["dispatch"])
    title: str = Field(examples=["交办"])
    from_state: str = Field(examples=["triaged"])
    to_state: str = Field(examples=["dispatched"])
    state_title: str = Field(examples=["已交办"])
    at: Moment
    actor: ActorOut
    is_public: bool
    texts: list[SaidOut]
    values: list[SaidOut]
    files: list[FileOut]
    hash: str = Field(description="Of this step and, through it, of all before it.", examples=["9f86d081…"])
    previous_hash: str


class StepPage(Told):
    """Steps in the order in which they were taken."""

    items: list[StepOut]
    next_cursor: str | None


class PublicStep(Told):
    """One step as the citizen may read it."""

    at: Moment
    state: str = Field(examples=["replied"])
    state_title: str = Field(examples=["已答复"])
    said: str = Field(examples=["已答复。"])
    unit: str = Field(examples=["凤鸣镇政府"])
    texts: list[SaidOut]
    files: list[FileOut]


class PublicHandled(Told):
    """The matter that is handled for a merged one, as far as it is public."""

    number: MatterNumber
    state: str
    state_title: str
    state_text: str
    due_at: Moment | None
    steps: list[PublicStep]


class PublicMatterOut(Told):
    """A matter as the citizen who brought it may see it."""

    number: MatterNumber
    kind: str = Field(examples=["request"])
    state: str = Field(examples=["replied"])
    state_title: str = Field(examples=["已答复"])
    state_text: str = Field(examples=["已经答复您。请告诉我们您是否满意，我们也会回访。"])
    version: int = Field(examples=[7])
    is_open: bool
    title: str
    text: str = Field(description="As it was masked.")
    category: NamedCategory | None
    region: NamedPlace
    address: str
    opened_at: Moment
    due_at: Moment | None = Field(description="The promise.")
    due_lines: list[str] = Field(description="How the promise was worked out, line by line.")
    was_on_time: bool | None
    steps: list[PublicStep]
    attachments: list[FileOut]
    merged_into: PublicHandled | None = Field(description="What is handled for this one after a merge.")
