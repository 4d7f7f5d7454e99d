"""Sign-ins that are locked after wrong passwords or codes, and opening them again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from axes.conf import settings as axes
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max, Sum
from django.utils import timezone

from ..failures import CODE_FAILURES, PASSWORD_FAILURES, clear, is_used_up
from ..models import User


def locked_until(usernames: Iterable[str]) -> dict[str, datetime]:
    """Return until when each of the accounts is locked at some network address; one query.

    The lock lies on the pair of name and address: from elsewhere the person still gets in.
    """
    cool_off = get_cool_off() or timedelta()
    attempts = AccessAttempt.objects.filter(
        username__in=list(usernames), attempt_time__gte=timezone.now() - cool_off
    )
    pairs = (
        attempts.order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
        .filter(failures__gte=axes.AXES_FAILURE_LIMIT)
    )
    found: dict[str, datetime] = {}
    for pair in pairs:
        until = pair["latest"] + cool_off
        username = str(pair["username"])
        found[username] = max(until, found.get(username, until))
    return found


def codes_used_up(person: User) -> bool:
    """Tell whether so many wrong codes were typed that the next one is refused for a while; one query."""
    return is_used_up(CODE_FAILURES, person.pk.hex)


def unlock(person: User) -> None:
    """Forget all wrong passwords and codes of `person`, at whatever address."""
    AccessAttempt.objects.filter(username=person.username).delete()
    for limit in (CODE_FAILURES, PASSWORD_FAILURES):
        clear(limit, person.pk.hex)
