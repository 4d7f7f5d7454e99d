"""A matter as the person who brought it reads it: how far it is, what was promised, what happened, their own words.

Of a matter that is handled together with another, the public things of that other one are told.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.loop.models import Attachment, Matter, Passage
from qizhi.kernel.loop.queries.story import ClockTold, Told, clocks_told, handled_by, matter_story, steps_told
from qizhi.kernel.modes.schema import State, Transition
from qizhi.kernel.modes.store import kind_at

PHASES = 4
_PHASE_OF_TONE = {"new": 0, "busy": 1, "wait": 1, "warn": 1, "done": 2, "ended": 3}


@dataclass(frozen=True)
class Phase:
    """One of the four phases of any matter; `stand` is past, now or ahead."""

    title: str
    stand: str


@dataclass(frozen=True)
class Event:
    """One thing that happened, with what may be read of it; `mine` are the person's own words in it."""

    told: Told
    mine: tuple[str, ...]
    files: tuple[Attachment, ...]

    @property
    def is_mine(self) -> bool:
        """Whether the person did it."""
        return str(self.told.step.actor_kind) == ActorKind.CITIZEN


@dataclass(frozen=True)
class Tale:
    """Everything that the page of a matter shows to the person who brought it."""

    state: State
    phases: list[Phase]
    promise: ClockTold | None
    events: list[Event]
    buttons: tuple[Transition, ...]
    files: tuple[Attachment, ...]
    other_state: State | None
    other_events: list[Event]


def tale_of(matter: Matter, actor: Actor) -> Tale:
    """Return the tale of a matter that the citizen `actor` has opened; at most eleven queries, newest things first."""
    story = matter_story(matter, actor)
    words, files = _own(matter)
    other = handled_by(matter)
    is_merged = other.pk != matter.pk
    opening = files.pop(story.steps[0].step.pk, []) if story.steps else []
    events = [_event(told, words, files) for told in story.steps]
    other_kind = kind_at(other.mode_version, other.kind)
    other_clocks = clocks_told(other, other_kind) if is_merged else story.clocks
    return Tale(
        state=story.kind.states[matter.state],
        phases=phases(other_kind.states[other.state]),
        promise=next((clock for clock in reversed(_by_start(other_clocks)) if clock.is_public), None),
        events=list(reversed(events)),
        buttons=story.buttons,
        files=tuple(opening),
        other_state=other_kind.states[other.state] if is_merged else None,
        other_events=_public_events(other) if is_merged else [],
    )


def _by_start(clocks: list[ClockTold]) -> list[ClockTold]:
    return sorted(clocks, key=lambda clock: clock.row.started_at)


def _public_events(matter: Matter) -> list[Event]:
    """Return the public steps of somebody else's matter: no word that its own person wrote."""
    kind = kind_at(matter.mode_version, matter.kind)
    told = steps_told(matter, kind, only_public=True)
    return [_event(one, {}, {}) for one in reversed(told) if one.step.actor_kind != ActorKind.CITIZEN]


def _own(matter: Matter) -> tuple[dict[uuid.UUID, list[Passage]], dict[uuid.UUID, list[Attachment]]]:
    """Return the words and files that the person handed in themselves, by step."""
    words: dict[uuid.UUID, list[Passage]] = {}
    files: dict[uuid.UUID, list[Attachment]] = {}
    mine = {"matter": matter, "step__actor_kind": ActorKind.CITIZEN}
    for passage in Passage.objects.filter(**mine, erased_at=None):
        words.setdefault(passage.step_id, []).append(passage)
    for file in Attachment.objects.filter(**mine).order_by("uploaded_at"):
        if file.step_id:
            files.setdefault(file.step_id, []).append(file)
    return words, files


def _event(
    told: Told, words: dict[uuid.UUID, list[Passage]], files: dict[uuid.UUID, list[Attachment]]
) -> Event:
    key: Any = told.step.pk
    public = {passage.pk for _, passage in told.texts}
    mine = tuple(passage.text for passage in words.get(key, ()) if passage.pk not in public)
    papers = {file.pk: file for file in (*told.files, *files.get(key, ()))}
    return Event(told=told, mine=mine, files=tuple(papers.values()))


def phases(state: State) -> list[Phase]:
    """Return the four phases, derived from the tone of the state, which every kind declares."""
    now = PHASES - 1 if state.end else _PHASE_OF_TONE[state.tone]
    titles = [_("收到"), _("办理"), _("答复"), _("结束")]
    last = PHASES - 1

    def stand(number: int) -> str:
        if number < now or (state.end and number == last):
            return "past"
        return "now" if number == now else "ahead"

    return [Phase(title, stand(number)) for number, title in enumerate(titles)]
