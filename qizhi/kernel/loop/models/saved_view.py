"""Lists that somebody keeps under a name."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.models import Row


class SavedView(Row):
    """A list with its filters that somebody keeps under a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", db_index=False
    )
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["SavedView"]] = models.Manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="saved_view_once"),)

    def __str__(self) -> str:
        return self.name
