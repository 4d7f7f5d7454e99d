"""One matter as a list shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qizhi.faces.words import is_english
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.choices import Urgency
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.possible import Possible, possible_for_each
from qizhi.kernel.modes.schema import State, Transition
from qizhi.kernel.modes.store import mode_at
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.units.queries import directory

NOTHING = Possible()


@dataclass(frozen=True)
class Row:
    """What a list shows of a matter; `who` is the unit whose turn it is, `main` the one step to take here."""

    matter: Matter
    state: State
    place: str
    who: str
    category: str
    can: Possible = NOTHING

    @property
    def main(self) -> Transition | None:
        """The first main step that the reader may take."""
        return self.can.main

    @property
    def bulk(self) -> str:
        """The names of the steps that the reader may take with many matters at once, for the script of the list."""
        return " ".join(step.name for step in self.can.steps if step.bulk)

    @property
    def is_urgent(self) -> bool:
        """Whether it is more than an ordinary matter."""
        return self.matter.urgency != Urgency.NORMAL

    @property
    def is_paused(self) -> bool:
        """Whether it is open and no promise runs just now."""
        return self.matter.is_open and self.matter.due_at is None


def rows_of(matters: Iterable[Matter]) -> list[Row]:
    """Return the rows of a list; no query."""
    return [_row(matter, NOTHING) for matter in matters]


def rows_with_steps(matters: Iterable[Matter], actor: Actor) -> list[Row]:
    """Return the rows with the steps that `actor` may take with each; two queries in all."""
    shown = list(matters)
    can = possible_for_each(actor, shown)
    return [_row(matter, can[matter.pk]) for matter in shown]


def _row(matter: Matter, can: Possible) -> Row:
    return Row(
        matter=matter,
        state=state_of(matter),
        place=place_name(matter.region_code),
        who=unit_name(matter.holder_id or matter.lead_id or matter.centre_id),
        category=category_name(matter),
        can=can,
    )


def state_of(matter: Matter) -> State:
    """Return the state of the matter as its kind declares it."""
    return mode_at(matter.mode_version).kinds[matter.kind].states[matter.state]


def place_name(code: str) -> str:
    """Return the name of a place below the county, such as 凤鸣镇堰河村; of the county 全县; a grid as its village."""
    known = gazetteer()
    shown = code[:12]
    if shown == known.root.code:
        return _("全县")
    return known.path_name(shown) if shown in known.by_code else code


def unit_name(key: object) -> str:
    """Return the short name of the unit with this key; nothing for none."""
    body = directory().by_id.get(key)  # type: ignore[call-overload]
    return body.short_name if body else ""


def category_name(matter: Matter) -> str:
    """Return the category in words; nothing while it has none."""
    found = (one for one in mode_at(matter.mode_version).categories if one.code == matter.category)
    return next((_said(one.zh, one.en) for one in found), "")


def _said(zh: str, en: str) -> str:
    return en if en and is_english() else zh
