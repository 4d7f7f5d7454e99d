"""What the room writes."""

import uuid
from datetime import datetime

from django.utils import timezone

from qizhi.kernel.loop.models import Matter

from .models import DuplicateHint


def duplicate_hint(
    *, matter: Matter, other_id: uuid.UUID, score: float, by_reporter: bool, at: datetime | None = None
) -> DuplicateHint | None:
    """Note that `matter` is perhaps the same as another one; return the hint, None for a matter beside itself.

    A hint that is there already is returned as it stands.
    """
    if matter.pk == other_id:
        return None
    said = {"score": round(min(max(score, 0), 100)), "by_reporter": by_reporter, "at": at or timezone.now()}
    row, _made = DuplicateHint.objects.get_or_create(matter=matter, other_id=other_id, defaults=said)
    return row
