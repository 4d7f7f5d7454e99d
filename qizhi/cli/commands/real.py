"""`qizhi real FOLDER`: an instance on real messages, moved along by the real engine at different speeds.

The messages lie outside the repository and are for evaluation only: they are never printed, logged or copied into
anything but the instance's own database.
"""

import argparse
import csv
import gzip
import hashlib
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

NAME = "real"
HELP = "用真实留言跑一个实例（留言在仓库之外，只用于评测）"
FILE = "messages-dev.csv.gz"
DAYS = 300
SEED = 5579
# the labels of the messages and our own first-level categories
CATEGORIES = {
    "城乡建设": "housing_construction",
    "劳动和社会保障": "labour_security",
    "教育文体": "education_culture_sports",
    "商贸旅游": "commerce_tourism",
    "环境保护": "environment",
    "卫生计生": "health",
    "交通运输": "transport",
}
# how often each story is told: most are done, the rest stand at every step of the way
STORIES = {
    "archived": 55, "in_progress": 8, "replied": 4, "revisited": 4, "dispatched": 4, "triaged": 3, "new": 3,
    "concluded": 3, "reopened": 3, "joint": 3, "extended": 2, "suspended": 2, "objected": 2, "supervised": 1,
    "withdrawn": 1, "not_accepted": 1, "escalated": 1,
}  # fmt: skip
CHANNELS = {"web": 6, "phone": 5, "window": 3, "leader_board": 2, "letter": 1}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the messages are and how many of them to take."""
    parser.add_argument("folder", help=f"放 {FILE} 的文件夹")
    parser.add_argument("--most", type=int, default=0, help="最多取多少条（默认全部）")


def run(options: argparse.Namespace) -> int:
    """Load the messages into this instance, once."""
    return real_once(Path(options.folder), most=options.most)


def real_once(folder: Path, *, most: int = 0) -> int:
    """Make the accounts, and a matter of each message that is not there yet; return an exit code."""
    from django.conf import settings
    from django.utils import timezone

    from qizhi.cli.progress import Progress
    from qizhi.cli.replay import replay
    from qizhi.kernel.accounts.demo import demo_accounts
    from qizhi.kernel.loop.models import Matter

    from .demo import catch_up, demo_password

    file = folder / FILE
    if not file.exists():
        sys.stderr.write(f"没有找到 {file}。真实留言不在仓库里，请指明所在文件夹。\n")
        return 1
    demo_accounts(demo_password(settings.QIZHI.secrets_dir), timezone.localdate() - timedelta(days=400))
    known = set(Matter.objects.exclude(source_key="").values_list("source_key", flat=True))
    messages = [one for one in read_messages(file, most) if source_key(one) not in known]
    if not messages:
        return 0
    with Progress("办理真实留言", len(messages)) as progress:
        steps = replay(scripts(messages, timezone.now()), told=progress.step)
    catch_up()
    sys.stdout.write(f"真实留言 {len(messages)} 件，{steps} 步。\n")
    return 0


def read_messages(file: Path, most: int = 0) -> Iterator[dict[str, str]]:
    """Yield the messages of the file, at most `most` of them (0: all)."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle)):
            if most and number >= most:
                return
            yield row


def scripts(messages: list[dict[str, str]], now: datetime) -> Iterator[Any]:
    """Yield one script for each message: a village by the hash of its key, a time, a channel and a story by chance."""
    from qizhi.cli.replay import Script
    from qizhi.cli.stories import Teller, Voices
    from qizhi.kernel.regions.queries import gazetteer

    from .demo import FOLDER

    chance = random.Random(SEED)  # noqa: S311 - the same spread each time
    voices = Voices(FOLDER / "voices.csv", chance)
    villages = [place.code for place in gazetteer().places if len(place.code) == 12]
    for message in messages:
        story = chance.choices(list(STORIES), list(STORIES.values()))[0]
        yield Script(
            kind="request",
            opened_at=now - timedelta(days=chance.uniform(0, DAYS), hours=1),
            channel=chance.choices(list(CHANNELS), list(CHANNELS.values()))[0],
            inputs=inputs_of(message, villages),
            moves=Teller(voices, chance).moves(story),
            source_key=source_key(message),
        )


def source_key(message: dict[str, str]) -> str:
    """Return the key under which a message is known, so that a second run goes on where the first was stopped."""
    return f"real:{message['id']}"


def inputs_of(message: dict[str, str], villages: list[str]) -> dict[str, Any]:
    """Return the opening inputs of a message; its place is chosen by the hash of its key, always the same."""
    place = int(hashlib.sha256(message["id"].encode()).hexdigest(), 16) % len(villages)
    return {
        "title": message["title"][:120],
        "text": message["body"],
        "category": CATEGORIES[message["label"]],
        "region": villages[place],
    }
