"""What somebody with the keys of the database could do behind the program's back."""

from typing import Any

from django.db import models, transaction

from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.loop.steps import step_hash


def rewrite(row: models.Model, **values: Any) -> None:
    """Change columns of a stored row, past every guard."""
    assert models.QuerySet(type(row)).filter(pk=row.pk).update(**values) == 1


def remove(row: models.Model) -> None:
    """Take a row out of its table, with what hangs on a step."""
    if isinstance(row, Step):
        row.passages.all().delete()
        row.attachments.all().delete()
    models.QuerySet(type(row)).filter(pk=row.pk)._raw_delete("default")


def forge(step: Step, **values: Any) -> None:
    """Change a step and give it, all steps after it and the matter the hashes that then belong to them."""
    rewrite(step, **values)
    previous = step.previous_hash
    for row in Step.objects.filter(matter=step.matter, seq__gte=step.seq).order_by("seq"):
        row.previous_hash = previous
        previous = step_hash(row)
        rewrite(row, previous_hash=row.previous_hash, hash=previous)
    rewrite(Matter.objects.get(pk=step.matter_id), last_hash=previous)


class Undone(Exception):
    """Ends a trial whose changes are to be taken back."""


class trial:  # noqa: N801 - reads like what it is: ``with trial():``
    """What happens inside is taken back at the end."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            kind, error = Undone, Undone()
        self.block.__exit__(kind, error, trace)
