"""Places for tests: the real county as the pack lists it, and rows of it in the database."""

import csv
from functools import cache
from pathlib import Path

from qizhi.kernel.regions.models import Region, RegionAlias
from qizhi.kernel.regions.queries import forget

PACK = Path(__file__).resolve().parents[4] / "modes" / "qishan-12521"
COUNTY = "610323"
FENGMING = "610323100"
CAIJIAPO = "610323101"
GUJUN = "610323111"
JINGDANG = "610323112"
YANHE = "610323100211"  # a village of 凤鸣镇


@cache
def county_rows() -> tuple[dict[str, str], ...]:
    """Return the 131 places of the county as the pack's file has them."""
    with (PACK / "regions.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


@cache
def alias_rows() -> tuple[dict[str, str], ...]:
    """Return the other codes and names of the places."""
    with (PACK / "aliases.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def make_county(*, grids: bool = False) -> None:
    """Store the real county, with one grid below each village and community when `grids` is set."""
    rows = [
        Region(code=r["code"], name=r["name"], level=r["level"], parent_code=r["parent_code"])
        for r in county_rows()
    ]
    if grids:
        rows += [
            Region(code=f"{r.code}001", name="第一网格", level="grid", parent_code=r.code)
            for r in rows
            if len(r.code) == 12
        ]
    Region.objects.bulk_create(rows)
    RegionAlias.objects.bulk_create(RegionAlias(**row) for row in alias_rows())
    forget()
