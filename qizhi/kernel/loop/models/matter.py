"""The matter itself, and the queryset that guards it."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.models import Row
from qizhi.kernel.units.models import Unit

from ..choices import Channel, Urgency
from ..errors import OutsideFire
from .reporter import Reporter

# What may change outside a firing: under which version of the mode a matter goes on (`hooks.carry_over`).
FREE = frozenset({"mode_version"})


class MatterQuerySet(models.QuerySet["Matter"]):
    """The shared queryset: it refuses to change a matter outside `fire`."""

    def update(self, **values: Any) -> int:
        """Update rows, but only in columns that no firing is responsible for.

        Raises:
            OutsideFire: another column was named.
        """
        if set(values) - FREE:
            raise OutsideFire
        return super().update(**values)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Update many rows, but only in columns that no firing is responsible for."""
        if set(fields) - FREE:
            raise OutsideFire
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list["Matter"]:
        """Add rows; on a conflict nothing is overwritten."""
        if options.get("update_conflicts"):
            raise OutsideFire
        return super().bulk_create(objs, *args, **options)

    def delete(self) -> NoReturn:
        """Refuse: a matter never disappears."""
        raise OutsideFire

    def compare_and_set(self, matter: "Matter", **values: Any) -> bool:
        """Change `matter` only if its version is still the one that was read; tell whether it was.

        For `actions.fire` alone. One row changed means we won, on every database.
        """
        changed = super().filter(pk=matter.pk, version=matter.version)
        return models.QuerySet.update(changed, version=matter.version + 1, **values) == 1


class Matter(Row):
    """Anything that must end. Its number is for people; its version is the number of its last step."""

    number = models.CharField(_("编号"), max_length=24)
    kind = models.CharField(_("种类"), max_length=40)
    mode_version = models.PositiveIntegerField()
    state = models.CharField(_("状态"), max_length=40)
    version = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    # title, text and address as typed before personal data was masked (`typed`); empty when nothing was masked
    text_sealed = models.BinaryField(default=bytes)
    salt = models.BinaryField(default=bytes)
    category = models.CharField(_("类别"), max_length=64, blank=True)
    channel = models.CharField(_("来源"), max_length=16, choices=Channel)
    urgency = models.CharField(_("紧急程度"), max_length=12, choices=Urgency, default=Urgency.NORMAL)
    difficulty = models.CharField(_("难易"), max_length=12, blank=True)
    region_code = models.CharField(_("区划"), max_length=15)
    address = models.CharField(_("详细地址"), max_length=200, blank=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    reporter = models.ForeignKey(
        Reporter, models.PROTECT, null=True, blank=True, related_name="matters", db_index=False
    )
    query_code_key = models.CharField(max_length=64, blank=True)
    registrar = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    level = models.CharField(_("层级"), max_length=12)
    centre = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    first_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    against_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    reopened = models.PositiveSmallIntegerField(default=0)

    opened_at = models.DateTimeField(_("登记时间"))
    due_at = models.DateTimeField(_("办理期限"), null=True, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # answered late when False, on time when True, unknown while open
    was_on_time = models.BooleanField(null=True, blank=True)
    last_hash = models.CharField(max_length=64, default="")
    source_key = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["Matter"]] = MatterQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("number",), name="matter_number"),
            models.UniqueConstraint(
                fields=("source_key",), condition=~Q(source_key=""), name="matter_source_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("holder", "state", "due_at"), name="matter_holder", condition=Q(is_open=True)
            ),
            models.Index(fields=("lead", "state", "due_at"), name="matter_lead", condition=Q(is_open=True)),
            models.Index(
                fields=("concluded_at",), name="matter_concluded", condition=Q(concluded_at__isnull=False)
            ),
            models.Index(fields=("region_code", "-opened_at"), name="matter_place"),
            models.Index(
                fields=("merged_into",), name="matter_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(fields=("reporter",), name="matter_reporter", condition=Q(reporter__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **options: Any) -> None:
        """Store a new matter; one that is stored already is changed by `fire` alone.

        Raises:
            OutsideFire: the matter is stored already.
        """
        if not self._state.adding:
            raise OutsideFire
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: a matter never disappears."""
        raise OutsideFire
