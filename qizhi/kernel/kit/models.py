"""The base of every table, and the counter that gives human numbers."""

from typing import ClassVar

from django.db import connection, models

from .keys import uuid7


class Row(models.Model):
    """A row with a key made in Python.

    **Source:** `scale.md` §5 rules 1, 5: no tenant column, UUIDv7 keys.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Counter(models.Model):
    """A running number without gaps for one name, such as `matter:SQ:2026`."""

    name = models.CharField(max_length=64, primary_key=True)
    value = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "计数器"

    objects: ClassVar[models.Manager["Counter"]] = models.Manager()


def next_number(name: str, by: int = 1) -> int:
    """Raise the counter `name` by `by` and return its new value.

    Must be called inside the transaction that uses the number: the row stays locked until commit, so a
    transaction that is rolled back leaves no gap.

    **Source:** `scale.md` §5 rule 5.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [name, by])
        return int(cursor.fetchone()[0])


# one statement, which both databases know; the row is locked from here to the end of the transaction
_RAISE = (
    "INSERT INTO kit_counter (name, value) VALUES (%s, %s) "
    "ON CONFLICT (name) DO UPDATE SET value = kit_counter.value + excluded.value RETURNING value"
)


# Tables that stand beside the functions they belong to; Django finds models only through this module.
from . import idempotency as _idempotency  # noqa: E402, F401
from . import rate as _rate  # noqa: E402, F401
