"""`qizhi erase`: erase what is held about the person who brought a matter."""

import argparse
import sys

NAME = "erase"
HELP = "删除办结事项中群众的姓名、电话、证件号和正文原文（事项和办理过程保留）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which matter, and why."""
    parser.add_argument("number", help="事项编号，例如 SQ-2026-000123")
    parser.add_argument("--reason", required=True, help="事由，记入访问记录，例如 本人要求删除")


def run(options: argparse.Namespace) -> int:
    """Erase, and say what was erased; there is no way back but a backup."""
    from qizhi.kernel.loop.erasing import reporter_erase

    number = options.number.strip().upper()
    emptied = reporter_erase(number=number, reason=options.reason)
    sys.stdout.write(
        f"{number} 的个人信息已删除，另删除未遮盖的原文 {emptied} 段；事项和办理过程仍可查验。\n"
    )
    return 0
