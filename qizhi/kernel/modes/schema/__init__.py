"""The shape of a mode pack: what each file may say.

Everything is frozen pydantic; the compiled `Mode` is stored as JSON with each numbered version and is all
that the running program reads. Pure: no Django.
"""

from .base import Part, RuleRef, Words
from .inputs import Choice, Input, InputType
from .kinds import HeldBy, Kind, Relation, State, Transition
from .methods import Method, MethodPart
from .mode import Generate, Head, Mode
from .promises import SHAPE, Clock, Rung, TermChoice
from .routes import RouteCase, RouteRule, RouteTable, When
from .rows import AliasDecl, Category, DayDecl, RegionDecl, RoleDecl, UnitDecl

__all__ = [
    "SHAPE",
    "AliasDecl",
    "Category",
    "Choice",
    "Clock",
    "DayDecl",
    "Generate",
    "Head",
    "HeldBy",
    "Input",
    "InputType",
    "Kind",
    "Method",
    "MethodPart",
    "Mode",
    "Part",
    "RegionDecl",
    "Relation",
    "RoleDecl",
    "RouteCase",
    "RouteRule",
    "RouteTable",
    "RuleRef",
    "Rung",
    "State",
    "TermChoice",
    "Transition",
    "UnitDecl",
    "When",
    "Words",
]
