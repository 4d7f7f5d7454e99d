"""Proof: every clock is started, climbs to a real post when late, stands on a rule, and is stopped in the end.

A clock must be stopped on every way to an end state that counts as resolved (`done`; all ends where a kind marks
none). At any other end, such as withdrawn, the loop cancels what still runs.

**Source:** `architecture.md` §1 promise 2 and §4.
"""

from collections.abc import Iterator

from .. import flow
from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..schema import SHAPE, Clock, Kind, Relation, Rung, TermChoice
from ..slips import without_slips
from .hands import may_be_held
from .reaching import way_in_words

_POSTS = frozenset(Relation) - {Relation.REPORTER, Relation.SYSTEM}
_CITIZEN = "reporter"
# Fields of every matter by which a term may be chosen, besides the choice inputs of its kind.
_MATTER_FIELDS = frozenset({"urgency", "channel", "category", "difficulty"})


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each clock without a start, a stop, a rule to stand on or a real end of its ladder."""
    for kind in pack.mode.kinds.values():
        sound = without_slips(kind)
        for clock in kind.clocks.values():
            here: Path = ("kinds", kind.name, "clocks", clock.name)
            yield from _of_run(pack, sound, clock, here)
            yield from _of_ladder(pack, sound, clock, here)
            yield from _of_choice(pack, kind, clock, here)
            if not clock.source:
                message = f"时限“{clock.title.zh}”没有写依据（source：法规条款，或本地承诺的文件）。"
                yield pack.error((*here, "source"), message)


def _of_run(pack: Compiled, kind: Kind, clock: Clock, here: Path) -> Iterator[Finding]:
    taken = [kind.transitions[name] for name in flow.taken_transitions(kind)]
    if not any(clock.name in transition.starts for transition in taken):
        yield pack.error(here, f"时限“{clock.title.zh}”没有哪一步让它开始（starts）。")
    paused = [t for t in taken if clock.name in t.pauses]
    if paused and not any(clock.name in t.resumes for t in taken):
        field = ("kinds", kind.name, "transitions", paused[0].name, "pauses")
        yield pack.error(field, f"时限“{clock.title.zh}”暂停以后没有哪一步让它恢复（resumes）。")
    for last, way in flow.running_at_end(kind, clock.name).items():
        message = f"时限“{clock.title.zh}”到办结时还没有停（走法：{way_in_words(kind, way)}），"
        message += f"请在 stops 里加上“{clock.name}”。"
        yield pack.error(("kinds", kind.name, "transitions", last, "stops"), message)


def _of_ladder(pack: Compiled, kind: Kind, clock: Clock, here: Path) -> Iterator[Finding]:
    if not clock.ladder:
        yield pack.error((*here, "ladder"), f"时限“{clock.title.zh}”没有写超时以后怎么办（ladder）。")
        return
    for place, rung in enumerate(clock.ladder):
        yield from _of_rung(pack, kind, clock, rung, (*here, "ladder", place))
    last = clock.ladder[-1]
    if not any(_is_post(pack, told) for told in last.notify) and not _fires(kind, last):
        message = (
            f"时限“{clock.title.zh}”最后一级没有落到实处：要通知一个真实的岗位（角色@关系），或由系统办一步。"
        )
        yield pack.error((*here, "ladder", len(clock.ladder) - 1), message)


def _of_rung(pack: Compiled, kind: Kind, clock: Clock, rung: Rung, here: Path) -> Iterator[Finding]:
    for place, told in enumerate(rung.notify):
        yield from _of_told(pack, told, (*here, "notify", place))
    if rung.fire is None:
        return
    fired = kind.transitions.get(rung.fire)
    if fired is None:
        yield pack.error((*here, "fire"), f"没有“{rung.fire}”这一步" + hint(rung.fire, kind.transitions))
    elif Relation.SYSTEM not in fired.relations("system"):
        message = f"系统不能办“{fired.title.zh}”，请在这一步的 by 里加上 system: system。"
        yield pack.error((*here, "fire"), message)
    elif not flow.states_while_running(kind, clock.name) & set(fired.source_states):
        message = f"这个时限在走的时候，事项不会处在可以“{fired.title.zh}”的状态。"
        yield pack.error((*here, "fire"), message)


def _of_told(pack: Compiled, told: str, here: Path) -> Iterator[Finding]:
    role, relation = _told(told)
    if not role:
        yield pack.error(here, f"“{told}”应写成 角色@关系，例如 supervisor@region。")
        return
    if role != _CITIZEN and not pack.knows("roles", role):
        yield pack.error(here, f"没有“{role}”这个角色" + hint(role, pack.names("roles")))
    if relation not in set(Relation):
        yield pack.error(here, f"没有“{relation}”这种关系" + hint(relation, [str(one) for one in Relation]))
    elif role != _CITIZEN and relation not in _POSTS:
        yield pack.error(here, f"“{relation}”不是岗位与事项的关系，请写 {'、'.join(sorted(_POSTS))} 之一。")


def _told(text: str) -> tuple[str, str]:
    """The role and the relation of a ``role@relation``; both empty for any other text."""
    parts = SHAPE.match(text)
    return (parts["role"], parts["relation"]) if parts else ("", "")


def _is_post(pack: Compiled, text: str) -> bool:
    role, relation = _told(text)
    return relation in set(_POSTS) and may_be_held(pack, role)


def _fires(kind: Kind, rung: Rung) -> bool:
    fired = kind.transitions.get(rung.fire or "")
    return fired is not None and Relation.SYSTEM in fired.relations("system")


def _of_choice(pack: Compiled, kind: Kind, clock: Clock, here: Path) -> Iterator[Finding]:
    """A term that depends on something must depend on an input or a field that there is."""
    if not isinstance(clock.term, TermChoice):
        return
    by = clock.term.by
    inputs = [one for t in kind.transitions.values() for one in t.inputs if one.name == by]
    if not inputs and by not in _MATTER_FIELDS:
        known = {one.name for t in kind.transitions.values() for one in t.inputs} | _MATTER_FIELDS
        yield pack.error((*here, "term", "by"), f"没有“{by}”这一项可以用来区分期限" + hint(by, known))
    values = {choice.value for one in inputs for choice in one.choices}
    for case in clock.term.terms:
        if values and case not in values:
            yield pack.error(
                (*here, "term", "terms", case), f"“{by}”没有“{case}”这个选项" + hint(case, values)
            )
