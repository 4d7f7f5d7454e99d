"""The shape of a mode pack: what each file may say.

Everything is frozen pydantic; the compiled `Mode` is stored as JSON with each numbered version and is all
that the running program reads. Pure: no Django.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from qizhi.kernel.worktime.terms import Term

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
TermText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(wd|d|h|wh)$")]
OffsetText = Annotated[str, StringConstraints(pattern=r"^([+-][1-9][0-9]*(wd|d|h|wh)|0)$")]


class Part(BaseModel):
    """Base of everything in a pack: frozen, and a field that the schema does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    """A text for people, Chinese first."""

    zh: Annotated[str, StringConstraints(min_length=1)]
    en: str = ""

    def say(self, language: str) -> str:
        """Return the text in `language` (``en…`` gives English where there is one, else Chinese)."""
        return self.en if language.startswith("en") and self.en else self.zh


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


class RuleRef(Part):
    """A need or an effect named with its parameters; the function lives in some room's `rules.py`."""

    rule: Key
    params: dict[str, str | int | bool] = {}


class Relation(StrEnum):
    """In which relation the actor's post must stand to the matter."""

    HOLDER = "holder"  # the unit whose turn it is
    LEAD = "lead"  # the lead unit
    ASSIST = "assist"  # a co-handling unit that has not answered yet
    CENTRE = "centre"  # the governance centre that holds the matter at its level
    REGION = "region"  # the matter lies in the place of the post
    REPORTER = "reporter"  # the citizen with the query code
    SYSTEM = "system"  # the clock


class HeldBy(StrEnum):
    """Whose turn it is while a matter is in a state."""

    CENTRE = "centre"
    LEAD = "lead"
    SUPERVISION = "supervision"  # the unit with membership `supervision`
    REPORTER = "reporter"
    NOBODY = "nobody"


class State(Part):
    """A state of a kind. `end` states are final; `public` is what the citizen reads."""

    name: Key
    title: Words
    held_by: HeldBy
    todo: Words | None = None
    public: Words
    end: bool = False
    # counts as done for the resolution of the matter (concluded and after)
    done: bool = False
    tone: Literal["new", "busy", "wait", "warn", "done", "ended"] = "busy"


class TermChoice(Part):
    """A term that depends on one input or field of the matter, such as simple / general / complex."""

    by: Key
    terms: dict[Key, TermText]
    default: TermText


class Rung(Part):
    """One rung of a clock's escalation: at an offset from the due time, who is told and what is fired."""

    at: OffsetText
    title: Words
    notify: tuple[str, ...] = ()  # "role@relation"
    fire: Key | None = None


class Clock(Part):
    """A promise of a kind: when it starts and stops is said by transitions."""

    name: Key
    title: Words
    term: TermText | TermChoice
    public: bool = False
    ladder: tuple[Rung, ...] = ()
    source: tuple[str, ...] = ()

    def term_for(self, facts: dict[str, str]) -> Term:
        """Return the term that holds for a matter with these facts."""
        if isinstance(self.term, str):
            return Term.parse(self.term)
        return Term.parse(self.term.terms.get(facts.get(self.term.by, ""), self.term.default))


class Transition(Part):
    """A declared move. `to` is a state, ``=`` (stay) or ``^name`` (the state before transition `name`)."""

    name: Key
    title: Words
    # empty for the transition that opens the matter
    source_states: tuple[Key, ...] = Field(default=(), alias="from")
    to: Annotated[str, StringConstraints(pattern=r"^(=|\^?[a-z][a-z0-9_]*)$")]
    by: dict[Key, Relation | tuple[Relation, ...]]
    inputs: tuple[Input, ...] = ()
    needs: tuple[RuleRef, ...] = ()
    effects: tuple[RuleRef, ...] = ()
    starts: tuple[Key, ...] = ()
    stops: tuple[Key, ...] = ()
    pauses: tuple[Key, ...] = ()
    resumes: tuple[Key, ...] = ()
    public: Words | None = None
    # the actor must not be of a unit that handled the matter
    other_than_handler: bool = False
    bulk: bool = False
    tone: Literal["main", "plain", "danger"] = "plain"
    order: int = 50
    law: tuple[str, ...] = Field(default=(), alias="source")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def relations(self, role: str) -> tuple[Relation, ...]:
        """Return the relations under which `role` may take this transition; empty when it may not."""
        found = self.by.get(role, ())
        return (found,) if isinstance(found, Relation) else found


class Kind(Part):
    """A kind of matter with its whole flow."""

    name: Key
    title: Words
    number: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}$")]
    description: Words
    opens_with: Key
    states: dict[Key, State]
    transitions: dict[Key, Transition]
    clocks: dict[Key, Clock] = {}
    # whether the place alone makes the matter visible to region posts
    seen_in_region: bool = True
    # whether a citizen may open it
    public: bool = True
    # under which version an open matter goes on when a newer one is applied
    carry_over: Literal["finish", "move"] = "finish"
    law: tuple[str, ...] = Field(default=(), alias="source")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def opening(self) -> Transition:
        """The transition that opens a matter of this kind."""
        return self.transitions[self.opens_with]

    def targets(self, transition: Transition, state: str) -> tuple[str, ...]:
        """Return the states that `transition` can lead to from `state`."""
        if transition.to == "=":
            return (state,)
        if transition.to.startswith("^"):
            return self.transitions[transition.to[1:]].source_states
        return (transition.to,)


class Category(Part):
    """A class of citizens' requests; `parent` is empty on the first level."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=64)]
    parent: str = ""
    zh: str
    en: str = ""


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


class RoleDecl(Part):
    """A role of the mode."""

    key: Key
    title: Words
    duty: Words
    sees: Literal["region", "unit"]
    is_reader: bool = False
    may_unmask: bool = False
    needs_second_factor: bool = False
    unit_kinds: tuple[str, ...] = ()


class UnitDecl(Part):
    """A unit as the pack lists it; generated units (committees, centres) come from a rule over regions."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
    name: str
    short_name: str
    kind: str
    level: str
    region_code: str
    parent: str = ""
    is_official: bool = False
    purposes: tuple[str, ...] = ()


class RegionDecl(Part):
    """A place as the pack lists it."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3}){0,3}$")]
    name: str
    level: Literal["county", "town", "village", "community", "grid"]
    parent_code: str
    lon: float | None = None
    lat: float | None = None


class AliasDecl(Part):
    """Another code or name of a place."""

    code_system: Literal["", "nbs", "mca"] = ""
    code: str = ""
    name: str = ""
    region_code: str


class DayDecl(Part):
    """A line of the calendar: a holiday, a make-up working day, or the statement that a year is published."""

    date: str
    kind: Literal["holiday", "makeup", "known_year"]
    name: str = ""


class MethodPart(Part):
    """A part of a numbered method: what realises it, or that it is still planned."""

    key: Key
    title: Words
    text: Words | None = None
    is_official: bool = True
    planned: bool = False
    realised_by: tuple[Annotated[str, StringConstraints(pattern=r"^(kind|route|units|regions|page|role):[a-z0-9_./-]+$")], ...] = ()
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


class Mode(Part):
    """A compiled, stacked mode: everything that the program reads while it runs."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
    title: Words
    version: str
    county: str
    stack: tuple[str, ...] = ()
    calendar: tuple[DayDecl, ...] = ()
    categories: tuple[Category, ...] = ()
    roles: dict[Key, RoleDecl] = {}
    regions: tuple[RegionDecl, ...] = ()
    aliases: tuple[AliasDecl, ...] = ()
    units: tuple[UnitDecl, ...] = ()
    kinds: dict[Key, Kind] = {}
    routes: dict[Key, RouteTable] = {}
    methods: dict[str, Method] = {}
    mode_method: str = ""
    cases: tuple[RouteCase, ...] = ()


SHAPE = re.compile(r"^(?P<role>[a-z_]+)@(?P<relation>[a-z]+)$")
