"""A matter as the person who brought it reads it: how far it is, what was promised, what happened, their own words.

Of a matter that is handled together with another, the public things of that other one are told.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.loop.flow import REPORTER
from qizhi.kernel.loop.models import Attachment, Matter, Passage
from qizhi.kernel.loop.queries.possible import possible
from qizhi.kernel.loop.queries.story import ClockTold, Told, clocks_told, handled_by, steps_told
from qizhi.kernel.modes.schema import Kind, State, Transition
from qizhi.kernel.modes.store import kind_at

_PHASE_OF_TONE = {"new": 0, "busy": 1, "wait": 1, "warn": 1, "done": 2, "ended": 3}


@dataclass(frozen=True)
class Phase:
    """One of the four phases of any matter; `stand` is past, now or ahead."""

    title: str
    stand: str


@dataclass(frozen=True)
class Event:
    """One thing that happened, with what may be read of it; `mine` are the person's own words in it.

    `is_other`: it happened to the matter that is handled together with this one.
    """

    told: Told
    mine: tuple[str, ...]
    files: tuple[Attachment, ...]
    is_other: bool = False

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


def tale_of(matter: Matter, actor: Actor) -> Tale:
    """Return the tale of a matter that the citizen `actor` has opened, newest things first; at most ten queries."""
    kind = kind_at(matter.mode_version, matter.kind)
    told = steps_told(matter, kind, only_public=True)
    words, files = _own(matter)
    opening = files.pop(told[0].step.pk, []) if told else []
    events = [_event(one, words, files) for one in told]
    other = handled_by(matter)
    is_merged = other.pk != matter.pk
    other_kind = kind_at(other.mode_version, other.kind)
    if is_merged:
        events += _public_events(other, other_kind)
    public = [clock for clock in clocks_told(other, other_kind) if clock.is_public]
    return Tale(
        state=kind.states[matter.state],
        phases=phases(other_kind.states[other.state]),
        promise=max(public, key=lambda clock: clock.row.started_at, default=None),
        events=sorted(events, key=lambda event: event.told.step.at, reverse=True),
        buttons=_buttons(matter, kind, actor),
        files=tuple(opening),
        other_state=other_kind.states[other.state] if is_merged else None,
    )


def _buttons(matter: Matter, kind: Kind, actor: Actor) -> tuple[Transition, ...]:
    """Return what the person may do now; two queries, none where the flow leaves them nothing to do."""
    offered = (step for step in kind.transitions.values() if matter.state in step.source_states)
    if not any(REPORTER in step.by for step in offered):
        return ()
    assignments, applications = matter.assignments.all(), matter.applications.all()
    return possible(matter, actor, list(assignments), list(applications)).steps


def _public_events(matter: Matter, kind: Kind) -> list[Event]:
    """Return the public steps of somebody else's matter: no word that its own person wrote."""
    told = steps_told(matter, kind, only_public=True)
    return [
        Event(told=one, mine=(), files=tuple(one.files), is_other=True)
        for one in told
        if one.step.actor_kind != ActorKind.CITIZEN
    ]


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
    """Return the phases, derived from the tone of the state, which every kind declares.

    A matter that ended without being done (withdrawn, not accepted) shows no phase that it may never have reached.
    """
    titles = [_("收到"), _("办理"), _("答复"), _("结束")]
    if state.end:
        passed = titles if state.done else [titles[0], titles[-1]]
        return [Phase(title, "past") for title in passed]
    now = _PHASE_OF_TONE[state.tone]
    stands = [
        "past" if number < now else "now" if number == now else "ahead" for number in range(len(titles))
    ]
    return [Phase(title, stand) for title, stand in zip(titles, stands, strict=True)]
