"""The list of people, and the same as a sheet."""

from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qizhi.kernel.kit.htmx import template_for
from qizhi.kernel.kit.paging import page

from ...access import access_add
from ...middleware import ActorRequest
from ...models import Access, User
from ..choices import role_choices, unit_choices
from ..policy import may_keep
from ..queries import ORDER, Filters, filters_read, people_list, rows_of
from ..sheets import staff_sheet
from .door import reader

PAGE_SIZE = 50


@require_safe
@reader
def people(request: ActorRequest) -> HttpResponse:
    """Show the people whom the actor may read, fifty at a time; filters and place live in the address.

    Raises:
        CursorInvalid: the place in the list is not one that we gave.
    """
    filters = filters_read(request.GET)
    rows = people_list(request.actor, filters)
    part = page(rows, order=ORDER, cursor=request.GET.get("cursor"), limit=PAGE_SIZE)
    context = {
        "filters": filters,
        "rows": rows_of(part.items),
        "units": unit_choices(request.actor, reading=True),
        "roles": role_choices(),
        "may_keep": may_keep(request.actor),
        "query": urlencode(filters.written),
        "next_query": _query(filters, part.next_cursor),
        "previous_query": _query(filters, part.previous_cursor),
    }
    return render(request, template_for(request, "accounts/people/list.html"), context)


def _query(filters: Filters, cursor: str | None) -> str:
    return urlencode({**filters.written, "cursor": cursor}) if cursor else ""


@require_safe
@reader
def people_sheet(request: ActorRequest) -> StreamingHttpResponse:
    """Give the list as a sheet; who took which one is logged first."""
    filters, actor = filters_read(request.GET), request.actor
    access_add(
        Access.Event.EXPORT,
        user=User.objects.get(pk=actor.person_id),
        address=actor.address,
        subject=_("人员名册"),
        reason=urlencode(filters.written),
    )
    return staff_sheet(people_list(actor, filters).iterator())
