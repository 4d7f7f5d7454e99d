"""Pressing a button: the form of a step, in place, and what comes of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from qizhi.faces.forms import TransitionForm, attempt, form_for
from qizhi.faces.words import said
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.kit.htmx import hx_redirect, is_fragment
from qizhi.kernel.loop.actions import Fired, fire
from qizhi.kernel.loop.errors import MatterNotFound, UnknownTransition
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.possible import Possible, possible_for_each
from qizhi.kernel.modes.schema import Transition
from qizhi.kernel.modes.store import kind_at, mode_at

from .answers import focus_on, whisper
from .changes import changes_since
from .door import staff
from .matter import context_of, matter_seen, proposal_of
from .rows import rows_with_steps, state_of, unit_name

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def act(request: ActorRequest, number: str, transition: str) -> HttpResponse:
    """Show the form of a step, or take the step with what was put in.

    Raises:
        MatterNotFound: none that the actor may see.
        UnknownTransition: its kind has no such step.
    """
    found = matter_seen(request.actor, number)
    step = kind_at(found.mode_version, found.kind).transitions.get(transition)
    if step is None or not step.source_states:
        raise UnknownTransition(details={"transition": transition[:40]})
    form = _form(request, found, step)
    if request.method != "POST":
        return _ask(request, found, form)
    fired = attempt(
        form,
        lambda values: fire(
            number=found.number,
            transition=step.name,
            actor=request.actor,
            inputs=values,
            version=_version(request),
        ),
    )
    return _done(request, fired, step) if fired is not None else _ask(request, found, form)


def _version(request: ActorRequest) -> int | None:
    """Return the version of the matter that was shown when the button was pressed."""
    seen = request.POST.get("version") or request.GET.get("version") or ""
    return int(seen) if seen.isascii() and seen.isdigit() else None


def _form(request: ActorRequest, matter: Matter, step: Transition) -> TransitionForm:
    is_sent = request.method == "POST"
    return form_for(
        step,
        mode=mode_at(matter.mode_version),
        actor=request.actor,
        matter=matter,
        data=request.POST if is_sent else None,
        files=request.FILES if is_sent else None,
        initial=_begun(matter, step),
    )


def _begun(matter: Matter, step: Transition) -> dict[str, Any]:
    """Return what a form begins with: what is known of the matter, and the proposed units."""
    names = {one.name for one in step.inputs}
    begun: dict[str, Any] = {name: getattr(matter, name) for name in names & {"category", "difficulty"}}
    begun = {name: value for name, value in begun.items() if value}
    proposal = proposal_of(matter) if "lead_unit" in names else None
    if proposal is not None and proposal.lead is not None and proposal.in_reach:
        begun |= {"lead_unit": proposal.lead.code, "assist_units": [body.code for body in proposal.assists]}
    return begun


def _ask(request: ActorRequest, matter: Matter, form: TransitionForm) -> HttpResponse:
    """Show the form, anew or again; above it what happened since the page was shown."""
    found = matter_seen(request.actor, matter.number) if form.is_bound else matter
    can = possible_for_each(request.actor, [found])[found.pk]
    context = {
        "matter": found,
        "form": form,
        "step": form.transition,
        "state": state_of(found),
        "changes": changes_since(found, _version(request)),
        "is_possible": form.transition in can.steps,
        "why_not": _why_not(can, form.transition),
        "in_row": request.GET.get("at") == "row",
        "proposal": proposal_of(found) if any(one.name == "lead_unit" for one in form.declared) else None,
    }
    status = _status(form)
    if is_fragment(request):
        return render(request, "desk/_act.html", context, status=status)
    return render(request, "desk/matter.html", {**context_of(found, request.actor), **context}, status=status)


def _status(form: TransitionForm) -> int:
    if not form.errors:
        return 200
    return form.refusal.status if form.refusal else UNPROCESSABLE


def _why_not(can: Possible, step: Transition) -> str:
    return str(next((why for waiting, why in can.waiting if waiting.name == step.name), ""))


def _done(request: ActorRequest, fired: Fired, step: Transition) -> HttpResponse:
    """Say what was done and show what is now: the row of the list, or the whole matter."""
    message = done_words(fired.matter, step)
    try:
        found = matter_seen(request.actor, fired.matter.number)
    except MatterNotFound:
        return _gone(request, message)
    if not is_fragment(request):
        messages.success(request, message)
        return redirect("desk_matter", number=found.number)
    if request.GET.get("at") == "row":
        row = rows_with_steps([found], request.actor)[0]
        answer = render(request, "desk/_work_row.html", {"row": row, "said": message})
        retarget(answer, f"#row-{found.pk}")
        focus = f"#row-{found.pk} a"
    else:
        answer = render(request, "desk/_matter.html", {**context_of(found, request.actor), "said": message})
        retarget(answer, "#matter")
        focus = "#matter-said"
    reswap(answer, "outerHTML")
    return whisper(focus_on(answer, focus), message)


def _gone(request: ActorRequest, message: str) -> HttpResponse:
    """Lead away from a matter that the actor does not see any more after this step."""
    messages.success(request, message)
    return hx_redirect(reverse("desk_work")) if is_fragment(request) else redirect("desk_work")


def done_words(matter: Matter, step: Transition) -> str:
    """Return what was done, what the matter is now, and whose turn it is."""
    words = {
        "step": said(step.title),
        "state": said(state_of(matter).title),
        "who": unit_name(matter.holder_id),
    }
    if matter.is_open and words["who"]:
        return _("“%(step)s”已办好。现在是“%(state)s”，由%(who)s接着办。") % words
    return _("“%(step)s”已办好。现在是“%(state)s”。") % words
