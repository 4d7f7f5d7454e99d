"""Two plain tables of the bench, for the view that only inserts."""

from typing import ClassVar

from django.db import models

from qizhi.kernel.kit.models import Row


class BareMatter(Row):
    """A row with a text, as a matter has."""

    text = models.TextField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["BareMatter"]] = models.Manager()

    class Meta:
        app_label = "bench"


class BareRow(Row):
    """A row that belongs to it, found by one index, as steps, clocks and sights are."""

    matter = models.ForeignKey(BareMatter, models.CASCADE, related_name="rows")
    key = models.CharField(max_length=40)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["BareRow"]] = models.Manager()

    class Meta:
        app_label = "bench"
        indexes = (models.Index(fields=("key", "-at"), name="bare_row_key"),)
