"""Readers of the sealed steps: at least once, in order, each on its own."""

import pytest

from qizhi.kernel.loop import readers
from qizhi.kernel.loop.models import Reading, Step
from qizhi.kernel.loop.sealer import seal_steps
from qizhi.testing.stories import open_request, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
def own_readers(monkeypatch):
    """Only the readers of the test, in small batches."""
    monkeypatch.setattr(readers, "_readers", {})
    monkeypatch.setattr(readers, "BATCH", 2)


def read_everything(rounds=50):
    for _round in range(rounds):
        if readers.read_all() == 0:
            return
    raise AssertionError("there is no end to it")


def test_every_step_is_read_in_the_order_of_its_number():
    seen: list[int] = []
    readers.register_reader("one", lambda steps: seen.extend(step.sealed_no for step in steps))
    walk_to("in_progress")
    while seal_steps():
        pass
    read_everything()
    assert seen == list(range(1, Step.objects.count() + 1))
    assert Reading.objects.get(name="one").sealed_no == seen[-1]


def test_a_step_without_a_number_is_not_read_yet():
    seen: list[Step] = []
    readers.register_reader("one", seen.extend)
    open_request()
    assert readers.read_all() == 0
    seal_steps()
    assert readers.read_all() == 1
    assert readers.read_all() == 0
    assert len(seen) == 1


def test_a_new_reader_begins_at_the_first_step():
    open_request()
    seal_steps()
    readers.register_reader("old", lambda _steps: None)
    read_everything()
    seen: list[Step] = []
    readers.register_reader("new", seen.extend)
    read_everything()
    assert [step.sealed_no for step in seen] == [1]


def test_a_reader_that_fails_reads_the_same_steps_again():
    tries: list[list[int]] = []

    def fails_once(steps):
        tries.append([step.sealed_no for step in steps])
        if len(tries) == 1:
            raise RuntimeError("disk full")

    readers.register_reader("one", fails_once)
    open_request()
    open_request()
    seal_steps()
    with pytest.raises(ExceptionGroup):
        readers.read_all()
    read_everything()
    assert tries == [[1, 2], [1, 2]]


def test_a_reader_that_fails_holds_up_no_other():
    seen: list[Step] = []

    def fails(_steps):
        raise RuntimeError("disk full")

    readers.register_reader("bad", fails)
    readers.register_reader("good", seen.extend)
    open_request()
    seal_steps()
    with pytest.raises(ExceptionGroup) as told:
        readers.read_all()
    assert [str(error) for error in told.value.exceptions] == ["disk full"]
    assert len(seen) == 1
    assert not Reading.objects.filter(name="bad").exists()


def test_what_a_reader_writes_and_how_far_it_came_stay_together():
    def writes_and_fails(_steps):
        Reading(name="written by a reader").save()
        raise RuntimeError("power cut")

    readers.register_reader("one", writes_and_fails)
    open_request()
    seal_steps()
    with pytest.raises(ExceptionGroup):
        readers.read_all()
    assert not Reading.objects.exists()
