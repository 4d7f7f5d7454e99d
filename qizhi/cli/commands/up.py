"""`qizhi up`: everything in one process tree, with one command."""

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

NAME = "up"
HELP = "启动：准备数据库和模式包，运行网页服务与后台进程"
ROOT = Path(__file__).resolve().parents[3]
PACK = str(ROOT / "modes" / "qishan-12521")
START_SECONDS = 60.0
STOP_SECONDS = 15.0
DEMO_ACCOUNTS = """
演示账号（密码都是 {password}，只用于演示数据库）
  凤鸣镇  clerk@610323100 窗口登记员    dispatcher@610323100 分流员
          handler@610323100 承办人      revisit@610323100 回访员
  县级    clerk@610323  dispatcher@610323  handler.zhujian@610323 县住建局承办人
          supervisor@610323 督办员  leader@610323 县领导  analyst@610323  auditor@610323  admin@610323
  各镇同名，把 610323100 换成镇代码即可。
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which pack, and whether to show the demonstration."""
    parser.add_argument("--pack", default=PACK, help="模式包文件夹（默认 modes/qishan-12521）")
    parser.add_argument("--real", default="", metavar="文件夹", help="第一次启动时装入真实留言（只用于评测）")
    parser.add_argument("--demo", action="store_true", help="第一次启动时装入演示数据和演示账号")


def run(options: argparse.Namespace) -> int:
    """Prepare, start web and worker, and stay until told to stop; both end together."""
    if options.demo or options.real:
        os.environ["QIZHI_DEMO"] = "1"
    tree = Tree()
    if not tree.port_is_free():
        sys.stderr.write(f"端口 {tree.env.port} 已被占用，没有启动。换一个端口：PORT=8080 qizhi up\n")
        return 1
    prepare(Path(options.pack))
    if options.demo:
        from .demo import demo_once

        demo_once()
    if options.real:
        from .real import real_once

        if real_once(Path(options.real)):
            return 1
    return tree.run(demo=options.demo or bool(options.real))


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


class Tree:
    """The process tree: the web server and the worker. When one ends, the other is ended too."""

    def __init__(self) -> None:
        from django.conf import settings

        self.env = settings.QIZHI
        self.is_stopping = False
        self.children: list[subprocess.Popen[bytes]] = []

    def run(self, *, demo: bool) -> int:
        """Start both, tell where to go, and wait."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        # one line for each request would bury the addresses on a terminal; QIZHI_LOG_LEVEL=INFO brings them
        quiet = {"QIZHI_LOG_LEVEL": os.environ.get("QIZHI_LOG_LEVEL", "WARNING")}
        environment = {**os.environ, **quiet, "QIZHI_DATA": str(self.env.data_dir)}
        self.children = [
            subprocess.Popen(command, env=environment) for command in (self.web(), self.worker())
        ]
        try:
            if self._wait_until_ready():
                self._tell(demo=demo)
            return self._watch()
        finally:
            self._end()

    def port_is_free(self) -> bool:
        """Tell whether nobody listens on the port; the web server itself would share it without a word."""
        family = socket.AF_INET6 if ":" in self.env.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.env.host, self.env.port))
            except OSError:
                return False
        return True

    def web(self) -> list[str]:
        """Return the command of the web server.

        **Source:** `stack.md` §3: WSGI, always with blocking threads, so that connections are bounded.
        """
        env = self.env
        return [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", env.host, "--port", str(env.port),
            "--workers", str(env.web_workers), "--blocking-threads", str(env.web_threads), "--backlog", "512",
            "--no-ws", "--log-level", "warning", "--workers-kill-timeout", "10",
            "qizhi.config.wsgi:application",
        ]  # fmt: skip

    def worker(self) -> list[str]:
        """Return the command of the background process."""
        return [sys.executable, "-m", "qizhi.cli", "worker"]

    @property
    def address(self) -> str:
        """Where the program answers."""
        return f"http://{self.env.host}:{self.env.port}"

    def _wait_until_ready(self) -> bool:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and not self.is_stopping and self._all_live():
            try:
                with urllib.request.urlopen(f"{self.address}/api/v1/health", timeout=5) as answer:  # noqa: S310
                    return bool(answer.status == 200)
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        return False

    def _all_live(self) -> bool:
        return all(child.poll() is None for child in self.children)

    def _watch(self) -> int:
        while not self.is_stopping and self._all_live():
            time.sleep(0.2)
        failed = [child.returncode for child in self.children if child.poll() not in (None, 0)]
        if failed and not self.is_stopping:
            sys.stderr.write(
                f"有进程意外退出（{failed[0]}）。端口 {self.env.port} 是否被占用？数据是安全的，可以重新启动。\n"
            )
            return 1
        return 0

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _end(self) -> None:
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in self.children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _tell(self, *, demo: bool) -> None:
        out = sys.stdout
        out.write(f"\n齐治已启动\n  群众端  {self.address}/\n  工作台  {self.address}/desk/\n")
        out.write(f"  接口    {self.address}/api/v1/docs\n")
        if demo:
            from .demo import demo_password

            out.write(DEMO_ACCOUNTS.format(password=demo_password()))
        out.write("\n按 Ctrl+C 停止。\n")
        out.flush()
