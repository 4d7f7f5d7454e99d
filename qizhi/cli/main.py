"""The entry of the `qizhi` command."""

import argparse
import os
import sys
from collections.abc import Sequence

from .commands import COMMANDS


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command, every verb with its own help."""
    top = argparse.ArgumentParser(prog="qizhi", description="齐治：县域社会治理平台")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="命令")
    for command in COMMANDS:
        sub = verbs.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.arguments(sub)
        sub.set_defaults(run=command.run, starts_django=getattr(command, "STARTS_DJANGO", True))
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. An error of ours is told in one sentence, without a trace."""
    options = parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qizhi.config.settings")
    if options.starts_django:
        import django

        django.setup()
    from qizhi.kernel.kit.errors import QizhiError

    try:
        return int(options.run(options) or 0)
    except QizhiError as error:
        sys.stderr.write(f"{error.message}\n")
        for field, said in error.fields.items():
            sys.stderr.write(f"  {field}：{'；'.join(str(one) for one in said)}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("已停止。\n")
        return 130
