"""Many at once, on a real database with a connection each: nothing is lost, nothing happens twice."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Event, Thread, current_thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from qizhi.kernel.accounts.scope import SYSTEM
from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.kit.models import next_number
from qizhi.kernel.loop import readers
from qizhi.kernel.loop import tick as ticking
from qizhi.kernel.loop.actions import Fired, fire, matter_open
from qizhi.kernel.loop.audit import audit_verify, matter_break
from qizhi.kernel.loop.board import Board
from qizhi.kernel.loop.errors import AlreadyOpened, BadInput, NeedNotMet, NotAllowedNow, NotYours, Stale
from qizhi.kernel.loop.models import Application, Assignment, Attachment, Clock, Matter, Seal, Step
from qizhi.kernel.loop.models.step import AppendOnly
from qizhi.kernel.loop.sealer import seal_days, seal_steps
from qizhi.kernel.loop.tick import tick
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing import cast
from qizhi.testing.stories import CATEGORY, REQUEST, open_request, take, walk_to
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("world_committed")]

LAWFUL = (QizhiError,)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all works at the same moment, each in a thread of its own; return what came of each, also an error."""
    start = Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(10)
            found[place] = work()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    broken = [one for one in found if isinstance(one, Exception) and not isinstance(one, LAWFUL)]
    assert not broken, broken
    return found


def press(case, transition: str, actor, version: int | None = None, **inputs: Any) -> Callable[[], Fired]:
    return lambda: fire(
        number=case.number, transition=transition, actor=actor, inputs=inputs, version=version
    )


def assert_whole(*cases):
    for case in cases:
        matter = case.reload()
        assert matter_break(matter) is None
        assert Step.objects.filter(matter=matter).count() == matter.version


def test_of_two_who_press_different_buttons_one_wins_and_the_other_is_told():
    dispatcher, clerk = cast.actor(f"dispatcher@{TOWN}"), cast.actor(f"clerk@{TOWN}")
    refusal = {"reason": "court", "explanation": "请向法院起诉。", "door": "县法院"}
    for _round in range(6):
        case = walk_to("triaged")
        seen = case.matter.version
        found = together(
            press(case, "dispatch", dispatcher, seen, lead_unit=f"tg-{TOWN}", assist_units=["zhujian"]),
            press(case, "not_accept", clerk, seen, **refusal),
        )
        [won] = [one for one in found if isinstance(one, Fired)]
        [lost] = [one for one in found if isinstance(one, Stale)]
        assert [step["transition"] for step in lost.details["steps"]] == [won.step.transition]
        assert lost.details["version"] == seen + 1
        assert case.reload().state == won.step.to_state
        handling = Assignment.objects.filter(matter=case.matter).count()
        assert handling == (2 if won.step.transition == "dispatch" else 0)
        assert_whole(case)


def test_of_two_who_press_the_same_button_one_is_refused():
    dispatcher = cast.actor(f"dispatcher@{TOWN}")
    case = walk_to("triaged")
    work = press(case, "dispatch", dispatcher, lead_unit=f"tg-{TOWN}")
    found = together(work, work)
    assert [type(one) for one in sorted(found, key=lambda one: type(one).__name__)] == [Fired, NotAllowedNow]
    assert Assignment.objects.filter(matter=case.matter).count() == 1
    assert_whole(case)


def test_notes_of_eight_at_once_are_all_kept():
    case = walk_to("in_progress")
    before = case.matter.version
    handler = cast.actor(f"handler@{TOWN}")
    together(*(press(case, "note", handler, note=f"第{n}条备注。") for n in range(8)))
    assert case.reload().version == before + 8
    texts = set(case.matter.passages.filter(field="note").values_list("text", flat=True))
    assert texts == {f"第{n}条备注。" for n in range(8)}
    times = list(Step.objects.filter(matter=case.matter).order_by("seq").values_list("at", flat=True))
    assert times == sorted(times)
    assert_whole(case)


def test_an_extension_is_asked_for_once():
    case = walk_to("in_progress")
    work = press(case, "extension_ask", cast.actor(f"handler@{TOWN}"), term="wd5", reason="等材料。")
    found = together(work, work, work)
    assert Counter(type(one) for one in found) == {Fired: 1, NeedNotMet: 2}
    assert Application.objects.filter(matter=case.matter).count() == 1


def test_numbers_of_eight_who_open_at_once_have_no_gap_and_no_double():
    def opens():
        for turn in range(4):
            open_request()
            try:
                with transaction.atomic():
                    open_request(title="写到一半停电")
                    raise ConnectionError
            except ConnectionError:
                assert turn < 4

    together(*[opens] * 8)
    numbers = sorted(int(one[-6:]) for one in Matter.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 33))


def test_a_counter_counts_each_once():
    given: list[int] = []

    def counts():
        for _turn in range(25):
            with transaction.atomic():
                given.append(next_number("test"))

    together(*[counts] * 8)
    assert sorted(given) == list(range(1, 201))


def test_the_same_source_in_parallel_opens_one_matter():
    def brings():
        return matter_open(
            kind="request",
            actor=SYSTEM,
            inputs={**REQUEST, "region": VILLAGE},
            channel="import",
            source_key="import:one",
        )

    found = together(*[brings] * 6)
    assert sum(isinstance(one, AlreadyOpened) for one in found) == 5
    [matter] = Matter.objects.all()
    assert matter.number.endswith("000001")
    assert open_request().number.endswith("000002")


def test_a_form_that_is_sent_twice_takes_its_photo_once():
    draft = Attachment(
        name="a.jpg", media_type="image/jpeg", size=1, sha256="0" * 64, uploaded_at=timezone.now()
    )
    draft.save()
    found = together(*[lambda: open_request(photos=[str(draft.pk)])] * 3)
    assert sum(isinstance(one, BadInput) for one in found) == 2
    assert Matter.objects.count() == 1
    assert list(audit_verify()) == []


def test_two_matters_are_not_merged_into_each_other():
    dispatcher = cast.actor(f"dispatcher@{TOWN}")
    for _round in range(4):
        one, other = open_request(), open_request()
        together(
            press(one, "merge", dispatcher, target=other.number),
            press(other, "merge", dispatcher, target=one.number),
        )
        states = {one.reload().state, other.reload().state}
        assert states != {"merged"}
        assert_whole(one, other)


def test_sealers_at_once_leave_no_gap_and_give_no_number_twice(monkeypatch):
    plain = AppendOnly.bulk_update

    def slowly(*given, **more):
        # long enough for another sealer to have read the same steps, if it could
        Event().wait(0.03)
        return plain(*given, **more)

    monkeypatch.setattr(AppendOnly, "bulk_update", slowly)

    def writes():
        for _turn in range(6):
            open_request()

    def seals():
        for _turn in range(8):
            seal_steps(most=3)

    together(writes, writes, seals, seals, seals)
    while seal_steps():
        pass
    given = list(Step.objects.order_by("sealed_no").values_list("sealed_no", flat=True))
    assert given == list(range(1, 13))
    assert list(audit_verify()) == []


def test_a_day_is_sealed_once_by_however_many():
    open_request(at=moment("2026-11-02 Mon 09:00"))
    seal_steps()
    found = together(*[lambda: seal_days(moment("2026-11-03 Tue 09:00"))] * 4)
    assert sum(len(one) for one in found) == 1
    assert Seal.objects.count() == 1


def test_ticks_at_once_climb_each_rung_once(monkeypatch):
    told: list[tuple[Any, str, str]] = []
    monkeypatch.setattr(
        ticking,
        "_listeners",
        [lambda matter, clock, rung, at: told.append((matter.number, clock.name, rung.at))],
    )
    cases = [open_request(at=moment("2026-11-02 Mon 09:00")) for _case in range(6)]
    found = together(*[lambda: tick(moment("2026-11-04 Wed 18:00"))] * 4)
    assert sum(found) == 6
    assert Counter(told) == {(case.number, "triage", at): 1 for case in cases for at in ("0", "+1wd")}
    for case in cases:
        steps = Step.objects.filter(matter=case.matter).order_by("seq")
        assert list(steps.values_list("transition", flat=True)) == ["register", "escalate"]
    assert_whole(*cases)


def test_a_tick_and_people_at_once_wait_for_each_other_and_lose_nothing():
    """The tick and a step both touch matter and clocks; taken in different orders they would lock each other out."""
    dispatcher = cast.actor(f"dispatcher@{TOWN}")
    cases = [open_request(at=moment("2026-11-02 Mon 09:00")) for _case in range(8)]

    def works():
        for case in cases:
            try:
                fire(
                    number=case.number,
                    transition="triage",
                    actor=dispatcher,
                    inputs={"category": CATEGORY, "difficulty": "general"},
                )
            except (NotAllowedNow, NotYours):
                continue

    together(works, lambda: tick(moment("2026-11-04 Wed 18:00")), works)
    for case in cases:
        transitions = list(
            Step.objects.filter(matter=case.matter).order_by("seq").values_list("transition", flat=True)
        )
        assert transitions.count("escalate") == 1
        assert Clock.objects.filter(matter=case.matter, name="triage", ended_at=None).count() == 1
    assert_whole(*cases)


def test_a_tick_waits_for_a_step_that_has_begun(monkeypatch):
    """A step holds its matter and is about to write a clock; the tick must not hold that clock and want the matter."""
    case = open_request(at=moment("2026-11-02 Mon 09:00"))
    has_begun, has_ticked, plain = Event(), Event(), Board.save

    def save(board):
        if current_thread().name == "step":
            has_begun.set()
            # with the right order the tick cannot come so far: the wait runs out
            has_ticked.wait(0.5)
        plain(board)

    def steps():
        current_thread().name = "step"
        return press(case, "take", cast.actor(f"dispatcher@{TOWN}"))()

    def ticks():
        has_begun.wait(10)
        return tick(moment("2026-11-04 Wed 18:00"))

    monkeypatch.setattr(Board, "save", save)
    monkeypatch.setattr(ticking, "_listeners", [lambda *_told: has_ticked.set()])
    fired, ticked = together(steps, ticks)
    # when its turn comes the clock has been stopped, and nothing climbs
    assert (fired.step.seq, ticked) == (2, 0)
    assert case.reload().state == "in_progress"
    assert_whole(case)


def test_readers_at_once_read_every_step_once_and_in_order(monkeypatch):
    monkeypatch.setattr(readers, "_readers", {})
    monkeypatch.setattr(readers, "BATCH", 3)
    seen: list[int] = []
    inside, most_inside = [0], [0]

    def reads(steps):
        inside[0] += 1
        most_inside[0] = max(most_inside[0], inside[0])
        # long enough for the other one to come in, if it could
        Event().wait(0.05)
        seen.extend(step.sealed_no for step in steps)
        inside[0] -= 1

    readers.register_reader("one", reads)
    walk_to("replied")
    case = open_request()

    def writes():
        for turn in range(6):
            take(case, "add_facts", "reporter", facts=f"第{turn}次补充。")

    def seals_and_reads():
        for _turn in range(8):
            seal_steps(most=2)
            readers.read_all()

    together(writes, seals_and_reads, seals_and_reads)
    while seal_steps():
        pass
    while readers.read_all():
        pass
    assert most_inside == [1]
    assert seen == list(range(1, Step.objects.count() + 1))


def test_the_audit_raises_no_alarm_while_people_work():
    cases = [walk_to("in_progress") for _case in range(3)]
    handler = cast.actor(f"handler@{TOWN}")

    def writes():
        for turn in range(10):
            for case in cases:
                press(case, "note", handler, note=f"第{turn}条备注。")()

    def audits():
        return [found for _turn in range(5) for found in audit_verify()]

    _written, _sealed, *found = together(
        writes, lambda: [seal_steps(most=4) for _turn in range(8)], audits, audits
    )
    assert found == [[], []]


def test_a_loser_leaves_no_trace():
    """What the loser would have written (assignments, texts, clocks, sights) is not there."""
    case = walk_to("triaged")
    seen = case.matter.version
    take(case, "note", "dispatcher", note="先问一下。")
    before = {model: model.objects.count() for model in (Step, Assignment, Clock, Application, Matter)}
    with pytest.raises(Stale) as told:
        press(case, "dispatch", cast.actor(f"dispatcher@{TOWN}"), seen, lead_unit=f"tg-{TOWN}")()
    assert [step["transition"] for step in told.value.details["steps"]] == ["note"]
    assert {model: model.objects.count() for model in before} == before
    assert case.reload().opened_at < timezone.now() + timedelta(seconds=1)
