"""Who may see a matter, kept beside it for lists."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qizhi.kernel.kit.models import Row

from ..choices import Urgency
from .matter import Matter


class Sight(Row):
    """That a matter is visible under one key, with what lists sort and filter by.

    A key is a place's code, ``u`` + a unit's key, or ``b`` + the registrar's key (`accounts.scope`). Lists read
    this table alone in the order of its index, so that a page of a list costs the same whatever the table's size.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="sights", db_index=False)
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    category = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=16)
    urgency = models.CharField(max_length=12)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Sight"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("matter", "key"), name="sight_once"),)
        indexes = (
            models.Index(fields=("key", "-opened_at", "-matter"), name="sight_opened"),
            models.Index(fields=("key", "state", "-opened_at", "-matter"), name="sight_state"),
            models.Index(fields=("key", "is_open", "-opened_at", "-matter"), name="sight_is_open"),
            models.Index(fields=("key", "category", "-opened_at", "-matter"), name="sight_category"),
            models.Index(fields=("key", "channel", "-opened_at", "-matter"), name="sight_channel"),
            # nearly all are normal: who asks for those reads the list as it is
            models.Index(
                fields=("key", "urgency", "-opened_at", "-matter"),
                name="sight_urgency",
                condition=~Q(urgency=Urgency.NORMAL),
            ),
            models.Index(
                fields=("key", "due_at", "matter"), name="sight_due", condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.matter_id}"
