"""The slip of a matter just sent: kept sealed in the session for a short while, so that a reload does not lose it."""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from qizhi.kernel.kit.sealing import seal, unseal
from qizhi.kernel.loop.models import Matter

from .opening import Sent

_SLIP = "citizen_slip"
SHOWN_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Slip:
    """What the person takes home."""

    matter: Matter
    query_code: str

    @property
    def address(self) -> str:
        """The path where the matter is followed; the query code is not in it."""
        return reverse("portal_matter", args=[self.matter.number])


def slip_keep(request: HttpRequest, sent: Sent) -> None:
    """Keep the query code for the page that shows it."""
    sealed = seal(sent.query_code, sent.matter.pk, "slip")
    request.session[_SLIP] = {
        "matter": str(sent.matter.pk),
        "code": base64.b64encode(sealed).decode(),
        "at": timezone.now().isoformat(),
    }


def slip_read(request: HttpRequest) -> Slip | None:
    """Return the slip of the matter that this browser sent last, or None when a quarter of an hour has passed."""
    kept = request.session.get(_SLIP)
    if kept is None:
        return None
    if timezone.now() - datetime.fromisoformat(kept["at"]) > SHOWN_FOR:
        del request.session[_SLIP]
        return None
    key = uuid.UUID(kept["matter"])
    code = unseal(base64.b64decode(kept["code"]), key, "slip")
    return Slip(Matter.objects.get(pk=key), code)


def slip_drop(request: HttpRequest) -> None:
    """Show the query code no more."""
    request.session.pop(_SLIP, None)


def qr_code(link: str) -> SafeString:
    """Return a QR code of `link` as an SVG drawing for the page."""
    drawn = segno.make(link, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address, no markup of anybody
