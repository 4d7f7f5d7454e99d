"""`make test`: lint, types, Django's own checks and all tests on both databases, one stage after the other.

Every stage runs, also after one has failed; a table at the end says how each one ended and how long it took.
`make lint` and `make types` run only their stages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import environment, needs, postgres
from .base import ROOT, VENV, VENV_PYTHON, say
from .interpreter import use_a_suitable_python

CLOSING = re.compile(r"^=* ?(?:\d+ \w+|no tests ran).* in [\d.]+s.*$")
NOTHING_COLLECTED = 5
PYTEST = (str(VENV_PYTHON), "-m", "pytest", "-p", "no:cacheprovider")
DJANGO = (str(VENV_PYTHON), "-m", "django")
# Not for pytest: its plugin would load the settings before conftest.py has prepared the environment.
SETTINGS = {"DJANGO_SETTINGS_MODULE": "qizhi.config.settings"}


@dataclass
class Result:
    """How one stage ended."""

    name: str
    ended: str
    seconds: float
    closing: str = ""


@dataclass
class Report:
    """All that has run so far."""

    data: Path
    results: list[Result] = field(default_factory=list)

    def run(self, name: str, command: Sequence[str], **env: str) -> None:
        """Run one stage with its output shown, and keep how it ended."""
        say(f"\n── {name} ──")
        began = time.monotonic()
        code, closing = show(command, {**clean_environment(self.data), **env})
        # A marker that no test carries yet is no failure of the stage that asks for it.
        nothing = code == NOTHING_COLLECTED and "browser" in command
        ended = "ok" if code == 0 else "nothing to run" if nothing else f"FAILED ({code})"
        self.results.append(Result(name, ended, time.monotonic() - began, closing))

    def leave_out(self, name: str, why: str) -> None:
        """Note a stage that cannot run here."""
        self.results.append(Result(name, f"not run: {why}", 0.0))

    @property
    def failed(self) -> bool:
        """Whether any stage failed."""
        return any(result.ended.startswith("FAILED") for result in self.results)

    def summary(self) -> str:
        """One line for each stage, then the closing lines of pytest as pytest wrote them."""
        lines = [f"{result.seconds:7.1f} s  {result.name:<24} {result.ended}" for result in self.results]
        return "\n".join(["", "── Summary ──", *lines, "", *(r.closing for r in self.results if r.closing)])


def clean_environment(data: Path) -> dict[str, str]:
    """Return the environment of a stage: no setting of the person's own installation, a data folder to lose."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("QIZHI_", "DJANGO_"))}
    own.pop("PORT", None)
    own["PATH"] = f"{VENV / 'bin'}{os.pathsep}{own.get('PATH', '')}"
    return {**own, "QIZHI_DATA": str(data)}


def show(command: Sequence[str], env: Mapping[str, str]) -> tuple[int, str]:
    """Run a command, pass its output on line by line, and return its code and pytest's closing line."""
    closing = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            if CLOSING.match(line.rstrip()):
                closing = line.rstrip()
    return process.returncode, closing


def lint(report: Report) -> None:
    """Check style and format."""
    report.run("ruff check", [str(VENV / "bin" / "ruff"), "check", "."])
    report.run("ruff format", [str(VENV / "bin" / "ruff"), "format", "--check", "."])


def types(report: Report) -> None:
    """Check types; the plugin for Django loads the settings."""
    report.run("mypy", [str(VENV_PYTHON), "-m", "mypy"], QIZHI_TESTING="1")


def django(report: Report) -> None:
    """Ask Django whether the settings are fit for a public server and whether every migration is written."""
    deploy = [*DJANGO, "check", "--deploy", "--fail-level", "WARNING"]
    report.run("django check --deploy", deploy, QIZHI_HTTPS="true", **SETTINGS)
    compare = [*DJANGO, "makemigrations", "--check", "--dry-run"]
    report.run("migrations complete", compare, QIZHI_TESTING="1", **SETTINGS)


def tests(report: Report) -> None:
    """Run the tests: on SQLite, in the browser (once), and on a PostgreSQL of their own."""
    lacking = {need.name for need in needs.provide()}
    # Two cores are the machine that we build for; more helps, fewer cannot do two things at once.
    workers = str(min(os.cpu_count() or 1, 8))
    suite = [*PYTEST, "-m", "not browser", "-n", workers, "--dist", "loadfile"]
    report.run("pytest, SQLite", suite)
    if "Chromium" in lacking:
        report.leave_out("pytest, browser", "no Chromium")
    else:
        report.run("pytest, browser", [*PYTEST, "-m", "browser"])
    if "PostgreSQL" in lacking:
        report.leave_out("pytest, PostgreSQL", "no PostgreSQL server")
        return
    with postgres.cluster() as url:
        report.run("pytest, PostgreSQL", suite, QIZHI_DATABASE_URL=url)


STAGES = {"lint": lint, "types": types, "django": django, "tests": tests}


def main() -> None:
    """Run the stages that are named, or all; the exit code is 1 when any of them failed."""
    use_a_suitable_python("scripts.check")
    os.chdir(ROOT)
    environment.ensure("test")
    report = Report(Path(tempfile.mkdtemp(prefix="qizhi-check-")))
    try:
        for name in sys.argv[1:] or STAGES:
            STAGES[name](report)
    finally:
        shutil.rmtree(report.data, ignore_errors=True)
        say(report.summary())
    raise SystemExit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
