"""The promises of a kind: clocks, their terms and how they climb when late. Pure."""

import re

from qizhi.kernel.worktime.terms import Term

from .base import Part, Words
from .strings import Key, OffsetText, TermText


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


SHAPE = re.compile(r"^(?P<role>[a-z_]+)@(?P<relation>[a-z]+)$")
