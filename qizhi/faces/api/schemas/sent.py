"""What comes in."""

from typing import Any, Literal

from pydantic import Field

from qizhi.kernel.loop.choices import Channel, Urgency

from .base import FILE, Sent


class ReporterIn(Sent):
    """Who asks; every field may be left out, nobody must give their name."""

    name: str | None = Field(None, max_length=40, examples=["王秀兰"])
    phone: str | None = Field(
        None,
        max_length=40,
        description="A mobile number, or a landline with its area code; kept encrypted.",
        examples=["13800000021"],
    )


class PublicMatterIn(Sent):
    """A citizen's request."""

    kind: str = Field(description="A kind that citizens may open, see `GET kinds`.", examples=["request"])
    title: str | None = Field(None, max_length=120, examples=["东街小学门口井盖松动"])
    text: str = Field(
        min_length=1,
        max_length=100_000,
        description="What happened. Telephone and identity numbers in it are recognised and masked.",
        examples=["东街小学门口的井盖松动，车一过就响，孩子上学容易绊倒，希望尽快修好。"],
    )
    region: str = Field(
        description="The code of the county, a town, a village or community, or a grid; see `GET regions`.",
        examples=["610323100211"],
    )
    code_system: Literal["nbs", "mca"] | None = Field(
        None, description="Whose code `region` is, when it comes from another system: two codes collide."
    )
    category: str | None = Field(
        None, description="See `GET categories`.", examples=["housing_construction.municipal_facilities"]
    )
    address: str | None = Field(None, max_length=200, examples=["东街小学门口"])
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False, examples=[107.6195])
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False, examples=[34.444])
    reporter: ReporterIn | None = None
    photos: list[str] | None = Field(
        None, max_length=9, description="Files handed in before by `POST public/uploads`.", examples=[[FILE]]
    )


class RatingIn(Sent):
    """The citizen's verdict on the answer."""

    satisfied: bool = Field(description="`false` reopens the matter; the second time it goes to supervision.")
    score: int = Field(ge=1, le=5, examples=[5])
    comment: str | None = Field(None, max_length=1000, examples=["修得很快，谢谢。"])


# The body of `POST matters`: what opens a matter is declared by its kind, so only the frame is fixed.
INTAKE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "MatterIn",
    "description": "The inputs of the kind's first step (`inputs` of `GET kinds/{name}`), and how it came in.",
    "properties": {
        "kind": {"type": "string", "description": "The only kind of the mode when absent."},
        "channel": {"type": "string", "enum": list(Channel.values), "default": "api"},
        "region": {"type": "string"},
        "code_system": {"type": "string", "enum": ["nbs", "mca"]},
        "title": {"type": "string", "maxLength": 120},
        "text": {"type": "string", "minLength": 1, "maxLength": 100_000},
        "category": {"type": "string"},
        "address": {"type": "string", "maxLength": 200},
        "lon": {"type": "number", "minimum": -180, "maximum": 180},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "urgency": {"type": "string", "enum": list(Urgency.values)},
        "reporter": {
            "type": "object",
            "properties": {name: {"type": "string"} for name in ("name", "phone", "identity")},
            "additionalProperties": False,
        },
        "photos": {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 9},
    },
    "required": ["region", "text"],
}
INTAKE_EXAMPLE: dict[str, Any] = {
    "kind": "request",
    "channel": "window",
    "title": "东街小学门口井盖松动",
    "text": "东街小学门口的井盖松动，车一过就响，孩子上学容易绊倒，希望尽快修好。",
    "category": "housing_construction.municipal_facilities",
    "region": "610323100211",
    "address": "东街小学门口",
    "reporter": {"name": "王秀兰", "phone": "13800000021"},
}
