"""The applied versions of the mode."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from qizhi.kernel.kit.models import Row


class ModeVersion(Row):
    """One applied version: the whole compiled pack. The one with the highest number is in force."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    # JSON as text: PostgreSQL's own type forgets the order of keys, in which states and steps are shown
    compiled = models.TextField()
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager["ModeVersion"]] = models.Manager()

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.name} {self.version} #{self.number}"
