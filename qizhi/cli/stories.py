"""The stories that demonstration matters live through: which steps, by whom, how long apart, in which words."""

import csv
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from qizhi.kernel.loop.facts import facts_of
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.modes.routes import choose
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.queries import directory

from .replay import Move, Skip

# what a message without a category is taken for
OTHER = "party_government.suggestion"
Inputs = Callable[[Matter], dict[str, Any]]


class Voices:
    """Ready-made official words by use; without a file every use says one plain sentence."""

    def __init__(self, file: Path | None, chance: random.Random) -> None:
        self.chance = chance
        self.by_use: dict[str, list[str]] = {}
        if file is not None and file.exists():
            with file.open(encoding="utf-8", newline="") as handle:
                for row in csv.DictReader(handle):
                    self.by_use.setdefault(row["use"], []).append(row["text"])

    def say(self, use: str, key: str = "") -> str:
        """Return the text written for `use` and this one message, else one that suits any."""
        return self.chance.choice(
            self.by_use.get(f"{use}.{key}") or self.by_use.get(use) or ["已按程序办理。"]
        )


class Teller:
    """Makes the moves of one message's story; the same file gives the same year.

    `key` names the message, for words that were written for it; `wrong_door` is why it is not accepted and
    `against` the code of the unit that it complains of.
    """

    def __init__(
        self,
        voices: Voices,
        chance: random.Random,
        *,
        key: str = "",
        wrong_door: str = "court",
        against: str = "",
    ) -> None:
        self.voices = voices
        self.chance = chance
        self.key = key
        self.wrong_door = wrong_door
        self.against = against

    def say(self, use: str) -> str:
        """Return words for `use`, those of this message first."""
        return self.voices.say(use, self.key)

    def moves(self, story: str, *, lookup: Callable[[str], str | None] = lambda _key: None) -> Iterator[Move]:
        """Yield the moves of `story`; `lookup` gives the number of another matter of the same run by its key."""
        name, _, other = story.partition(":")
        yield from _STORIES.get(name, _STORIES["archived"])(self, other, lookup)

    # --- single moves ---

    def move(self, transition: str, who: str, hours: float, inputs: Inputs | dict[str, Any]) -> Move:
        """Return a move about `hours` after the one before, give or take a third."""
        gap = timedelta(hours=hours * self.chance.uniform(0.67, 1.33))
        return Move(transition, who, gap, inputs if callable(inputs) else lambda _matter: dict(inputs))

    def triage(self) -> Move:
        """Triage with the category that the message came with."""
        difficulty = self.chance.choices(["simple", "general", "complex"], [3, 6, 1])[0]
        return self.move(
            "triage",
            "dispatcher",
            2,
            lambda m: {
                "category": m.category or OTHER,
                "difficulty": difficulty,
                "note": self.say("triage_note"),
                "against_unit": self.against,
            },
        )

    def dispatch(self, *, assists: int = 0) -> Iterator[Move]:
        """Dispatch to the unit that the routing table proposes; send it up first when it sits above the centre."""
        yield self.move("escalate", "dispatcher", 1, _up_if_above)
        yield self.move("triage", "dispatcher", 2, _triage_again)
        yield self.move("dispatch", "dispatcher", 2, lambda m: self._dispatch_inputs(m, assists))

    def _dispatch_inputs(self, matter: Matter, assists: int) -> dict[str, Any]:
        lead = proposed_lead(matter)
        found: dict[str, Any] = {"lead_unit": lead, "note": self.say("dispatch_note")}
        if assists:
            bodies = [b.code for b in directory().bodies if b.kind == "county_body" and b.code != lead]
            found["assist_units"] = self.chance.sample(bodies, assists)
        return found

    def taken_in(self, *, assists: int = 0) -> Iterator[Move]:
        """Triage, dispatch and acceptance."""
        yield self.triage()
        yield from self.dispatch(assists=assists)
        yield self.move("accept", "handler", 3, {"contacted": True, "note": self.say("accept_note")})

    def worked_on(self, *, assists: int = 0) -> Iterator[Move]:
        """From the first word to work in progress."""
        yield from self.taken_in(assists=assists)
        yield self.move("start", "handler", 4, {})
        yield self.move("progress", "handler", 16, {"progress": self.say("progress_note")})

    def finished(self) -> Iterator[Move]:
        """Conclusion and reply."""
        yield self.move(
            "conclude", "handler", 24, {"result": self.result(), "conclusion": self.say("conclusion")}
        )
        yield self.move("reply", "handler", 3, {"reply": self.say("reply")})

    def result(self) -> str:
        """Return how it ended, mostly solved."""
        return self.chance.choices(["solved", "partly", "explained", "planned"], [8, 1, 2, 1])[0]

    def satisfied(self) -> Iterator[Move]:
        """The person says yes, by themselves or to the revisit clerk."""
        if self.chance.random() < 0.3:
            yield self.move("rate", "reporter", 8, {"score": self.chance.choice([4, 5, 5])})
        else:
            comment = self.say("revisit_comment")
            yield self.move(
                "revisit", "revisit", 20, {"way": "phone", "satisfaction": "satisfied", "comment": comment}
            )

    def unsatisfied(self) -> Iterator[Move]:
        """The person says no; work begins again."""
        yield self.move("revisit_unsatisfied", "revisit", 20, {"comment": self.say("reopen_reason")})


def proposed_lead(matter: Matter) -> str:
    """Return the code of the unit that the dispatch table proposes for a matter.

    A unit does not lead the complaint against itself: then it is the centre that holds the matter.
    """
    units = directory()
    choice = choose(current().routes["dispatch"], facts_of(matter), units.own_code)
    if choice.unit_code is None:
        raise Skip
    is_complained_of = units.by_code[choice.unit_code].id == matter.against_unit_id
    return units.by_id[matter.centre_id].code if is_complained_of else choice.unit_code


def _is_above(matter: Matter) -> bool:
    lead, centre = directory().by_code[proposed_lead(matter)], directory().by_id[matter.centre_id]
    return not is_within(lead.region_code, centre.region_code)


def _up_if_above(matter: Matter) -> dict[str, Any]:
    if not _is_above(matter):
        raise Skip
    return {"reason": "需由县级部门办理，上报。"}


def _up(matter: Matter, reason: str) -> dict[str, Any]:
    """Return the inputs for sending a matter up; from the county there is no way up."""
    if matter.level == Level.COUNTY:
        raise Skip
    return {"reason": reason}


def _triage_again(matter: Matter) -> dict[str, Any]:
    if matter.state != "registered":
        raise Skip
    return {"category": matter.category, "difficulty": matter.difficulty or "general"}


Story = Callable[[Teller, str, Callable[[str], str | None]], Iterator[Move]]


def _new(_t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    return iter(())


def _triaged(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield t.triage()


def _dispatched(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield t.triage()
    yield from t.dispatch()


def _objected(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from _dispatched(t, _o, _l)
    yield t.move("object", "handler", 3, {"reason": t.say("objection_reason"), "basis": "本单位职责清单"})


def _in_progress(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from t.worked_on()


def _suspended(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from t.worked_on()
    if t.chance.random() < 0.5:
        yield t.move("ask_reporter", "handler", 5, {"question": t.say("question")})
    else:
        yield t.move("suspend", "handler", 5, {"reason": t.say("suspension_reason")})


def _extended(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from t.worked_on()
    yield t.move("extension_ask", "handler", 5, {"term": "wd5", "reason": t.say("extension_reason")})
    yield t.move("extension_grant", "dispatcher", 4, {"decision": t.say("ruling")})


def _joint(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from t.worked_on(assists=2)
    yield t.move("assist_answer", "assist", 12, {"answer": t.say("conclusion")})


def _concluded(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from t.worked_on()
    yield next(t.finished())


def _replied(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from t.worked_on()
    yield from t.finished()


def _revisited(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from _replied(t, _o, _l)
    yield from t.satisfied()


def _archived(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from _revisited(t, _o, _l)
    yield t.move("archive", "dispatcher", 16, {})


def _reopened(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from _replied(t, _o, _l)
    yield from t.unsatisfied()


def _supervised(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from _reopened(t, _o, _l)
    yield t.move("start", "handler", 5, {})
    yield from t.finished()
    yield t.move("revisit_supervise", "revisit", 20, {"comment": t.say("reopen_reason")})


def _withdrawn(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield t.triage()
    yield t.move("withdraw", "reporter", 5, {"reason": t.say("withdrawal_reason")})


def _not_accepted(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield t.move(
        "not_accept",
        "dispatcher",
        3,
        {"reason": t.wrong_door, "explanation": t.say("not_accepted_reason"), "door": t.say("redirect_door")},
    )


def _duplicate(t: Teller, other: str, lookup: Callable[[str], str | None]) -> Iterator[Move]:
    def inputs(_matter: Matter) -> dict[str, Any]:
        number = lookup(other)
        if number is None:
            raise Skip
        return {"target": number, "reason": "同一地点、同一件事。"}

    yield t.move("merge", "dispatcher", 2, inputs)


def _overdue(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield from t.taken_in()


def _escalated(t: Teller, _o: str, _l: Callable[[str], str | None]) -> Iterator[Move]:
    yield t.move("escalate", "dispatcher", 3, lambda m: _up(m, "本级解决不了，请上级协调。"))
    yield t.move("escalate", "dispatcher", 6, lambda m: _up(m, "涉及县级部门，请县综治中心协调。"))
    yield from t.worked_on()


_STORIES: dict[str, Story] = {
    "new": _new,
    "triaged": _triaged,
    "dispatched": _dispatched,
    "objected": _objected,
    "in_progress": _in_progress,
    "suspended": _suspended,
    "extended": _extended,
    "joint": _joint,
    "concluded": _concluded,
    "replied": _replied,
    "revisited": _revisited,
    "archived": _archived,
    "reopened": _reopened,
    "supervised": _supervised,
    "withdrawn": _withdrawn,
    "not_accepted": _not_accepted,
    "duplicate": _duplicate,
    "overdue": _overdue,
    "escalated": _escalated,
}
STORY_NAMES = tuple(_STORIES)
