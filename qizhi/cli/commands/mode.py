"""`qizhi mode check|try|plan|apply|chart`: the mode pack."""

import argparse
import sys
from pathlib import Path

NAME = "mode"
HELP = "工作模式包：检查、试算、比较、启用、画流程图"
DEFAULT_PACK = str(Path(__file__).resolve().parents[3] / "modes" / "qishan-12521")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what to do and with which pack."""
    parser.add_argument("what", choices=["check", "try", "plan", "apply", "chart"])
    parser.add_argument(
        "pack", nargs="?", default=DEFAULT_PACK, help="模式包文件夹（默认 modes/qishan-12521）"
    )
    parser.add_argument("--all", action="store_true", help="check：逐条列出提醒")
    parser.add_argument("--out", default="docs/flows", help="chart：流程图写到哪个文件夹")


def run(options: argparse.Namespace) -> int:
    """Hand over to the room of modes."""
    from qizhi.kernel.modes import commands

    folder = Path(options.pack)
    match options.what:
        case "check":
            return commands.cmd_check(folder, sys.stdout, all_warnings=options.all)
        case "try":
            return commands.cmd_try(folder, sys.stdout)
        case "plan":
            return commands.cmd_plan(folder, sys.stdout)
        case "apply":
            return commands.cmd_apply(folder, sys.stdout)
        case _:
            return commands.cmd_chart(folder, Path(options.out), sys.stdout, languages=("zh", "en"))
