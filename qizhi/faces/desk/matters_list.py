"""The list of matters: its filters live in the address, its pages go both ways, and it is never counted."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from qizhi.faces import listing
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.htmx import is_fragment, template_for
from qizhi.kernel.kit.paging import CursorInvalid
from qizhi.kernel.loop.queries.listing import Filters, Page, matter_list
from qizhi.kernel.modes.schema import Transition
from qizhi.kernel.modes.store import current

from .answers import whisper
from .chips import chips
from .choosing import choices
from .door import staff
from .rows import rows_of, rows_with_steps
from .views_saved import views_of

PAGE_SIZE = 20
# limits that only a link sets, such as a number of the county's page; the form carries them along
NOT_IN_FORM = (
    "kind", "here", "concluded_from", "concluded_to", "replied", "on_time", "heard_from", "heard_to", "solved",
)  # fmt: skip


@require_safe
@staff
def matters(request: ActorRequest) -> HttpResponse:
    """Show one page of the list that the address describes; htmx gets the list alone."""
    asked = listing.read(request.GET)
    filters, actor = asked.filters, request.actor
    page, is_lost = _page(request, filters)
    steps = bulk_steps(actor)
    rows = rows_with_steps(page.items, actor) if steps else rows_of(page.items)
    context = {
        "filters": filters,
        "rows": rows,
        "steps": steps if any(row.bulk for row in rows) else [],
        "chips": chips(filters),
        "left_out": asked.left_out,
        "is_lost": is_lost,
        "query": listing.query_of(filters),
        "next_url": _url(filters, cursor=page.next_cursor),
        "previous_url": _url(filters, cursor=page.previous_cursor, back="1"),
        "shown_order": "due" if filters.overdue else listing.written(filters).get("order", "new"),
    }
    if is_fragment(request):
        return _fragment(request, context)
    asked_for = listing.written(filters)
    context |= {
        "choices": choices(actor, filters),
        "views": views_of(actor),
        "asked": asked_for,
        "kept": [(name, asked_for[name]) for name in NOT_IN_FORM if name in asked_for],
    }
    return render(request, "desk/matters.html", context)


def _page(request: ActorRequest, filters: Filters) -> tuple[Page, bool]:
    """Return the page, and whether the place in the list was lost, so that it begins anew."""
    cursor, back = request.GET.get("cursor"), request.GET.get("back") == "1"
    try:
        return matter_list(request.actor, filters, cursor=cursor, back=back, limit=PAGE_SIZE), False
    except CursorInvalid:
        return matter_list(request.actor, filters, limit=PAGE_SIZE), True


def _fragment(request: ActorRequest, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template_for(request, "desk/matters.html"), context)
    more = {name: request.GET[name] for name in ("cursor", "back") if request.GET.get(name)}
    push_url(response, _url(context["filters"], **more) or reverse("desk_matters"))
    return whisper(response, _("列表已更新，本页 %(n)d 件。") % {"n": len(context["rows"])})


def _url(filters: Filters, **more: Any) -> str:
    """Return the address of a page of the list; empty without the cursor that it needs."""
    if "cursor" in more and not more["cursor"]:
        return ""
    query = listing.query_of(filters, **more)
    return f"{reverse('desk_matters')}?{query}" if query else reverse("desk_matters")


def bulk_steps(actor: Actor) -> list[Transition]:
    """Return the steps that may be taken with many matters at once by some post of the actor."""
    if not actor.may_write:
        return []
    steps = [step for kind in current().kinds.values() for step in kind.transitions.values() if step.bulk]
    return [step for step in steps if set(step.by) & actor.roles]


def list_url(**said: Any) -> str:
    """Return the address of the list with the filters given, such as ``list_url(overdue=True)``."""
    return _url(replace(Filters(), **said))
