"""What all shapes share: their bases, and the ways in which moments, numbers and keys are written."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOMENT = "2026-11-24T09:00:00+08:00"
NUMBER = "SQ-2026-000128"
FILE = "019ab1c2-7d3e-7a40-8f11-5c2d90e1b7aa"
MatterNumber = Annotated[
    str, Field(description="The number for people, such as SQ-2026-000128.", examples=[NUMBER])
]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=[MOMENT])]
Key = Annotated[str, Field(json_schema_extra={"format": "uuid"}, examples=[FILE])]


class Sent(BaseModel):
    """Base of what comes in: types are not guessed, and a field that is not declared is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """Base of what goes out."""

    model_config = ConfigDict(extra="forbid")
