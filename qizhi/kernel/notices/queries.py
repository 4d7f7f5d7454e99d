"""Questions about notices: always one's own."""

from django.db.models import QuerySet

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.policy import visible_to

from .models import Notice

BADGE_MAX = 100


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's notices about matters that they may still see, newest first."""
    rows = _own(actor).filter(matter__in=visible_to(actor))
    return rows.select_related("matter").order_by("-at", "-id")


def unread_count(actor: Actor) -> int:
    """Return how many of `notices_of` are unread, at most 100 (shown as 99+)."""
    unread = _own(actor).filter(read_at=None, matter__in=visible_to(actor))
    return len(unread.order_by().values_list("pk", flat=True)[:BADGE_MAX])


def _own(actor: Actor) -> QuerySet[Notice]:
    """Return all notices to the actor; a citizen has none."""
    return Notice.objects.none() if actor.user_id is None else Notice.objects.filter(user_id=actor.user_id)
