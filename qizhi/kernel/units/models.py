"""Units, what they belong to, the roles of the mode and the posts that people hold."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.models import Row
from qizhi.kernel.regions.choices import Level

from .choices import Sees, UnitKind


class Unit(Row):
    """A body that can be responsible for a matter; it sits in a region."""

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40)
    kind = models.CharField(_("性质"), max_length=24, choices=UnitKind)
    level = models.CharField(_("层级"), max_length=12, choices=Level)
    region_code = models.CharField(_("区划"), max_length=15)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    is_official = models.BooleanField(_("有正式文件依据"), default=False)
    is_active = models.BooleanField(_("在用"), default=True)

    objects: ClassVar[models.Manager["Unit"]] = models.Manager()

    class Meta:
        ordering = ("code",)
        indexes = (models.Index(fields=("region_code", "kind"), name="unit_region_kind"),)

    def __str__(self) -> str:
        return self.short_name


class Membership(Row):
    """That a unit belongs to a group for one purpose, such as `duty_list` (48) or `inspected` (47).

    **Source:** `seed-map.md` §3 point 1: membership per purpose, not one list.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="memberships")
    purpose = models.CharField(max_length=40)

    objects: ClassVar[models.Manager["Membership"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("purpose", "unit"), name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.purpose}"


class Role(Row):
    """What somebody may do, as the mode pack declares it; transitions name roles by `key`."""

    key = models.CharField(max_length=32, unique=True)
    title = models.JSONField(default=dict)
    sees = models.CharField(max_length=8, choices=Sees, default=Sees.UNIT)
    is_reader = models.BooleanField(_("只读"), default=False)
    may_unmask = models.BooleanField(_("可查看完整个人信息"), default=False)
    needs_second_factor = models.BooleanField(_("须二次验证"), default=False)

    objects: ClassVar[models.Manager["Role"]] = models.Manager()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return str(self.title.get("zh", self.key))


class Post(Row):
    """That a person acts in a role for a unit, from one day to another.

    `region_code` may narrow the place below the unit's own, such as to one grid.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts")
    region_code = models.CharField(max_length=15, blank=True)
    since_on = models.DateField(_("到岗日期"))
    until_on = models.DateField(_("离岗日期"), null=True, blank=True)

    objects: ClassVar[models.Manager["Post"]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "unit", "role", "since_on"), name="post_once"),
        )
        indexes = (models.Index(fields=("unit", "role"), name="post_unit_role"),)

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.role_id}"
