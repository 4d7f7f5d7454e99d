"""The story of one matter: its steps in order with their words, files, clocks, units and levels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.modes.schema import Input, InputType, Kind, Transition, Words
from qizhi.kernel.modes.store import calendar_at, kind_at, mode_at
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.units.queries import Body, directory
from qizhi.kernel.worktime.lines import Line

from ..board import face_of
from ..models import Application, Assignment, Attachment, Clock, Leg, Matter, Passage, Step
from .possible import Possible, possible

YES, NO = Words(zh="是", en="Yes"), Words(zh="否", en="No")


@dataclass(frozen=True)
class Told:
    """One step as it is told: the declared titles, the words written, the values chosen, the files."""

    step: Step
    title: Any
    state_title: Any
    public: Any
    texts: list[tuple[Input | None, Passage]]
    values: list[tuple[Input, Any]]
    files: list[Attachment]


@dataclass(frozen=True)
class ClockTold:
    """One clock with its title and the lines that explain its due time."""

    row: Clock
    title: Any
    due_at: datetime | None
    lines: tuple[Line, ...]
    is_provisional: bool
    is_public: bool
    law: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """Everything that the page of a matter shows."""

    matter: Matter
    kind: Kind
    steps: list[Told]
    clocks: list[ClockTold]
    assignments: list[tuple[Body, Assignment]]
    applications: list[Application]
    possible: Possible

    @property
    def buttons(self) -> tuple[Transition, ...]:
        """The steps that the actor may take now, in their order."""
        return self.possible.steps


def matter_story(matter: Matter, actor: Actor) -> Story:
    """Return the story of a matter that the actor may see (it came through `policy`); six queries."""
    kind = kind_at(matter.mode_version, matter.kind)
    units = directory().by_id
    assignments = list(Assignment.objects.filter(matter=matter).order_by("assigned_at", "id"))
    applications = list(Application.objects.filter(matter=matter).order_by("asked__seq"))
    return Story(
        matter=matter,
        kind=kind,
        steps=steps_told(matter, kind, only_public=actor.kind == ActorKind.CITIZEN),
        clocks=clocks_told(matter, kind),
        assignments=[(units[one.unit_id], one) for one in assignments if one.unit_id in units],
        applications=applications,
        possible=possible(matter, actor, assignments, applications),
    )


def legs_told(matter: Matter) -> list[tuple[Body, Leg]]:
    """Return the levels that held the matter, the first first, each with its centre."""
    units = directory().by_id
    return [
        (units[leg.centre_id], leg) for leg in Leg.objects.filter(matter=matter) if leg.centre_id in units
    ]


def steps_told(
    matter: Matter, kind: Kind, *, only_public: bool, after: int = 0, most: int | None = None
) -> list[Told]:
    """Return the steps in order: three queries.

    Arguments:
        only_public: only what the citizen may read of the public steps.
        after: leave out the steps up to this number.
        most: how many at most; all when absent.
    """
    steps = Step.objects.filter(matter=matter, seq__gt=after).order_by("seq").select_related("actor")
    texts = Passage.objects.filter(matter=matter, step__seq__gt=after, erased_at=None)
    files = Attachment.objects.filter(matter=matter, step__seq__gt=after).order_by("uploaded_at")
    if only_public:
        steps, texts, files = (
            steps.filter(is_public=True),
            texts.filter(is_public=True),
            files.filter(is_public=True),
        )
    words: dict[Any, list[Passage]] = {}
    for passage in texts:
        words.setdefault(passage.step_id, []).append(passage)
    papers: dict[Any, list[Attachment]] = {}
    for file in files:
        papers.setdefault(file.step_id, []).append(file)
    teller = _Teller(matter, kind, only_public)
    return [teller.step(step, words.get(step.pk, []), papers.get(step.pk, [])) for step in steps[:most]]


@dataclass(frozen=True)
class _Teller:
    """Tells the steps of one matter, to staff or to the citizen."""

    matter: Matter
    kind: Kind
    only_public: bool

    def step(self, step: Step, texts: list[Passage], files: list[Attachment]) -> Told:
        """Return one step as it is told."""
        declared = self.kind.transitions.get(step.transition)
        inputs = {one.name: one for one in declared.inputs} if declared else {}
        values = [
            (one, value_words(one, step.inputs[name], self.matter))
            for name, one in inputs.items()
            if name in step.inputs and _is_plain(one) and (one.public or not self.only_public)
        ]
        state = self.kind.states.get(step.to_state)
        return Told(
            step=step,
            title=declared.title if declared else None,
            state_title=state.title if state else None,
            public=declared.public if declared else None,
            texts=[(inputs.get(passage.field), passage) for passage in texts],
            values=values,
            files=files,
        )


def _is_plain(declared: Input) -> bool:
    return declared.type not in {
        InputType.LINE,
        InputType.TEXT,
        InputType.FILES,
        InputType.REPORTER,
        InputType.POINT,
    }


def value_words(declared: Input, value: Any, matter: Matter) -> Any:
    """Return a kept value as people read it: `Words` of a choice or category, the short name of a unit."""
    match declared.type:
        case InputType.CHOICE:
            return next((choice.title for choice in declared.choices if choice.value == value), value)
        case InputType.CATEGORY:
            found = (c for c in mode_at(matter.mode_version).categories if c.code == value)
            return next((Words(zh=category.zh, en=category.en) for category in found), value)
        case InputType.BOOLEAN:
            return YES if value else NO
        case InputType.REGION:
            return gazetteer().path_name(value) if value in gazetteer().by_code else value
        case InputType.UNIT:
            return _unit_name(value)
        case InputType.UNITS:
            return gettext("、").join(_unit_name(code) for code in value)
        case _:
            return value


def _unit_name(code: str) -> str:
    body = directory().by_code.get(code)
    return body.short_name if body else code


def clocks_told(matter: Matter, kind: Kind) -> list[ClockTold]:
    """Return the clocks of a matter, live ones first, each explained from the inputs that it keeps."""
    calendar = calendar_at(matter.mode_version)
    rows = sorted(
        Clock.objects.filter(matter=matter), key=lambda row: (row.ended_at is not None, row.started_at)
    )
    told = []
    for row in rows:
        declared = kind.clocks[row.name]
        deadline = face_of(row).deadline(calendar)
        told.append(
            ClockTold(
                row=row,
                title=declared.title,
                due_at=row.due_at,
                lines=deadline.lines,
                is_provisional=deadline.is_provisional,
                is_public=declared.public,
                law=declared.source,
            )
        )
    return told


def public_due(matter: Matter) -> datetime | None:
    """Return the promise that the citizen was given: the due time of the latest public clock."""
    kind = kind_at(matter.mode_version, matter.kind)
    names = [name for name, clock in kind.clocks.items() if clock.public]
    row = Clock.objects.filter(matter=matter, name__in=names).order_by("-started_at").first()
    return row.due_at if row else None


def handled_by(matter: Matter) -> Matter:
    """Return the matter that is handled for this one: itself, or the one it was merged into."""
    seen = {matter.pk}
    while matter.merged_into_id is not None and matter.merged_into_id not in seen:
        seen.add(matter.merged_into_id)
        matter = Matter.objects.get(pk=matter.merged_into_id)
    return matter
