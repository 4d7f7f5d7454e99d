"""A throw-away PostgreSQL cluster: made in a temporary folder, on loopback only, gone when the work is done.

As a command it runs another one with QIZHI_DATABASE_URL set:

    python3 -m scripts.postgres .venv/bin/pytest -m postgres

`--durable` before the command keeps what a real server does for the safety of its data: for measurements.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from .base import ROOT, stop

NAME = "qizhi"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
}
# What a test wrote need not survive: no waiting for the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, or nothing when there is no server."""
    folders = sorted(Path("/usr/lib/postgresql").glob("[1-9][0-9]/bin"), reverse=True)
    config = shutil.which("pg_config")
    if config:
        told = subprocess.run(
            [config, "--bindir"], capture_output=True, text=True, check=False
        ).stdout.strip()
        folders.append(Path(told))
    # pg_config also comes with the client's development files, which have no server.
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


def servant() -> str | None:
    """Return the user who runs the server: PostgreSQL refuses root, everybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def free_port() -> int:
    """Return a port of loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """One cluster in one folder, with one user and one database of the same name."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self.bin, self.folder, self.user = bin_folder, folder, servant()
        self.password, self.port = secrets.token_hex(16), 0

    @property
    def url(self) -> str:
        """The address for QIZHI_DATABASE_URL."""
        return f"postgresql://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs as the user who may."""
        owner = pwd.getpwnam(self.user) if self.user else None
        return subprocess.run(
            [str(self.bin / program), *arguments],
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "PGPASSWORD": self.password},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )

    def must(self, program: str, *arguments: str) -> None:
        """Run a program and stop with its own words when it fails."""
        done = self.call(program, *arguments)
        if done.returncode:
            log = self.folder / "log"
            more = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.is_file() else ""
            stop(f"PostgreSQL's {program} failed:\n{done.stdout}{more}")

    def start(self, settings: dict[str, str]) -> None:
        """Make the cluster, start it on a free port with these settings and make the database."""
        secret = self.folder / "password"
        secret.write_text(self.password, encoding="utf-8")
        if self.user:
            owner = pwd.getpwnam(self.user)
            for path in (self.folder, secret):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self.must(
            *("initdb", "--pgdata", "data", "--username", NAME, "--pwfile", "password", "--no-sync"),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"),
        )
        self.port = free_port()
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self.must(
            *("pg_ctl", "start", "--pgdata", "data", "--wait", "--timeout", "60", "--log", "log"),
            *("--options", f"{options} -c port={self.port}"),
        )
        self.must("createdb", "--host", "127.0.0.1", "--port", str(self.port), "--username", NAME, NAME)

    def stop(self) -> None:
        """Stop the server at once; what it held is thrown away."""
        self.call("pg_ctl", "stop", "--pgdata", "data", "--mode", "immediate", "--wait")


def end_on_signal(number: int, _frame: FrameType | None) -> None:
    """Turn a signal into an ordinary end, so that everything opened is closed."""
    raise SystemExit(128 + number)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Lend a running cluster's address; stop and remove the cluster at the end, whatever happened.

    A durable one waits for the disk as a real server does; otherwise it is as fast as can be.
    """
    bin_folder = programs()
    if bin_folder is None:
        stop("There is no PostgreSQL server here: sudo apt install postgresql")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_on_signal)
    # Not in TMPDIR: the server's user must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="qizhi-postgres-", dir="/tmp"))
    server = Cluster(bin_folder, folder)
    try:
        server.start(SETTINGS if durable else {**SETTINGS, **CARELESS})
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run the command that is given, with the address of a fresh cluster in its environment."""
    durable = sys.argv[1:2] == ["--durable"]
    command = sys.argv[2:] if durable else sys.argv[1:]
    if not command:
        stop("Say what to run: python3 -m scripts.postgres [--durable] COMMAND …")
    with cluster(durable=durable) as url:
        environment = {**os.environ, "QIZHI_DATABASE_URL": url}
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    raise SystemExit(code)


if __name__ == "__main__":
    main()
