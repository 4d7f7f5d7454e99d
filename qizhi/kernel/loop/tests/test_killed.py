"""Killed in the middle of writing: what was acknowledged is there, and no chain is broken.

A real process on a data folder (and database) of its own is ended by SIGKILL under load, three times.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections

ROOT = Path(__file__).resolve().parents[4]
SCRIPT = "qizhi.kernel.loop.tests.killed_writer"
ROUNDS = 3
LINES = 30


@pytest.fixture
def environment(tmp_path) -> Iterator[dict[str, str]]:
    """The environment of the process: its own data folder and, on PostgreSQL, its own database."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("QIZHI_", "DJANGO_"))}
    own |= {"QIZHI_DATA": str(tmp_path), "QIZHI_TESTING": "1", "PYTHONPATH": str(ROOT)}
    url = os.environ.get("QIZHI_DATABASE_URL", "")
    if not url:
        yield own
        return
    name = f"killed_{uuid4().hex[:12]}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield {**own, "QIZHI_DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server():
    import psycopg

    at = connections["default"].settings_dict
    return psycopg.connect(
        host=at["HOST"],
        port=at["PORT"],
        user=at["USER"],
        password=at["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def run(what: str, environment: dict[str, str], said: str = "") -> list[str]:
    """Run one part of the script to its end and return its lines."""
    done = subprocess.run(
        [sys.executable, "-m", SCRIPT, what],
        env=environment,
        cwd=ROOT,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def write_and_kill(environment: dict[str, str], lines: int) -> list[str]:
    """Let the writer work until it has said so many lines, kill it at once, and return all that it said."""
    with subprocess.Popen(
        [sys.executable, "-m", SCRIPT, "write"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _line in range(lines)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.read().splitlines()
    assert writer.returncode == -signal.SIGKILL
    return said


def test_what_was_acknowledged_survives_a_kill(environment):
    assert run("prepare", environment) == ["ready"]
    said: list[str] = []
    for turn in range(ROUNDS):
        said += write_and_kill(environment, LINES + 7 * turn)
    assert len(said) >= ROUNDS * LINES
    *wrong, closing = run("check", environment, "\n".join(said))
    assert wrong == []
    checked, sealed = map(int, closing.split()[1:])
    assert checked == len(said)
    assert sealed > 0
