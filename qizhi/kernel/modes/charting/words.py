"""The small lines in a state's box: whose turn it is, and which promises begin there."""

from qizhi.kernel.worktime.lines import term_text
from qizhi.kernel.worktime.terms import Term

from ..schema import Clock, HeldBy, Kind, State

_HOLDERS = {
    HeldBy.CENTRE: ("综治中心", "governance centre"),
    HeldBy.LEAD: ("主办单位", "lead unit"),
    HeldBy.SUPERVISION: ("督办单位", "supervision"),
    HeldBy.REPORTER: ("来信人", "the citizen"),
}


def box_lines(kind: Kind, state: State, language: str) -> list[str]:
    """Return the small lines of a state: the holder, then each clock that begins when the state is entered."""
    english = language.startswith("en")
    lines = []
    if state.held_by in _HOLDERS:
        holder = _HOLDERS[state.held_by][english]
        lines.append(f"With: {holder}" if english else f"轮到：{holder}")
    for name in _beginning(kind, state):
        clock = kind.clocks[name]
        lines.append(f"{clock.title.say(language)}{': ' if english else '：'}{_term(clock, language)}")
    return lines


def _beginning(kind: Kind, state: State) -> list[str]:
    """The clocks that every step into the state starts; in the first state, those that the opening starts."""
    opening = kind.transitions.get(kind.opens_with)
    if opening is not None and opening.to == state.name:
        return [name for name in opening.starts if name in kind.clocks]
    entering = [
        t for t in kind.transitions.values() if t.to == state.name and (state.name,) != t.source_states
    ]
    return [name for name in kind.clocks if entering and all(name in t.starts for t in entering)]


def _term(clock: Clock, language: str) -> str:
    """The clock's term in words; of one that depends on the matter, the shortest and the longest."""
    if isinstance(clock.term, str):
        return term_text(Term.parse(clock.term), language)
    terms = sorted({Term.parse(text) for text in clock.term.terms.values()}, key=lambda term: term.amount)
    if not terms or len({term.unit for term in terms}) > 1:
        return term_text(Term.parse(clock.term.default), language)
    longest = term_text(terms[-1], language)
    if terms[0] == terms[-1]:
        return longest
    joint = "–" if language.startswith("en") else "至"
    return f"{terms[0].amount}{joint}{longest}"
