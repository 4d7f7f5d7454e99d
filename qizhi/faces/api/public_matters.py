"""What a citizen may do without an account: bring a matter, follow it, rate the answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from ninja import Router

from qizhi.kernel.accounts.addresses import client_address
from qizhi.kernel.accounts.scope import CITIZEN, Actor
from qizhi.kernel.kit.errors import TooMany
from qizhi.kernel.loop.actions import fire, matter_open
from qizhi.kernel.loop.choices import Channel
from qizhi.kernel.loop.errors import UnknownKind
from qizhi.kernel.loop.models import Application, Assignment, Matter
from qizhi.kernel.loop.policy import citizen_at, matter_get
from qizhi.kernel.loop.queries.possible import possible
from qizhi.kernel.regions.errors import CodeSystemNeeded, UnknownRegion

from ..limits import public_spend
from .bodies import etag, read_version, reply
from .contract import BODY, BY_CODE, ETAG, FIRING, REPEAT, REPLAYED, VERSION, told
from .intake import phone_of, public_inputs
from .repeats import written
from .schemas.matters import OpenedOut, PublicMatterOut
from .schemas.sent import PublicMatterIn, RatingIn
from .schemas.transitions import PublicFiredOut
from .telling.matters import opened_told
from .telling.public import public_fired_told, public_told

router = Router(tags=["public"])
SATISFIED = "rate"
# the first time it goes back to the unit, after that to supervision
UNSATISFIED = ("reopen", "reopen_supervise")


@router.post(
    "/matters",
    summary=gettext_noop("提交诉求"),
    **told(
        OpenedOut,
        (*BODY, UnknownKind, UnknownRegion, CodeSystemNeeded, TooMany),
        status=201,
        headers={**ETAG, **REPLAYED},
        parameters=(REPEAT,),
    ),
)
def public_matter_create(request: HttpRequest, sent: PublicMatterIn) -> HttpResponse:
    """Bring a request. Keep the query code: it is told only here, and needed for everything else."""
    address = client_address(request)
    public_spend(address, phone_of(sent))
    inputs = public_inputs(sent)

    def run() -> tuple[int, dict[str, Any]]:
        opened = matter_open(kind=sent.kind, actor=CITIZEN, inputs=inputs, channel=Channel.WEB)
        return 201, opened_told(opened)

    return written(request, run)


@router.get(
    "/matters/{number}",
    summary=gettext_noop("查看诉求"),
    **told(PublicMatterOut, BY_CODE, headers=ETAG),
)
def public_matter_get(request: HttpRequest, number: str, query_code: str) -> HttpResponse:
    """What the citizen may see: the state in plain words, the promise with its reasons, the public steps."""
    matter = matter_get(citizen_at(number, query_code, client_address(request)), number)
    return reply(public_told(matter), headers=etag(matter.version))


@router.post(
    "/matters/{number}/rating",
    summary=gettext_noop("评价"),
    **told(
        PublicFiredOut,
        (*FIRING, *BY_CODE),
        headers={**ETAG, **REPLAYED},
        parameters=(REPEAT, VERSION),
    ),
)
def public_matter_rate(request: HttpRequest, number: str, query_code: str, sent: RatingIn) -> HttpResponse:
    """Say whether the answer satisfies. If not, it is handled again, and the second time it is supervised."""
    citizen = citizen_at(number, query_code, client_address(request))
    version = read_version(request)

    def run() -> tuple[int, dict[str, Any]]:
        matter = matter_get(citizen, number)
        name, inputs = rating_step(matter, citizen, sent)
        fired = fire(number=matter.number, transition=name, actor=citizen, inputs=inputs, version=version)
        return 200, public_fired_told(fired)

    return written(request, run)


def rating_step(matter: Matter, citizen: Actor, sent: RatingIn) -> tuple[str, dict[str, Any]]:
    """Return the step that a rating stands for, with its inputs; an unsatisfied word stands in for a missing one."""
    inputs: dict[str, Any] = {"score": sent.score, "comment": sent.comment}
    if sent.satisfied:
        return SATISFIED, inputs
    inputs["comment"] = sent.comment or gettext("来信人表示不满意，没有写明原因。")
    found = possible(
        matter,
        citizen,
        list(Assignment.objects.filter(matter=matter)),
        list(Application.objects.filter(matter=matter)),
    )
    names = {step.name for step in found.steps}
    fitting = UNSATISFIED[0] if matter.reopened == 0 else UNSATISFIED[-1]
    return next((name for name in UNSATISFIED if name in names), fitting), inputs
