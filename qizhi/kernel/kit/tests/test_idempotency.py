"""The same key twice: one run, two equal answers."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from qizhi.kernel.kit.errors import Invalid
from qizhi.kernel.kit.idempotency import (
    Answer,
    IdempotencyKey,
    IdempotencyKeyInvalid,
    IdempotencyMismatch,
    once,
    request_digest,
    sweep,
)
from qizhi.kernel.kit.models import Counter, next_number

DIGEST = request_digest("post", "/api/v1/matters", b'{"title":"x"}')


def number():
    """A write that can be counted."""
    return Answer(201, {"number": f"SQ-{next_number('matter')}", "reporter": "张三"})


@pytest.mark.django_db
def test_the_first_call_runs_and_the_second_repeats_its_answer():
    first = once("public", "k1", DIGEST, number)
    second = once("public", "k1", DIGEST, number)
    assert first == Answer(201, {"number": "SQ-1", "reporter": "张三"}, repeated=False)
    assert second == first._replace(repeated=True)
    assert Counter.objects.get().value == 1


@pytest.mark.django_db
def test_another_content_under_the_same_key_is_refused():
    once("public", "k1", DIGEST, number)
    with pytest.raises(IdempotencyMismatch) as caught:
        once("public", "k1", request_digest("POST", "/api/v1/matters", b"{}"), number)
    assert caught.value.code == "idempotency_mismatch"
    assert caught.value.status == 409
    assert Counter.objects.get().value == 1


@pytest.mark.django_db
def test_another_caller_has_keys_of_their_own():
    once("user:1", "k1", DIGEST, number)
    assert once("user:2", "k1", DIGEST, number).body["number"] == "SQ-2"


@pytest.mark.django_db
def test_a_run_that_fails_leaves_the_key_free():
    def fail():
        next_number("matter")
        raise Invalid()

    with pytest.raises(Invalid):
        once("public", "k1", DIGEST, fail)
    assert once("public", "k1", DIGEST, number).body["number"] == "SQ-1"


@pytest.mark.django_db
def test_the_stored_answer_is_not_readable():
    once("public", "k1", DIGEST, number)
    row = IdempotencyKey.objects.get()
    assert "张三".encode() not in bytes(row.body or b"")


@pytest.mark.django_db
def test_a_run_that_asks_for_its_own_key_is_refused():
    with pytest.raises(IdempotencyMismatch):
        once("public", "k1", DIGEST, lambda: once("public", "k1", DIGEST, number))


@pytest.mark.parametrize("key", ["", "x" * 201, "中文", "a\nb"])
@pytest.mark.django_db
def test_an_unusable_key_is_refused(key):
    with pytest.raises(IdempotencyKeyInvalid):
        once("public", key, DIGEST, number)
    assert not Counter.objects.exists()


def test_the_digest_tells_requests_apart():
    other = [
        request_digest("PUT", "/api/v1/matters", b'{"title":"x"}'),
        request_digest("POST", "/api/v1/matter", b's{"title":"x"}'),
        request_digest("POST", "/api/v1/matters", b'{"title":"y"}'),
    ]
    assert request_digest("POST", "/api/v1/matters", b'{"title":"x"}') == DIGEST
    assert DIGEST not in other


@pytest.mark.django_db
def test_keys_are_forgotten_after_three_days():
    once("public", "old", DIGEST, number)
    once("public", "new", DIGEST, number)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    IdempotencyKey.objects.filter(key="old").update(created_at=now - timedelta(days=3, seconds=1))
    IdempotencyKey.objects.filter(key="new").update(created_at=now - timedelta(days=3))
    assert sweep(now) == 1
    assert IdempotencyKey.objects.get().key == "new"


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_callers_make_one_run():
    answers = []
    start = threading.Barrier(10)

    def call():
        start.wait()
        answers.append(once("public", "k1", DIGEST, number))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert {answer.body["number"] for answer in answers} == {"SQ-1"}
    assert sum(not answer.repeated for answer in answers) == 1
    assert Counter.objects.get().value == 1
