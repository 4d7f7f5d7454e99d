"""`qizhi import KIND FILE`: rows of a CSV or Excel file become matters, once."""

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

NAME = "import"
HELP = "从 CSV 或 Excel 导入事项（可先试运行；重复运行不会重复导入）"
FIELDS = (
    "title",
    "text",
    "category",
    "region",
    "address",
    "lon",
    "lat",
    "urgency",
    "name",
    "phone",
    "identity",
)
EXTRA = ("id", "opened_at", "code_system")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare kind, file, mapping and the dry run."""
    parser.add_argument("kind", help="事项种类，例如 request")
    parser.add_argument("file", help="CSV 或 XLSX 文件，第一行是列名")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="字段=列名",
        help=f"列名对应，可多次给出；字段：{'、'.join((*EXTRA, *FIELDS))}。列名相同的不用写",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="字段=值",
        help="给全部行同一个值，例如 region=610323100",
    )
    parser.add_argument("--source", default="", help="来源名，和行的 id 一起防止重复；默认用文件名")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不导入")
    parser.add_argument("--errors", default="", help="错误行写到哪个文件（默认 原文件名.errors.csv）")


@dataclass
class Report:
    """How an import went; `keys` are those of the rows met so far, so that a dry run counts a double once, too."""

    made: int = 0
    known: int = 0
    wrong: list[tuple[int, str, str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


def run(options: argparse.Namespace) -> int:
    """Import the file; rows that cannot be taken are written to an error file with their sentence."""
    from qizhi.cli.progress import Progress
    from qizhi.kernel.kit.sheets import read_rows

    file = Path(options.file)
    if not file.exists():
        sys.stderr.write(f"没有找到文件 {file}。\n")
        return 1
    pairs, fixed = _pairs(options.map), _pairs(options.set)
    rows = list(read_rows(file, {}))
    with Progress("检查" if options.dry_run else "导入", len(rows)) as progress:
        report = import_rows(
            rows,
            kind=options.kind,
            mapping=pairs,
            fixed=fixed,
            source=options.source or file.name,
            dry_run=options.dry_run,
            told=progress.step,
        )
    _tell(report, options, file)
    return 1 if report.wrong else 0


def _pairs(given: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in {*FIELDS, *EXTRA}:
            raise SystemExit(f"看不懂“{one}”：写成 字段=列名，字段是 {'、'.join((*EXTRA, *FIELDS))} 之一。")
        found[name] = value
    return found


def import_rows(
    rows: Sequence[Mapping[str, str]],
    *,
    kind: str,
    mapping: dict[str, str],
    fixed: dict[str, str],
    source: str,
    dry_run: bool = False,
    told: Callable[[], None] = lambda: None,
) -> Report:
    """Open one matter for each row that was not imported before; return how it went.

    Arguments:
        mapping: our field → the file's column; a column with a field's own name needs no entry.
        source: together with the row's ``id`` (or its whole content) it makes the key that prevents doubles.
        dry_run: check every row in a transaction that is rolled back.
    """
    report = Report()
    for place, row in enumerate(rows, start=2):
        said = _mapped(row, mapping)
        if any(said.values()):
            # the number that a spreadsheet shows, also when rows before it are empty
            line = getattr(row, "number", 0) or place
            _import_one(report, line, {**said, **fixed}, kind=kind, source=source, dry_run=dry_run)
        told()
    return report


def _import_one(
    report: Report, line: int, values: dict[str, str], *, kind: str, source: str, dry_run: bool
) -> None:
    from django.db import transaction

    from qizhi.kernel.accounts.scope import SYSTEM
    from qizhi.kernel.kit.errors import QizhiError
    from qizhi.kernel.loop.actions import matter_open
    from qizhi.kernel.loop.errors import AlreadyOpened
    from qizhi.kernel.loop.models import Matter

    key = source_key(source, values)
    if key in report.keys or Matter.objects.filter(source_key=key).exists():
        report.known += 1
        return
    try:
        with transaction.atomic():
            matter_open(
                kind=kind,
                actor=SYSTEM,
                inputs=inputs_of(values),
                channel="import",
                at=_when(values),
                source_key=key,
            )
            if dry_run:
                transaction.set_rollback(True)
        report.made += 1
        report.keys.add(key)
    except AlreadyOpened:
        report.known += 1
    except QizhiError as error:
        said = [f"{name}：{'；'.join(map(str, texts))}" for name, texts in error.fields.items()] or [
            str(error.message)
        ]
        report.wrong.append((line, error.code, " ".join(said)))


def source_key(source: str, values: dict[str, str]) -> str:
    """Return the key under which a row is known: a hash, so that nothing personal is kept in it."""
    said = values.get("id") or json.dumps(values, sort_keys=True, ensure_ascii=False)
    return "import:" + hashlib.sha256(f"{source}\n{said}".encode()).hexdigest()[:48]


def _mapped(row: Mapping[str, str], mapping: dict[str, str]) -> dict[str, str]:
    return {name: str(row.get(mapping.get(name, name)) or "").strip() for name in (*FIELDS, *EXTRA)}


def inputs_of(values: dict[str, str]) -> dict[str, Any]:
    """Return the opening inputs of a mapped row; a code from another system is translated first."""
    from qizhi.kernel.regions.queries import region_from_outside

    found: dict[str, Any] = {
        name: values[name]
        for name in ("title", "text", "category", "region", "address", "urgency")
        if values.get(name)
    }
    if values.get("code_system") and values.get("region"):
        found["region"] = region_from_outside(values["region"], values["code_system"]).code
    if values.get("lon") or values.get("lat"):
        found["point"] = {"lon": values.get("lon"), "lat": values.get("lat")}
    person = {name: values[name] for name in ("name", "phone", "identity") if values.get(name)}
    if person:
        found["reporter"] = person
    return found


def _when(values: dict[str, str]) -> datetime | None:
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from qizhi.kernel.kit.errors import Invalid

    text = values.get("opened_at", "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Invalid(fields={"opened_at": [_("时间写成 2026-11-24 09:30 这样。")]}) from None
    aware = moment if moment.tzinfo else timezone.make_aware(moment)
    if aware > timezone.now():
        raise Invalid(fields={"opened_at": [_("登记时间还没有到，请核对年份。")]})
    return aware


def _tell(report: Report, options: argparse.Namespace, file: Path) -> None:
    verb = "可以导入" if options.dry_run else "已导入"
    sys.stdout.write(f"{verb} {report.made} 行，已有 {report.known} 行，有错 {len(report.wrong)} 行。\n")
    if not report.wrong:
        return
    target = Path(options.errors or f"{file}.errors.csv")
    with target.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["行", "错误码", "说明"])
        writer.writerows(report.wrong)
    sys.stdout.write(f"有错的行写在 {target}；改好后重新运行即可，已导入的不会重复。\n")
