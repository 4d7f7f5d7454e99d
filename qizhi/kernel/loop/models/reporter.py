"""The person who brought a matter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qizhi.kernel.kit.models import Row


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
