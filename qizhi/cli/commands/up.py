"""`qizhi up`: everything in one process tree, with one command."""

import argparse
import hashlib
import os
import sys
from pathlib import Path

from qizhi.cli.stamp import Stamp
from qizhi.cli.tree import Tree
from qizhi.config.env import Env

NAME = "up"
STARTS_DJANGO = False
HELP = "启动：准备数据库和模式包，运行网页服务与后台进程"
ROOT = Path(__file__).resolve().parents[3]
PACK = str(ROOT / "modes" / "qishan-12521")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which pack, and whether to show the demonstration."""
    parser.add_argument("--pack", default=PACK, help="模式包文件夹（默认 modes/qishan-12521）")
    parser.add_argument("--real", default="", metavar="文件夹", help="第一次启动时装入真实留言（只用于评测）")
    parser.add_argument("--demo", action="store_true", help="第一次启动时装入演示数据和演示账号")


def run(options: argparse.Namespace) -> int:
    """Prepare, start web and worker, and stay until told to stop; both end together.

    What was prepared before and has not changed since is not prepared again: Django is not even loaded here then.
    """
    is_demo = bool(options.demo or options.real)
    if is_demo:
        os.environ["QIZHI_DEMO"] = "1"
    env = Env()
    env.data_dir = env.data_dir.absolute()
    tree = Tree(env)
    if not tree.port_is_free():
        sys.stderr.write(f"端口 {env.port} 已被占用，没有启动。换一个端口：PORT=8080 qizhi up\n")
        return 1
    stamp = Stamp(env, ROOT, [options.pack, options.real, str(options.demo)])
    if not stamp.holds():
        import django

        django.setup()
        prepare(Path(options.pack))
        failed = _load(options)
        if failed:
            return failed
        stamp.write()
    return tree.run(demo=is_demo)


def _load(options: argparse.Namespace) -> int:
    """Load what is to be shown the first time; return an exit code."""
    from .demo import demo_once
    from .real import real_once

    if options.demo:
        demo_once()
    return real_once(Path(options.real)) if options.real else 0


def prepare(pack: Path) -> None:
    """Migrate, collect static files when they changed, and apply the pack when it changed."""
    from django.core.management import call_command

    from qizhi.kernel.modes.commands import apply_folder

    call_command("migrate", verbosity=0, interactive=False)
    _collect_static()
    apply_folder(pack, sys.stdout)


def _collect_static() -> None:
    """Collect static files, unless the same ones were collected before: it takes seconds."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    total = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            total.update(f"{path}:{storage.size(path)}:{storage.get_modified_time(path)}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.exists() and stamp.read_text() == total.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(total.hexdigest())
