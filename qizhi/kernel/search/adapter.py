"""The one place where the databases differ: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

A row's number is the running number of the matter's first step: it rises with time, so the newest come first.
The sight keys of the matter are tokens too: a search is narrowed to what somebody may see by the index itself.
"""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from .tokens import Term

# PostgreSQL keeps positions up to this number
POSITION_MAX = 16_383


def is_postgresql() -> bool:
    """Tell which of the two databases is in use."""
    return connection.vendor == "postgresql"


def index_write(number: int, matter_id: uuid.UUID, tokens: Sequence[str], keys: Iterable[str]) -> None:
    """Write or replace the index row `number`."""
    marks = [key_token(key) for key in sorted(keys)]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM search_index WHERE rowid = %s" if not is_postgresql() else _PG_DELETE, [number]
        )
        if is_postgresql():
            cursor.execute(_PG_INSERT, [number, matter_id, tsvector(tokens, marks)])
        else:
            row: tuple[int | str, ...] = (number, matter_id.hex, " ".join(tokens), " ".join(marks))
            cursor.execute(
                "INSERT INTO search_index (rowid, matter, tokens, marks) VALUES (%s, %s, %s, %s)", row
            )


def index_fill(rows: Iterable[tuple[int, uuid.UUID, Sequence[str], Iterable[str]]]) -> None:
    """Write many rows (number, matter, tokens, sight keys) of which none is in the index yet."""
    with connection.cursor() as cursor:
        cursor.executemany(_PG_INSERT if is_postgresql() else _LITE_INSERT, [_row(*row) for row in rows])


def _row(number: int, matter_id: uuid.UUID, tokens: Sequence[str], keys: Iterable[str]) -> list[Any]:
    marks = [key_token(key) for key in sorted(keys)]
    if is_postgresql():
        return [number, matter_id, tsvector(tokens, marks)]
    return [number, matter_id.hex, " ".join(tokens), " ".join(marks)]


def index_find(terms: Sequence[Term], keys: Iterable[str], most: int) -> list[uuid.UUID]:
    """Return the newest `most` matters that hold all `terms` and carry one of `keys`."""
    marks = [key_token(key) for key in sorted(keys)]
    if not terms or not marks:
        return []
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(_PG_FIND, [tsquery(terms, marks), most])
        else:
            cursor.execute(_LITE_FIND, [match_query(terms, marks), most])
        return [one if isinstance(one, uuid.UUID) else uuid.UUID(one) for (one,) in cursor.fetchall()]


def key_token(key: str) -> str:
    """Return the token under which a sight key stands in the index."""
    return f"k{key}"


def tsvector(tokens: Sequence[str], marks: Sequence[str]) -> str:
    """Return the literal of a tsvector: tokens with their positions, marks without."""
    places: dict[str, list[int]] = {}
    for position, token in enumerate(tokens[:POSITION_MAX], start=1):
        places.setdefault(token, []).append(position)
    said = [f"'{token}':{','.join(map(str, at[:255]))}" for token, at in places.items()]
    return " ".join([*said, *(f"'{mark}'" for mark in marks)])


def tsquery(terms: Sequence[Term], marks: Sequence[str]) -> str:
    """Return the literal of a tsquery."""
    said = ["(" + " <-> ".join(_lexeme(term, i) for i in range(len(term.tokens))) + ")" for term in terms]
    return " & ".join([*said, "(" + " | ".join(f"'{mark}'" for mark in marks) + ")"])


def _lexeme(term: Term, number: int) -> str:
    is_last = number == len(term.tokens) - 1
    return f"'{term.tokens[number]}'" + (":*" if term.is_prefix and is_last else "")


def match_query(terms: Sequence[Term], marks: Sequence[str]) -> str:
    """Return the question in the language of FTS5; tokens hold letters, digits and Han only, so none can escape."""
    said = [f'tokens : "{" ".join(term.tokens)}"' + (" *" if term.is_prefix else "") for term in terms]
    return " AND ".join([*said, "marks : (" + " OR ".join(f'"{mark}"' for mark in marks) + ")"])


_PG_DELETE = "DELETE FROM search_index WHERE number = %s"
_PG_INSERT = "INSERT INTO search_index (number, matter, tokens) VALUES (%s, %s, %s::tsvector)"
_PG_FIND = "SELECT matter FROM search_index WHERE tokens @@ %s::tsquery ORDER BY number DESC LIMIT %s"
_LITE_DELETE = "DELETE FROM search_index WHERE rowid = %s"
_LITE_INSERT = "INSERT INTO search_index (rowid, matter, tokens, marks) VALUES (%s, %s, %s, %s)"
_LITE_FIND = "SELECT matter FROM search_index WHERE search_index MATCH %s ORDER BY rowid DESC LIMIT %s"

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_index USING fts5(matter UNINDEXED, tokens, marks, "
        "tokenize = 'unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "CREATE TABLE search_index (number bigint PRIMARY KEY, matter uuid NOT NULL, tokens tsvector NOT NULL)",
        "CREATE INDEX search_index_tokens ON search_index USING gin (tokens)",
    ],
}
