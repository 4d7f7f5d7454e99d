"""Seeing who asks in full: a right, a reason, a line in the log, and for this one view only."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qizhi.kernel.accounts import unmasking
from qizhi.kernel.accounts.errors import ReasonNeeded, UnmaskRefused
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.kit.htmx import is_fragment
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.reporters import ReporterFacts, reporter_facts, reporter_masked
from qizhi.kernel.loop.typed import matter_typed, passages_typed

from .answers import whisper
from .door import staff
from .matter import context_of, matter_seen


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def unmask(request: ActorRequest, number: str) -> HttpResponse:
    """Ask for the reason; with one, show the person and the words as they were typed. Nothing of it is kept.

    Raises:
        MatterNotFound: none that the actor may see.
        UnmaskRefused: no post of the actor allows it.
    """
    found = matter_seen(request.actor, number)
    if not request.actor.may_unmask:
        raise UnmaskRefused
    if request.method != "POST":
        return _ask(request, found, "", [], 200)
    reason = request.POST.get("reason", "")
    try:
        unmasking.unmask(request.actor, found.number, reason, timezone.now())
    except ReasonNeeded as refusal:
        said = [str(one) for one in refusal.fields.get("reason", [refusal.message])]
        return _ask(request, found, reason, said, refusal.status)
    return _show(request, found)


def _ask(request: ActorRequest, matter: Matter, reason: str, errors: list[str], status: int) -> HttpResponse:
    context = {"matter": matter, "reason": reason, "reason_errors": errors, "asks_reason": True}
    if is_fragment(request):
        people = {"people": reporter_masked(matter.reporter), "may_unmask": True}
        return render(request, "desk/_people.html", {**context, **people}, status=status)
    return render(
        request, "desk/matter.html", {**context_of(matter, request.actor), **context}, status=status
    )


def _show(request: ActorRequest, matter: Matter) -> HttpResponse:
    people = reporter_facts(matter.reporter) if matter.reporter else ReporterFacts()
    words = {"typed": matter_typed(matter), "typed_later": passages_typed(matter)}
    if is_fragment(request):
        context = {"matter": matter, "people": people, "is_unmasked": True, **words}
        return whisper(render(request, "desk/_people.html", context), _("已显示完整信息，这次查看已留记录。"))
    context = {**context_of(matter, request.actor, people=people), **words}
    return render(request, "desk/matter.html", context)
