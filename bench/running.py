"""One whole run: for each database the sizes side by side, each scenario on all of them close together in time."""

import itertools
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.postgres import cluster, free_port, programs

from .load import Result, run
from .scenarios import Facts, Scenario, creates_by_staff, learn, scenarios
from .serving import ROOT, Server, environment

PACKAGES = ("django", "granian", "django-ninja", "psycopg")


@dataclass(frozen=True)
class Plan:
    """How long a run may take: the sizes, and for each round the calls and seconds of one measurement."""

    sizes: tuple[int, ...]
    rounds: int
    calls: int
    seconds: float

    def most(self, scenario: Scenario) -> int:
        """Return how many calls one measurement of `scenario` may send."""
        return self.calls * scenario.concurrency


FULL = Plan(sizes=(1_000, 100_000), rounds=3, calls=60, seconds=2.0)
QUICK = Plan(sizes=(1_000, 20_000), rounds=2, calls=25, seconds=0.8)


@dataclass
class Site:
    """One size: its server, what the load must know of it, and what was measured on it."""

    size: int
    server: Server
    facts: Facts
    results: dict[tuple[str, int], Result] = field(default_factory=dict)


def measure(database: str, plan: Plan, only: str = "") -> dict[str, Any]:
    """Measure everything on one database and return what came out, as plain JSON values.

    Arguments:
        database: ``sqlite`` or ``postgresql``.
        only: measure only scenarios whose title holds this.
    """
    load_before = os.getloadavg()
    wanted = [one for one in scenarios() if only in one.title or one.title.startswith("limit")]
    with ExitStack() as stack:
        sites = [stack.enter_context(_site(database, size)) for size in plan.sizes]
        for number, scenario in enumerate(wanted, start=1):
            _tell(f"{database} {number}/{len(wanted)} {scenario.title} ×{scenario.concurrency}")
            for _ in range(plan.rounds):
                for site in sites:
                    result = _slice(site, scenario, plan)
                    site.results.setdefault((scenario.title, scenario.concurrency), Result()).add(result)
        memory = {str(site.size): _memory(site.server) for site in sites}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": sites[-1].facts["database"],
        "machine": {**machine(), "load_before": load_before, "load_after": os.getloadavg()},
        "plan": {"rounds": plan.rounds, "calls": plan.calls, "seconds": plan.seconds},
        "sizes": [_site_told(site) for site in sites],
        "memory": memory,
        "rows": [_row(scenario, sites) for scenario in wanted],
    }


def has_postgresql() -> bool:
    """Tell whether there is a PostgreSQL server to be measured."""
    return programs() is not None


@contextmanager
def _site(database: str, size: int) -> Iterator[Site]:
    """Make a data folder with `size` matters and start a server on it; both are gone afterwards."""
    from django.conf import settings

    parent = settings.QIZHI.data_dir / "bench"
    parent.mkdir(parents=True, exist_ok=True)
    data = Path(tempfile.mkdtemp(prefix=f"{database}-{size}-", dir=parent))
    try:
        with ExitStack() as stack:
            url = stack.enter_context(cluster(durable=True)) if database == "postgresql" else ""
            port = free_port()
            env = environment(data, url, port)
            facts = _prepared(size, env)
            facts["registered"] = []
            yield Site(size, stack.enter_context(Server(data, env, port)), facts)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _prepared(size: int, env: dict[str, str]) -> Facts:
    command = [sys.executable, "-m", "bench.preparing", str(size)]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)
    facts: Facts = json.loads(done.stdout)
    return facts


def _slice(site: Site, scenario: Scenario, plan: Plan) -> Result:
    """Measure once on one site: a few calls to warm it up, then those that count."""
    most = plan.most(scenario)
    port, count = site.server.port, scenario.concurrency
    _supply(site, round(most * scenario.uses) + count * 2 if scenario.uses else 0)
    chains = scenario.chains(site.facts)
    if not scenario.writes:
        run(port, itertools.islice(chains, count), concurrency=count, seconds=plan.seconds, most=count)
    result = run(port, chains, concurrency=count, seconds=plan.seconds, most=most)
    if scenario.writes:
        site.server.settle()
    return result


def _supply(site: Site, count: int) -> None:
    """See to it that `count` registered matters wait to be handled."""
    missing = count - len(site.facts["registered"])
    if missing > 0:
        chains = creates_by_staff(site.facts)
        run(site.server.port, chains, concurrency=8, seconds=60, most=missing, heard=learn(site.facts))
        site.server.settle()


def _memory(server: Server) -> dict[str, int]:
    server.settle()
    pss, rss = server.memory_kb()
    return {"pss_kb": pss, "rss_kb": rss, "processes": len(server.processes())}


def _site_told(site: Site) -> dict[str, Any]:
    people = {name: person["seen"] for name, person in site.facts["people"].items()}
    return {name: site.facts[name] for name in ("matters", "steps", "bytes", "rows_of_create")} | {
        "seen": people
    }


def _row(scenario: Scenario, sites: Sequence[Site]) -> dict[str, Any]:
    return {
        "title": scenario.title,
        "concurrency": scenario.concurrency,
        "target": vars(scenario.target),
        "by_size": {
            str(site.size): _told(site.results[scenario.title, scenario.concurrency]) for site in sites
        },
    }


def _told(result: Result) -> dict[str, Any]:
    return {
        "calls": len(result.seconds),
        "median_ms": round(result.median_ms, 2),
        "p95_ms": round(result.p95_ms, 2),
        "rate": round(result.rate, 1),
        "bytes": result.size,
        "wrong": dict(result.wrong.most_common(3)),
    }


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, memory, kernel, Python and packages."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")), ""
    )
    return {
        "processor": model or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
