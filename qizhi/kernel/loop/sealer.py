"""The sealer: gives committed steps one running number without gaps, and a daily seal over them.

Readers (notices, search, exports) follow that number and never the clock, so that none can miss a step that was
committed late. One worker seals; a second one at the same time waits for the counter's row.
"""

import hashlib
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from qizhi.kernel.kit.models import next_number

from .models import Seal, Step

COUNTER = "sealed"
BATCH = 500


def seal_steps(*, most: int = BATCH) -> int:
    """Give running numbers to up to `most` committed steps, oldest first; return how many.

    **Source:** `architecture.md` §5 (sealer, watermark).
    """
    with transaction.atomic():
        # the counter's row is taken first: it lets one sealer work at a time on every database
        last = next_number(COUNTER, 0)
        waiting = list(Step.objects.filter(sealed_no=None).order_by("at", "id").only("pk")[:most])
        for offset, step in enumerate(waiting, start=1):
            step.sealed_no = last + offset
        if waiting:
            Step.objects.bulk_update(waiting, ["sealed_no"], batch_size=200)
            next_number(COUNTER, len(waiting))
    return len(waiting)


def last_sealed() -> int:
    """Return the highest running number given so far; readers may read up to it."""
    return (
        Step.objects.exclude(sealed_no=None)
        .order_by("-sealed_no")
        .values_list("sealed_no", flat=True)
        .first()
        or 0
    )


def seal_days(now: datetime | None = None) -> list[Seal]:
    """Write the seal of every day that is over and whose steps all have their number; return the new seals.

    A day's seal covers the numbers after the last sealed one up to the last that was given before the day's end.
    """
    today = timezone.localtime(now).date()
    last = Seal.objects.order_by("-day").first()
    first_no = last.last_no + 1 if last else 1
    opening = Step.objects.filter(sealed_no__gte=first_no).order_by("sealed_no").first()
    if opening is None or Step.objects.filter(sealed_no=None, at__lt=_start(today)).exists():
        return []
    until = last_sealed_before(_start(today))
    if until < first_no:
        return []
    seal = Seal(
        day=today - timedelta(days=1),
        first_no=first_no,
        last_no=until,
        previous_hash=last.hash if last else "",
        hash=seal_hash(first_no, until, last.hash if last else ""),
    )
    seal.save()
    return [seal]


def last_sealed_before(moment: datetime) -> int:
    """Return the highest running number below the first one whose step happened at or after `moment`."""
    later = Step.objects.filter(sealed_no__isnull=False, at__gte=moment).order_by("sealed_no").first()
    return (later.sealed_no or 1) - 1 if later else last_sealed()


def seal_hash(first_no: int, last_no: int, previous: str) -> str:
    """Return the hash over the step hashes of a range of running numbers, chained to the seal before."""
    total = hashlib.sha256(previous.encode())
    rows = Step.objects.filter(sealed_no__gte=first_no, sealed_no__lte=last_no).order_by("sealed_no")
    for value in rows.values_list("hash", flat=True).iterator(chunk_size=2000):
        total.update(value.encode())
    return total.hexdigest()


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
