"""Matters for staff and programs: lists, one, its log, and taking one in."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router

from qizhi.kernel.kit.paging import CursorInvalid, read_cursor, write_cursor
from qizhi.kernel.loop.actions import matter_open
from qizhi.kernel.loop.errors import BadInput, MatterNotFound, NotYours, OutsideScope, UnknownKind
from qizhi.kernel.loop.policy import matter_get, visible_to
from qizhi.kernel.loop.queries.listing import matter_list
from qizhi.kernel.loop.queries.story import steps_told
from qizhi.kernel.regions.errors import CodeSystemNeeded, UnknownRegion
from qizhi.kernel.units.errors import UnknownUnit

from .auth import STAFF, ApiRequest
from .bodies import etag, read_object, reply
from .contract import BODY, ETAG, REPEAT, REPLAYED, STAFF_READ, STAFF_WRITE, json_body, told
from .errors import UnknownCategory, UnknownParameter, UnknownState
from .intake import staff_intake
from .lists import ListQuery, PageQuery, list_filters, refuse_unknown
from .paths import read_number
from .repeats import written
from .schemas.matters import MatterOut, MatterPage, OpenedOut, StepPage
from .schemas.sent import INTAKE_EXAMPLE, INTAKE_SCHEMA
from .telling.matters import line_told, matter_told, opened_told
from .telling.names import Names
from .telling.steps import step_told

router = Router(tags=["matters"], auth=STAFF)
STEPS = "steps"


@router.get(
    "",
    summary=gettext_noop("事项列表"),
    **told(
        MatterPage,
        (
            *STAFF_READ,
            BadInput,
            CodeSystemNeeded,
            CursorInvalid,
            UnknownCategory,
            UnknownKind,
            UnknownParameter,
            UnknownRegion,
            UnknownState,
            UnknownUnit,
        ),
    ),
)
def matter_index(request: ApiRequest, query: Query[ListQuery]) -> HttpResponse:
    """The matters that you may see, newest first, page by page; a region means its whole subtree."""
    page = matter_list(request.auth, list_filters(request, query), cursor=query.cursor, limit=query.limit)
    names, now = Names(), timezone.now()
    items = [line_told(matter, names, now) for matter in page.items]
    return reply({"items": items, "next_cursor": page.next_cursor})


@router.post(
    "",
    summary=gettext_noop("登记事项"),
    **told(
        OpenedOut,
        (*STAFF_WRITE, *BODY, NotYours, OutsideScope, UnknownKind, UnknownRegion, CodeSystemNeeded),
        status=201,
        headers={**ETAG, **REPLAYED},
        parameters=(REPEAT,),
        body=json_body(INTAKE_SCHEMA, INTAKE_EXAMPLE, required=True),
    ),
)
def matter_create(request: ApiRequest) -> HttpResponse:
    """Take in a matter for somebody. The body holds the inputs of the kind's first step, see `GET kinds/{name}`."""
    kind, channel, inputs = staff_intake(read_object(request))

    def run() -> tuple[int, dict[str, Any]]:
        opened = matter_open(kind=kind, actor=request.auth, inputs=inputs, channel=channel)
        return 201, opened_told(opened)

    return written(request, run)


@router.get(
    "/{number}",
    summary=gettext_noop("一件事项"),
    **told(MatterOut, (*STAFF_READ, MatterNotFound), headers=ETAG),
)
def matter_one(request: ApiRequest, number: str) -> HttpResponse:
    """One matter with its units, levels, clocks explained line by line, and files. Personal data is masked."""
    rows = visible_to(request.auth).select_related("reporter", "merged_into")
    matter = rows.filter(number=read_number(number)).first()
    if matter is None:
        raise MatterNotFound
    return reply(matter_told(matter), headers=etag(matter.version))


@router.get(
    "/{number}/steps",
    summary=gettext_noop("办理过程"),
    **told(StepPage, (*STAFF_READ, MatterNotFound, BadInput, CursorInvalid, UnknownParameter)),
)
def matter_steps(request: ApiRequest, number: str, query: Query[PageQuery]) -> HttpResponse:
    """The log of a matter, from the first step on; each step carries the hash that chains it to the one before."""
    refuse_unknown(request, PageQuery.model_fields)
    matter = matter_get(request.auth, read_number(number))
    after = int(read_cursor(query.cursor, of=STEPS)[0]) if query.cursor else 0
    names = Names()
    found = steps_told(matter, names.kind(matter), only_public=False, after=after, most=query.limit + 1)
    shown = found[: query.limit]
    more = write_cursor([shown[-1].step.seq], of=STEPS) if len(found) > query.limit else None
    return reply({"items": [step_told(one, names) for one in shown], "next_cursor": more})
