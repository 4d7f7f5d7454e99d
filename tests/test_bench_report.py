"""The report of the bench says what was measured, beside its limit and its aim."""

import pytest

from bench import report
from bench.load import Result
from bench.scenarios import HELLO, INSERT, scenarios

NO_TARGET = {"p95_ms": None, "rate": None, "share_of_insert": None}


def figure(median=10.0, p95=20.0, rate=100.0, size=1000, wrong=None):
    return {"calls": 9, "median_ms": median, "p95_ms": p95, "rate": rate, "bytes": size, "wrong": wrong or {}}


def row(title, small, large, *, at_once=1, **target):
    return {
        "title": title,
        "concurrency": at_once,
        "target": {**NO_TARGET, **target},
        "by_size": {"1000": small, "100000": large},
    }


LIMITS = [
    row(HELLO, figure(median=0.5), figure(median=0.6)),
    row(HELLO, figure(), figure(rate=2000), at_once=8),
    row(INSERT, figure(), figure(rate=900), at_once=8),
]


def measured(*rows):
    return {
        "at": "2026-11-24T10:00:00+00:00",
        "database": "SQLite 3.40.1",
        "machine": {
            "processor": "Some CPU",
            "cores": 2,
            "memory_gb": 24,
            "system": "Linux 6",
            "python": "3.11.7",
            "packages": {"django": "5.2"},
            "load_before": [0.1, 0, 0],
            "load_after": [2.0, 0, 0],
        },
        "plan": {"rounds": 3, "calls": 60, "seconds": 2.0},
        "sizes": [
            {"matters": 1000, "steps": 7000, "bytes": 20_000_000},
            {"matters": 100_000, "steps": 700_000, "bytes": 2_000_000_000},
        ],
        "memory": {
            "1000": {"pss_kb": 300 * 1024, "rss_kb": 1, "processes": 4},
            "100000": {"pss_kb": 401 * 1024, "rss_kb": 1, "processes": 4},
        },
        "rows": [*LIMITS, *rows],
    }


@pytest.mark.parametrize(
    ("one", "held"),
    [
        (row("quick", figure(), figure(p95=60.0), p95_ms=60), True),
        (row("slow", figure(), figure(p95=60.1), p95_ms=60), False),
        (row("growing", figure(), figure(median=12.1), p95_ms=60), False),
        (row("growing because longer", figure(size=700), figure(median=30.0), p95_ms=60), True),
        (row("many", figure(rate=260), figure(rate=250), at_once=8, rate=250), True),
        (row("few", figure(rate=260), figure(rate=249), at_once=8, rate=250), False),
        (row("fewer with size", figure(rate=400), figure(rate=300), at_once=8, rate=250), False),
        (row("a third", figure(), figure(rate=300), at_once=8, share_of_insert=1 / 3), True),
        (row("under a third", figure(), figure(rate=299), at_once=8, share_of_insert=1 / 3), False),
        (row("no aim", figure(), figure(median=99.0)), None),
        (row("wrong answers", figure(), figure(wrong={"500": 1}), p95_ms=60), False),
    ],
    ids=lambda one: one["title"] if isinstance(one, dict) else "",
)
def test_a_row_is_held_against_its_aim_and_its_own_size(one, held):
    assert report.verdict(one, [*LIMITS, one]) is held


def test_the_table_shows_each_figure_beside_limit_and_aim():
    lines = report.table(
        measured(
            row("list", figure(median=8.0, p95=11.0), figure(median=9.0, p95=12.0), p95_ms=60),
            row("create", figure(rate=310), figure(rate=300), at_once=8, rate=250, share_of_insert=1 / 3),
        )
    )
    assert "| list | 1 | 8.0 / 11.0 ms | 9.0 / 12.0 ms | 1.12 | 0.6 ms | p95 ≤ 60 ms | ✓ |" in lines
    assert "| create | 8 | 310/s | 300/s | 1.03 | 900/s | ≥ 250/s, ≥ ⅓ of the limit | ✓ |" in lines
    assert lines[-1] == "| memory of all 4 processes (PSS) |  | 300 MB | 401 MB |  |  | ≤ 400 MB | ✗ |"


def test_wrong_answers_are_told():
    told = measured(row("list", figure(), figure(wrong={"GET /x: 500 broken": 3})))
    assert report.wrong(told) == ["list: 3 × GET /x: 500 broken"]
    assert "(3 wrong)" in "\n".join(report.table(told))


def test_the_page_names_machine_and_sizes():
    page = report.summary([measured()])
    assert page.startswith("# How fast it is")
    assert "100,000 matters with 700,000 steps in 2,000 MB" in page
    assert "Some CPU, 2 cores, 24 GB" in page


def test_results_of_several_runs_are_joined():
    result = Result(seconds=[0.001, 0.002], rates=[10.0], size=5)
    result.add(Result(seconds=[0.003] * 98, rates=[30.0], size=7))
    assert (result.median_ms, result.p95_ms, result.rate, result.size) == (3.0, 3.0, 20.0, 7)


def test_every_scenario_has_a_name_of_its_own_and_writes_come_last():
    wanted = scenarios()
    assert len({(one.title, one.concurrency) for one in wanted}) == len(wanted)
    assert [one.writes for one in wanted] == sorted(one.writes for one in wanted)
    for one in wanted:
        assert one.target.share_of_insert is None or one.concurrency == 8
