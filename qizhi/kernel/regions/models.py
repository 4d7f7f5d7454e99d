"""Places, and the names and codes that others give them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.models import Row

from .choices import CodeSystem, Level


class Region(Row):
    """A county, town, village, community or grid; the statistical code is its natural key.

    `lon`, `lat` are decimal degrees in WGS84, empty where no point with a clear licence is known.
    """

    code = models.CharField(_("代码"), max_length=15, unique=True)
    name = models.CharField(_("名称"), max_length=64)
    level = models.CharField(_("层级"), max_length=12, choices=Level)
    parent_code = models.CharField(_("上级代码"), max_length=15)
    lon = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    objects: ClassVar[models.Manager["Region"]] = models.Manager()

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=("parent_code", "code"), name="region_parent"),)

    def __str__(self) -> str:
        return self.name


class RegionAlias(Row):
    """Another code or name of a region, always with the system that issued it.

    **Source:** `shared/data/README.md`: two codes collide between the statistical and the civil-affairs system.
    """

    code_system = models.CharField(max_length=8, choices=CodeSystem, blank=True)
    code = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=64, blank=True)
    region_code = models.CharField(max_length=15)

    objects: ClassVar[models.Manager["RegionAlias"]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("code_system", "code"), condition=~models.Q(code=""), name="region_alias_code_once"
            ),
        )
        indexes = (models.Index(fields=("name",), name="region_alias_name"),)

    def __str__(self) -> str:
        return f"{self.code_system}:{self.code or self.name}"
