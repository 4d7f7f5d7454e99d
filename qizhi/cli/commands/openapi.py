"""`qizhi openapi`: the OpenAPI document, made from the code."""

import argparse
import sys
from pathlib import Path

NAME = "openapi"
HELP = "由程序生成接口说明 docs/openapi.json（--check 只比较）"
FILE = Path("docs/openapi.json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the document lies, and whether it is only to be compared."""
    parser.add_argument("file", nargs="?", type=Path, default=FILE, help=f"写到哪里（默认 {FILE}）")
    parser.add_argument("--check", action="store_true", help="不写文件，只看是否与程序一致")


def run(options: argparse.Namespace) -> int:
    """Write the document, or say whether the one that is there is the code's own."""
    from qizhi.faces.api.openapi import text

    made: str = text()
    if not options.check:
        options.file.write_text(made, encoding="utf-8")
        sys.stdout.write(f"已写入 {options.file}\n")
        return 0
    if options.file.is_file() and options.file.read_text(encoding="utf-8") == made:
        sys.stdout.write(f"{options.file} 与程序一致。\n")
        return 0
    sys.stderr.write(f"{options.file} 与程序不一致，请运行 make openapi 后一并提交。\n")
    return 1
