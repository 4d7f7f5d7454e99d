"""A real server with its own data, and real Chromium."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests" / "vendor" / "axe" / "axe.min.js"
IMAGES = ROOT / "docs" / "images"
PASSWORD = "Qishan-browser-周原"
START_SECONDS = 180
TIMEOUT = 20_000
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21aa"]


@dataclass
class Site:
    """The running server."""

    address: str
    data: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`qizhi up --demo` on a free port with a data folder of its own, as `make run` starts it."""
    data = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("QIZHI_", "DJANGO_"))}
    env = {**own, "QIZHI_DATA": str(data), "PORT": str(port), "QIZHI_DEMO_PASSWORD": PASSWORD}
    with (data / "up.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "qizhi.cli", "up", "--demo"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api/v1/health", process, data / "up.log")
            yield Site(f"http://127.0.0.1:{port}", data)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait(address: str, process: subprocess.Popen[Any], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
                if json.load(answer)["ready"]:
                    return
        except (urllib.error.URLError, OSError, ValueError):
            time.sleep(0.3)
    pytest.fail(f"the server did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, driven without a screen."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed: make test as root installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody with a browser window of their own."""

    page: Any
    site: Site
    complaints: list[str]

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(self.site.address + path)
        self.page.wait_for_load_state("networkidle")

    def sign_in(self, username: str) -> None:
        """Sign in as staff."""
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("main h1")
        self.page.wait_for_load_state("networkidle")

    def faults(self) -> list[str]:
        """Return the serious accessibility faults of the page as it is, found by axe."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async tags => (await axe.run(document, {runOnly: tags})).violations", AXE_TAGS
        )
        return [
            f"{self.page.url} {one['id']}: {one['nodes'][0]['target']} {one['help']}"
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]

    def picture(self, name: str, *, whole: bool = False) -> None:
        """Take a picture for the README, when pictures are asked for by TAKE_PICTURES=1."""
        if os.environ.get("TAKE_PICTURES"):
            IMAGES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=IMAGES / f"{name}.png", full_page=whole)


@pytest.fixture
def person(chromium: Any, site: Site) -> Iterator[Any]:
    """Return a maker of persons: `person(width, height)`; what a page complains of in its console fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def make(width: int, height: int) -> Person:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Person(page, site, complaints)

    yield make
    for context in contexts:
        context.close()
    assert not complaints
