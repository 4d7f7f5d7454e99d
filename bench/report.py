"""From what was measured to a table that a person reads."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .scenarios import HELLO, INSERT

Row = Mapping[str, Any]
RATIO = 1.2
# a list that is shorter at the smaller size is no measure of growth
SAME_SIZE = 0.8
MEMORY_MB = 400


def verdict(row: Row, rows: Sequence[Row]) -> bool | None:
    """Tell whether a row holds its target and grew by no more than 1.2; None when nothing is aimed at."""
    largest = figures(row)[-1]
    if any(one["wrong"] for one in figures(row)):
        return False
    target = row["target"]
    held = []
    if target["p95_ms"] is not None:
        held.append(largest["p95_ms"] <= target["p95_ms"])
    if target["rate"] is not None:
        held.append(largest["rate"] >= target["rate"])
    if target["share_of_insert"] is not None:
        held.append(largest["rate"] >= target["share_of_insert"] * limit_of(row, rows))
    return all(held) and (ratio(row) <= RATIO or not is_comparable(row)) if held else None


def figures(row: Row) -> list[Row]:
    """Return the figures of a row, the smallest size first."""
    return list(row["by_size"].values())


def is_rate(row: Row) -> bool:
    """Tell whether calls per second are what counts in a row, not the time of one call."""
    return bool(row["concurrency"] > 1)


def is_comparable(row: Row) -> bool:
    """Tell whether the answers at all sizes held about as much."""
    told = [one["bytes"] for one in figures(row)]
    return bool(min(told) >= SAME_SIZE * max(told))


def ratio(row: Row) -> float:
    """Return how much longer a call takes at the largest size than at the smallest."""
    first, last = figures(row)[0], figures(row)[-1]
    if is_rate(row):
        return float(first["rate"] / last["rate"]) if last["rate"] else float("inf")
    return float(last["median_ms"] / first["median_ms"])


def limit_of(row: Row, rows: Sequence[Row]) -> float:
    """Return the limit beside a row, from the same run and size: of an insert for creates, else of a hello."""
    title = INSERT if row["target"]["share_of_insert"] is not None else HELLO
    found = next(one for one in rows if one["title"] == title and one["concurrency"] == row["concurrency"])
    return float(figures(found)[-1]["rate" if is_rate(row) else "median_ms"])


def table(measured: Row) -> list[str]:
    """Return the lines of the table of one database, in Markdown."""
    rows = measured["rows"]
    sizes = [f"{one['matters']:,}" for one in measured["sizes"]]
    head = ["asked for", "at once", *sizes, "ratio", "limit", "aim", ""]
    lines = [_line(head), _line(["---"] + ["---:"] * (len(head) - 2) + [":---:"])]
    lines += [_line(_cells(row, rows)) for row in rows]
    return [*lines, *_memory_lines(measured, len(sizes))]


def _cells(row: Row, rows: Sequence[Row]) -> Iterable[str]:
    is_limit = row["title"] in {HELLO, INSERT}
    limit = "" if is_limit else _amount(row, limit_of(row, rows))
    return [
        row["title"],
        str(row["concurrency"]),
        *(_figure(row, one) for one in figures(row)),
        f"{ratio(row):.2f}" if is_comparable(row) else f"({ratio(row):.2f})",
        limit,
        _aim(row["target"]),
        _mark(verdict(row, rows)),
    ]


def _figure(row: Row, one: Row) -> str:
    said = f"{one['rate']:.0f}/s" if is_rate(row) else f"{one['median_ms']:.1f} / {one['p95_ms']:.1f} ms"
    wrong = sum(one["wrong"].values())
    return f"{said} ({wrong} wrong)" if wrong else said


def _amount(row: Row, value: float) -> str:
    return f"{value:.0f}/s" if is_rate(row) else f"{value:.1f} ms"


def _aim(target: Row) -> str:
    said = []
    if target["p95_ms"] is not None:
        said.append(f"p95 ≤ {target['p95_ms']:g} ms")
    if target["rate"] is not None:
        said.append(f"≥ {target['rate']:g}/s")
    if target["share_of_insert"] is not None:
        said.append("≥ ⅓ of the limit")
    return ", ".join(said)


def _mark(held: bool | None) -> str:
    return {True: "✓", False: "✗", None: ""}[held]


def _memory_lines(measured: Row, sizes: int) -> list[str]:
    told = [f"{one['pss_kb'] / 1024:.0f} MB" for one in measured["memory"].values()]
    last = list(measured["memory"].values())[-1]
    held = last["pss_kb"] / 1024 <= MEMORY_MB
    cells = [f"memory of all {last['processes']} processes (PSS)", "", *told]
    return [_line([*cells, "", "", f"≤ {MEMORY_MB} MB", _mark(held)])]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(0xFF5C)) for cell in cells)} |"


def head(measured: Row) -> list[str]:
    """Return what the figures of one database depend on, as lines of text."""
    machine = measured["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    sizes = "; ".join(
        f"{one['matters']:,} matters with {one['steps']:,} steps in {one['bytes'] / 1e6:,.0f} MB"
        for one in measured["sizes"]
    )
    plan = measured["plan"]
    return [
        f"{measured['database']}, measured {measured['at']}: {sizes}.",
        "",
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}, {packages}. Load average before {machine['load_before'][0]:.1f}, "
        f"after {machine['load_after'][0]:.1f}. {plan['rounds']} rounds of at most {plan['calls']} calls a "
        f"connection or {plan['seconds']:g} seconds.",
    ]


INTRODUCTION = """# How fast it is

`make bench` measures the real server (granian, 2 workers × 4 threads, and the worker) over loopback HTTP; the load
generator runs on the same cores. Matters are invented, consistent for the audit, and spread over the real villages.
Each scenario is measured on all sizes close together in time, in several rounds.

One at a time: median / 95th percentile of a call. Eight at once: calls per second, the middle one of the rounds.
The ratio says how much longer a call takes at the largest size than at the smallest, and should stay under 1.2; it
stands in brackets where the answer at the smaller size was shorter, such as a list that does not fill its page. The
limit is what a bare Django view does in the same run on the same server: say hello, or, for creates, insert as many
rows in one transaction.
"""


def summary(all_measured: Sequence[Row]) -> str:
    """Return the whole page `docs/bench.md`."""
    parts = [INTRODUCTION]
    for measured in all_measured:
        parts += [f"## {measured['database'].split()[0]}", "", *head(measured), "", *table(measured), ""]
    return "\n".join(parts)


def wrong(measured: Row) -> list[str]:
    """Return what went wrong, a line for each kind of wrong answer."""
    return [
        f"{row['title']}: {count} × {said}"
        for row in measured["rows"]
        for one in figures(row)
        for said, count in one["wrong"].items()
    ]
