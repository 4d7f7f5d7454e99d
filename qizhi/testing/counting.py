"""How many statements a call costs, without those that only begin and end transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET CONSTRAINTS")


@dataclass
class Counted:
    """The statements that were sent."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join(f"{number}. {said[:300]}" for number, said in enumerate(self.statements, start=1))


@contextmanager
def counted() -> Iterator[Counted]:
    """Count the statements inside the block; a test's own transaction does not change the number."""
    found = Counted()
    with CaptureQueriesContext(connection) as captured:
        yield found
    said = [query["sql"] for query in captured.captured_queries]
    found.statements.extend(one for one in said if not one.lstrip().upper().startswith(_CONTROL))
