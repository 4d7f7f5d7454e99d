"""Proof: every step has somebody who may take it, and every state somebody whose turn it is.

A role can be held when the mode declares it and has a unit of a kind in which its posts may be. The citizen is the
role `reporter` in the relation `reporter`, the clock is the role `system` in the relation `system`.
"""

from collections.abc import Iterator

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..schema import HeldBy, Relation, Transition

PSEUDO_ROLES = {"reporter": Relation.REPORTER, "system": Relation.SYSTEM}


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each transition that nobody may take, and each role or holder that does not exist."""
    for key in PSEUDO_ROLES:
        if key in pack.mode.roles:
            yield pack.error(("roles", key), f"“{key}”是系统保留的名称，请换一个。")
    for kind in pack.mode.kinds.values():
        for transition in kind.transitions.values():
            yield from _of_transition(
                pack, transition, ("kinds", kind.name, "transitions", transition.name, "by")
            )
        if not pack.is_law:
            for state in kind.states.values():
                yield from _of_holder(
                    pack, state.held_by, ("kinds", kind.name, "states", state.name, "held_by")
                )


def may_be_held(pack: Compiled, role: str) -> bool:
    """Whether somebody in the pack can hold `role`; in a pack without a county, whether it is declared."""
    if not pack.knows("roles", role):
        return False
    declared = pack.mode.roles.get(role)
    if declared is None or pack.is_law or not declared.unit_kinds:
        return True
    return any(unit.kind in declared.unit_kinds for unit in pack.mode.units)


def _of_transition(pack: Compiled, transition: Transition, here: Path) -> Iterator[Finding]:
    if not transition.by:
        yield pack.error(here, f"“{transition.title.zh}”没有写由谁办。")
        return
    for role in transition.by:
        yield from _of_role(pack, transition, role, (*here, role))
    if all(pack.knows("roles", role) and not may_be_held(pack, role) for role in transition.by):
        message = f"“{transition.title.zh}”没有人能办：这些角色所在的单位一个也没有。"
        yield pack.error(here, message)


def _of_role(pack: Compiled, transition: Transition, role: str, here: Path) -> Iterator[Finding]:
    relations = transition.relations(role)
    if not relations:
        yield pack.error(here, f"没有写“{role}”与事项是什么关系。")
    if role in PSEUDO_ROLES:
        if relations != (PSEUDO_ROLES[role],):
            yield pack.error(here, f"“{role}”只能写成 {role}: {PSEUDO_ROLES[role]}。")
        return
    if not pack.knows("roles", role):
        yield pack.error(here, f"没有“{role}”这个角色" + hint(role, [*pack.names("roles"), *PSEUDO_ROLES]))
    elif role in pack.mode.roles and pack.mode.roles[role].is_reader:
        yield pack.error(here, f"“{pack.mode.roles[role].title.zh}”只能查看，不能办理。")
    if {Relation.REPORTER, Relation.SYSTEM} & set(relations):
        yield pack.error(here, "关系 reporter 只给来信人，system 只给系统，不能给岗位角色。")


def _of_holder(pack: Compiled, holder: HeldBy, here: Path) -> Iterator[Finding]:
    if holder is HeldBy.CENTRE and not any(unit.kind == "centre" for unit in pack.mode.units):
        yield pack.error(here, "写的是轮到综治中心，可是一个综治中心（kind: centre）也没有。")
    if holder is HeldBy.SUPERVISION and not any("supervision" in unit.purposes for unit in pack.mode.units):
        yield pack.error(here, "写的是轮到督办单位，可是没有一个单位的 purposes 里有 supervision。")
