"""Files handed in."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from qizhi.kernel.kit.models import Row

from .matter import Matter
from .step import Step


class Attachment(Row):
    """A file handed in with a step. While `step` is empty it is a draft that waits for its form.

    The file lies in the files folder under `id`; `lon`, `lat`, `taken_at` were read from a photo before its
    metadata was removed.
    """

    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="attachments", db_index=False
    )
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, blank=True, related_name="attachments", db_index=False
    )
    field = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    has_preview = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    uploaded_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Attachment"]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=("matter", "uploaded_at"), name="attachment_matter"),
            models.Index(fields=("uploaded_at",), name="attachment_draft", condition=Q(step__isnull=True)),
        )

    def __str__(self) -> str:
        return self.name
