"""Copies of a pattern: the same story in another village, at another time, in other words, with its own chain.

Rows are plain dictionaries from column to value: a hundred thousand matters are some two and a half million rows,
for which Django's instances would take minutes.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from qizhi.kernel.accounts.models import User
from qizhi.kernel.kit.keys import uuid7
from qizhi.kernel.loop.models import Clock, Matter, Passage, Reporter, Sight, Step
from qizhi.kernel.loop.reporters import ReporterFacts, reporter_new
from qizhi.kernel.loop.steps import facts_digest, step_hash, text_digest
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import Gazetteer, Place, gazetteer
from qizhi.kernel.units.queries import Directory, directory
from qizhi.testing.world import VILLAGE

from . import words
from .patterns import DEPARTMENT, OF_COUNTY, TABLES, Pattern, Record, Rows, Template, record

Swaps = dict[Any, Any]
# clocks that stand this near to their next rung are taken as having climbed: the worker must not fire meanwhile
STILL = timedelta(hours=1)
# the department of the patterns has this share of the county's matters, so that its list is a long one
OWN_SHARE = 0.2
CHANNELS, CHANNEL_WEIGHTS = ("web", "window", "phone", "grid", "api", "letter"), (45, 25, 15, 10, 4.9, 0.1)
URGENCIES, URGENCY_WEIGHTS = ("normal", "urgent", "emergency"), (96, 3.9, 0.1)
TIMES_IN_JSON = frozenset({"due_at", "due_before"})


@dataclass
class County:
    """What may take the place of what in a pattern."""

    chance: random.Random
    now: datetime
    places: Gazetteer = field(default_factory=gazetteer)
    units: Directory = field(default_factory=directory)

    def __post_init__(self) -> None:
        self.users = dict(User.objects.filter(is_demo=True).values_list("username", "id"))
        self.villages = [place for place in self.places.places if len(place.code) == 12]
        self.departments = [code for code in self.units.by_code if f"handler.{code}@610323" in self.users]
        self.categories = [one.code for one in current().categories if "." in one.code]
        self.ladders = {name: len(clock.ladder) for name, clock in current().kinds["request"].clocks.items()}
        self._by_village = {place.code: self._place_swaps(place) for place in self.villages}
        self._by_department = {code: self._department_swaps(code) for code in self.departments}

    def swaps(self, pattern: Pattern, village: str) -> Swaps:
        """Return what stands in a copy of `pattern` at `village` for what stands in the pattern."""
        found = dict(self._by_village[village])
        if pattern.place == OF_COUNTY and self.chance.random() > OWN_SHARE:
            found |= self._by_department[self.chance.choice(self.departments)]
        category = self.chance.choice(self.categories)
        for said in pattern.categories:
            found[said], found[said.split(".")[0]] = category, category.split(".")[0]
        for key in pattern.keys:
            found[key] = uuid7()
        return found

    def _place_swaps(self, place: Place) -> Swaps:
        """Return the codes, units and people of the patterns' village and town, each with those of `place`."""
        found: Swaps = {}
        for old, new in ((VILLAGE, place.code), (VILLAGE[:9], place.code[:9])):
            found[old] = new
            for prefix in ("centre", "tg"):
                found |= self._unit_swaps(f"{prefix}-{old}", f"{prefix}-{new}")
            for role in ("clerk", "dispatcher", "handler", "revisit"):
                found |= self._user_swaps(f"{role}@{old}", f"{role}@{new}")
        return found

    def _department_swaps(self, code: str) -> Swaps:
        swaps = self._user_swaps(f"handler.{DEPARTMENT}@610323", f"handler.{code}@610323")
        return swaps | self._unit_swaps(DEPARTMENT, code)

    def _unit_swaps(self, old: str, new: str) -> Swaps:
        if old not in self.units.by_code:
            return {}
        there, here = self.units.by_code[old], self.units.by_code[new]
        return {
            old: new,
            there.id: here.id,
            f"u{there.id.hex}": f"u{here.id.hex}",
            there.short_name: here.short_name,
        }

    def _user_swaps(self, old: str, new: str) -> Swaps:
        if old not in self.users:
            return {}
        there, here = self.users[old], self.users[new]
        return {there: here, f"b{there.hex}": f"b{here.hex}"}


@dataclass(frozen=True)
class Wanted:
    """One copy to be made: of which pattern, where, how much later, and under which number."""

    pattern: Pattern
    village: str
    later: timedelta
    number: str


def copy(wanted: Wanted, county: County, query_code_key: str, twin: Record | None) -> Rows:
    """Return the rows of a copy by table; its chain and all digests are its own, so the audit finds it whole.

    Arguments:
        twin: the matter that a merged one points to; it is stored before or with the copy.
    """
    pattern = wanted.pattern
    swaps = county.swaps(pattern, wanted.village)
    if twin is not None and pattern.twin is not None:
        swaps |= {pattern.twin[0]: twin["id"], pattern.twin[1]: twin["number"]}
    made = {
        table: [_copied(one, swaps, wanted.later) for one in pattern.templates[table]] for table in TABLES
    }
    matter = made[Matter][0]
    matter |= {"number": wanted.number, "query_code_key": query_code_key}
    _worded(matter, made, county.chance)
    _varied(matter, made, county.chance)
    _chained(matter, made[Step])
    _climbed(made[Clock], county)
    return made


def _copied(template: Template, swaps: Swaps, later: timedelta) -> Record:
    row = dict(template.row)
    for name in template.named:
        row[name] = swaps.get(row[name], row[name])
    for name in template.timed:
        row[name] += later
    for name in template.nested:
        row[name] = _swapped_json(row[name], swaps, later)
    return row


def _swapped_json(value: Any, swaps: Swaps, later: timedelta) -> Any:
    kind = type(value)
    if kind is str:
        return swaps.get(value, value)
    if kind is list:
        return [_swapped_json(one, swaps, later) for one in value]
    if kind is dict:
        return {
            name: _moved(one, later) if name in TIMES_IN_JSON and one else _swapped_json(one, swaps, later)
            for name, one in value.items()
        }
    return value


@cache
def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _moved(said: str, later: timedelta) -> str:
    return (_moment(said) + later).isoformat()


def _worded(matter: Record, made: Rows, chance: random.Random) -> None:
    """Put invented words and an invented reporter into a copy, and their digests into its steps."""
    matter["title"], matter["text"], matter["address"] = words.request(chance)
    steps = {step["id"]: step for step in made[Step]}
    facts = cast(Matter, SimpleNamespace(**matter))
    made[Step][0]["inputs"]["facts"] = facts_digest(facts)
    for passage in made[Passage]:
        passage["text"] = words.note(chance)
        said = {"passage": text_digest(passage["salt"], passage["text"])}
        steps[passage["step_id"]]["inputs"][passage["field"]] = said
    if made[Reporter]:
        made[Reporter] = [record(reporter_new(ReporterFacts(name="赵一", phone=words.phone(chance))))]
        matter["reporter_id"] = made[Reporter][0]["id"]


def _varied(matter: Record, made: Rows, chance: random.Random) -> None:
    """Vary what no step says: how it came in, and how urgent it is."""
    matter["channel"] = chance.choices(CHANNELS, CHANNEL_WEIGHTS)[0]
    matter["urgency"] = chance.choices(URGENCIES, URGENCY_WEIGHTS)[0]
    for sight in made[Sight]:
        sight |= {"channel": matter["channel"], "urgency": matter["urgency"]}


def _chained(matter: Record, steps: list[Record]) -> None:
    previous = ""
    for step in steps:
        step["previous_hash"] = previous
        step["hash"] = previous = step_hash(cast(Step, SimpleNamespace(**step)))
    matter["last_hash"] = previous


def _climbed(clocks: list[Record], county: County) -> None:
    for clock in clocks:
        if clock["next_at"] is not None and clock["next_at"] <= county.now + STILL:
            clock |= {"rung": county.ladders[clock["name"]], "next_at": None}
