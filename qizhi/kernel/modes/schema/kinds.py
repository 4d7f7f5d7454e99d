"""Kinds of matter: states and the declared moves between them. Pure."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from .base import Part, RuleRef, Words
from .inputs import Input
from .promises import Clock
from .strings import Key


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
