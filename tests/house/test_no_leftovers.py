"""Nothing unfinished, nothing of one machine, nothing oversized and no stray output stays in the house."""

import ast
import fnmatch
import re
from pathlib import Path

import pytest

from tests.house.source import Module, house, module, report, texts

# Written in two parts, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
MACHINE = re.compile(
    r"(?<![\w.])(?:/ro"
    + r"ot|/ho"
    + r"me/\w+|/wo"
    + r"rk/(?:main|shared)|/Us"
    + r"ers/\w+)(?:/|\b)|\b[C-Z]:\\\w"
)
REGISTRY = re.compile(
    r"(?:py" + r"pi\.(?:org|python)|files\.python" + r"hosted|registry\.npm" + r"js|deb\.deb" + r"ian\.org"
    r"|proxy\.gol" + r"ang|crates\." + r"io)",
    re.IGNORECASE,
)
LIMIT = 400

# Files that may be longer, each with its reason; the pattern is that of the path from the root.
LONGER = {
    "requirements*.lock": "made by `make lock`",
    "package-lock.json": "made by npm",
    "*.po": "a dictionary, in order of its messages",
    "*.csv": "data",
    "*.geojson": "data",
    "*.svg": "a drawing",
    "docs/openapi.json": "made from the code, compared by a test",
    "modes/*": "a mode pack is data, read and proven by `qizhi mode check`",
    "**/migrations/*": "written by Django",
}


def line_findings(path: str, text: str) -> list[str]:
    """Return every line of a file that holds something unfinished or something of one machine."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, said in (
            (UNFINISHED, "unfinished"),
            (MACHINE, "a machine's path"),
            (REGISTRY, "a registry"),
        ):
            match = pattern.search(line)
            if match:
                found.append(f"{path}:{number} {said}: {match[0]}")
    return found


def may_be_longer(path: str) -> bool:
    """Say whether a file has a reason to be longer than the limit."""
    return any(fnmatch.fnmatch(path, pattern) for pattern in LONGER)


def too_long(path: str, text: str) -> bool:
    """Say whether a file has more lines than a reader holds in the head, without a reason."""
    return text.count("\n") > LIMIT and not may_be_longer(path)


def prints(source: Module) -> list[str]:
    """Return every call of `print` or of a debugger in a module."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"print", "breakpoint"}:
            found.append(f"{source.path}:{node.lineno} {ast.unparse(node.func)}()")
    return found


def is_library(source: Module) -> bool:
    """Say whether a module is called by other code; only the command speaks to a terminal."""
    return source.room[:1] != ("cli",)


def test_no_file_holds_anything_unfinished_or_of_one_machine():
    found = [said for path, text in texts() for said in line_findings(str(path), text)]
    assert not found, report(found)


def test_no_file_is_longer_than_a_head_holds():
    found = [f"{path}: {text.count(chr(10))} lines" for path, text in texts() if too_long(str(path), text)]
    assert not found, report(found)


def test_no_library_code_prints():
    found = [said for source in house() if is_library(source) for said in prints(source)]
    assert not found, report(found)


def test_the_guard_reads_the_repository():
    paths = {path for path, _ in texts()}
    assert {Path("Makefile"), Path("pyproject.toml"), Path("qizhi/__init__.py")} <= paths
    assert not [path for path in paths if "vendor" in path.parts]


BAD_LINES = [
    "# TO" + "DO: later",
    "x = 1  # FIX" + "ME",
    "DATA = '/ro" + "ot/data'",
    'open("/ho' + 'me/anna/a.txt")',
    "cd /wo" + "rk/main",
    r"path = C:" + r"\data",
    "--index-url https://py" + "pi.org/simple",
    '"resolved": "https://registry.npm' + 'js.org/a.tgz"',
    "deb http://deb.deb" + "ian.org/debian bookworm main",
]
GOOD_LINES = [
    "the route /desk/work/ of the desk",
    "from pathlib import Path",
    "a to-do list for the clerk",
    "https://www.gov.cn/zhengce/",
    'shebang = "/usr/bin/env bash"',
    "the user's home/work address",
]


@pytest.mark.parametrize("line", BAD_LINES)
def test_a_leftover_is_found(line):
    assert len(line_findings("a.py", f"first\n{line}\n")) == 1
    assert line_findings("a.py", f"first\n{line}\n")[0].startswith("a.py:2 ")


@pytest.mark.parametrize("line", GOOD_LINES)
def test_an_ordinary_line_is_left_alone(line):
    assert line_findings("a.py", line) == []


@pytest.mark.parametrize(
    ("path", "lines", "is_found"),
    [
        ("qizhi/kernel/loop/actions.py", LIMIT, False),
        ("qizhi/kernel/loop/actions.py", LIMIT + 1, True),
        ("requirements-dev.lock", 5_000, False),
        ("qizhi/locale/en/LC_MESSAGES/django.po", 5_000, False),
        ("qizhi/kernel/loop/migrations/0001_initial.py", 500, False),
        ("docs/loop.md", 500, True),
    ],
)
def test_the_length_is_judged_by_path(path, lines, is_found):
    assert too_long(path, "x\n" * lines) is is_found


def test_a_print_is_found_in_a_library_only():
    text = "def act():\n    print('done')"
    assert prints(module("qizhi.kernel.loop.actions", text)) == ["qizhi/kernel/loop/actions.py:2 print()"]
    assert not is_library(module("qizhi.cli.up", text))
    assert is_library(module("qizhi.kernel.loop.actions", text))
