"""`qizhi doctor`: what an administrator should know before the county does."""

import argparse
import stat
import sys
from collections.abc import Iterator

NAME = "doctor"
HELP = "体检：模式包、日历、密钥、国密算法、后台进程、无人负责的事项"
NOVEMBER = 11


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: the doctor looks at everything."""


def run(_options: argparse.Namespace) -> int:
    """Print one line for each finding; end with 1 when something is broken, warnings alone end with 0."""
    findings = list(examine())
    for is_broken, text in findings:
        sys.stdout.write(f"{'✗' if is_broken else '!'} {text}\n")
    if not findings:
        sys.stdout.write("✓ 一切正常。\n")
    return 1 if any(is_broken for is_broken, _ in findings) else 0


def examine() -> Iterator[tuple[bool, str]]:
    """Yield every finding as (is it broken, what to do)."""
    yield from _secrets()
    yield from _ciphers()
    missing = list(_tables())
    yield from missing
    if not missing:
        yield from _mode_and_calendar()
        yield from _worker()
        yield from _orphans()


def _tables() -> Iterator[tuple[bool, str]]:
    """Find out whether the tables are there; nothing else can be asked without them."""
    from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        yield True, "连不上数据库。请检查 QIZHI_DATABASE_URL 和数据库服务。"
        return
    if is_behind:
        yield True, "数据库还没有建好，或者比程序旧。请运行一次 qizhi up，它会自动补齐。"


def _mode_and_calendar() -> Iterator[tuple[bool, str]]:
    from datetime import date

    from django.utils import timezone

    from qizhi.kernel.modes.errors import NoMode
    from qizhi.kernel.modes.store import calendar_at, current_number

    try:
        calendar = calendar_at(current_number())
    except NoMode as error:
        yield True, str(error.message)
        return
    today = timezone.localdate()
    if calendar.is_provisional(today):
        yield (
            True,
            f"{today.year}年的放假调休安排没有录入，时限暂按周末推算。请补充模式包的 calendar.csv 并重新启用。",
        )
    if today.month >= NOVEMBER and calendar.is_provisional(date(today.year + 1, 1, 1)):
        yield (
            False,
            f"{today.year + 1}年的放假调休安排还没有录入。国务院公布后请补充 calendar.csv 并重新启用。",
        )


def _secrets() -> Iterator[tuple[bool, str]]:
    from django.conf import settings

    for path in settings.QIZHI.secrets_dir.iterdir():
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield True, f"密钥文件 {path.name} 别人也能读，请改为 0600。"


def _ciphers() -> Iterator[tuple[bool, str]]:
    from qizhi.kernel.kit.sealing import cipher_works

    for name in ("aes-256-gcm", "sm4-gcm"):
        if not cipher_works(name):
            yield name == "aes-256-gcm", f"本机的 OpenSSL 不支持 {name}。"


def _worker() -> Iterator[tuple[bool, str]]:
    from datetime import timedelta

    from django.utils import timezone

    from qizhi.kernel.loop.models import Step

    if Step.objects.filter(sealed_no=None, at__lt=timezone.now() - timedelta(minutes=5)).exists():
        yield (
            True,
            "有步骤五分钟以上没有编流水：后台进程没有运行。请用 qizhi up 启动，或单独运行 qizhi worker。",
        )


def _orphans() -> Iterator[tuple[bool, str]]:
    from django.db.models import Exists, OuterRef, Q
    from django.utils import timezone

    from qizhi.kernel.loop.models import Matter
    from qizhi.kernel.units.models import Post

    today = timezone.localdate()
    live = Post.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today), since_on__lte=today, unit=OuterRef("holder")
    )
    rows = Matter.objects.filter(is_open=True, holder__isnull=False).filter(
        ~Exists(live.filter(user__is_active=True))
    )
    for number, unit in rows.values_list("number", "holder__short_name")[:50]:
        yield True, f"{number} 在“{unit}”，该单位没有在岗人员，请补岗位或改派。"
