"""The walks agree with brute force on small random flows."""

from hypothesis import given
from hypothesis import strategies as st

from qizhi.kernel.modes import flow
from qizhi.kernel.modes.tests.tools import kind_of

STATES = ["a", "b", "c", "d", "end1", "end2"]
NAMES = ["t1", "t2", "t3", "t4", "t5", "t6"]


@st.composite
def kinds(draw):
    """A small kind: an opening and up to six transitions with targets of every form, and one clock."""
    count = draw(st.integers(1, len(NAMES)))
    targets = st.sampled_from([*STATES, "=", *(f"^{name}" for name in NAMES[:count])])
    moves: dict[str, tuple[list[str], str]] = {"open": ([], draw(st.sampled_from(STATES)))}
    for name in NAMES[:count]:
        sources = draw(st.lists(st.sampled_from(STATES), min_size=1, max_size=3, unique=True))
        moves[name] = (sources, draw(targets))
    kind = kind_of(**moves)
    acts = st.sampled_from([(), ("k",)])
    changed = {
        name: transition.model_copy(update={"starts": draw(acts), "stops": draw(acts)})
        for name, transition in kind.transitions.items()
    }
    return kind.model_copy(update={"transitions": changed})


def histories(kind, length=6):
    """Every way of firing up to `length` transitions, played step by step with the whole past at hand."""
    opening = kind.transitions["open"]
    yield from play(kind, [("open", "", opening.to)], length)


def play(kind, past, length):
    yield past
    if length == 0:
        return
    state = past[-1][2]
    for name, transition in kind.transitions.items():
        if state not in transition.source_states:
            continue
        target = transition.to
        if target == "=":
            target = state
        elif target.startswith("^"):
            came = [source for fired, source, _ in past if fired == target[1:]]
            target = came[-1] if came else ""
        if target:
            yield from play(kind, [*past, (name, state, target)], length - 1)


def brute_points(kind):
    """Every situation by repeated expansion: a state and the last source of each transition of the kind."""
    names = list(kind.transitions)
    start = (kind.transitions["open"].to, tuple("" for _ in names))
    seen, fresh = {start}, {start}
    while fresh:
        fresh = {after for before in fresh for after in brute_after(kind, names, before)} - seen
        seen |= fresh
    return names, seen


def brute_after(kind, names, situation):
    state, sources = situation
    for place, name in enumerate(names):
        transition = kind.transitions[name]
        if state in transition.source_states:
            target = transition.to
            if target == "=":
                target = state
            elif target.startswith("^"):
                target = sources[names.index(target[1:])]
            if target:
                yield target, (*sources[:place], state, *sources[place + 1 :])


@given(kinds())
def test_reachable_states_are_those_of_brute_force(kind):
    _, seen = brute_points(kind)
    assert flow.reachable_states(kind) == {state for state, _ in seen}


@given(kinds())
def test_every_short_history_is_a_walk_and_every_walk_a_history(kind):
    reached = {past[-1][2] for past in histories(kind, 4)}
    assert reached <= flow.reachable_states(kind)
    for past in histories(kind, 3):
        point, refused = flow.walk_path(kind, [name for name, _, _ in past])
        assert refused is None
        assert point is not None
        assert point.state == past[-1][2]


@given(kinds())
def test_stuck_states_are_those_from_which_brute_force_finds_no_end(kind):
    names, seen = brute_points(kind)
    after = {one: set(brute_after(kind, names, one)) for one in seen}
    closing = {one for one in seen if kind.states[one[0]].end}
    while True:
        more = {one for one in seen - closing if after[one] & closing}
        if not more:
            break
        closing |= more
    assert {point.state for point in flow.stuck_points(kind)} == {state for state, _ in seen - closing}


@given(kinds())
def test_a_way_to_a_point_really_leads_there(kind):
    for point, way in flow.points(kind).items():
        assert flow.walk_path(kind, way) == (point, None)


@given(kinds())
def test_a_clock_that_runs_at_an_end_is_found_as_by_brute_force(kind):
    ends = flow.resolving_ends(kind)
    found = set()
    for past in histories(kind, 5):
        running = False
        for place, (name, _, target) in enumerate(past):
            transition = kind.transitions[name]
            running = "k" in transition.starts or (running and "k" not in transition.stops)
            if running and target in ends:
                if place == len(past) - 1:
                    found.add(name)
                break
            if target in ends:
                break
    assert found <= set(flow.running_at_end(kind, "k"))
    for name, way in flow.running_at_end(kind, "k").items():
        running = False
        for step in way:
            transition = kind.transitions[step]
            running = "k" in transition.starts or (running and "k" not in transition.stops)
        point, refused = flow.walk_path(kind, way)
        assert (running, refused, way[-1]) == (True, None, name)
        assert point is not None
        assert point.state in ends


def test_going_back_leads_only_to_where_one_came_from():
    """From `b` one goes back to `a` when one came from there, never to `c`, from which no end can be reached."""
    kind = kind_of(
        open=([], "a"),
        pause=(["a", "c"], "b"),
        back=(["b"], "^pause"),
        stop=(["a"], "end"),
        sink=(["a"], "c"),
    )
    assert flow.reachable_states(kind) == {"a", "b", "c", "end"}
    assert {point.state for point in flow.stuck_points(kind)} == {"b", "c"}
    ways = {point.state: way for point, way in flow.stuck_points(kind).items()}
    assert ways["b"] == ("open", "sink", "pause")
