"""Value sets of regions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The levels of division; a code's length tells the level.

    **Source:** statistical division codes of the National Bureau of Statistics; grids append three digits
    (`shared/data/README.md`).
    """

    COUNTY = "county", _("县")
    TOWN = "town", _("镇")
    VILLAGE = "village", _("村")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")


class CodeSystem(models.TextChoices):
    """Who issued a division code. The same digits can mean two places: a code is never read without its system."""

    NBS = "nbs", _("国家统计局")
    MCA = "mca", _("民政部")


CODE_LENGTHS = (6, 9, 12, 15)
