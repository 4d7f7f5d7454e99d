"""What every request asks and writes, without what Django does each time anew.

Django builds and compiles a query whenever it is asked, and prepares a row through each of its fields; for the small
queries and rows of signing in, opening and firing that takes ten times as long as the database needs for its part.
What is asked is still written with the models, and compiled once for each connection.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
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
        here = _here()
        compiled = self._compiled(here)
        given = [_adapted(value, here) for value in values]
        params = [given[place] if place is not None else fixed for place, fixed in compiled.params]
        with here.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            found = cursor.fetchall()
        return compiled.read(found)

    def first(self, *values: Any) -> Any:
        """Return the first row, None when there is none; the query should say LIMIT 1 where there may be many."""
        found = self.rows(*values)
        return found[0] if found else None

    def _compiled(self, here: BaseDatabaseWrapper) -> "_Compiled":
        """Return the query as this thread's connection keeps it."""
        kept: dict[Prepared, _Compiled] = here.__dict__.setdefault("_prepared", {})
        if self not in kept:
            marks = [_MARKS[kind](number) for number, kind in enumerate(self._kinds)]
            kept[self] = _compile(self._build(*marks), [_adapted(mark, here) for mark in marks], here)
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
        return [self.model.from_db(DEFAULT_DB_ALIAS, self.names, row) for row in found]


def _here() -> BaseDatabaseWrapper:
    """Return this thread's connection itself: `django.db.connection` looks it up anew for each attribute."""
    return connections[DEFAULT_DB_ALIAS]


def _compile(query: models.QuerySet[Any, Any], marks: list[Any], here: BaseDatabaseWrapper) -> _Compiled:
    compiler = query.query.get_compiler(connection=here)
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


def _adapted(value: Any, here: BaseDatabaseWrapper) -> Any:
    """Return a value as the driver takes it."""
    kind = type(value)
    if kind is UUID:
        return value if here.features.has_native_uuid_field else value.hex
    if kind is datetime:
        return here.ops.adapt_datetimefield_value(value)
    if kind is date:
        return here.ops.adapt_datefield_value(value)
    return value


@dataclass(frozen=True)
class Statement:
    """One statement that writes, with its values as the driver takes them."""

    sql: str
    params: list[Any]


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table in one statement; see `inserting`."""
    send(inserting(rows))


def inserting(rows: Sequence[models.Model]) -> list[Statement]:
    """Return the statement that inserts new rows of one table, none for no rows.

    For rows that carry all their values: no signal is sent, no column fills itself, nothing is read back.
    """
    if not rows:
        return []
    table = _table(type(rows[0]), _here())
    params = [
        change(value) if change is not None and (value := values[name]) is not None else values[name]
        for values in map(vars, rows)
        for name, change in table.changes
    ]
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    marks = f"({', '.join(['%s'] * len(table.columns))})"
    names = ", ".join(table.columns.values())
    # nothing but names of the models stands in the statement
    sql = f"INSERT INTO {table.name} ({names}) VALUES {', '.join([marks] * len(rows))}"  # noqa: S608
    return [Statement(sql, params)]


def update(model: type[models.Model], values: Mapping[str, Any], **where: Any) -> int:
    """Set columns of the rows whose columns are equal to `where`; return how many were changed. See `updating`."""
    statement = updating(model, values, **where)
    with _here().cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        return int(cursor.rowcount)


def updating(model: type[models.Model], values: Mapping[str, Any], **where: Any) -> Statement:
    """Return the statement that sets columns of the rows whose columns are equal to `where`.

    Columns go by the names of their attributes (`lead_id`). Nothing guards what is changed here: for the verbs alone.
    """
    table = _table(model, _here())
    changes = dict(table.changes)
    params = [
        change(value) if (change := changes[name]) is not None and value is not None else value
        for name, value in (*values.items(), *where.items())
    ]
    said = ", ".join(f"{table.columns[name]} = %s" for name in values)
    condition = " AND ".join(f"{table.columns[name]} = %s" for name in where)
    return Statement(f"UPDATE {table.name} SET {said} WHERE {condition}", params)  # noqa: S608 - as above


def send(statements: Sequence[Statement]) -> None:
    """Run statements in their order; all in one message where the database takes several."""
    here = _here()
    if here.vendor == "postgresql" and len(statements) > 1:
        params = [value for one in statements for value in one.params]
        statements = [Statement("; ".join(one.sql for one in statements), params)]
    with here.cursor() as cursor:
        for one in statements:
            cursor.execute(one.sql, one.params)


Change = Callable[[Any], Any] | None
# columns whose values the driver takes as they are
_PLAIN = frozenset(
    {
        "BigIntegerField",
        "BinaryField",
        "BooleanField",
        "CharField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "TextField",
    }
)


@dataclass(frozen=True)
class _Table:
    """A table as this connection writes it: its quoted name, and by attribute the quoted columns and their changes."""

    name: str
    columns: dict[str, str]
    changes: list[tuple[str, Change]]


def _table(model: type[models.Model], here: BaseDatabaseWrapper) -> _Table:
    kept: dict[type[models.Model], _Table] = here.__dict__.setdefault("_tables", {})
    if model not in kept:
        quote, fields = here.ops.quote_name, model._meta.concrete_fields
        kept[model] = _Table(
            name=quote(model._meta.db_table),
            columns={field.attname: quote(str(field.column)) for field in fields},
            changes=[(field.attname, _change(field, here)) for field in fields],
        )
    return kept[model]


def _change(field: Any, here: BaseDatabaseWrapper) -> Change:
    """Return what turns a value of this column into one that the driver takes; None when it takes it as it is."""
    of = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = of.get_internal_type()
    if kind in _PLAIN:
        return None
    if kind == "UUIDField":
        return None if here.features.has_native_uuid_field else attrgetter("hex")
    if kind == "DateTimeField":
        change: Change = here.ops.adapt_datetimefield_value
        return change
    return partial(of.get_db_prep_save, connection=here)
