"""The table behind the limits: how often something happened within one window of time."""

from typing import ClassVar

from django.db import models

from .models import Row


class RateWindow(Row):
    """A count for one key between `started_at` and `ends_at`; the key is a keyed hash and names nobody."""

    key = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "次数限制"
        constraints = [models.UniqueConstraint(fields=["key", "started_at"], name="kit_ratewindow_key")]

    objects: ClassVar[models.Manager["RateWindow"]] = models.Manager()
