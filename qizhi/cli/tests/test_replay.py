"""Replaying a past: in the order of time, by day, through the real engine, and the same each time."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone

from qizhi.cli.replay import Cast, Move, Script, Skip, office_time, replay
from qizhi.cli.stories import STORY_NAMES, Teller, Voices
from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Clock, Matter, Step
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing.stories import CATEGORY, REQUEST, open_request, take, walk_to
from qizhi.testing.world import COUNTY, TOWN, VILLAGE

from .pasts import past_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MONDAY = moment("2026-11-02 Mon 09:00")
FRIDAY = moment("2026-11-20 Fri 18:00")
HOUR = timedelta(hours=1)


def script(*moves, at=MONDAY, **more):
    inputs = {**REQUEST, "region": VILLAGE}
    return Script(kind="request", opened_at=at, channel="web", inputs=inputs, moves=iter(moves), **more)


def move(transition, who, after=HOUR, **inputs):
    return Move(transition, who, after, lambda _matter: inputs)


TRIAGE = move("triage", "dispatcher", category=CATEGORY, difficulty="general")
DISPATCH = move("dispatch", "dispatcher", lead_unit=f"tg-{TOWN}")


def test_all_scripts_run_together_in_the_order_of_time():
    late = script(TRIAGE, at=MONDAY + 2 * HOUR)
    early = script(TRIAGE, move("note", "dispatcher", note="先问。"))
    assert replay([late, early], until=FRIDAY) == 5
    assert early.matter.number < late.matter.number
    steps = Step.objects.order_by("at", "id").values_list("matter__number", "transition")
    assert [transition for _number, transition in steps][:4] == ["register", "triage", "register", "note"]
    assert list(audit_verify()) == []


def test_what_lies_beyond_the_end_does_not_happen():
    one = script(TRIAGE, move("dispatch", "dispatcher", timedelta(days=1), lead_unit=f"tg-{TOWN}"))
    later = script(at=FRIDAY)
    assert replay([one, later], until=MONDAY + 3 * HOUR) == 2
    assert one.matter.state == "triaged"
    assert later.matter is None


def test_the_clock_ticks_before_each_event_and_up_to_the_end():
    one, other = script(), script(at=MONDAY + timedelta(days=7))
    replay([one, other], until=FRIDAY)
    for matter, climbed_at in ((one.matter, other.opened_at), (other.matter, FRIDAY)):
        steps = Step.objects.filter(matter=matter).order_by("seq").values_list("transition", "at")
        assert list(steps)[1:] == [("escalate", climbed_at)]
    assert not Clock.objects.filter(next_at__lte=FRIDAY).exists()


def test_a_move_that_does_not_apply_is_left_out_and_takes_no_time():
    def skip(_matter):
        raise Skip

    one = script(Move("escalate", "dispatcher", timedelta(days=2), skip), TRIAGE)
    assert replay([one], until=FRIDAY) == 2
    assert Step.objects.get(matter=one.matter, transition="triage").at == MONDAY + HOUR


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (move("conclude", "dispatcher", result="solved", conclusion="没有办过。"), "not_yours"),
        (move("triage", "dispatcher", category="nonsense", difficulty="general"), "bad_input"),
        (move("assist_answer", "assist", answer="没有协办。"), "nobody"),
        (move("triage", "nobody", category=CATEGORY, difficulty="general"), "nobody"),
    ],
)
def test_what_the_engine_refuses_ends_the_script_and_says_why(wrong, code):
    one = script(wrong, TRIAGE)
    assert replay([one], until=MONDAY + 2 * HOUR) == 1
    assert (one.refused, one.matter.state) == (code, "registered")


def test_a_message_that_cannot_be_opened_stops_no_other():
    bad = Script(kind="request", opened_at=MONDAY, channel="web", inputs={"text": ""}, moves=iter([TRIAGE]))
    good = script(at=MONDAY + HOUR)
    told = []
    assert replay([bad, good], until=MONDAY + 2 * HOUR, told=lambda: told.append(1)) == 1
    assert (bad.refused, bad.matter, len(told)) == ("bad_input", None, 2)
    assert good.matter is not None


def test_events_share_a_transaction_and_the_number_of_them_changes_nothing():
    pasts = []
    for at_once in (1, 3, 200):
        with transaction.atomic():
            replay(
                [script(TRIAGE, DISPATCH), script(TRIAGE, at=MONDAY + HOUR)], until=FRIDAY, at_once=at_once
            )
            pasts.append(past_of())
            transaction.set_rollback(True)
    assert pasts[0] == pasts[1] == pasts[2]


def test_the_same_scripts_give_the_same_past():
    def scripts():
        chance = random.Random(7)
        for number, story in enumerate(STORY_NAMES):
            teller = Teller(Voices(None, chance), chance)
            yield script(*(), at=MONDAY + number * HOUR, source_key=f"test:{number}")
            yield Script(
                kind="request",
                opened_at=MONDAY + number * HOUR,
                channel="window",
                inputs={**REQUEST, "region": VILLAGE},
                moves=teller.moves(story),
            )

    pasts = []
    for _time in range(2):
        with transaction.atomic():
            replay(scripts(), until=FRIDAY)
            pasts.append(past_of())
            transaction.set_rollback(True)
    assert pasts[0] == pasts[1]
    assert len(pasts[0]) > 100


# (when somebody would have acted, and when they do: by day, on a day from Monday to Friday)
OFFICE = [
    ("2026-11-02 Mon 09:00", "2026-11-02 Mon 09"),
    ("2026-11-02 Mon 17:59", "2026-11-02 Mon 17"),
    ("2026-11-02 Mon 18:00", "2026-11-03 Tue 08"),
    ("2026-11-03 Tue 03:00", "2026-11-03 Tue 08"),
    ("2026-11-06 Fri 20:00", "2026-11-09 Mon 08"),
    ("2026-11-07 Sat 10:00", "2026-11-09 Mon 10"),
    ("2026-11-08 Sun 23:00", "2026-11-09 Mon 08"),
]


@pytest.mark.parametrize(("wanted", "done"), OFFICE)
def test_staff_work_by_day(wanted, done):
    at = office_time(moment(wanted), random.Random(1))
    assert f"{timezone.localtime(at):%Y-%m-%d %a %H}" == done
    assert at >= moment(wanted)


WHO = [
    ("registered", "dispatcher", f"dispatcher@{TOWN}"),
    ("dispatched", "handler", f"handler@{TOWN}"),
    ("dispatched", "head", f"head@{TOWN}"),
    ("replied", "revisit", f"revisit@{TOWN}"),
    ("supervised", "supervisor", f"supervisor@{TOWN}"),
]


@pytest.mark.parametrize(("state", "who", "username"), WHO)
def test_the_cast_finds_whose_part_it_is(state, who, username):
    cast = Cast()
    assert cast.for_move(who, walk_to(state).matter) == cast.named(username)


def test_the_cast_finds_departments_centres_and_citizens():
    cast = Cast()
    case = open_request(region=COUNTY)
    take(case, "triage", "dispatcher", category=CATEGORY, difficulty="general")
    take(case, "dispatch", "dispatcher", lead_unit="zhujian", assist_units=[f"tg-{TOWN}"])
    assert cast.for_move("handler", case.matter) == cast.named(f"handler.zhujian@{COUNTY}")
    assert cast.for_move("assist", case.matter) == cast.named(f"handler@{TOWN}")
    assert cast.for_move("reporter", case.matter).matter_id == case.matter.pk
    taken = walk_to("triaged")
    take(taken, "take", "dispatcher")
    assert cast.for_move("handler", taken.matter) == cast.named(f"dispatcher@{TOWN}")
    assert cast.for_move("revisit", taken.matter) == cast.named(f"revisit@{COUNTY}")


@pytest.mark.parametrize("story", STORY_NAMES)
def test_every_story_is_told_to_its_end_in_order_of_time(story):
    """Opened on a Monday and replayed over a month, the engine refuses no move of any story."""
    chance = random.Random(3)
    other = open_request(at=MONDAY)
    teller = Teller(Voices(None, chance), chance)
    one = Script(
        kind="request",
        opened_at=MONDAY,
        channel="window",
        inputs={**REQUEST, "region": VILLAGE},
        moves=teller.moves(f"{story}:other", lookup=lambda _key: other.number),
    )
    # without the tick's own steps: what is left lying climbs by itself, which is another test
    replay([one], until=MONDAY + timedelta(days=12))
    assert one.refused == ""
    times = list(Step.objects.filter(matter=one.matter).order_by("seq").values_list("at", flat=True))
    assert all(before <= after for before, after in pairwise(times))
    assert Matter.objects.get(pk=one.matter.pk).version == len(times)
