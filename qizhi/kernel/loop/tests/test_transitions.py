"""Every declared step of every kind: allowed to whom it is declared for, from where it is declared, and to nobody else.

The cases are generated from the compiled pack, so a new step is tested the day it is declared. Each state is walked
to once, through the real engine; every test then runs in its own savepoint.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from qizhi.kernel.kit.prepared import send
from qizhi.kernel.loop.actions import fire, matter_open
from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.errors import (
    BadInput,
    MatterNotFound,
    NotAllowedNow,
    NotYours,
    ReadOnly,
    UnknownTransition,
)
from qizhi.kernel.loop.models import Assignment, Matter, Sight, Step
from qizhi.kernel.loop.sights import sight_keys, sights_syncing
from qizhi.kernel.modes.schema import Input, InputType, Kind, Relation, Transition
from qizhi.testing import cast
from qizhi.testing.stories import CATEGORY, PATHS, REQUEST, Case, open_request, take, walk_to
from qizhi.testing.world import TOWN, VILLAGE, pack

from .players import CLERK, ONLOOKER, seat, staff, standing_in, stranger, unit, unit_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

KINDS = pack().kinds
# Kinds whose states the shared stories can walk to.
WALKED = {"request": PATHS}
HELPER = "zhujian"
# Where nobody leads yet, a step declared for the lead unit is nobody's.
NO_LEAD_YET = {"registered", "triaged"}


@dataclass(frozen=True)
class Declared:
    """One declared step of one kind."""

    kind: Kind
    transition: Transition

    def __str__(self) -> str:
        return f"{self.kind.name}.{self.transition.name}"


STEPS = [
    Declared(kind, transition)
    for kind in KINDS.values()
    for transition in kind.transitions.values()
    if transition.name != kind.opens_with
]
ALLOWED = [
    pytest.param(step, state, role, relation, id=f"{step}-{state}-{role}-{relation}")
    for step in STEPS
    for state in step.transition.source_states
    for role in step.transition.by
    for relation in step.transition.relations(role)
    if not (relation is Relation.LEAD and state in NO_LEAD_YET)
]
ELSEWHERE_STATE = [
    pytest.param(step, state, id=f"{step}-{state}")
    for step in STEPS
    for state in step.kind.states
    if state not in step.transition.source_states
]
OTHER_ROLE = [
    pytest.param(step, role, id=f"{step}-{role}")
    for step in STEPS
    for role in pack().roles
    if role not in step.transition.by
]
SAME_ROLE = [
    pytest.param(step, role, id=f"{step}-{role}")
    for step in STEPS
    for role in step.transition.by
    if role in pack().roles
]
# Whoever is in charge of the place may take a step declared for the region, from whatever unit.
BY_UNIT = [
    pytest.param(step, role, id=f"{step}-{role}")
    for step in STEPS
    for role in step.transition.by
    if role in pack().roles and Relation.REGION not in step.transition.relations(role)
]
REQUIRED = [
    pytest.param(step, one, id=f"{step}-{one.name}")
    for step in STEPS
    for one in step.transition.inputs
    if one.required
]
OPENING_REQUIRED = [
    pytest.param(kind, one, id=f"{kind.name}-{one.name}")
    for kind in KINDS.values()
    for one in kind.opening.inputs
    if one.required
]


def variant_of(transition: Transition, relation: Relation | None = None) -> str:
    """Say what must have happened besides the usual way before `transition` may be taken."""
    needs = {ref.rule for ref in transition.needs}
    if "some_pending" in needs:
        return "asked"
    if "reopened_at_least" in needs:
        return "second"
    helps = any(Relation.ASSIST in transition.relations(role) for role in transition.by)
    if relation is Relation.ASSIST or any(ref.rule == "release_assist" for ref in transition.effects):
        return "joint"
    return "joint" if helps and relation is None else "usual"


def build(kind: Kind, state: str, variant: str) -> Case:
    """Walk a matter to `state`, registered by the clerk of the town."""
    clerk = cast.actor(CLERK)
    if variant == "second":
        return _second(state, clerk)
    case = walk_to(state, actor=clerk)
    if variant == "asked":
        take(case, "extension_ask", "handler", term="wd5", reason="配件在路上。")
    if variant == "joint" and state in kind.transitions["assist_add"].source_states:
        take(case, "assist_add", "dispatcher", assist_units=[HELPER])
    elif variant == "joint":
        _place_helper(case.reload(), kind)
    return case


def _second(state: str, clerk) -> Case:
    """Walk to `state` after the matter was reopened once."""
    case = walk_to("reopened", actor=clerk)
    for move in PATHS[state][len(PATHS["accepted"]) :]:
        take(case, move.transition, move.who, **move.inputs(case.matter))
    return case


def _place_helper(matter: Matter, kind: Kind) -> None:
    """Let a unit co-handle in a state in which none can be added any more."""
    Assignment(matter=matter, unit_id=unit(HELPER).id, role="assist", assigned_at=matter.opened_at).save()
    send(sights_syncing(matter, kind, Assignment.objects.filter(matter=matter)))


class Cases:
    """Matters by state and variant, each walked to once."""

    def __init__(self) -> None:
        wanted = {("request", state, "usual") for state in PATHS}
        for step in STEPS:
            variants = {variant_of(step.transition, one) for one in (None, *Relation)}
            wanted |= {
                (step.kind.name, state, v) for state in step.transition.source_states for v in variants
            }
        self.kept = {key: build(KINDS[key[0]], *key[1:]) for key in sorted(wanted)}
        self.target = open_request()

    def of(self, step: Declared, state: str, relation: Relation | None = None) -> Matter:
        """Return a fresh copy of the matter in `state` from which `step` can be taken by `relation`."""
        return self.kept[step.kind.name, state, variant_of(step.transition, relation)].reload()


@pytest.fixture(scope="module")
def cases(world, django_db_blocker):
    with django_db_blocker.unblock():
        return Cases()


def value_for(one: Input, cases: Cases):
    """Return a value that a required input takes."""
    match one.type:
        case InputType.CHOICE:
            return one.default or one.choices[0].value
        case InputType.CATEGORY:
            return CATEGORY
        case InputType.MATTER:
            return cases.target.number
        case InputType.UNIT:
            return HELPER if one.name == "unit" else f"tg-{TOWN}"
        case InputType.UNITS:
            return ["gongan"]
        case InputType.LINE | InputType.TEXT:
            return "如实填写。"
    raise AssertionError(f"no value is known for {one.type}: give one here")


def inputs_for(transition: Transition, cases: Cases) -> dict[str, Any]:
    """Return the required inputs of a step."""
    return {one.name: value_for(one, cases) for one in transition.inputs if one.required}


def go(step: Declared, matter: Matter, actor, cases: Cases, **inputs):
    return fire(
        number=matter.number,
        transition=step.transition.name,
        actor=actor,
        inputs={**inputs_for(step.transition, cases), **inputs},
        version=matter.version,
    )


def test_every_kind_can_be_walked_through():
    """A kind that no story knows would not be tested here: give it its paths in `qizhi.testing.stories`."""
    assert {name: set(kind.states) for name, kind in KINDS.items()} == {
        name: set(paths) for name, paths in WALKED.items()
    }


@pytest.mark.parametrize(("step", "state", "role", "relation"), ALLOWED)
def test_it_is_allowed_as_declared(cases, step, state, role, relation):
    matter = cases.of(step, state, relation)
    fired = go(step, matter, standing_in(role, relation, matter), cases)
    stored = Matter.objects.get(pk=matter.pk)
    assert stored.state in step.kind.targets(step.transition, state)
    assert (stored.version, stored.last_hash) == (matter.version + 1, fired.step.hash)
    assert (fired.step.role, fired.step.from_state, fired.step.to_state) == (role, state, stored.state)
    assert matter_break(stored) is None
    handling = list(Assignment.objects.filter(matter=stored))
    seen = set(Sight.objects.filter(matter=stored).values_list("key", flat=True))
    assert seen == sight_keys(stored, step.kind, handling)
    assert stored.is_open is not step.kind.states[stored.state].end


@pytest.mark.parametrize(("step", "state"), ELSEWHERE_STATE)
def test_it_is_refused_from_every_other_state(cases, step, state):
    matter = cases.kept[step.kind.name, state, "usual"].reload()
    role, relation = _somebody(step)
    if relation is Relation.ASSIST:
        _place_helper(matter, step.kind)
    if relation is Relation.LEAD and matter.lead_id is None:
        with pytest.raises(NotYours):
            go(step, matter, standing_in(role, Relation.CENTRE, matter), cases)
    else:
        with pytest.raises(NotAllowedNow) as refused:
            go(step, matter, standing_in(role, relation, matter), cases)
        assert refused.value.details["state"] == state
    assert Step.objects.filter(matter=matter).count() == matter.version


@pytest.mark.parametrize(("step", "role"), OTHER_ROLE)
def test_it_is_refused_for_every_other_role(cases, step, role):
    matter = cases.of(step, step.transition.source_states[0])
    relations = (Relation.CENTRE, Relation.LEAD, Relation.ASSIST, Relation.HOLDER, Relation.REGION)
    units = {held for relation in relations if (held := unit_in(relation, matter))}
    actor = staff([seat(role, held) for held in units], cast.user(CLERK).id)
    refusal = ReadOnly if pack().roles[role].is_reader else NotYours
    with pytest.raises(refusal):
        go(step, matter, actor, cases)
    assert Step.objects.filter(matter=matter).count() == matter.version


@pytest.mark.parametrize(("step", "role"), SAME_ROLE)
def test_the_same_role_of_another_town_sees_nothing_and_may_do_nothing(cases, step, role):
    matter = cases.of(step, step.transition.source_states[0])
    with pytest.raises(MatterNotFound):
        go(step, matter, staff([seat(role, stranger(role))], cast.user(ONLOOKER).id), cases)
    onlooker = staff([seat(role, stranger(role))], cast.user(CLERK).id)
    with pytest.raises(NotYours):
        go(step, matter, onlooker, cases)


@pytest.mark.parametrize(("step", "role"), BY_UNIT)
def test_the_same_role_in_another_relation_may_do_nothing(cases, step, role):
    declared = step.transition.relations(role)
    matter = cases.of(step, step.transition.source_states[0])
    ours = {unit_in(relation, matter) for relation in declared}
    others = {unit_in(relation, matter) for relation in (Relation.CENTRE, Relation.LEAD, Relation.REGION)}
    actor = staff([seat(role, held) for held in others - ours if held], cast.user(CLERK).id)
    with pytest.raises(NotYours):
        go(step, matter, actor, cases)


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_the_citizen_and_the_clock_take_only_their_own_steps(cases, step):
    matter = cases.of(step, step.transition.source_states[0])
    for relation in (Relation.REPORTER, Relation.SYSTEM):
        if not any(relation in step.transition.relations(role) for role in step.transition.by):
            with pytest.raises(NotYours):
                go(step, matter, standing_in("", relation, matter), cases)


@pytest.mark.parametrize(("step", "missing"), REQUIRED)
def test_a_missing_input_is_named(cases, step, missing):
    state = step.transition.source_states[0]
    role, relation = _somebody(step)
    matter = cases.of(step, state, relation)
    for empty in (None, "", "  ", [], {}):
        with pytest.raises(BadInput) as refused:
            go(step, matter, standing_in(role, relation, matter), cases, **{missing.name: empty})
        assert list(refused.value.fields) == [missing.name]
        assert missing.title.zh in str(refused.value.fields[missing.name][0])
    assert Step.objects.filter(matter=matter).count() == matter.version


@pytest.mark.parametrize(("kind", "missing"), OPENING_REQUIRED)
def test_a_missing_opening_input_is_named(kind, missing):
    before = Matter.objects.count()
    with pytest.raises(BadInput) as refused:
        matter_open(
            kind=kind.name,
            actor=cast.citizen(),
            inputs={**REQUEST, "region": VILLAGE, missing.name: " "},
            channel="web",
        )
    assert list(refused.value.fields) == [missing.name]
    assert Matter.objects.count() == before


def _somebody(step: Declared) -> tuple[str, Relation]:
    role = next(iter(step.transition.by))
    return role, step.transition.relations(role)[0]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_undeclared_step_is_unknown(cases, kind):
    matter = cases.kept[kind.name, kind.opening.to, "usual"].matter
    for name in ("no_such_step", kind.opens_with, "", "état"):
        with pytest.raises(UnknownTransition):
            fire(number=matter.number, transition=name, actor=cast.actor(CLERK))


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_an_undeclared_input_is_named(cases, step):
    role, relation = _somebody(step)
    matter = cases.of(step, step.transition.source_states[0], relation)
    with pytest.raises(BadInput) as refused:
        go(step, matter, standing_in(role, relation, matter), cases, smuggled="x")
    assert list(refused.value.fields) == ["smuggled"]
