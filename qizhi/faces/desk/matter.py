"""The page of one matter: everything about it, and only the buttons that may be pressed now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qizhi.faces.words import said
from qizhi.governance.triage.queries import duplicate_hints, proposed_units, similar_to
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.templatetags.kit import span
from qizhi.kernel.loop.choices import AssignmentRole
from qizhi.kernel.loop.errors import MatterNotFound
from qizhi.kernel.loop.models import Leg, Matter
from qizhi.kernel.loop.policy import visible_to
from qizhi.kernel.loop.queries.story import ClockTold, Story, legs_told, matter_story
from qizhi.kernel.loop.reporters import ReporterFacts, reporter_masked
from qizhi.kernel.modes.routes import Choice
from qizhi.kernel.modes.schema import Transition
from qizhi.kernel.notices.actions import notices_read
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.queries import Body, directory

from .door import staff
from .rows import rows_of, state_of, unit_name

MERGED_MAX = 20


@require_safe
@staff
def matter(request: ActorRequest, number: str) -> HttpResponse:
    """Show the matter; what it told the reader by a notice counts as read.

    Raises:
        MatterNotFound: none that the actor may see.
    """
    found = matter_seen(request.actor, number)
    notices_read(actor=request.actor, matter=found)
    return render(request, "desk/matter.html", context_of(found, request.actor))


@require_safe
@staff
def beside(request: ActorRequest, number: str) -> HttpResponse:
    """Give what stands beside a matter: the levels that held it, similar ones, and those merged into it.

    Raises:
        MatterNotFound: none that the actor may see.
    """
    found = matter_seen(request.actor, number)
    merged = (
        visible_to(request.actor).filter(merged_into=found).defer("text", "text_sealed").order_by("opened_at")
    )
    hints = duplicate_hints(found, request.actor) if found.is_open else []
    told = {hint.other_id for hint in hints}
    similar = similar_to(found, request.actor) if found.is_open else []
    context = {
        "matter": found,
        "stays": stays(found, timezone.now()),
        "merged": list(merged[:MERGED_MAX]),
        "by_reporter": [hint.other for hint in hints if hint.by_reporter],
        "similar": [other for other, _score in similar if other.pk not in told]
        + [hint.other for hint in hints if not hint.by_reporter],
    }
    return render(request, "desk/_beside.html", context)


def matter_seen(actor: Actor, number: str) -> Matter:
    """Return the matter with its reporter, in one query.

    Raises:
        MatterNotFound: there is none that the actor may see; the two cases look the same.
    """
    rows = visible_to(actor).select_related("reporter", "merged_into", "registrar")
    found = rows.filter(number=number.strip().upper()).first()
    if found is None:
        raise MatterNotFound
    return found


@dataclass(frozen=True)
class Stay:
    """How long one level held the matter."""

    body: Body
    leg: Leg
    length: timedelta

    @property
    def words(self) -> str:
        """The length in words."""
        return span(self.length)


@dataclass(frozen=True)
class Proposal:
    """Which units the routing table proposes, with the reason and every rule tried."""

    choice: Choice
    lead: Body | None
    assists: tuple[Body, ...]
    in_reach: bool

    @property
    def because(self) -> str:
        """The reason in words."""
        return said(self.choice.because)


def context_of(matter: Matter, actor: Actor, *, people: ReporterFacts | None = None) -> dict[str, Any]:
    """Return what the page of a matter needs; six queries.

    Arguments:
        people: the person in full, for this one answer, after `accounts.unmasking` allowed it.
    """
    story = matter_story(matter, actor)
    steps = story.buttons
    main = [step for step in steps if step.tone == "main"]
    return {
        "matter": matter,
        "story": story,
        "state": state_of(matter),
        "row": rows_of([matter])[0],
        "told": list(reversed(story.steps)),
        "main_steps": main,
        "more_steps": [step for step in steps if step not in main],
        "waiting": story.possible.waiting,
        "people": people or reporter_masked(matter.reporter),
        "is_unmasked": people is not None,
        "may_unmask": actor.may_unmask and _is_masked(story),
        "clocks": [clock for clock in story.clocks if clock.row.ended_at is None],
        "ended_clocks": [clock for clock in story.clocks if clock.row.ended_at is not None],
        "due_clock": _due_clock(story),
        "lead": [(body, one) for body, one in story.assignments if one.role == AssignmentRole.LEAD],
        "assists": [(body, one) for body, one in story.assignments if one.role == AssignmentRole.ASSIST],
        "proposal": proposal_of(matter) if _sorts(steps) else None,
        "against": unit_name(matter.against_unit_id),
    }


def _is_masked(story: Story) -> bool:
    """Tell whether there is a person, or words that were masked, to be seen in full."""
    matter = story.matter
    return (
        matter.reporter is not None
        or bool(matter.text_sealed)
        or any(passage.text_sealed for told in story.steps for _declared, passage in told.texts)
    )


def _due_clock(story: Story) -> ClockTold | None:
    """Return the promise that ends next, whose due time the matter carries."""
    due = story.matter.due_at
    return next((c for c in story.clocks if due and c.due_at == due and c.row.ended_at is None), None)


def stays(matter: Matter, now: datetime) -> list[Stay]:
    """Return how long each level held the matter, the first first."""
    end = matter.closed_at or now
    return [
        Stay(body, leg, max((leg.to_at or end) - leg.from_at, timedelta(0)))
        for body, leg in legs_told(matter)
    ]


def _sorts(steps: tuple[Transition, ...]) -> bool:
    """Tell whether the reader is the one who decides where the matter goes."""
    return any(one.name == "lead_unit" for step in steps for one in step.inputs) or any(
        ref.rule == "classify" for step in steps for ref in step.effects
    )


def proposal_of(matter: Matter) -> Proposal | None:
    """Return the proposed units of a matter; None when the mode has no table for it. No query."""
    choice = proposed_units(matter)
    if choice is None:
        return None
    units = directory()
    lead = units.by_code.get(choice.unit_code) if choice.unit_code else None
    centre = units.by_id.get(matter.centre_id)
    return Proposal(
        choice=choice,
        lead=lead,
        assists=tuple(units.by_code[code] for code in choice.assist if code in units.by_code),
        in_reach=lead is not None and centre is not None and is_within(lead.region_code, centre.region_code),
    )
