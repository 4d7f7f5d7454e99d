"""What can be done with notices: read them."""

from datetime import datetime

from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.models import Matter

from .models import Notice


def notices_read(*, actor: Actor, matter: Matter | None = None, at: datetime | None = None) -> int:
    """Mark the actor's unread notices as read, all or those about `matter`; return how many."""
    if actor.user_id is None:
        return 0
    rows = Notice.objects.filter(user_id=actor.user_id, read_at=None)
    if matter is not None:
        rows = rows.filter(matter=matter)
    return rows.update(read_at=at or timezone.now())
