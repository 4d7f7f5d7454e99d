"""The sealer: gives committed steps one running number without gaps, and a daily seal over them.

Readers (notices, search, exports) follow that number and never the clock, so that none can miss a step that was
committed late. One worker seals; a second one at the same time waits for the counter's row.
"""

import hashlib
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from qizhi.kernel.kit.models import next_number
from qizhi.kernel.kit.prepared import update

from .models import Seal, Step

COUNTER = "sealed"
BATCH = 500


def seal_steps(*, most: int = BATCH) -> int:
    """Give running numbers to up to `most` committed steps, oldest first; return how many.

    **Source:** `architecture.md` §5 (sealer, watermark).
    """
    if not Step.objects.filter(sealed_no=None).exists():
        return 0
    with transaction.atomic():
        # the counter's row is taken first: it lets one sealer work at a time on every database
        last = next_number(COUNTER, 0)
        waiting = list(
            Step.objects.filter(sealed_no=None).order_by("at", "id").values_list("pk", flat=True)[:most]
        )
        for number, key in enumerate(waiting, start=last + 1):
            update(Step, {"sealed_no": number}, id=key)
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
    """Write the seal of yesterday when all steps of the days that are over have their number; return the new seals.

    It covers the numbers after the last sealed one up to the last that was given before yesterday's end, so days
    without the program running are covered too. A step that comes in late, as from an import, falls into the seal
    of the next day: a day is sealed once.
    """
    today = timezone.localtime(now).date()
    yesterday = today - timedelta(days=1)
    with transaction.atomic():
        # as in `seal_steps`: one at a time
        next_number(COUNTER, 0)
        last = Seal.objects.order_by("-day").first()
        if last is not None and last.day >= yesterday:
            return []
        if Step.objects.filter(sealed_no=None, at__lt=_start(today)).exists():
            return []
        first_no, previous = (last.last_no + 1, last.hash) if last else (1, "")
        until = last_sealed_before(_start(today))
        if until < first_no:
            return []
        seal = Seal(day=yesterday, first_no=first_no, last_no=until, previous_hash=previous)
        seal.hash = seal_hash(seal)
        seal.save(force_insert=True)
    return [seal]


def last_sealed_before(moment: datetime) -> int:
    """Return the highest running number below the first one whose step happened at or after `moment`."""
    later = Step.objects.filter(sealed_no__isnull=False, at__gte=moment).order_by("sealed_no").first()
    return (later.sealed_no or 1) - 1 if later else last_sealed()


def seal_hash(seal: Seal) -> str:
    """Return the hash that a seal must carry: over its day, its range, the seal before, and all step hashes in it."""
    head = f"{seal.previous_hash}|{seal.day.isoformat()}|{seal.first_no}|{seal.last_no}"
    total = hashlib.sha256(head.encode())
    rows = Step.objects.filter(sealed_no__gte=seal.first_no, sealed_no__lte=seal.last_no).order_by(
        "sealed_no"
    )
    for value in rows.values_list("hash", flat=True).iterator(chunk_size=2000):
        total.update(value.encode())
    return total.hexdigest()


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
