"""Who handles a matter, at which level, what was asked for, and what people answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qizhi.kernel.kit.models import Row
from qizhi.kernel.units.models import Unit

from ..choices import ApplicationState, AssignmentRole, AssignmentState
from .matter import Matter
from .step import Step


class Assignment(Row):
    """That a unit handles a matter, as lead or co-handling unit, with its own answer."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="assignments", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=8, choices=AssignmentRole)
    state = models.CharField(max_length=12, choices=AssignmentState, default=AssignmentState.ASSIGNED)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Assignment"]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("matter", "unit"), condition=Q(ended_at__isnull=True), name="assignment_open_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("unit", "role", "assigned_at"),
                name="assignment_open",
                condition=Q(ended_at__isnull=True),
            ),
            models.Index(fields=("matter",), name="assignment_matter"),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.role} {self.unit_id}"


class Leg(Row):
    """The time that one level held a matter: village, town or county centre."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="legs", db_index=False)
    seq = models.PositiveSmallIntegerField()
    centre = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=12)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Leg"]] = models.Manager()

    class Meta:
        ordering = ("matter", "seq")
        constraints = (models.UniqueConstraint(fields=("matter", "seq"), name="leg_once"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.level}"


class Application(Row):
    """Something asked for that another decides: an extension, a dispatch objection."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="applications", db_index=False)
    name = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=ApplicationState, default=ApplicationState.PENDING)
    term = models.CharField(max_length=12, blank=True)
    asked = models.ForeignKey(Step, models.PROTECT, related_name="+", db_index=False)
    decided = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects: ClassVar[models.Manager["Application"]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=("matter", "name"), name="application_matter"),
            models.Index(
                fields=("name",), name="application_pending", condition=Q(state=ApplicationState.PENDING)
            ),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name} {self.state}"


class Revisit(Row):
    """One answer about a handled matter: by a revisit clerk who reached the person, or by the person.

    `is_valid`: the person was reached and answered.

    **Source:** `domain.md` §3.3, §5.3.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="revisits", db_index=False)
    step = models.OneToOneField(Step, models.PROTECT, related_name="revisit")
    at = models.DateTimeField()
    by_reporter = models.BooleanField(default=False)
    is_valid = models.BooleanField()
    solved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager["Revisit"]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=("at",), name="revisit_at"),
            models.Index(fields=("matter",), name="revisit_matter"),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.satisfied}"
