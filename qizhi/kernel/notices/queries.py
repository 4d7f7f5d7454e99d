"""Questions about notices: always one's own."""

import uuid
from functools import cache

from django.db.models import QuerySet

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.prepared import Prepared
from qizhi.kernel.loop.policy import is_seen

from .models import Notice

BADGE_MAX = 100


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's notices about matters that they may still see, newest first."""
    if actor.user_id is None:
        return Notice.objects.none()
    rows = Notice.objects.filter(is_seen(actor.sight_keys, "matter"), user_id=actor.user_id)
    return rows.select_related("matter").order_by("-at", "-id")


def unread_count(actor: Actor) -> int:
    """Return how many of `notices_of` are unread, at most 100 (shown as 99+)."""
    if actor.user_id is None:
        return 0
    keys = actor.sight_keys
    return len(_unread(len(keys)).rows(actor.user_id, *keys))


@cache
def _unread(count: int) -> Prepared:
    """Return the query of `unread_count` for an actor with `count` sight keys; every page of staff asks it."""

    def build(user_id: uuid.UUID, *keys: str) -> QuerySet[Notice, tuple[uuid.UUID]]:
        rows = Notice.objects.filter(is_seen(keys, "matter"), user_id=user_id, read_at=None)
        return rows.order_by().values_list("pk")[:BADGE_MAX]

    return Prepared(build, uuid.UUID, *[str] * count)
