"""The receipt: number, query code and promise, to be printed and taken home. The code is told once."""

import base64
from datetime import datetime, timedelta

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.kit.sealing import seal, unseal
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.story import public_due

from .door import staff
from .matter import matter_seen
from .rows import category_name, place_name, state_of, unit_name

_SLIP = "desk_slip"
SHOWN_FOR = timedelta(minutes=15)


def slip_keep(request: ActorRequest, matter: Matter, code: str) -> None:
    """Keep the query code, sealed, for the page that prints it."""
    request.session[_SLIP] = {
        "matter": str(matter.pk),
        "code": base64.b64encode(seal(code, matter.pk, "slip")).decode(),
        "at": timezone.now().isoformat(),
    }


def _code(request: ActorRequest, matter: Matter) -> str:
    """Return the query code if this matter was just registered here, else nothing."""
    kept = request.session.get(_SLIP)
    if kept is None:
        return ""
    if timezone.now() - datetime.fromisoformat(kept["at"]) > SHOWN_FOR:
        del request.session[_SLIP]
        return ""
    if kept["matter"] != str(matter.pk):
        return ""
    return unseal(base64.b64decode(kept["code"]), matter.pk, "slip")


@require_safe
@staff
def receipt(request: ActorRequest, number: str) -> HttpResponse:
    """Show the receipt of a matter, ready to be printed; with the query code for a quarter of an hour after it.

    Raises:
        MatterNotFound: none that the actor may see.
    """
    found = matter_seen(request.actor, number)
    link = request.build_absolute_uri(reverse("portal_matter", args=[found.number]))
    context = {
        "matter": found,
        "state": state_of(found),
        "place": place_name(found.region_code),
        "category": category_name(found),
        "centre": unit_name(found.centre_id),
        "code": _code(request, found),
        "due_at": public_due(found),
        "link": link,
        "qr": _qr(link),
    }
    return render(request, "desk/receipt.html", context)


def _qr(link: str) -> SafeString:
    drawn = segno.make(link, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address, no markup of anybody
