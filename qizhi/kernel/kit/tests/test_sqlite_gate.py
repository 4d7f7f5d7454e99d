"""Writers of SQLite stand in a queue: nobody is turned away, nobody waits long, and the gate is always left."""

import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from qizhi.kernel.kit.models import Counter, next_number
from qizhi.kernel.kit.sqlite import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one writer at a time"),
]

# holds the gate of the database named first until told to go on
HOLDER = """
import fcntl, sys
handle = open(sys.argv[1] + "-gate", "a")
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""


def in_threads(count, work):
    """Run `work` in threads of their own, each with its own connection; return what went wrong."""
    wrong = []

    def run():
        try:
            work()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return wrong


def count_up():
    with transaction.atomic():
        next_number("gate")


def count_up_and_raise(error):
    with transaction.atomic():
        next_number("gate")
        raise error


def is_free():
    return not base._threads.locked()


def test_many_write_at_once_and_none_is_turned_away():
    assert in_threads(8, lambda: [count_up() for _ in range(10)]) == []
    assert Counter.objects.get(name="gate").value == 80
    assert is_free()


def test_whoever_waits_is_let_in_as_soon_as_the_other_is_done():
    inside, done = threading.Event(), []

    def hold():
        with transaction.atomic():
            next_number("gate")
            inside.set()
            # until the other one stands in the queue
            while not waiting.is_set():
                time.sleep(0.001)
        done.append("first")

    def wait():
        inside.wait(10)
        waiting.set()
        count_up()
        done.append("second")

    waiting, roles = threading.Event(), [hold, wait]

    def play():
        roles.pop()()

    assert in_threads(2, play) == []
    assert done == ["first", "second"]


@pytest.mark.parametrize("error", [ValueError, IntegrityError])
def test_a_transaction_that_fails_leaves_the_gate(error):
    with pytest.raises(error):
        count_up_and_raise(error)
    assert is_free()
    count_up()
    assert Counter.objects.get(name="gate").value == 1


def test_a_transaction_that_cannot_begin_leaves_the_gate(monkeypatch):
    def broken(self):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(base.base.DatabaseWrapper, "_start_transaction_under_autocommit", broken)
    with pytest.raises(OperationalError), transaction.atomic():
        pass
    assert is_free()


def test_a_connection_that_is_closed_inside_leaves_the_gate():
    with transaction.atomic():
        next_number("gate")
        connection.close()
        assert is_free()
    count_up()
    assert Counter.objects.get(name="gate").value == 1


def test_inner_blocks_pass_the_gate_once():
    with transaction.atomic():
        with transaction.atomic():
            next_number("gate")
        with pytest.raises(ValueError):
            count_up_and_raise(ValueError)
        assert not is_free()
    assert is_free()
    assert Counter.objects.get(name="gate").value == 1


def test_a_thread_that_waits_too_long_is_told_that_the_database_is_locked(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.01)
    with transaction.atomic():
        (error,) = in_threads(1, count_up)
    assert isinstance(error, OperationalError)
    assert "locked" in str(error)
    count_up()


def test_processes_queue_too():
    path = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", HOLDER, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        thread = threading.Thread(target=in_threads, args=(1, count_up))
        thread.start()
        thread.join(0.1)
        assert thread.is_alive()
        holder.stdin.write("\n")
        holder.stdin.flush()
        thread.join(30)
    assert Counter.objects.get(name="gate").value == 1


def test_a_process_that_dies_inside_leaves_the_gate():
    path = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", HOLDER, path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        holder.kill()
    count_up()
    assert Counter.objects.get(name="gate").value == 1


def test_reading_needs_no_gate():
    count_up()
    seen = []
    with transaction.atomic():
        next_number("gate")
        assert in_threads(1, lambda: seen.append(Counter.objects.get(name="gate").value)) == []
    assert seen == [1]


def test_a_writer_who_does_not_know_the_gate_is_waited_for_as_ever():
    stranger = sqlite3.connect(
        connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )
    stranger.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, stranger.execute, ["COMMIT"]).start()
    count_up()
    stranger.close()
    assert Counter.objects.get(name="gate").value == 1
