"""What `qizhi bench` does: measure, print, keep."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from . import report
from .running import FULL, QUICK, has_postgresql, measure
from .serving import ROOT

OUT = ROOT / "bench" / "out"
SUMMARY = ROOT / "docs" / "bench.md"


def bench(
    databases: Sequence[str], sizes: tuple[int, ...] = (), *, is_quick: bool = False, only: str = ""
) -> int:
    """Measure on each of `databases` and print the tables; return 1 when some call got a wrong answer.

    Arguments:
        sizes: numbers of matters, from small to large; those of the plan when empty.
        only: measure only scenarios whose title holds this.
    """
    plan = QUICK if is_quick else FULL
    if sizes:
        plan = replace(plan, sizes=tuple(sorted(sizes)))
    found: list[dict[str, Any]] = []
    for database in databases:
        if database == "postgresql" and not has_postgresql():
            sys.stdout.write("没有 PostgreSQL 服务器，跳过。Debian 上可以安装：apt install postgresql\n")
            continue
        found.append(measure(database, plan, only))
        _keep(database, found[-1])
        sys.stdout.write("\n".join(["", *report.head(found[-1]), "", *report.table(found[-1]), ""]))
        sys.stdout.flush()
    if plan == FULL and not only and len(found) == len(databases) > 1:
        SUMMARY.write_text(report.summary(found), encoding="utf-8")
        sys.stdout.write(f"\n已写入 {SUMMARY.relative_to(ROOT)}\n")
    mistakes = [line for measured in found for line in report.wrong(measured)]
    sys.stdout.write("".join(f"答错 {line}\n" for line in mistakes))
    return 1 if mistakes else 0


def _keep(database: str, measured: dict[str, Any]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{timezone.localdate().isoformat()}-{database}.json"
    path.write_text(json.dumps(measured, ensure_ascii=False, indent=1), encoding="utf-8")
