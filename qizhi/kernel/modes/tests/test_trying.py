"""`mode try`: the pack's own cases, and past cases under a new mode beside the old one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from qizhi.kernel.modes.compiling import compile_pack
from qizhi.kernel.modes.tests.tools import PACKS, Slip, checked
from qizhi.kernel.modes.trying import Difference, PastCase, run_cases, try_over

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASES = "county/tests/routes.yaml"
OPENED = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)  # a Monday


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("unit: lights", "unit: office", "应派给 office，实际派给 lights（规则 lamps：路灯由城管局管。）。"),
        (
            "2026-03-05T18",
            "2026-03-06T18",
            "“办理时限”应于 2026-03-06T18:00:00+08:00 到期，实际 2026-03-05T18",
        ),
        ("ends_in: answered", "ends_in: refused", "应到“refused”，实际在“answered”。"),
        ("[receive, assign, pause", "[receive, pause", "在“已收到”时不能办“请补充材料”。"),
        ("[receive, assign, pause", "[assign, pause", "一开始不能办“交办”。"),
        ("  unit: lights\n", "", "这个用例没有写明期望的结果"),
    ],
)
def test_a_case_that_comes_out_otherwise_says_how(tmp_path, old, new, says):
    results = run_cases(checked(tmp_path, Slip(CASES, old, new)).mode)
    faults = [fault for result in results for fault in result.faults]
    assert len(faults) == 1
    assert says in faults[0]
    assert [result.passed for result in results].count(False) == 1


def test_a_route_case_without_a_table_takes_the_only_one(tmp_path):
    results = run_cases(checked(tmp_path, Slip(CASES, "  table: intake\n", "")).mode)
    assert all(result.passed for result in results)


def past(**changes):
    told = {
        "number": "LX-1",
        "kind": "letter",
        "opened_at": OPENED,
        "facts": {"category": "road.lamp", "region": "990101100200", "weight": "light"},
        "starts": {"handle": OPENED},
    }
    return PastCase(**{**told, **changes})


@pytest.fixture(scope="module")
def old():
    return compile_pack(PACKS / "county").mode


def test_the_same_mode_makes_no_difference(old):
    assert try_over(old, old, [past(), past(number="LX-2")]) == []


def test_another_route_shows(tmp_path, old):
    new = checked(tmp_path, Slip("county/routes/intake.yaml", "[10, 11, 12]", "[3, 11, 12]")).mode
    assert try_over(new, old, [past()]) == [
        Difference("LX-1", "route", "intake", "centre-990101100200", "lights、centre-990101100")
    ]


def test_another_promise_shows(tmp_path, old):
    new = checked(tmp_path, Slip("county/kinds/letter.yaml", "light: 3wd", "light: 2wd")).mode
    assert try_over(new, old, [past()]) == [
        Difference("LX-1", "promise", "handle", "2026-03-05T18:00+08:00", "2026-03-04T18:00+08:00")
    ]


def test_a_promise_that_started_later_is_counted_from_its_start(tmp_path, old):
    new = checked(tmp_path, Slip("county/kinds/letter.yaml", "term: 1wd", "term: 2wd")).mode
    assert try_over(new, old, [past()]) == []
    later = past(starts={"handle": OPENED, "check": datetime(2026, 3, 6, 9, tzinfo=SHANGHAI)})
    assert [(one.name, one.before, one.after) for one in try_over(new, old, [later])] == [
        ("check", "2026-03-09T18:00+08:00", "2026-03-10T18:00+08:00")
    ]


def test_another_climb_shows(tmp_path, old):
    new = checked(
        tmp_path, Slip("province/kinds/letter.yaml", "notify: [clerk@centre]", "notify: [clerk@region]")
    ).mode
    found = try_over(new, old, [past()])
    assert [(one.what, one.name) for one in found] == [("escalation", "handle")]
    assert found[0].before == "-1wd handler@lead；+1wd clerk@centre；+2wd supervisor@region"
    assert found[0].after == "-1wd handler@lead；+1wd clerk@region；+2wd supervisor@region"


def test_a_kind_that_is_gone_shows(old):
    new = old.model_copy(update={"kinds": {}})
    assert try_over(new, old, [past()]) == [
        Difference("LX-1", "kind", "letter", "有这种事项", "没有这种事项")
    ]
    assert try_over(new, new, [past()]) == []
