"""The pieces of `qizhi up`: the stamp, the process tree, the port, and once the whole of it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from qizhi.cli import main
from qizhi.cli.commands import up
from qizhi.cli.stamp import Stamp
from qizhi.cli.tree import Tree
from qizhi.config.env import Env

ROOT = Path(__file__).resolve().parents[3]
SERVER = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/api/v1/health" else 404)
        self.end_headers()
    def log_message(self, *_more): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
# the background process of the trial: it asks the tree to end, as Ctrl+C does, and would itself go on for ever
STOPS = "import os, signal, time; os.kill(os.getppid(), signal.{signal}); time.sleep(600)"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def env(tmp_path: Path) -> Env:
    return Env(data_dir=tmp_path, port=free_port(), database_url="")


@pytest.fixture(autouse=True)
def signals_as_before() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


class Trial(Tree):
    """A tree whose two children are small scripts."""

    web_script, worker_script = SERVER, STOPS.format(signal="SIGTERM")

    def web(self):
        return [sys.executable, "-c", self.web_script, str(self.env.port)]

    def worker(self):
        return [sys.executable, "-c", self.worker_script]


# --- the process tree --------------------------------------------------------------------------------


def test_the_web_server_gets_address_workers_and_bounded_threads():
    tree = Tree(Env(host="0.0.0.0", port=8123, web_workers=3, web_threads=5))  # noqa: S104 - only written down
    command = " ".join(tree.web())
    for part in (
        "--interface wsgi",
        "--host 0.0.0.0 --port 8123",
        "--workers 3 --blocking-threads 5",
        "qizhi.config.wsgi:application",
    ):
        assert part in command
    assert tree.worker()[-2:] == ["qizhi.cli", "worker"]
    assert tree.address == "http://0.0.0.0:8123"


@pytest.mark.parametrize("asked", ["SIGTERM", "SIGINT"])
def test_both_start_and_both_end_when_told(env, capsys, asked):
    tree = Trial(env)
    tree.worker_script = STOPS.format(signal=asked)
    assert tree.run(demo=False) == 0
    assert [child.poll() for child in tree.children] == [-signal.SIGTERM] * 2
    said = capsys.readouterr().out
    assert f"{tree.address}/desk/" in said
    assert "密码" not in said


def test_a_demonstration_says_its_password(env, capsys, monkeypatch):
    monkeypatch.setenv("QIZHI_DEMO_PASSWORD", "Qishan-2026-demo")
    assert Trial(env).run(demo=True) == 0
    assert "Qishan-2026-demo" in capsys.readouterr().out


@pytest.mark.parametrize("which", ["web_script", "worker_script"])
def test_when_one_ends_by_itself_the_other_is_ended_too_and_it_is_a_failure(env, capsys, which):
    tree = Trial(env)
    tree.worker_script = "import time; time.sleep(600)"
    setattr(tree, which, "raise SystemExit(3)")
    assert tree.run(demo=False) == 1
    assert all(child.poll() is not None for child in tree.children)
    assert "有进程意外退出（3）" in capsys.readouterr().err


def test_a_child_that_does_not_listen_is_killed(env, monkeypatch):
    monkeypatch.setattr("qizhi.cli.tree.STOP_SECONDS", 0.5)
    tree = Trial(env)
    tree.worker_script = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "os.kill(os.getppid(), signal.SIGTERM); time.sleep(600)"
    )
    tree.run(demo=False)
    assert tree.children[1].poll() == -signal.SIGKILL


def test_a_port_in_use_is_seen(env):
    tree = Tree(env)
    assert tree.port_is_free()
    with socket.socket() as other:
        other.bind(("127.0.0.1", env.port))
        other.listen()
        assert not tree.port_is_free()


def test_nothing_is_touched_when_the_port_is_in_use(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(up, "prepare", lambda _pack: pytest.fail("it began all the same"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        monkeypatch.setenv("PORT", port)
        monkeypatch.setenv("QIZHI_DATA", str(tmp_path / "new"))
        assert main(["up"]) == 1
    assert f"端口 {port} 已被占用" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


# --- the stamp ---------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout: what preparing reads."""
    for name in ("qizhi/a.py", "modes/b.yaml"):
        path = tmp_path / "checkout" / name
        path.parent.mkdir(parents=True)
        path.write_text("one")
    return tmp_path / "checkout"


def stamp(env: Env, checkout: Path, *options: str) -> Stamp:
    return Stamp(env, checkout, options)


def test_it_holds_when_all_was_prepared_just_so(env, checkout):
    assert not stamp(env, checkout).holds()
    stamp(env, checkout).write()
    assert not stamp(env, checkout).holds(), "there is no database yet"
    (env.data_dir / "qizhi.sqlite3").touch()
    assert stamp(env, checkout).holds()


@pytest.mark.parametrize(
    "change", ["code", "new file", "pack", "option", "password", "server", "database gone"]
)
def test_it_does_not_hold_after_a_change(env, checkout, monkeypatch, change):
    (env.data_dir / "qizhi.sqlite3").touch()
    stamp(env, checkout, "pack").write()
    options = ["pack"]
    match change:
        case "code":
            (checkout / "qizhi" / "a.py").write_text("two!")
        case "new file":
            (checkout / "qizhi" / "c.py").touch()
        case "pack":
            (checkout / "modes" / "b.yaml").unlink()
        case "option":
            options = ["other"]
        case "password":
            monkeypatch.setenv("QIZHI_DEMO_PASSWORD", "another")
        case "server":
            env.database_url = "postgresql://somewhere/qizhi"
        case "database gone":
            (env.data_dir / "qizhi.sqlite3").unlink()
    assert not stamp(env, checkout, *options).holds()


def test_what_python_compiles_is_no_change(env, checkout):
    (env.data_dir / "qizhi.sqlite3").touch()
    stamp(env, checkout).write()
    (checkout / "qizhi" / "a.pyc").touch()
    assert stamp(env, checkout).holds()


# --- settings and static files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("QIZHI_WEB_WORKERS", "0"),
        ("QIZHI_DIGEST", "md5"),
        ("QIZHI_DATABASE_URL", "mysql://secret-password@db/qizhi"),
        ("QIZHI_ALLOWED_HOSTS", "secret-host,b"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_value(monkeypatch, capsys, name, value):
    monkeypatch.setenv(name, value)
    assert main(["up"]) == 1
    said = capsys.readouterr().err
    assert name.removeprefix("QIZHI_").lower() in said.lower()
    assert "secret" not in said
    assert "Traceback" not in said


def test_every_wrong_setting_is_named_at_once(monkeypatch, capsys):
    monkeypatch.setenv("QIZHI_WEB_WORKERS", "0")
    monkeypatch.setenv("QIZHI_DIGEST", "md5")
    assert main(["up"]) == 1
    said = capsys.readouterr().err
    assert "QIZHI_WEB_WORKERS" in said
    assert "QIZHI_DIGEST" in said


def test_static_files_are_collected_when_they_changed(monkeypatch):
    collected = []
    root = Path(settings.STATIC_ROOT)
    root.mkdir(exist_ok=True)

    def collect(name, **_options):
        collected.append(name)

    monkeypatch.setattr("django.core.management.call_command", collect)
    mark = root / ".stamp"
    mark.unlink(missing_ok=True)
    up._collect_static()
    up._collect_static()
    assert collected == ["collectstatic"]
    mark.write_text("of older files")
    up._collect_static()
    mark.unlink()
    assert len(collected) == 2


# --- the whole ---------------------------------------------------------------------------------------


def start(data: Path, port: int) -> subprocess.Popen[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("QIZHI_", "DJANGO_"))}
    environment = {**own, "QIZHI_DATA": str(data), "PORT": str(port), "QIZHI_WEB_WORKERS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "qizhi.cli", "up"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def told_until_ready(process: subprocess.Popen[str]) -> list[str]:
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.strip())
        if "Ctrl+C" in line:
            return said
    pytest.fail("it ended before it was ready")


@pytest.mark.skipif(
    bool(os.environ.get("QIZHI_DATABASE_URL")), reason="runs once, on SQLite: it has a data folder of its own"
)
def test_it_starts_answers_ends_and_starts_again_at_once(tmp_path):
    port = free_port()
    for turn in range(2):
        process = start(tmp_path, port)
        try:
            said = told_until_ready(process)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=10) as answer:
                health = json.load(answer)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert health["ready"] is True
        # the first start applies the pack, the second finds all as it was
        assert any("已启用" in line for line in said) is (turn == 0)
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
