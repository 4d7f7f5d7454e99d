"""Readers of the sealed steps: each goes on where it stopped, at least once, in order."""

from collections.abc import Callable, Sequence
from functools import partial

from django.db import transaction

from .models import Reading, Step

BATCH = 200
Reader = Callable[[Sequence[Step]], None]
# looks at the steps and returns what writes
Preparer = Callable[[Sequence[Step]], Callable[[], None]]
_readers: dict[str, Preparer] = {}


def register_reader(name: str, reader: Reader) -> None:
    """Let a room follow the steps: `reader` gets them in sealed order and must be safe to repeat."""
    _readers[name] = lambda steps: partial(reader, steps)


def register_preparer(name: str, preparer: Preparer) -> None:
    """Let a room follow the steps that thinks longer than it writes.

    What `preparer` returns is called inside the transaction, itself before it: while one writes to SQLite, all
    others wait.
    """
    _readers[name] = preparer


def read_all() -> int:
    """Give every reader its next batch of steps it has not seen yet; return how many were read in all.

    Raises:
        ExceptionGroup: some readers failed. They get the same steps again next time; the others have gone on.
    """
    read, failed = 0, []
    for name in _readers:
        try:
            read += read_on(name)
        except Exception as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup("readers failed", failed)
    return read


def read_on(name: str) -> int:
    """Give the reader `name` its next batch; what it writes and how far it came commit together."""
    after = Reading.objects.filter(name=name).values_list("sealed_no", flat=True).first() or 0
    rows = Step.objects.filter(sealed_no__gt=after).order_by("sealed_no").select_related("matter")
    steps = list(rows[:BATCH])
    if not steps:
        return 0
    write = _readers[name](steps)
    with transaction.atomic():
        place, _ = Reading.objects.select_for_update().get_or_create(name=name)
        if place.sealed_no != after:
            # another worker has read them meanwhile
            return 0
        write()
        place.sealed_no = steps[-1].sealed_no or after
        place.save(update_fields=["sealed_no"])
    return len(steps)
