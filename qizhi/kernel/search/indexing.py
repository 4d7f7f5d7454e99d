"""Keeping the index: a reader of the sealed steps. Safe to repeat, and can be rebuilt from nothing."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from qizhi.kernel.loop.models import Matter, Sight, Step

from .adapter import index_write
from .tokens import tokens_of

# of the index: number, matter, tokens, sight keys
Row = tuple[int, uuid.UUID, Sequence[str], Iterable[str]]
# what a step's outcome holds when it changed who may see the matter
_MOVING = frozenset({"assigned", "released", "moved"})


def index_steps(steps: Iterable[Step]) -> None:
    """Index the matters that the steps opened, or whose circle of people they changed."""
    steps_indexing(steps)()


def steps_indexing(steps: Iterable[Step]) -> Callable[[], None]:
    """Return what writes the rows of `index_steps`, with their words already taken apart."""
    wanted = [step.matter for step in steps if step.seq == 1 or _MOVING & set(step.outcome)]
    matters = {matter.pk: matter for matter in wanted}
    numbers = dict(Step.objects.filter(matter__in=matters, seq=1).values_list("matter_id", "sealed_no"))
    keys: dict[object, list[str]] = {}
    for matter_id, key in Sight.objects.filter(matter__in=matters).values_list("matter_id", "key"):
        keys.setdefault(matter_id, []).append(key)
    rows = [
        (number, pk, tokens_of(searched_text(matter)), keys.get(pk, ()))
        for pk, matter in matters.items()
        if (number := numbers.get(pk)) is not None
    ]
    return partial(_write, rows)


def _write(rows: Sequence[Row]) -> None:
    for row in rows:
        index_write(*row)


def searched_text(matter: Matter) -> str:
    """Return what can be found of a matter: its title, its masked text and its address, never a person."""
    return f"{matter.title}\n{matter.address}\n{matter.text}"
