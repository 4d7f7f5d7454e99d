"""Writing many rows at once: `executemany` on SQLite, `COPY` on PostgreSQL.

Django's `bulk_create` writes the same at a third of the speed, because it prepares each value through its field.
"""

import json
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

from .patterns import Record


def write(table: type[models.Model], records: Iterable[Record]) -> None:
    """Insert `records`, which all have every column of `table`."""
    fields = table._meta.concrete_fields
    said = ", ".join(f'"{one.column}"' for one in fields)
    is_postgresql = connection.vendor == "postgresql"
    changes = _CHANGES_PG if is_postgresql else _CHANGES_LITE
    columns = [(one.attname, changes.get(_kind(one), _same)) for one in fields]
    rows = ([change(record[name]) for name, change in columns] for record in records)
    with connection.cursor() as cursor:
        if is_postgresql:
            with cursor.copy(f'COPY "{table._meta.db_table}" ({said}) FROM STDIN') as out:
                for row in rows:
                    out.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table._meta.db_table}" ({said}) VALUES ({marks})', list(rows))


def _kind(column: "models.Field[Any, Any]") -> str:
    """Return the type of a column; that of the key it refers to when it is a reference."""
    return (column.target_field if isinstance(column, models.ForeignKey) else column).get_internal_type()


def _same(value: Any) -> Any:
    return value


def _hex(value: uuid.UUID | None) -> str | None:
    return value.hex if value else None


def _naive(value: datetime | None) -> str | None:
    """Return a time as SQLite's columns keep it: UTC without a zone."""
    return str(value.astimezone(UTC).replace(tzinfo=None)) if value else None


def _dumped(value: Any) -> str:
    return json.dumps(value) if value else str(value)


_CHANGES_LITE: dict[str, Callable[[Any], Any]] = {
    "UUIDField": _hex,
    "DateTimeField": _naive,
    "JSONField": _dumped,
}
_CHANGES_PG: dict[str, Callable[[Any], Any]] = {"JSONField": Jsonb}
