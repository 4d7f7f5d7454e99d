"""The entry of the `qizhi` command."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .commands import COMMANDS

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_settings import SettingsError


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
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from qizhi.kernel.kit.errors import QizhiError

    try:
        return _run(options)
    except QizhiError as error:
        sys.stderr.write(f"{error.message}\n")
        for field, said in error.fields.items():
            sys.stderr.write(f"  {field}：{'；'.join(str(one) for one in said)}\n")
        return 1
    except (ValidationError, SettingsError) as error:
        sys.stderr.write("环境变量设置有误，没有启动。请改正后再运行：\n")
        for line in _settings_wrong(error):
            sys.stderr.write(f"  {line}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("已停止。\n")
        return 130


def _run(options: argparse.Namespace) -> int:
    if options.starts_django:
        import django

        django.setup()
    return int(options.run(options) or 0)


def _settings_wrong(error: "ValidationError | SettingsError") -> Iterator[str]:
    """Yield a line for every environment variable that cannot be used, without its value: it may be a secret."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        yield str(error)
        return
    for one in error.errors(include_input=False, include_url=False):
        name = str(one["loc"][0]) if one["loc"] else error.title
        yield f"{name if name.isupper() else f'QIZHI_{name.upper()}'}：{one['msg']}"
