"""Notices: one row for each person and occasion."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from qizhi.kernel.kit.models import Row
from qizhi.kernel.loop.models import Matter


class Notice(Row):
    """That somebody was told something about a matter; `key` names the occasion, so that nobody is told twice.

    `kind` is ``turn`` (it is your unit's turn), ``assist`` (your unit was asked to help) or ``late`` (a rung of a
    clock's ladder); `words` are the title of the rung or of what to do, in both languages.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="notices", db_index=False)
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    words = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Notice"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="notice_once"),)
        indexes = (
            models.Index(fields=("user", "-at", "-id"), name="notice_user"),
            models.Index(fields=("user", "matter"), name="notice_unread", condition=Q(read_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.key
