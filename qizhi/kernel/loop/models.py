"""What is stored of a matter: itself, its steps, clocks, assignments, texts, files, and who may see it.

`Matter` is the present; `Step` is the past, append-only and hash-chained; everything else hangs on one of them.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.models import Row
from qizhi.kernel.units.models import Unit

from .choices import (
    ApplicationState,
    AssignmentRole,
    AssignmentState,
    Channel,
    ClockState,
    Urgency,
)
from .errors import OutsideFire


class Reporter(Row):
    """The person who brought a matter: everything personal is sealed, found by keyed hash, and can be erased.

    **Source:** `architecture.md` §7; PIPL arts 45–47 (see, correct, erase).
    """

    name_sealed = models.BinaryField(default=bytes)
    phone_sealed = models.BinaryField(default=bytes)
    phone_key = models.CharField(max_length=64, blank=True)
    identity_sealed = models.BinaryField(default=bytes)
    identity_key = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Reporter"]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=("phone_key",), name="reporter_phone", condition=~Q(phone_key="")),
            models.Index(fields=("identity_key",), name="reporter_identity", condition=~Q(identity_key="")),
        )

    def __str__(self) -> str:
        return str(self.id)


# Columns that only a firing may change; a bulk update of one of these is refused.
GUARDED = frozenset({"state", "version", "holder", "holder_id", "lead", "lead_id", "centre", "centre_id", "due_at"})


class MatterQuerySet(models.QuerySet["Matter"]):
    """The shared queryset: it refuses to change guarded columns outside `fire`."""

    def update(self, **values: Any) -> int:
        """Update rows, but never a guarded column.

        Raises:
            OutsideFire: a guarded column was named.
        """
        if GUARDED & set(values):
            raise OutsideFire
        return super().update(**values)

    def bulk_update(self, objs: Any, fields: Any, batch_size: int | None = None) -> int:
        """Update many rows, but never a guarded column."""
        if GUARDED & set(fields):
            raise OutsideFire
        return super().bulk_update(objs, fields, batch_size)

    def compare_and_set(self, matter: "Matter", **values: Any) -> bool:
        """Change `matter` only if its version is still the one that was read; tell whether it was.

        For `actions.fire` alone. One row changed means we won, on every database.
        """
        changed = super().filter(pk=matter.pk, version=matter.version)
        return models.QuerySet.update(changed, version=matter.version + 1, **values) == 1


class Matter(Row):
    """Anything that must end. Its number is for people; its version is the number of its last step."""

    number = models.CharField(_("编号"), max_length=24, unique=True)
    kind = models.CharField(_("种类"), max_length=40)
    mode_version = models.PositiveIntegerField()
    state = models.CharField(_("状态"), max_length=40)
    version = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    # what the citizen typed before personal data was masked; empty when nothing was masked
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
    reporter = models.ForeignKey(Reporter, models.PROTECT, null=True, blank=True, related_name="matters")
    query_code_key = models.CharField(max_length=64, blank=True)
    registrar = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    level = models.CharField(_("层级"), max_length=12)
    centre = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    first_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    against_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    reopened = models.PositiveSmallIntegerField(default=0)

    opened_at = models.DateTimeField(_("登记时间"))
    due_at = models.DateTimeField(_("办理期限"), null=True, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # answered late when False, on time when True, unknown while open
    was_on_time = models.BooleanField(null=True, blank=True)
    last_hash = models.CharField(max_length=64, default="")
    source_key = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["Matter"]] = MatterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source_key",), condition=~Q(source_key=""), name="matter_source_once"
            ),
        )
        indexes = (
            models.Index(fields=("holder", "state", "due_at"), name="matter_holder", condition=Q(is_open=True)),
            models.Index(fields=("lead", "state", "due_at"), name="matter_lead", condition=Q(is_open=True)),
            models.Index(fields=("concluded_at",), name="matter_concluded", condition=Q(concluded_at__isnull=False)),
            models.Index(fields=("region_code", "-opened_at"), name="matter_place"),
            models.Index(fields=("merged_into",), name="matter_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=("reporter",), name="matter_reporter", condition=Q(reporter__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Sight(Row):
    """That a matter is visible under one key, with what lists sort and filter by.

    A key is a place's code, ``u`` + a unit's key, or ``b`` + the registrar's key (`accounts.scope`). Lists read
    this table alone in the order of its index, so that a page of a list costs the same whatever the table's size.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="sights")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    category = models.CharField(max_length=64, blank=True)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Sight"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("matter", "key"), name="sight_once"),)
        indexes = (
            models.Index(fields=("key", "-opened_at", "-matter"), name="sight_opened"),
            models.Index(fields=("key", "state", "-opened_at", "-matter"), name="sight_state"),
            models.Index(fields=("key", "is_open", "-opened_at", "-matter"), name="sight_is_open"),
            models.Index(fields=("key", "category", "-opened_at", "-matter"), name="sight_category"),
            models.Index(fields=("key", "due_at", "matter"), name="sight_due", condition=Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.matter_id}"


class AppendOnly(models.QuerySet[Any]):
    """A queryset of rows that are only added."""

    def update(self, **values: Any) -> int:
        """Refuse, but for the sealer's running number and its reset on restore."""
        if set(values) - {"sealed_no"}:
            raise OutsideFire
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: a step is never removed."""
        raise OutsideFire


class Step(Row):
    """One thing that happened to a matter; append-only, chained by hash to the step before it.

    `inputs` never holds a person's words or data in clear: texts are in `Passage`, people in `Reporter`, and the
    step holds only their digests. `sealed_no` is given after commit and is not part of the hash.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    transition = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=32, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    unit_name = models.CharField(max_length=40, blank=True)
    inputs = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    is_public = models.BooleanField(default=False)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_no = models.BigIntegerField(null=True, blank=True, unique=True)

    objects: ClassVar[models.Manager["Step"]] = AppendOnly.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("matter", "seq")
        constraints = (models.UniqueConstraint(fields=("matter", "seq"), name="step_once"),)
        indexes = (models.Index(fields=("at", "id"), name="step_unsealed", condition=Q(sealed_no__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.seq} {self.transition}"


class Passage(Row):
    """A text that somebody wrote in a step; it can be erased, the step keeps only its salted digest."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="passages")
    step = models.ForeignKey(Step, models.PROTECT, related_name="passages")
    field = models.CharField(max_length=40)
    text = models.TextField()
    salt = models.BinaryField()
    is_public = models.BooleanField(default=False)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Passage"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("step", "field"), name="passage_once"),)
        indexes = (models.Index(fields=("matter",), name="passage_matter"),)

    def __str__(self) -> str:
        return f"{self.step_id} {self.field}"


class Attachment(Row):
    """A file handed in with a step. While `step` is empty it is a draft that waits for its form.

    The file lies in the files folder under `id`; `lon`, `lat`, `taken_at` were read from a photo before its
    metadata was removed.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="attachments")
    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="attachments")
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
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Attachment"]] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=("matter", "uploaded_at"), name="attachment_matter"),
            models.Index(fields=("uploaded_at",), name="attachment_draft", condition=Q(step__isnull=True)),
        )

    def __str__(self) -> str:
        return self.name


class Assignment(Row):
    """That a unit handles a matter, as lead or co-handling unit, with its own answer."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
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
            models.Index(fields=("unit", "role", "assigned_at"), name="assignment_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=("matter",), name="assignment_matter"),
        )

    def __str__(self) -> str:
        return f"{self.matter_id} {self.role} {self.unit_id}"


class Leg(Row):
    """The time that one level held a matter: village, town or county centre."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="legs")
    seq = models.PositiveSmallIntegerField()
    centre = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    level = models.CharField(max_length=12)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Leg"]] = models.Manager()

    class Meta:
        ordering = ("matter", "seq")
        constraints = (models.UniqueConstraint(fields=("matter", "seq"), name="leg_once"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.level}"


class Clock(Row):
    """One promise of a matter, with all inputs of its due time, so that it can be explained line by line.

    `pauses` is a list of [from, to or null] and `extensions` a list of terms, both as text; `next_at` is when the
    next rung of its ladder is due: what is late is one indexed query.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=ClockState, default=ClockState.RUNNING)
    term = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    pauses = models.JSONField(default=list)
    extensions = models.JSONField(default=list)
    calendar_version = models.CharField(max_length=64)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Clock"]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("matter", "name", "round"), name="clock_once"),)
        indexes = (models.Index(fields=("next_at",), name="clock_next", condition=Q(next_at__isnull=False)),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name}"


class Application(Row):
    """Something asked for that another decides: an extension, a dispatch objection."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="applications")
    name = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ApplicationState, default=ApplicationState.PENDING)
    term = models.CharField(max_length=12, blank=True)
    asked = models.ForeignKey(Step, models.PROTECT, related_name="+")
    decided = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager["Application"]] = models.Manager()

    class Meta:
        indexes = (models.Index(fields=("matter", "name"), name="application_matter"),)

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name} {self.state}"


class Revisit(Row):
    """One answer about a handled matter: by a revisit clerk who reached the person, or by the person.

    `is_valid`: the person was reached and answered.

    **Source:** `domain.md` §3.3, §5.3.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="revisits")
    step = models.OneToOneField(Step, models.PROTECT, related_name="revisit")
    at = models.DateTimeField()
    by_reporter = models.BooleanField(default=False)
    is_valid = models.BooleanField()
    solved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager["Revisit"]] = models.Manager()

    class Meta:
        indexes = (models.Index(fields=("at",), name="revisit_at"), models.Index(fields=("matter",), name="revisit_matter"))

    def __str__(self) -> str:
        return f"{self.matter_id} {self.satisfied}"


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


class SavedView(Row):
    """A list with its filters that somebody keeps under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["SavedView"]] = models.Manager()

    class Meta:
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="saved_view_once"),)

    def __str__(self) -> str:
        return self.name
