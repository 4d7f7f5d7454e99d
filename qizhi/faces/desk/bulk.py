"""One step with many matters: each is taken on its own, each result is told, and nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qizhi.faces.forms import TransitionForm, attempt, form_for
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.errors import Invalid, QizhiError
from qizhi.kernel.kit.htmx import hx_trigger, template_for
from qizhi.kernel.loop.actions import fire
from qizhi.kernel.loop.errors import UnknownTransition
from qizhi.kernel.loop.inputs import Desk, clean
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.policy import visible_to
from qizhi.kernel.modes.schema import Transition
from qizhi.kernel.modes.store import mode_at

from .actions import UNPROCESSABLE, done_words
from .answers import whisper
from .door import staff
from .matter import Proposal, proposal_of
from .matters_list import bulk_steps
from .rows import Row, rows_of

ITEMS_MAX = 100
AS_PROPOSED = "as_proposed"


class NothingChosen(Invalid):
    """No matter was chosen."""

    code = "nothing_chosen"
    title = gettext_lazy("还没有选中事项。请先在列表里勾选，再点批量办理。")


@dataclass(frozen=True)
class Chosen:
    """One matter of the heap: its row, the version that was shown, and the units proposed for it."""

    row: Row
    version: int
    proposal: Proposal | None

    @property
    def item(self) -> str:
        """The value under which the forms carry it."""
        return f"{self.row.matter.number}:{self.version}"


@dataclass(frozen=True)
class Result:
    """What came of one matter: what was done, or why not."""

    chosen: Chosen
    is_done: bool
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def bulk(request: ActorRequest, transition: str) -> HttpResponse:
    """Show the form for a step with the chosen matters, or take it with each of them.

    Raises:
        UnknownTransition: no post of the actor takes this step in bulk.
        NothingChosen: no matter was chosen that the actor may see.
    """
    step = next((one for one in bulk_steps(request.actor) if one.name == transition), None)
    if step is None:
        raise UnknownTransition(details={"transition": transition[:40]})
    chosen = _chosen(request, step)
    if not chosen:
        raise NothingChosen
    form = _form(request, step, chosen[0].row.matter)
    if request.method != "POST":
        return _ask(request, form, chosen)
    results = attempt(form, lambda values: _take(request, step, chosen, values))
    return _ask(request, form, chosen) if results is None else _tell(request, step, results)


def _chosen(request: ActorRequest, step: Transition) -> list[Chosen]:
    """Return the chosen matters that the actor may see, in the order of the list, at most a hundred."""
    given = request.POST if request.method == "POST" else request.GET
    versions: dict[str, int] = {}
    for item in given.getlist("item")[:ITEMS_MAX]:
        number, _colon, version = item.partition(":")
        if version.isascii() and version.isdigit():
            versions[number.upper()] = int(version)
    seen = visible_to(request.actor).filter(number__in=list(versions)).defer("text", "text_sealed")
    found = {matter.number: matter for matter in seen}
    routed = any(one.name == "lead_unit" for one in step.inputs)
    rows = rows_of(found[number] for number in versions if number in found)
    return [
        Chosen(row, versions[row.matter.number], proposal_of(row.matter) if routed else None) for row in rows
    ]


def _form(request: ActorRequest, step: Transition, first: Matter) -> TransitionForm:
    is_sent = request.method == "POST"
    return form_for(
        step,
        mode=mode_at(first.mode_version),
        actor=request.actor,
        matter=first,
        data=request.POST if is_sent else None,
        files=request.FILES if is_sent else None,
    )


def _take(
    request: ActorRequest, step: Transition, chosen: list[Chosen], values: Mapping[str, Any]
) -> list[Result]:
    """Take the step with each matter, each in a transaction of its own.

    Raises:
        BadInput: what was put in for all of them cannot be taken; nothing was done.
    """
    as_proposed = request.POST.get(AS_PROPOSED) == "1" and any(one.proposal for one in chosen)
    if not as_proposed:
        first = chosen[0].row.matter
        clean(step, values, Desk(mode=mode_at(first.mode_version), actor=request.actor, matter=first))
    return [_one(request.actor, step, one, _inputs(one, values, as_proposed=as_proposed)) for one in chosen]


def _inputs(one: Chosen, values: Mapping[str, Any], *, as_proposed: bool) -> dict[str, Any]:
    if not as_proposed or one.proposal is None:
        return dict(values)
    lead = one.proposal.lead.code if one.proposal.lead else None
    return {**values, "lead_unit": lead, "assist_units": [body.code for body in one.proposal.assists]}


def _one(actor: Actor, step: Transition, one: Chosen, inputs: Mapping[str, Any]) -> Result:
    try:
        fired = fire(
            number=one.row.matter.number,
            transition=step.name,
            actor=actor,
            inputs=inputs,
            version=one.version,
        )
    except QizhiError as error:
        lines = [str(line) for lines in error.fields.values() for line in lines]
        return Result(one, is_done=False, words=" ".join(lines) or str(error.message))
    return Result(one, is_done=True, words=done_words(fired.matter, step))


def _ask(request: ActorRequest, form: TransitionForm, chosen: list[Chosen]) -> HttpResponse:
    context = {
        "form": form,
        "step": form.transition,
        "chosen": chosen,
        "routed": any(one.proposal for one in chosen),
        "as_proposed": not form.is_bound or request.POST.get(AS_PROPOSED) == "1",
        "most": ITEMS_MAX,
    }
    status = (form.refusal.status if form.refusal else UNPROCESSABLE) if form.errors else 200
    return render(request, template_for(request, "desk/bulk.html"), context, status=status)


def _tell(request: ActorRequest, step: Transition, results: list[Result]) -> HttpResponse:
    done = sum(result.is_done for result in results)
    left = [result for result in results if not result.is_done]
    said = _("办好 %(done)d 件，没有办成 %(left)d 件。") % {"done": done, "left": len(left)}
    context = {"step": step, "results": results, "said": said, "left": left, "is_told": True}
    response = render(request, template_for(request, "desk/bulk.html"), context)
    hx_trigger(response, "list-changed")
    return whisper(response, said)
