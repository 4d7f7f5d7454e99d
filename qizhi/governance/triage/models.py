"""What the room keeps: which two matters are perhaps the same."""

from typing import ClassVar

from django.db import models

from qizhi.kernel.kit.models import Row
from qizhi.kernel.loop.models import Matter


class DuplicateHint(Row):
    """That `matter` is perhaps the same as `other`, for the one who sorts it; nothing follows from it by itself.

    `score` is the likeness from 0 to 100, `by_reporter` that the person who brought it said so.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="duplicate_hints")
    other = models.ForeignKey(Matter, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    by_reporter = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["DuplicateHint"]] = models.Manager()

    class Meta:
        verbose_name = "疑似重复"
        constraints = (models.UniqueConstraint(fields=("matter", "other"), name="duplicate_hint_once"),)

    def __str__(self) -> str:
        return f"{self.matter_id} ~ {self.other_id}"
