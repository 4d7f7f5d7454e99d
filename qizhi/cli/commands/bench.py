"""`qizhi bench`: how fast it is here."""

import argparse
import importlib
import sys
from pathlib import Path

NAME = "bench"
HELP = "测速：在两种数据库上各造数据、起服务、量一遍，打印对照表"
DATABASES = ("sqlite", "postgresql")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare sizes, databases and how thorough to be."""
    parser.add_argument(
        "--sizes", default="", help="事项数，逗号分隔（默认 1000,100000；--quick 为 1000,20000）"
    )
    parser.add_argument("--databases", default=",".join(DATABASES), help="sqlite,postgresql 或其中之一")
    parser.add_argument("--quick", action="store_true", help="快量一遍，不超过四分钟，不改 docs/bench.md")
    parser.add_argument("--only", default="", help="只量名称里有这几个字的项目")


def run(options: argparse.Namespace) -> int:
    """Measure and print; the figures also go to `bench/out/`, those of a full run to `docs/bench.md`."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "bench").is_dir():
        sys.stderr.write("测速用的程序只在源码目录里有。请在克隆下来的目录中运行：make bench\n")
        return 1
    sys.path.insert(0, str(root))
    command = importlib.import_module("bench.command")
    databases = [name for name in options.databases.split(",") if name]
    if set(databases) - set(DATABASES):
        sys.stderr.write("--databases 只认 sqlite 和 postgresql。\n")
        return 1
    sizes = tuple(int(size) for size in options.sizes.split(",") if size)
    return int(command.bench(databases, sizes, is_quick=options.quick, only=options.only))
