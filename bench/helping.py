"""What a process that makes batches runs; it is imported before Django is set up there."""

from __future__ import annotations

import os
import random
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .batches import Batch
    from .copying import County, Wanted

_county: list[County] = []


def begin(now: datetime) -> None:
    """Set up Django and read the county, once for each process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    from .copying import County

    _county.append(County(random.Random(0), now))


def work(wanted: list[Wanted], seed: int) -> Batch:
    """Make one batch."""
    from .batches import batch_of

    _county[0].chance.seed(seed)
    return batch_of(wanted, _county[0])
