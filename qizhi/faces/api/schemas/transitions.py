"""Steps: which may be taken, and what came of one."""

from typing import Any, Literal

from pydantic import Field

from .base import MatterNumber, Moment, Told


class TransitionOut(Told):
    """A step that may be taken now, with the JSON Schema of its inputs."""

    name: str = Field(examples=["reply"])
    title: str = Field(examples=["答复来信人"])
    tone: Literal["main", "plain", "danger"]
    to: str | None = Field(description="The state it leads to; null when that depends on the past.")
    law: list[str] = Field(description="The rules behind it.")
    inputs: dict[str, Any] = Field(
        description="A JSON Schema (draft 2020-12) of the body, with titles in the caller's language.",
        examples=[
            {
                "type": "object",
                "properties": {
                    "reply": {"type": "string", "title": "答复内容（群众可见）", "maxLength": 4000}
                },
                "required": ["reply"],
                "additionalProperties": False,
            }
        ],
    )


class WaitingOut(Told):
    """A main step that does not fit yet, with the reason."""

    name: str = Field(examples=["conclude"])
    title: str = Field(examples=["办结"])
    reason: str = Field(examples=["还有协办单位没有答复：县住建局。请等答复，或由中心解除协办。"])


class TransitionsOut(Told):
    """What may be done now; `version` goes into `If-Match`."""

    version: int = Field(examples=[6])
    state: str = Field(examples=["concluded"])
    items: list[TransitionOut]
    waiting: list[WaitingOut]
    next_cursor: None = None


class FiredOut(Told):
    """What came of a step."""

    number: MatterNumber
    transition: str = Field(examples=["reply"])
    state: str = Field(examples=["replied"])
    state_title: str = Field(examples=["已答复"])
    version: int = Field(examples=[7])
    is_open: bool
    due_at: Moment | None
    hash: str = Field(description="The hash of the step that was written.", examples=["9f86d081…"])


class PublicFiredOut(Told):
    """What came of the citizen's step."""

    number: MatterNumber
    transition: str = Field(examples=["rate"])
    state: str = Field(examples=["revisited"])
    state_title: str = Field(examples=["已回访"])
    state_text: str = Field(examples=["已经回访。没有别的问题就归档。"])
    version: int = Field(examples=[8])
    is_open: bool
    due_at: Moment | None = Field(description="The promise.")
