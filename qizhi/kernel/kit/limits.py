"""How often something may happen: a counter for each key and window of time, shared by all processes.

**Source:** `stack.md` §18, "Rate limit": a counter table, fixed window.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .errors import TooMany
from .prepared import inserting
from .rate import RateWindow
from .sealing import lookup_hash


class Purse(NamedTuple):
    """What is counted under one key: at most `limit` events in each window of `per_seconds` seconds.

    `key` may hold an address or a telephone number, such as `report:13812345678`: only its keyed hash is stored.
    """

    key: str
    limit: int
    per_seconds: int


def spend(key: str, limit: int, per_seconds: int, now: datetime) -> None:
    """Count one event under `key`; see `spend_each`."""
    spend_each([Purse(key, limit, per_seconds)], now)


def spend_each(purses: Sequence[Purse], now: datetime) -> None:
    """Count one event in each of `purses`, in their order; after one that is used up the others are not asked.

    The count is a transaction of its own, so that it stays when the work it guards fails: call it before the
    transaction of that work begins.

    Raises `TooMany` with `details["retry_after"]` in seconds when a window is used up. Parallel callers never get
    more than its limit through.
    """
    with transaction.atomic(durable=True):
        empty = next((purse for purse in purses if not _is_spent(purse, now)), None)
    if empty is not None:
        raise _refusal(_window(empty.per_seconds, now)[1], now)


def _is_spent(purse: Purse, now: datetime) -> bool:
    """Count one event unless the window is used up; tell whether it was counted."""
    if purse.limit < 1:
        return False
    started_at, ends_at = _window(purse.per_seconds, now)
    key = _hashed(purse.key, purse.per_seconds)
    (fresh,) = inserting([RateWindow(key=key, started_at=started_at, ends_at=ends_at, count=1)])
    with connection.cursor() as cursor:
        cursor.execute(fresh.sql + _OR_RAISE, [*fresh.params, purse.limit])
        return bool(cursor.rowcount == 1)


# one statement, which both databases know: nothing is changed when the window is used up
_OR_RAISE = (
    " ON CONFLICT (key, started_at) DO UPDATE SET count = kit_ratewindow.count + 1"
    " WHERE kit_ratewindow.count < %s"
)


def check(key: str, limit: int, per_seconds: int, now: datetime) -> None:
    """Refuse as `spend` does, but count nothing: for what counts only its failures, such as a wrong query code.

    Raises `TooMany` when `limit` events were already spent in this window.
    """
    started_at, ends_at = _window(per_seconds, now)
    hashed = _hashed(key, per_seconds)
    if RateWindow.objects.filter(key=hashed, started_at=started_at, count__gte=limit).exists() or limit < 1:
        raise _refusal(ends_at, now)


def clear(key: str, per_seconds: int, now: datetime) -> int:
    """Forget what was spent under `key` in this window; return how many windows there were, 0 or 1."""
    started_at, _ends_at = _window(per_seconds, now)
    return RateWindow.objects.filter(key=_hashed(key, per_seconds), started_at=started_at).delete()[0]


def sweep(now: datetime) -> int:
    """Delete the windows that have ended; return how many there were."""
    return RateWindow.objects.filter(ends_at__lte=now).delete()[0]


def _hashed(key: str, per_seconds: int) -> str:
    return lookup_hash(f"rate/{per_seconds}", key)


def _window(per_seconds: int, now: datetime) -> tuple[datetime, datetime]:
    """Return the window that holds `now`; windows begin at multiples of their length since 1970."""
    begin = int(now.timestamp()) // per_seconds * per_seconds
    started_at = datetime.fromtimestamp(begin, UTC)
    return started_at, started_at + timedelta(seconds=per_seconds)


def _refusal(ends_at: datetime, now: datetime) -> TooMany:
    seconds = max(1, -int((now - ends_at).total_seconds() // 1))
    if seconds < 60:
        wait = ngettext("%(n)d 秒", "%(n)d 秒", seconds) % {"n": seconds}
    else:
        minutes = -(-seconds // 60)
        wait = ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    message = _("操作太频繁，这次没有办成。请过 %(wait)s 再试。") % {"wait": wait}
    return TooMany(message, details={"retry_after": seconds})
