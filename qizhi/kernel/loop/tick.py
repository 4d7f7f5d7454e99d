"""The tick: what is due climbs by itself. Idempotent, and safe when run twice, late, or after a crash."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from qizhi.kernel.accounts.scope import SYSTEM
from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.kit.uploads import discard
from qizhi.kernel.modes.schema import Rung
from qizhi.kernel.modes.store import calendar_at, kind_at

from . import escalation
from .actions.fire import fire
from .board import Board
from .models import Attachment, Clock, Matter

BATCH = 100
DRAFT_LIFE = timedelta(days=1)
# told by the room `notices`: (matter, clock, rung, moment)
Listener = Callable[[Matter, Clock, Rung, datetime], None]
_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """Let a room hear of every rung that is climbed, in the same transaction; it must be safe to repeat."""
    _listeners[:] = [listener]


def tick(now: datetime | None = None, *, most: int = BATCH) -> int:
    """Climb every rung that is due; return how many clocks were advanced.

    Each clock is a transaction of its own. One that fails does not keep the others from climbing.

    Raises:
        ExceptionGroup: some clocks could not be advanced; nothing of theirs was changed, the next tick tries again.

    **Source:** `architecture.md` §5 (clocks, climbing).
    """
    moment = now or timezone.now()
    due = Clock.objects.filter(next_at__lte=moment).order_by("next_at")
    advanced, failed = 0, []
    for key, matter_id in list(due.values_list("pk", "matter_id")[:most]):
        try:
            advanced += _advance(key, matter_id, moment)
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup("clocks could not be advanced", failed)
    return advanced


def _advance(key: Any, matter_id: Any, moment: datetime) -> bool:
    """Climb the due rungs of one clock: tell, count, and fire what the rungs name, all or nothing.

    The matter is locked first, as `fire` does, so that no other step can change its clocks meanwhile; and what a
    rung fires is committed together with the count, so that a crash between the two loses nothing.
    """
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(pk=matter_id)
        row = Clock.objects.get(pk=key)
        kind, calendar = kind_at(matter.mode_version, matter.kind), calendar_at(matter.mode_version)
        rungs = escalation.due_rungs(kind.clocks[row.name].ladder, row.rung, row.due_at, moment, calendar)
        if row.next_at is None or not rungs:
            return False
        for rung in rungs:
            for listener in _listeners:
                listener(matter, row, rung, moment)
        board = Board(kind, calendar, [row])
        board.climb(row, len(rungs))
        board.save()
        for rung in rungs:
            if rung.fire:
                _fire(matter.number, rung.fire, moment)
    return True


def _fire(number: str, transition: str, moment: datetime) -> None:
    """Take a step in the name of the clock; a step that does not fit any more is left out."""
    try:
        fire(number=number, transition=transition, actor=SYSTEM, at=moment)
    except QizhiError as error:
        if error.status >= 500:
            raise


def sweep_drafts(now: datetime | None = None) -> int:
    """Remove uploads that no step took up within a day; return how many."""
    before = (now or timezone.now()) - DRAFT_LIFE
    drafts = list(Attachment.objects.filter(step=None, uploaded_at__lt=before)[:BATCH])
    for draft in drafts:
        discard(draft.id)
        draft.delete()
    return len(drafts)
