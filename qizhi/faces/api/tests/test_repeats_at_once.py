"""The same write from many callers at the same moment, each with a connection of its own, happens once."""

import threading

import pytest
from django.db import connection

from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Matter, Step
from qizhi.testing.program import Program
from qizhi.testing.stories import walk_to
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("world_committed")]

BODY = {"kind": "request", "text": "路灯不亮。", "region": VILLAGE}
TEN = 10


def at_once(calls):
    """Make all calls in threads that start together, and return their answers."""
    gate, answers = threading.Barrier(len(calls)), []

    def run(call):
        gate.wait()
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_key_ten_times_is_one_matter():
    programs = [Program() for _ in range(TEN)]
    answers = at_once([lambda p=p: p.post("public/matters", BODY, key="phone-1") for p in programs])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.get("Idempotency-Replayed", "") for answer in answers) == ["", *["true"] * (TEN - 1)]
    assert Matter.objects.count() == 1


def test_ten_keys_are_ten_matters_with_numbers_without_a_gap():
    programs = [Program() for _ in range(TEN)]
    calls = [lambda p=p, n=n: p.post("public/matters", BODY, key=f"k{n}") for n, p in enumerate(programs)]
    numbers = {answer.json()["number"] for answer in at_once(calls)}
    assert sorted(int(number[-6:]) for number in numbers) == list(range(1, TEN + 1))


def test_the_same_step_ten_times_is_taken_once():
    case = walk_to("triaged")
    path, inputs = f"matters/{case.number}/transitions/dispatch", {"lead_unit": f"tg-{TOWN}"}
    # each program has its own token; all act as one person
    programs = [Program(f"dispatcher@{TOWN}") for _ in range(TEN)]
    answers = at_once([lambda p=p: p.post(path, inputs, key="press", version=2) for p in programs])
    assert {answer.status_code for answer in answers} == {200}
    assert Step.objects.filter(matter=case.matter, transition="dispatch").count() == 1


def test_of_two_different_steps_one_wins_and_the_other_is_told_what_changed():
    case = walk_to("triaged")
    one, other = Program(f"dispatcher@{TOWN}"), Program(f"director@{TOWN}")
    path = f"matters/{case.number}/transitions/"
    calls = [
        lambda: one.post(path + "dispatch", {"lead_unit": f"tg-{TOWN}"}, version=2),
        lambda: other.post(path + "take", {"note": "中心自己办。"}, version=2),
    ]
    answers = {answer.status_code: answer for answer in at_once(calls)}
    assert set(answers) == {200, 409}
    lost = answers[409].json()
    assert lost["code"] == "stale_version"
    assert [step["seq"] for step in lost["steps"]] == [3]
    assert case.reload().version == 3
    assert list(audit_verify()) == []
