"""`qizhi demo`: demonstration accounts and matters, made by the real engine from invented messages."""

import argparse
import csv
import os
import random
import secrets
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

NAME = "demo"
HELP = "装入演示账号和演示事项（虚构内容）"
FOLDER = Path(__file__).resolve().parents[3] / "modes" / "qishan-12521" / "demo"
SEED = 12521
# why the messages with the story not_accepted are not taken, and whom some complain of
WRONG_DOORS = {
    "q107": "arbitration", "q099": "discipline", "q146": "emergency_call", "q169": "emergency_call",
    "q087": "outside", "q093": "court",
}  # fmt: skip
AGAINST = {"q051": "tg-610323108", "q117": "zhujian", "q126": "gongan", "q191": "shenpi"}
# stories that are still under way are brought near to today, so that their clocks look lived in, not forgotten
RECENT_DAYS = {
    "new": 0.2, "in_progress": 5.0, "suspended": 6.0,
    "extended": 7.0, "joint": 5.0, "concluded": 7.0, "replied": 8.0, "revisited": 9.0, "reopened": 10.0,
    "supervised": 21.0, "overdue": 16.0, "escalated": 6.0, "duplicate": 0.6,
}  # fmt: skip
# what must just have got there, on a Sunday night too: so many office hours ago, at least and at most
OFFICE_HOURS = {"triaged": (4.0, 8.0), "dispatched": (13.0, 18.0), "objected": (18.0, 26.0)}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder of the material."""
    parser.add_argument("--folder", default=str(FOLDER), help="演示材料文件夹")


def run(options: argparse.Namespace) -> int:
    """Load the demonstration once."""
    demo_once(Path(options.folder))
    return 0


def demo_password(secrets_dir: Path) -> str:
    """Return the password of the demonstration accounts: from the environment, else random and kept with the keys."""
    wanted = os.environ.get("QIZHI_DEMO_PASSWORD", "")
    path = secrets_dir / "demo.password"
    if wanted:
        return wanted
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(9))
    return path.read_text().strip()


def demo_once(folder: Path = FOLDER) -> None:
    """Make the accounts, and the matters when there are none yet: all of them or, when it is stopped, none."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from qizhi.cli.progress import Progress
    from qizhi.cli.replay import replay
    from qizhi.kernel.accounts.demo import demo_accounts
    from qizhi.kernel.loop.models import Matter

    demo_accounts(demo_password(settings.QIZHI.secrets_dir), timezone.localdate() - timedelta(days=400))
    if Matter.objects.exists():
        return
    rows = read_material(folder)
    with Progress("装入演示事项", len(rows)) as progress, transaction.atomic():
        steps = replay(scripts(rows, folder, timezone.now()), told=progress.step)
    catch_up()
    sys.stdout.write(f"演示事项 {len(rows)} 件，{steps} 步，均为虚构。\n")


def catch_up() -> None:
    """Give all steps their running numbers, and let every reader follow, so that the first page is whole."""
    from qizhi.kernel.loop.readers import read_all
    from qizhi.kernel.loop.sealer import seal_steps

    while seal_steps():
        pass
    while read_all():
        pass


def read_material(folder: Path) -> list[dict[str, str]]:
    """Return the invented messages."""
    with (folder / "requests.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def scripts(rows: list[dict[str, str]], folder: Path, now: datetime) -> Iterator[Any]:
    """Yield one script for each message, with the moves of its story."""
    from qizhi.cli.replay import Script
    from qizhi.cli.stories import Teller, Voices

    chance = random.Random(SEED)  # noqa: S311 - a demonstration, the same each time
    voices = Voices(folder / "voices.csv", chance)
    made: dict[str, Any] = {}

    def lookup(key: str) -> str | None:
        script = made.get(key)
        return script.matter.number if script and script.matter else None

    for row in rows:
        teller = Teller(
            voices,
            chance,
            key=row["key"],
            wrong_door=WRONG_DOORS.get(row["key"], "court"),
            against=AGAINST.get(row["key"], ""),
        )
        script = Script(
            kind="request",
            opened_at=_opened_at(row, now, chance),
            channel=row["channel"],
            inputs=inputs_of(row),
            moves=teller.moves(row["story"], lookup=lookup),
            source_key=f"demo:{row['key']}",
            key=row["key"],
        )
        made[row["key"]] = script
        yield script


def _opened_at(row: dict[str, str], now: datetime, chance: random.Random) -> datetime:
    """Return when a message came in, never in the future; at the hour that it names, unless it must be recent."""
    from django.utils import timezone

    from qizhi.cli.replay import office_hours_before

    name = row["story"].split(":")[0]
    if name in OFFICE_HOURS:
        return office_hours_before(now, chance.uniform(*OFFICE_HOURS[name]))
    back = RECENT_DAYS[name] * chance.uniform(0.6, 1.0) if name in RECENT_DAYS else float(row["days_ago"]) + 1
    local = timezone.localtime(now - timedelta(days=back))
    wanted = local.replace(hour=int(row["hour"]), minute=chance.randrange(60))
    return wanted if wanted < now else min(local, now)


def inputs_of(row: dict[str, str]) -> dict[str, Any]:
    """Return the opening inputs of a message as a citizen's form would send them."""
    found: dict[str, Any] = {
        name: row[name]
        for name in ("title", "text", "category", "region", "address", "urgency")
        if row.get(name)
    }
    if row.get("lon") and row.get("lat"):
        found["point"] = {"lon": row["lon"], "lat": row["lat"]}
    if row.get("is_anonymous") != "true":
        found["reporter"] = {"name": row.get("reporter_name", ""), "phone": row.get("reporter_phone", "")}
    return found
