"""The source of the house as the guards read it: modules with their syntax trees, and the files under git."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scripts.base import ROOT

# Not the house's own words: what is vendored, what a person's installation made, what a tool keeps.
FOREIGN = ("vendor", "var", "node_modules", "build", "dist", "__pycache__")


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name, its path from the root, and its tree."""

    name: str
    path: str
    tree: ast.Module
    is_package: bool = False

    @property
    def room(self) -> tuple[str, ...]:
        """The name's parts below `qizhi`."""
        return tuple(self.name.split(".")[1:])


def module(name: str, text: str, *, path: str = "", is_package: bool = False) -> Module:
    """Read a module from its text; guards are tried out on such small examples."""
    return Module(name, path or name.replace(".", "/") + ".py", ast.parse(text), is_package)


def is_aside(path: Path) -> bool:
    """Say whether a file under qizhi/ is a test or a migration, for which other rules hold."""
    return bool({"tests", "migrations"} & set(path.parts)) or path.name == "conftest.py"


@cache
def house(*, with_migrations: bool = False) -> tuple[Module, ...]:
    """Return all modules of the program without its tests, in order of their paths."""
    found = []
    for file in sorted((ROOT / "qizhi").rglob("*.py")):
        path = file.relative_to(ROOT)
        if is_aside(path) and not (with_migrations and "migrations" in path.parts):
            continue
        parts = path.with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        found.append(module(name, file.read_text(encoding="utf-8"), path=str(path), is_package=is_package))
    return tuple(found)


@cache
def tracked() -> tuple[Path, ...]:
    """Return the repository's own files, from its root: those under git and those not yet added."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = [Path(name) for name in listed.stdout.split("\0") if name]
    else:  # an archive without its history
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return tuple(
        sorted(path for path in paths if (ROOT / path).is_file() and not set(FOREIGN) & set(path.parts))
    )


def texts() -> Iterator[tuple[Path, str]]:
    """Give every tracked file that is text, with its text."""
    for path in tracked():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def report(findings: list[str]) -> str:
    """Write findings one below the other, for the message of an assertion."""
    return "\n".join(["", *findings])
