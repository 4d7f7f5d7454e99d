"""Prepared queries answer what the same queries of Django answer, for every kind of value."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qizhi.kernel.kit.idempotency import IdempotencyKey
from qizhi.kernel.kit.models import Counter
from qizhi.kernel.kit.prepared import Prepared, insert, inserting, send, update, updating
from qizhi.kernel.kit.rate import RateWindow

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC)


def key(number, **more):
    values = {"scope": "user:1", "key": f"k{number}", "request_digest": "0" * 64, "created_at": AT}
    return IdempotencyKey(**{**values, **more})


@pytest.fixture
def three():
    rows = [
        key(1, status=201, body=b"\x00\xff'"),
        key(2, created_at=AT + timedelta(days=1)),
        key(3, scope="it's %s"),
    ]
    insert(rows)
    return rows


def test_inserted_rows_are_as_django_would_have_written_them(three):
    stored = list(IdempotencyKey.objects.order_by("key"))
    assert [row.pk for row in stored] == [row.pk for row in three]
    for row, kept in zip(three, stored, strict=True):
        for field in IdempotencyKey._meta.concrete_fields:
            assert getattr(kept, field.attname) == getattr(row, field.attname), field.name
    raw = "SELECT * FROM kit_idempotencykey ORDER BY key"
    with connection.cursor() as cursor:
        ours = cursor.execute(raw) and cursor.fetchall()
        IdempotencyKey.objects.all().delete()
        IdempotencyKey.objects.bulk_create(three)
        cursor.execute(raw)
        assert cursor.fetchall() == ours


def test_inserted_rows_count_as_stored(three):
    assert not three[0]._state.adding
    three[0].status = 500
    three[0].save()
    assert IdempotencyKey.objects.get(pk=three[0].pk).status == 500


def test_one_statement_writes_them_all_and_none_writes_nothing():
    with CaptureQueriesContext(connection) as asked:
        insert([key(1), key(2)])
        insert([])
    assert len(asked) == 1


def test_a_broken_rule_of_the_table_is_told_as_by_django(three):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([key(1)])


CASES = {
    "text": (lambda said: IdempotencyKey.objects.filter(key=said), (str,), ("k2",)),
    "text with signs of SQL": (lambda said: IdempotencyKey.objects.filter(scope=said), (str,), ("it's %s",)),
    "nothing found": (lambda said: IdempotencyKey.objects.filter(key=said), (str,), ("k9",)),
    "time": (lambda at: IdempotencyKey.objects.filter(created_at__lte=at), (datetime,), (AT,)),
    "day": (lambda day: IdempotencyKey.objects.filter(created_at__date=day), (date,), (date(2026, 11, 25),)),
    "number": (lambda number: IdempotencyKey.objects.filter(status__gt=number), (int,), (200,)),
    "two arguments, one of them twice": (
        lambda said, at: IdempotencyKey.objects.filter(key__gte=said).exclude(key__gt=said, created_at=at),
        (str, datetime),
        ("k1", AT),
    ),
    "beside fixed values": (
        lambda said: IdempotencyKey.objects.filter(key__in=["k1", "k2"], scope="user:1").exclude(key=said)[
            :1
        ],
        (str,),
        ("k1",),
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("columns", [(), ("pk", "created_at", "status", "body")])
def test_it_answers_as_the_query_of_django(case, columns, three):
    build, kinds, values = CASES[case]

    def ordered(*args):
        query = build(*args)
        query = query if query.query.is_sliced else query.order_by("key")
        return query.values_list(*columns) if columns else query

    prepared = Prepared(ordered, *kinds)
    for _ in range(2):
        assert prepared.rows(*values) == list(ordered(*values))
    assert prepared.first(*values) == next(iter(ordered(*values)), None)


def test_instances_have_all_their_columns_and_ask_no_more(three):
    by_key = Prepared(lambda key: IdempotencyKey.objects.filter(pk=key), UUID)
    with CaptureQueriesContext(connection) as asked:
        found = by_key.first(three[0].pk)
        assert (found.status, bytes(found.body), found.created_at) == (201, b"\x00\xff'", AT)
    assert len(asked) == 1
    found.status = 404
    found.save()
    assert IdempotencyKey.objects.get(pk=found.pk).status == 404


def test_the_query_is_built_once_for_a_connection():
    built = []

    def build(said):
        built.append(said)
        return Counter.objects.filter(name=said)

    prepared = Prepared(build, str)
    assert prepared.first("a") is None
    Counter.objects.create(name="a", value=7)
    assert prepared.first("a").value == 7
    assert prepared.first("b") is None
    assert len(built) == 1


def test_an_update_changes_the_rows_that_fit_and_counts_them(three):
    later = AT + timedelta(hours=1)
    changed = update(
        IdempotencyKey, {"status": 409, "body": None, "created_at": later}, scope="user:1", key="k1"
    )
    assert changed == 1
    assert update(IdempotencyKey, {"status": 410}, key="k9") == 0
    row = IdempotencyKey.objects.get(key="k1")
    assert (row.status, row.body, row.created_at) == (409, None, later)
    assert IdempotencyKey.objects.get(key="k2").status is None


def test_times_are_compared_as_they_are_stored():
    insert([RateWindow(key="x", started_at=AT, ends_at=AT, count=1)])
    assert update(RateWindow, {"count": 2}, started_at=AT) == 1
    assert RateWindow.objects.get(started_at=AT).count == 2


def test_several_statements_are_run_in_their_order():
    send(
        [
            *inserting([key(1), key(2)]),
            *inserting([Counter(name="it's %s", value=1)]),
            updating(IdempotencyKey, {"scope": "a; b"}, key="k2"),
            updating(Counter, {"value": 2}, name="it's %s"),
        ]
    )
    assert IdempotencyKey.objects.get(key="k2").scope == "a; b"
    assert Counter.objects.get(name="it's %s").value == 2


def test_no_statement_asks_nothing():
    with CaptureQueriesContext(connection) as asked:
        send([])
    assert len(asked) == 0


def test_when_one_of_several_fails_none_is_there(three):
    with pytest.raises(IntegrityError), transaction.atomic():
        send([*inserting([Counter(name="n", value=1)]), *inserting([key(1)])])
    assert not Counter.objects.filter(name="n").exists()
