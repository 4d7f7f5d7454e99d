"""What a citizen's browser may see without an account: the matters it opened by number and query code, its drafts.

Kept in the session, so that no code stands in an address; a shared machine is left by `forget`.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from qizhi.kernel.accounts.addresses import client_address
from qizhi.kernel.accounts.scope import CITIZEN, Actor
from qizhi.kernel.loop.models import Matter

_MATTERS, _DRAFTS = "citizen_matters", "citizen_drafts"
MATTERS_MAX = 10
DRAFTS_MAX = 60


def citizen_of(request: HttpRequest, matter_id: uuid.UUID | None = None) -> Actor:
    """Return the citizen who acts in `request`, tied to one matter when `matter_id` is given.

    Also a member of staff who uses the portal acts there as a citizen, with no more rights than anybody.
    """
    return replace(CITIZEN, address=client_address(request), matter_id=matter_id)


def matter_grant(request: HttpRequest, matter: Matter) -> None:
    """Let this browser follow `matter` until its session ends; the ten latest are kept."""
    known = {number: key for number, key in _known(request).items() if number != matter.number}
    latest = [*known.items(), (matter.number, matter.pk.hex)][-MATTERS_MAX:]
    request.session[_MATTERS] = dict(latest)


def matter_granted(request: HttpRequest, number: str) -> uuid.UUID | None:
    """Return the key of the matter `number` if this browser has opened it."""
    key = _known(request).get(number)
    return uuid.UUID(key) if key else None


def numbers_granted(request: HttpRequest) -> list[str]:
    """Return the numbers that this browser has opened, the latest first."""
    return list(reversed(_known(request)))


def ids_granted(request: HttpRequest) -> list[uuid.UUID]:
    """Return the keys of the matters that this browser has opened."""
    return [uuid.UUID(key) for key in _known(request).values()]


def drafts_note(request: HttpRequest, keys: Iterable[uuid.UUID]) -> None:
    """Remember files that this browser has handed in and that no matter has taken up yet."""
    known: list[str] = request.session.get(_DRAFTS, [])
    fresh = [key.hex for key in keys if key.hex not in known]
    if fresh:
        request.session[_DRAFTS] = [*known, *fresh][-DRAFTS_MAX:]


def draft_noted(request: HttpRequest, key: uuid.UUID) -> bool:
    """Tell whether this browser has handed in the draft `key`."""
    return key.hex in request.session.get(_DRAFTS, [])


def forget(request: HttpRequest) -> None:
    """Close all matters that this browser has opened."""
    for name in (_MATTERS, _DRAFTS):
        request.session.pop(name, None)


def _known(request: HttpRequest) -> dict[str, Any]:
    known: dict[str, Any] = request.session.get(_MATTERS, {})
    return known
