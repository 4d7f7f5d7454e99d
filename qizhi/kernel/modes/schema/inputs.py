"""What a transition may ask for. Pure."""

from enum import StrEnum

from .base import Part, Words
from .strings import Key


class InputType(StrEnum):
    """The types of input that a transition may ask for."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DATE = "date"
    REGION = "region"
    POINT = "point"
    UNIT = "unit"
    UNITS = "units"
    MATTER = "matter"
    FILES = "files"
    REPORTER = "reporter"


class Choice(Part):
    """One of the values of a choice input."""

    value: Key
    title: Words


class Input(Part):
    """One thing that a transition asks for."""

    name: Key
    type: InputType
    title: Words
    help: Words | None = None
    required: bool = False
    max: int | None = None
    choices: tuple[Choice, ...] = ()
    # for unit inputs: which kinds of unit may be chosen
    unit_kinds: tuple[str, ...] = ()
    public: bool = False
    default: str | bool | int | None = None
