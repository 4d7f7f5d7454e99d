# ruff: noqa: E402 - Django is set up before its models are imported
"""A program of its own that writes until it is killed, and one that looks what is left. Run by `test_killed`.

    python -m qizhi.kernel.loop.tests.killed_writer prepare|write|check

`write` says ``number version`` for each step only after its commit. `check` reads those lines and names what is
missing, then what the audit finds.
"""

import os
import sys
from threading import Thread

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qizhi.config.settings")

import django

django.setup()

from django.core.management import call_command

from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.loop.sealer import seal_steps
from qizhi.testing.stories import CATEGORY, open_request, take
from qizhi.testing.world import world_load

WRITERS = 3


def prepare() -> None:
    """Make the tables and the county."""
    call_command("migrate", verbosity=0, interactive=False)
    world_load()
    say("ready")


def say(line: str) -> None:
    """Write one line at once: a line is shorter than what a pipe takes whole."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def write() -> None:
    """Open matters and take steps with them, for ever, on several connections; a sealer works beside."""
    for work in (*[_writes] * WRITERS, _seals):
        Thread(target=work).start()


def _writes() -> None:
    while True:
        case = open_request()
        say(f"{case.number} 1")
        take(case, "add_facts", "reporter", facts="还没有人来看。")
        say(f"{case.number} 2")
        take(case, "triage", "dispatcher", category=CATEGORY, difficulty="general")
        say(f"{case.number} 3")


def _seals() -> None:
    while True:
        seal_steps(most=7)


def check() -> None:
    """Compare what was acknowledged with what is there."""
    there = dict(Matter.objects.values_list("number", "version"))
    said = [line.split() for line in sys.stdin.read().splitlines()]
    for number, version in said:
        if there.get(number, 0) < int(version):
            say(f"missing {number} {version}")
    for found in audit_verify():
        say(f"broken {found}")
    numbers = sorted(int(number[-6:]) for number in there)
    if numbers != list(range(1, len(numbers) + 1)):
        say("gap in the numbers")
    say(f"checked {len(said)} {Step.objects.exclude(sealed_no=None).count()}")


if __name__ == "__main__":
    {"prepare": prepare, "write": write, "check": check}[sys.argv[1]]()
