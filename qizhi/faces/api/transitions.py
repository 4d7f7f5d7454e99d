"""Steps: which may be taken now, and taking one; for staff by their posts, for the citizen by the query code."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router

from qizhi.kernel.accounts.addresses import client_address
from qizhi.kernel.loop.actions import fire
from qizhi.kernel.loop.errors import MatterNotFound
from qizhi.kernel.loop.policy import citizen_at, matter_get

from .auth import STAFF, ApiRequest
from .bodies import etag, read_object, read_version, reply
from .contract import (
    BY_CODE,
    ETAG,
    FIRING,
    REPEAT,
    REPLAYED,
    STAFF_READ,
    STAFF_WRITE,
    VERSION,
    json_body,
    told,
)
from .paths import read_number
from .repeats import written
from .schemas.transitions import FiredOut, PublicFiredOut, TransitionsOut
from .telling.public import public_fired_told
from .telling.steps import fired_told, transitions_told

router = Router(tags=["matters"], auth=STAFF)
public = Router(tags=["public"])
INPUTS = {
    "type": "object",
    "description": "The inputs that the step declares, see `GET …/transitions`; nothing else is taken.",
}


@router.get(
    "/{number}/transitions",
    summary=gettext_noop("现在可办的步骤"),
    **told(TransitionsOut, (*STAFF_READ, MatterNotFound), headers=ETAG),
)
def matter_transitions(request: ApiRequest, number: str) -> HttpResponse:
    """What you may do with the matter now, each step with the JSON Schema of its inputs."""
    matter = matter_get(request.auth, read_number(number))
    return reply(transitions_told(matter, request.auth), headers=etag(matter.version))


@router.post(
    "/{number}/transitions/{name}",
    summary=gettext_noop("办理一步"),
    **told(
        FiredOut,
        (*STAFF_WRITE, *FIRING),
        headers={**ETAG, **REPLAYED},
        parameters=(REPEAT, VERSION),
        body=json_body(INPUTS, {"lead_unit": "tg-610323100", "note": "请到现场看一看。"}, required=False),
    ),
)
def matter_fire(request: ApiRequest, number: str, name: str) -> HttpResponse:
    """Take a step. With `If-Match` it is taken only if nothing happened since you looked."""
    inputs, version = read_object(request), read_version(request)

    def run() -> tuple[int, dict[str, Any]]:
        fired = fire(
            number=read_number(number), transition=name, actor=request.auth, inputs=inputs, version=version
        )
        return 200, fired_told(fired)

    return written(request, run)


@public.get(
    "/matters/{number}/transitions",
    summary=gettext_noop("来信人现在可办的步骤"),
    **told(TransitionsOut, BY_CODE, headers=ETAG),
)
def public_matter_transitions(request: HttpRequest, number: str, query_code: str) -> HttpResponse:
    """What the citizen may do now: answer, add facts, withdraw, rate, ask to handle it again."""
    citizen = citizen_at(number, query_code, client_address(request))
    matter = matter_get(citizen, read_number(number))
    return reply(transitions_told(matter, citizen), headers=etag(matter.version))


@public.post(
    "/matters/{number}/transitions/{name}",
    summary=gettext_noop("来信人办理一步"),
    **told(
        PublicFiredOut,
        (*FIRING, *BY_CODE),
        headers={**ETAG, **REPLAYED},
        parameters=(REPEAT, VERSION),
        body=json_body(INPUTS, {"facts": "今天又塌了一块。"}, required=False),
    ),
)
def public_matter_fire(request: HttpRequest, number: str, name: str, query_code: str) -> HttpResponse:
    """Take a step as the citizen who brought the matter."""
    citizen = citizen_at(number, query_code, client_address(request))
    inputs, version = read_object(request), read_version(request)

    def run() -> tuple[int, dict[str, Any]]:
        fired = fire(
            number=read_number(number), transition=name, actor=citizen, inputs=inputs, version=version
        )
        return 200, public_fired_told(fired)

    return written(request, run)
