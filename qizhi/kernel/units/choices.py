"""Value sets of units and roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What sort of body a unit is."""

    COUNTY_BODY = "county_body", _("县级部门单位")
    TOWN_GOVERNMENT = "town_government", _("镇人民政府")
    VILLAGE_COMMITTEE = "village_committee", _("村民委员会")
    COMMUNITY_COMMITTEE = "community_committee", _("社区居民委员会")
    CENTRE = "centre", _("综治中心")
    LEADING_GROUP = "leading_group", _("领导小组")
    WORKING_GROUP = "working_group", _("工作组")
    TEAM = "team", _("督导检查组")
    ASSOCIATION = "association", _("社会组织")


class Sees(models.TextChoices):
    """How far a role sees.

    `region`: everything in the place of the post and below; `unit`: what is assigned to its unit, or what
    the person registered.
    """

    REGION = "region", _("本区域")
    UNIT = "unit", _("本单位承办")
