"""How long a session lives: counted from sign-in, not from the last click."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

_SESSION_KEY = "signed_in_at"
LATELY = timedelta(minutes=5)


def mark_signed_in(request: HttpRequest) -> None:
    """Write the moment of sign-in into the session."""
    request.session[_SESSION_KEY] = timezone.now().isoformat()


def signed_in_at(request: HttpRequest) -> datetime | None:
    """Return when the person signed in, or None when nobody did."""
    said = request.session.get(_SESSION_KEY)
    return datetime.fromisoformat(said) if said else None


def signed_in_lately(request: HttpRequest) -> bool:
    """Tell whether the sign-in was within the last five minutes."""
    at = signed_in_at(request)
    return at is not None and timezone.now() - at < LATELY


def is_over(request: HttpRequest) -> bool:
    """Tell whether the session has lived its hours.

    Django itself prolongs a session each time that something is written into it; sign-in is the fixed point.

    **Source:** setting `QIZHI_SESSION_HOURS`.
    """
    at = signed_in_at(request)
    return at is None or timezone.now() - at >= timedelta(hours=settings.QIZHI.session_hours)
