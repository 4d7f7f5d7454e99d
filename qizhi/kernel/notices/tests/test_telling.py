"""Who is told: after each step, at each rung; never the one who acted, never twice, never of what one may not see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.scope import actor_of
from qizhi.kernel.loop.models import Clock, Matter, Step
from qizhi.kernel.loop.policy import visible_to
from qizhi.kernel.loop.readers import read_all
from qizhi.kernel.loop.sealer import seal_steps
from qizhi.kernel.loop.tick import tick
from qizhi.kernel.notices import telling
from qizhi.kernel.notices.models import Notice
from qizhi.kernel.notices.telling import tell_rung, tell_steps
from qizhi.kernel.units.models import Post, Unit
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing import cast
from qizhi.testing.stories import PATHS, open_request, take, walk_to
from qizhi.testing.world import COUNTY, OTHER_TOWN, TOWN, pack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MONDAY = moment("2026-11-02 Mon 09:00")
# The state that a matter comes to, and who is told that it is their turn: the colleagues too, never who acted.
TURNS = [
    ("registered", {f"clerk@{TOWN}", f"dispatcher@{TOWN}", f"director@{TOWN}"}),
    ("triaged", {f"director@{TOWN}"}),
    ("dispatched", {f"handler@{TOWN}", f"head@{TOWN}"}),
    ("objected", {f"dispatcher@{TOWN}", f"director@{TOWN}"}),
    ("accepted", {f"head@{TOWN}"}),
    ("in_progress", {f"head@{TOWN}"}),
    ("suspended", {f"head@{TOWN}"}),
    ("concluded", {f"head@{TOWN}"}),
    ("replied", {f"revisit@{TOWN}"}),
    ("revisited", {f"clerk@{TOWN}", f"dispatcher@{TOWN}", f"director@{TOWN}"}),
    ("reopened", {f"handler@{TOWN}", f"head@{TOWN}"}),
    ("supervised", {f"supervisor@{TOWN}"}),
    ("archived", set()),
    ("not_accepted", set()),
    ("withdrawn", set()),
    ("merged", set()),
]


def read():
    while seal_steps():
        pass
    while read_all():
        pass


def told(case, kind=None) -> set[str]:
    """The accounts that were told of the matter."""
    rows = Notice.objects.filter(matter=case.matter, **({"kind": kind} if kind else {}))
    return set(rows.values_list("user__username", flat=True))


def test_the_table_knows_every_state():
    assert [state for state, _who in TURNS] == list(PATHS)


@pytest.mark.parametrize(("state", "wanted"), TURNS)
def test_after_a_step_those_are_told_whose_turn_it_became(state, wanted):
    case = walk_to(state)
    read()
    assert told(case, "turn") == wanted


@pytest.mark.parametrize("state", list(PATHS))
def test_nobody_is_told_of_what_they_may_not_see(state):
    case = walk_to(state)
    read()
    tick(timezone.now() + timedelta(days=60))
    for notice in Notice.objects.filter(matter=case.matter).select_related("user"):
        seen = visible_to(actor_of(notice.user)).filter(pk=case.matter.pk).exists()
        assert seen, f"{notice.user.username} was told of what they do not see"


def test_nobody_is_told_twice_however_often_it_is_read():
    case = walk_to("dispatched")
    read()
    before = Notice.objects.count()
    steps = list(Step.objects.filter(matter=case.matter).select_related("matter").order_by("seq"))
    for _time in range(2):
        tell_steps(steps)
    assert Notice.objects.count() == before


def test_nobody_is_told_of_a_turn_that_has_passed():
    case = walk_to("in_progress")
    read()
    keys = set(Notice.objects.filter(matter=case.matter, kind="turn").values_list("key", flat=True))
    last = Step.objects.filter(matter=case.matter).latest("seq")
    assert keys == {f"step:{last.pk}"}


def test_a_note_right_after_the_step_swallows_no_turn():
    """The reader comes half a second later; what was noted meanwhile must not hide whose turn it is."""
    case = walk_to("dispatched")
    take(case, "note", "dispatcher", note="请先打电话。")
    read()
    assert f"handler@{TOWN}" in told(case, "turn")


def test_a_matter_that_came_back_to_a_state_is_told_once_for_the_last_time():
    case = walk_to("dispatched")
    take(case, "object", "handler", reason="不归我们管。", basis="职责清单")
    take(case, "overrule", "dispatcher", ruling="由你们办理。")
    read()
    rows = Notice.objects.filter(matter=case.matter, kind="turn", user__username=f"handler@{TOWN}")
    assert rows.count() == 1


def test_what_climbs_is_told_above():
    case = walk_to("registered")
    take(case, "escalate", "dispatcher", reason="请县里协调。")
    read()
    assert {f"dispatcher@{COUNTY}", f"director@{COUNTY}", f"clerk@{COUNTY}"} <= told(case, "turn")
    assert f"dispatcher@{TOWN}" not in told(case, "turn")


def test_units_that_are_asked_to_help_are_told():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    read()
    assert told(case, "assist") == {f"handler@{COUNTY}", f"head@{COUNTY}", f"handler.zhujian@{COUNTY}"}


def test_a_unit_released_before_the_reader_came_is_left_in_peace():
    case = walk_to("dispatched")
    take(case, "assist_add", "dispatcher", assist_units=["gongan"])
    take(case, "assist_release", "dispatcher", unit="gongan", reason="选错了。")
    read()
    assert told(case, "assist") == set()


def test_an_application_is_told_to_those_who_may_decide():
    case = walk_to("in_progress")
    read()
    Notice.objects.all().delete()
    take(case, "extension_ask", "handler", term="wd5", reason="等材料。")
    read()
    assert told(case) == {f"dispatcher@{TOWN}", f"director@{TOWN}", f"supervisor@{TOWN}"}


def test_what_a_centre_asks_for_itself_is_told_to_the_centre_above():
    case = walk_to("triaged")
    take(case, "take", "dispatcher")
    Notice.objects.all().delete()
    take(case, "extension_ask", "dispatcher", term="wd5", reason="等天晴。")
    read()
    asked = Notice.objects.filter(key__startswith="ask:").values_list("user__username", flat=True)
    assert set(asked) == {f"dispatcher@{COUNTY}", f"director@{COUNTY}"}


def test_the_revisit_of_what_a_centre_handled_itself_is_told_one_level_up():
    """The town's own revisit clerk sits in the handling unit and may not do it."""
    case = walk_to("triaged")
    take(case, "take", "dispatcher")
    take(case, "conclude", "dispatcher", result="solved", conclusion="已办。")
    take(case, "reply", "dispatcher", reply="已办好。")
    read()
    assert told(case, "turn") == {f"revisit@{COUNTY}"}


# a rung of the ladder of `request`, and who hears of it
RUNGS = [
    ("registered", "triage", "0", {f"dispatcher@{TOWN}", f"director@{TOWN}"}),
    ("registered", "triage", "+2wd", {f"supervisor@{TOWN}"}),
    ("dispatched", "accept", "0", {f"handler@{TOWN}", f"head@{TOWN}"}),
    ("dispatched", "accept", "+1wd", {f"head@{TOWN}", f"dispatcher@{TOWN}"}),
    ("in_progress", "handle", "-1wd", {f"handler@{TOWN}"}),
    ("in_progress", "handle", "0", {f"handler@{TOWN}", f"head@{TOWN}", f"dispatcher@{TOWN}"}),
    ("in_progress", "handle", "+2wd", {f"head@{TOWN}", f"supervisor@{TOWN}"}),
    ("in_progress", "answer", "0", {f"head@{TOWN}", f"dispatcher@{TOWN}"}),
    ("suspended", "suspension", "-1wd", {f"handler@{TOWN}"}),
    ("replied", "revisit", "0", {f"revisit@{TOWN}"}),
    ("replied", "revisit", "+2wd", {f"supervisor@{TOWN}"}),
    ("supervised", "supervision", "0", {f"supervisor@{TOWN}"}),
    ("supervised", "supervision", "+2wd", {f"leader@{COUNTY}"}),
]


@pytest.mark.parametrize(("state", "clock", "at", "wanted"), RUNGS)
def test_a_rung_is_told_to_whom_it_names(state, clock, at, wanted):
    case = walk_to(state)
    row = Clock.objects.filter(matter=case.matter, name=clock, ended_at=None).get()
    [rung] = [one for one in pack().kinds["request"].clocks[clock].ladder if one.at == at]
    for _time in range(2):
        tell_rung(case.matter, row, rung, timezone.now())
    assert told(case, "late") == wanted
    assert Notice.objects.filter(matter=case.matter).count() == len(wanted)
    assert Notice.objects.filter(matter=case.matter).first().words["zh"] == rung.title.zh


def test_the_tick_tells_each_rung_once():
    case = open_request(at=MONDAY)
    for _time in range(3):
        tick(moment("2026-11-03 Tue 18:00"))
    assert Notice.objects.filter(matter=case.matter).count() == len(told(case)) == 2


def test_a_moved_due_time_is_told_again():
    case = walk_to("in_progress", at=MONDAY)
    tick(moment("2026-11-10 Tue 18:00"))
    now = moment("2026-11-11 Wed 09:00")
    take(case, "extension_ask", "handler", term="wd5", reason="等材料。", at=now)
    take(case, "extension_grant", "dispatcher", at=now)
    before = Notice.objects.filter(user__username=f"handler@{TOWN}", kind="late").count()
    tick(moment("2026-11-17 Tue 18:00"))
    assert Notice.objects.filter(user__username=f"handler@{TOWN}", kind="late").count() > before


@pytest.mark.parametrize("change", ["left", "not there yet", "unit closed", "account closed"])
def test_who_holds_no_post_any_more_is_not_told(change):
    user = User.objects.get(username=f"handler@{TOWN}")
    today = timezone.localdate()
    match change:
        case "left":
            Post.objects.filter(user=user).update(until_on=today - timedelta(days=1))
        case "not there yet":
            Post.objects.filter(user=user).update(since_on=today + timedelta(days=1))
        case "unit closed":
            Unit.objects.filter(code=f"tg-{TOWN}").update(is_active=False)
        case "account closed":
            User.objects.filter(pk=user.pk).update(is_active=False)
    assert user.pk not in {post.user_id for post in telling.Posts().all if post.role == "handler"}


def test_a_confidential_kind_is_told_to_who_handles_it_alone(monkeypatch):
    from qizhi.kernel.modes import store

    mode = store.current()
    hidden = mode.kinds["request"].model_copy(update={"seen_in_region": False})
    secret = mode.model_copy(update={"kinds": {"request": hidden}})
    monkeypatch.setitem(store._modes, store.current_number(), secret)
    case = walk_to("dispatched")
    read()
    row = Clock.objects.get(matter=case.matter, name="triage")
    [rung] = [one for one in hidden.clocks["triage"].ladder if one.at == "+2wd"]
    tell_rung(case.matter, row, rung, timezone.now())
    # the town's supervisor sits in the centre that holds it; the other town's and the county's see nothing
    assert told(case, "turn") == {f"handler@{TOWN}", f"head@{TOWN}"}
    for notice in Notice.objects.filter(matter=case.matter):
        assert visible_to(actor_of(notice.user)).filter(pk=case.matter.pk).exists()


def test_a_batch_costs_the_same_however_many_posts_there_are(django_assert_max_num_queries):
    for state in ("registered", "dispatched", "replied"):
        walk_to(state)
    while seal_steps():
        pass
    steps = list(Step.objects.order_by("sealed_no").select_related("matter"))
    cast.actor(f"clerk@{OTHER_TOWN}")
    # one for the posts, one for who sees what, one to write, and one for each matter in the hands of a lead unit
    with django_assert_max_num_queries(3 + Matter.objects.count()):
        tell_steps(steps)
