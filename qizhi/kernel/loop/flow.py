"""The flow of a kind, as pure functions: who may take which step, and where it leads.

Pure: no Django. A `Standing` is all that ties an actor to one matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from qizhi.kernel.modes.schema import HeldBy, Kind, Relation, Transition

REPORTER = "reporter"
SYSTEM = "system"


@dataclass(frozen=True)
class Standing:
    """What ties the actor to a matter: each role held with the relations it stands in.

    `is_handler`: a unit of the actor is or was the lead or a co-handling unit of the matter. That the actor took a
    handling step in an earlier post is only known to `fire`.
    """

    ties: frozenset[tuple[str, Relation]]
    is_handler: bool = False


def may_take(transition: Transition, standing: Standing) -> bool:
    """Tell whether somebody with this standing may take `transition`, leaving its state aside."""
    if transition.other_than_handler and standing.is_handler:
        return False
    return acting_role(transition, standing) is not None


def acting_role(transition: Transition, standing: Standing) -> str | None:
    """Return the role in which the transition would be taken: the first that the kind declares."""
    for role in transition.by:
        if any((role, relation) in standing.ties for relation in transition.relations(role)):
            return role
    return None


def allowed(kind: Kind, state: str, standing: Standing) -> list[Transition]:
    """Return the transitions that may be taken now, in their declared order."""
    found = [t for t in kind.transitions.values() if state in t.source_states and may_take(t, standing)]
    return sorted(found, key=lambda t: t.order)


def target(transition: Transition, state: str, *, before: str | None) -> str:
    """Return the state that the transition leads to from `state`.

    `before` is the state in which the undone transition (``^name``) found the matter.
    """
    if transition.to == "=":
        return state
    if transition.to.startswith("^"):
        if before is None:
            raise ValueError(f"{transition.name}: the state before {transition.to[1:]} is not known")
        return before
    return transition.to


def is_turn(held_by: HeldBy, relation: Relation) -> bool:
    """Tell whether a state held by `held_by` waits for somebody who stands in `relation` to the matter.

    To be in charge of the place is not enough while a lead unit is at work: it is that unit's turn.
    """
    return not (relation is Relation.REGION and held_by is HeldBy.LEAD)


def states_of_role(kind: Kind, role: str, relations: Iterable[Relation]) -> set[str]:
    """Return the states that wait for `role`, standing in one of `relations`: it has a main step to take there."""
    wanted = set(relations)
    return {
        state
        for transition in kind.transitions.values()
        if transition.tone == "main"
        for relation in wanted & set(transition.relations(role))
        for state in transition.source_states
        if is_turn(kind.states[state].held_by, relation)
    }


def is_for_others(kind: Kind, state: str, role: str) -> bool:
    """Tell whether whoever handled the matter may take none of the main steps that `role` has in `state`."""
    steps = [
        one
        for one in kind.transitions.values()
        if one.tone == "main" and state in one.source_states and role in one.by
    ]
    return bool(steps) and all(one.other_than_handler for one in steps)


def roles_of_state(kind: Kind, state: str, relations: Iterable[Relation]) -> list[str]:
    """Return the roles for which `state` waits when they stand in one of `relations`, by name."""
    wanted = set(relations)
    held_by = kind.states[state].held_by
    return sorted(
        {
            role
            for transition in kind.transitions.values()
            if transition.tone == "main" and state in transition.source_states
            for role in transition.by
            for relation in wanted & set(transition.relations(role))
            if is_turn(held_by, relation)
        }
    )
