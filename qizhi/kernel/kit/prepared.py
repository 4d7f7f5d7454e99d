"""What every request asks and writes, without what Django does each time anew.

Django builds and compiles a query whenever it is asked, and prepares a row through each of its fields; for the small
queries and rows of signing in, opening and firing that takes ten times as long as the database needs for its part.
What is asked is still written with the models, and compiled once for each connection.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.sql.compiler import SQLCompiler

# values that stand for an argument while its query is compiled; nothing else in a query is ever equal to one
_MARKS: dict[type, Callable[[int], Any]] = {
    str: lambda number: f"\x1fargument {number}\x1f",
    int: lambda number: 31_270 + number,  # fits into the smallest column of numbers
    UUID: lambda number: UUID(int=(0xA << 124) | number),
    date: lambda number: date(1801, 1, 1) + timedelta(days=number),
    datetime: lambda number: datetime(1802, 1, 1, tzinfo=UTC) + timedelta(days=number),
}


class Prepared:
    """One question with its places for arguments.

        posts_of = Prepared(lambda user, day: Post.objects.filter(user=user, since_on__lte=day), UUID, date)
        posts_of.rows(user.pk, today)

    Arguments are plain values of `kinds`, one of which may stand in several places; a list of values is no argument,
    because its length is part of the query. What hangs on a row is read by `values_list`, not by `select_related`.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]], *kinds: type) -> None:
        self._build = build
        self._kinds = kinds

    def rows(self, *values: Any) -> list[Any]:
        """Return what the query answers: tuples for `values_list`, else instances of its model."""
        compiled = self._compiled()
        given = [_adapted(value) for value in values]
        params = [given[place] if place is not None else fixed for place, fixed in compiled.params]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            found = cursor.fetchall()
        return compiled.read(found)

    def first(self, *values: Any) -> Any:
        """Return the first row, None when there is none; the query should say LIMIT 1 where there may be many."""
        found = self.rows(*values)
        return found[0] if found else None

    def _compiled(self) -> "_Compiled":
        """Return the query as this thread's connection keeps it."""
        kept: dict[Prepared, _Compiled] = connection.__dict__.setdefault("_prepared", {})
        if self not in kept:
            marks = [_MARKS[kind](number) for number, kind in enumerate(self._kinds)]
            kept[self] = _compile(self._build(*marks), [_adapted(mark) for mark in marks])
        return kept[self]


@dataclass(frozen=True)
class _Compiled:
    """A compiled query; each parameter is the place of an argument, or None and a fixed value."""

    sql: str
    params: list[tuple[int | None, Any]]
    compiler: SQLCompiler
    converters: dict[int, Any]
    model: type[models.Model] | None
    names: list[str]

    def read(self, rows: list[Sequence[Any]]) -> list[Any]:
        """Return rows of the database as values of Python."""
        found: Any = rows
        if self.converters:
            found = self.compiler.apply_converters(rows, self.converters)
        if self.model is None:
            return [tuple(row) for row in found]
        return [self.model.from_db(connection.alias, self.names, row) for row in found]


def _compile(query: models.QuerySet[Any, Any], marks: list[Any]) -> _Compiled:
    compiler = query.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    is_tuples = query._fields is not None  # type: ignore[attr-defined]
    columns = [column for column, *_ in compiler.select]
    return _Compiled(
        sql=sql,
        params=[(marks.index(one) if one in marks else None, one) for one in params],
        compiler=compiler,
        converters=compiler.get_converters(columns),
        model=None if is_tuples else query.model,
        names=[] if is_tuples else [column.target.attname for column in columns],
    )


def _adapted(value: Any) -> Any:
    """Return a value as the driver takes it."""
    kind = type(value)
    if kind is UUID:
        return value if connection.features.has_native_uuid_field else value.hex
    if kind is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    if kind is date:
        return connection.ops.adapt_datefield_value(value)
    return value


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table in one statement.

    For rows that carry all their values: no signal is sent, no column fills itself, nothing is read back.
    """
    if not rows:
        return
    table, columns = _table_of(type(rows[0]))
    params = [_plain(getattr(row, name), change) for row in rows for name, (_, change) in columns.items()]
    names = ", ".join(column for column, _ in columns.values())
    marks = f"({', '.join(['%s'] * len(columns))})"
    # nothing but names of the models stands in the statement
    statement = f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * len(rows))}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(model: type[models.Model], values: Mapping[str, Any], **where: Any) -> int:
    """Set columns of the rows whose columns are equal to `where`; return how many were changed.

    Columns go by the names of their attributes (`lead_id`). Nothing guards what is changed here: for the verbs alone.
    """
    table, columns = _table_of(model)
    params = [_plain(value, columns[name][1]) for name, value in (*values.items(), *where.items())]
    changes = ", ".join(f"{columns[name][0]} = %s" for name in values)
    condition = " AND ".join(f"{columns[name][0]} = %s" for name in where)
    statement = f"UPDATE {table} SET {changes} WHERE {condition}"  # noqa: S608 - as above
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


Change = Callable[[Any], Any] | None
# columns whose values go to the driver as they are, or as `_adapted` writes them
_SIMPLE = frozenset(
    {"CharField", "TextField", "BooleanField", "BinaryField", "PositiveIntegerField"}
) | frozenset({"PositiveSmallIntegerField", "BigIntegerField", "UUIDField", "DateTimeField", "DateField"})


def _table_of(model: type[models.Model]) -> tuple[str, dict[str, tuple[str, Change]]]:
    """Return the quoted name of the table, and by attribute the quoted column and how its values are prepared."""
    kept: dict[Any, Any] = connection.__dict__.setdefault("_tables", {})
    if model not in kept:
        quote = connection.ops.quote_name
        columns = {one.attname: (quote(str(one.column)), _change(one)) for one in model._meta.concrete_fields}
        kept[model] = (quote(model._meta.db_table), columns)
    found: tuple[str, dict[str, tuple[str, Change]]] = kept[model]
    return found


def _change(field: Any) -> Change:
    """Return how the values of a column are prepared; None when `_adapted` does it."""
    of = field.target_field if isinstance(field, models.ForeignKey) else field
    return None if of.get_internal_type() in _SIMPLE else partial(of.get_db_prep_save, connection=connection)


def _plain(value: Any, change: Change) -> Any:
    return _adapted(value) if change is None or value is None else change(value)
