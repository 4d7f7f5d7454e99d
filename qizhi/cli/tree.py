"""The process tree of `qizhi up`: the web server and the background process, started and ended together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from qizhi.config.env import Env

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


class Tree:
    """The process tree: the web server and the worker. When one ends, the other is ended too."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.is_stopping = False
        self.children: list[subprocess.Popen[bytes]] = []

    def run(self, *, demo: bool) -> int:
        """Start both, tell where to go, and wait."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        # one line for each request would bury the addresses on a terminal; QIZHI_LOG_LEVEL=INFO brings them
        quiet = {"QIZHI_LOG_LEVEL": os.environ.get("QIZHI_LOG_LEVEL", "WARNING")}
        environment = {**os.environ, **quiet, "QIZHI_DATA": str(self.env.data_dir)}
        self.children = [subprocess.Popen(self.web(), env=environment)]
        try:
            # the worker comes second: on two cores its start would only delay the first page
            is_ready = self._wait_until_ready()
            self.children.append(subprocess.Popen(self.worker(), env=environment))
            if is_ready:
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
            from .commands.demo import demo_password

            out.write(DEMO_ACCOUNTS.format(password=demo_password(self.env.secrets_dir)))
        out.write("\n按 Ctrl+C 停止。\n")
        out.flush()
