"""The promises of a matter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qizhi.kernel.kit.models import Row

from ..choices import ClockState
from .matter import Matter


class Clock(Row):
    """One promise of a matter, with all inputs of its due time, so that it can be explained line by line.

    `pauses` is a list of [from, to or null] and `extensions` a list of terms, both as text; `next_at` is when the
    next rung of its ladder is due: what is late is one indexed query.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="clocks", db_index=False)
    name = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=ClockState, default=ClockState.RUNNING)
    term = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    pauses = models.JSONField(default=list)
    extensions = models.JSONField(default=list)
    calendar_version = models.CharField(max_length=64)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Clock"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("matter", "name", "round"), name="clock_once"),)
        indexes = (models.Index(fields=("next_at",), name="clock_next", condition=Q(next_at__isnull=False)),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name}"
