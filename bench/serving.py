"""The measured server: the process tree of `qizhi up` on a data folder of its own, and what it costs."""

import os
import subprocess
import time
from pathlib import Path

from django.conf import settings

from qizhi.cli.tree import Tree

from .load import Call, Connection

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
READY_SECONDS = 90.0
STOP_SECONDS = 20.0
SETTLE_SECONDS = 30.0
# a tree that uses less of a core than this, over a third of a second, has nothing left to do
IDLE_SHARE = 0.06
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """Web server and worker on one database; use it as a context."""

    def __init__(self, data: Path, environment: dict[str, str], port: int) -> None:
        self.port = port
        self.environment = environment
        own = {"port": port, "host": "127.0.0.1", "web_workers": WORKERS, "web_threads": THREADS}
        tree = Tree(settings.QIZHI.model_copy(update=own))
        web = [part.replace("qizhi.config.wsgi", "bench.wsgi") for part in tree.web()]
        self._commands = (web, tree.worker())
        self._log = data / "server.log"
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Server":
        with self._log.open("ab") as log:
            self._children = [
                subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
                for command in self._commands
            ]
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End both, and wait for them."""
        for child in self._children:
            child.terminate()
        for child in self._children:
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _wait(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if any(child.poll() is not None for child in self._children):
                break
            try:
                if Connection(self.port).ask(Call("GET", "/api/v1/health")).status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.log_end()}")

    def log_end(self) -> str:
        """Return the last lines that the server wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def settle(self) -> None:
        """Wait until the tree has nothing left to do, so that one measurement does not burden the next."""
        until = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < until:
            before, begun = self._ticks(), time.monotonic()
            time.sleep(0.35)
            if (self._ticks() - before) / TICKS < IDLE_SHARE * (time.monotonic() - begun):
                return

    def memory_kb(self) -> tuple[int, int]:
        """Return what the tree holds in memory: the proportional share (PSS) and the resident size, in KiB."""
        pss = rss = 0
        for process in self.processes():
            rolled = Path(f"/proc/{process}/smaps_rollup")
            lines = dict(line.split(":", 1) for line in rolled.read_text().splitlines()[1:])
            pss += int(lines["Pss"].split()[0])
            rss += int(lines["Rss"].split()[0])
        return pss, rss

    def processes(self) -> list[int]:
        """Return the ids of all processes of the tree."""
        parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
        found = [child.pid for child in self._children]
        for process in found:
            found += [other for other, parent in parents.items() if parent == process]
        return found

    def _ticks(self) -> int:
        return sum(_spent(process) for process in self.processes())


def _stat(process: Path) -> list[str]:
    """Return the fields of a process after its name; none when it has ended meanwhile."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(process: Path) -> int:
    fields = _stat(process)
    return int(fields[1]) if fields else 0


def _spent(process: int) -> int:
    fields = _stat(Path(f"/proc/{process}"))
    return int(fields[11]) + int(fields[12]) if fields else 0


def environment(data: Path, url: str, port: int) -> dict[str, str]:
    """Return the environment of a server on `data` and, when `url` is not empty, on that PostgreSQL.

    It stands behind a proxy, so that public calls may come from many addresses; it says that it is a demo, so that
    demo accounts need no second factor.
    """
    own = {
        name: value for name, value in os.environ.items() if not name.startswith("QIZHI_") and name != "PORT"
    }
    return {
        **own,
        "QIZHI_DATA": str(data),
        "QIZHI_DATABASE_URL": url,
        "QIZHI_BEHIND_PROXY": "1",
        "QIZHI_DEMO": "1",
        "QIZHI_LOG_LEVEL": "WARNING",
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
