"""The list as an Excel sheet: the same filters, personal data masked, and a line in the log of access."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qizhi.faces import listing
from qizhi.faces.words import said
from qizhi.kernel.accounts.access import access_add
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.kit.masking import mask_address
from qizhi.kernel.kit.sheets import xlsx_response
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.listing import matter_rows
from qizhi.kernel.loop.reporters import reporter_masked
from qizhi.kernel.modes.store import mode_at

from .door import staff
from .rows import category_name, place_name, state_of, unit_name

ROWS_MAX = 50_000
CHUNK = 200
WIDTHS = (16, 12, 40, 18, 24, 28, 10, 10, 12, 16, 16, 17, 17, 17, 17, 10, 12, 16)


@require_safe
@staff
def export(request: ActorRequest) -> StreamingHttpResponse:
    """Give the first 50,000 matters of the list as a sheet; who took which list is logged first.

    Whoever may not see personal data in full gets no column of persons at all.
    """
    filters, actor = listing.read(request.GET).filters, request.actor
    query = listing.query_of(filters)
    user = User.objects.get(pk=actor.person_id)
    access_add(Access.Event.EXPORT, user=user, address=actor.address, subject=_("事项列表"), reason=query)
    matters = matter_rows(actor, filters, most=ROWS_MAX)
    name = _("事项列表 %(day)s") % {"day": timezone.localdate().isoformat()}
    columns, people = columns_of(with_people=actor.may_unmask), actor.may_unmask
    return xlsx_response(name, columns, _lines(matters, with_people=people), widths=WIDTHS)


def columns_of(*, with_people: bool) -> list[str]:
    """Return the titles of the columns."""
    titles = [
        _("编号"), _("种类"), _("标题"), _("类别"), _("地点"), _("详细地址"), _("来源"), _("紧急程度"), _("状态"),
        _("受理中心"), _("主办单位"), _("登记时间"), _("办理期限"), _("办结时间"), _("归档时间"), _("按期答复"),
    ]  # fmt: skip
    return [*titles, _("来信人"), _("电话")] if with_people else titles


def _lines(matters: Iterable[Matter], *, with_people: bool) -> Iterator[Sequence[Any]]:
    rest = iter(matters)
    while chunk := list(islice(rest, CHUNK)):
        if with_people:
            prefetch_related_objects(chunk, "reporter")
        for matter in chunk:
            yield [*_line(matter), *(_people(matter) if with_people else ())]


def _line(matter: Matter) -> list[Any]:
    return [
        matter.number,
        said(mode_at(matter.mode_version).kinds[matter.kind].title),
        matter.title,
        category_name(matter),
        place_name(matter.region_code),
        mask_address(matter.address),
        matter.get_channel_display(),
        matter.get_urgency_display(),
        said(state_of(matter).title),
        unit_name(matter.centre_id),
        unit_name(matter.lead_id),
        matter.opened_at,
        matter.due_at,
        matter.concluded_at,
        matter.closed_at,
        matter.was_on_time,
    ]


def _people(matter: Matter) -> list[str]:
    facts = reporter_masked(matter.reporter)
    return [facts.name, facts.phone]
