"""What happened: append-only steps, the texts they refer to, daily seals, and how far readers have come."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q

from qizhi.kernel.kit.models import Row
from qizhi.kernel.units.models import Unit

from ..errors import OutsideFire
from .matter import Matter


class AppendOnly(models.QuerySet[Any]):
    """A queryset of rows that are only added."""

    def update(self, **values: Any) -> int:
        """Refuse, but for the sealer's running number and its reset on restore."""
        if set(values) - {"sealed_no"}:
            raise OutsideFire
        return super().update(**values)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Refuse, but for the sealer's running number."""
        if set(fields) - {"sealed_no"}:
            raise OutsideFire
        return super().bulk_update(objs, fields, batch_size)

    def delete(self) -> NoReturn:
        """Refuse: a step is never removed."""
        raise OutsideFire

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list[Any]:
        """Add rows; on a conflict nothing is overwritten."""
        if options.get("update_conflicts"):
            raise OutsideFire
        return super().bulk_create(objs, *args, **options)


class Step(Row):
    """One thing that happened to a matter; append-only, chained by hash to the step before it.

    `inputs` never holds a person's words or data in clear: texts are in `Passage`, people in `Reporter`, and the
    step holds only their digests. `sealed_no` is given after commit and is not part of the hash.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps", db_index=False)
    seq = models.PositiveIntegerField()
    transition = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    role = models.CharField(max_length=32, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    unit_name = models.CharField(max_length=40, blank=True)
    inputs = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    is_public = models.BooleanField(default=False)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_no = models.BigIntegerField(null=True, blank=True, unique=True)

    objects: ClassVar[models.Manager["Step"]] = AppendOnly.as_manager()

    class Meta:
        ordering = ("matter", "seq")
        constraints = (models.UniqueConstraint(fields=("matter", "seq"), name="step_once"),)
        indexes = (
            models.Index(fields=("at", "id"), name="step_unsealed", condition=Q(sealed_no__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.seq} {self.transition}"

    def save(self, *args: Any, **options: Any) -> None:
        """Store a new step; a stored one is refused.

        Raises:
            OutsideFire: the step is stored already.
        """
        if not self._state.adding:
            raise OutsideFire
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refuse: a step is never removed."""
        raise OutsideFire


class Passage(Row):
    """A text that somebody wrote in a step; it can be erased, the step keeps only its salted digest.

    `text_sealed` is the text as a citizen typed it before personal data was masked (`typed`); empty when nothing was.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="passages", db_index=False)
    step = models.ForeignKey(Step, models.PROTECT, related_name="passages", db_index=False)
    field = models.CharField(max_length=40)
    text = models.TextField()
    text_sealed = models.BinaryField(default=bytes)
    salt = models.BinaryField()
    is_public = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Passage"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("step", "field"), name="passage_once"),)
        indexes = (models.Index(fields=("matter",), name="passage_matter"),)

    def __str__(self) -> str:
        return f"{self.step_id} {self.field}"


class Seal(Row):
    """The daily seal: a hash over the step hashes of a day in their sealed order, chained to the day before."""

    day = models.DateField(unique=True)
    first_no = models.BigIntegerField()
    last_no = models.BigIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["Seal"]] = models.Manager()

    class Meta:
        ordering = ("day",)

    def __str__(self) -> str:
        return str(self.day)


class Reading(Row):
    """How far one reader of the sealed steps has come, such as notices or search."""

    name = models.CharField(max_length=40, unique=True)
    sealed_no = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager["Reading"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} {self.sealed_no}"
