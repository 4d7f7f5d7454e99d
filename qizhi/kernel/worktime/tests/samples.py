"""What the tests of this room share: the published calendar, and times written with their weekday."""

import csv
from datetime import date, datetime
from pathlib import Path

from qizhi.kernel.worktime.calendar import SHANGHAI, Calendar
from qizhi.kernel.worktime.pauses import Pause

CALENDAR_FILE = Path(__file__).parents[4] / "modes" / "national" / "calendar.csv"


def rows() -> list[dict[str, str]]:
    with CALENDAR_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CALENDAR = Calendar.parse(rows())


def day(text: str) -> date:
    """Read "2026-10-01 Thu" and check the weekday."""
    written, weekday = text.split()
    found = date.fromisoformat(written)
    assert f"{found:%a}" == weekday, f"{written} is a {found:%a}, not a {weekday}"
    return found


def moment(text: str) -> datetime:
    """Read "2026-10-01 Thu 10:00" (seconds optional), Asia/Shanghai, and check the weekday."""
    written, clock = text.rsplit(" ", 1)
    return datetime.fromisoformat(f"{day(written)}T{clock}").replace(tzinfo=SHANGHAI)


def pause(text: str) -> Pause:
    """Read "2026-03-04 Wed 10:00 > 2026-03-06 Fri 09:00"; "> open" is not yet resumed."""
    begin, end = text.split(" > ")
    return Pause(moment(begin), None if end == "open" else moment(end))
