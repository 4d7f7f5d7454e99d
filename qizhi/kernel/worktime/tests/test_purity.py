"""The room stays pure: what it imports itself is the standard library and the root of errors."""

import ast
from pathlib import Path

import qizhi.kernel.worktime as room

ALLOWED = ("qizhi.kernel.worktime", "qizhi.kernel.kit.errors")


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_no_file_imports_django_or_another_room() -> None:
    files = sorted(Path(room.__file__).parent.glob("*.py"))
    assert len(files) == 8
    for path in files:
        foreign = {name for name in _imported(path) if name.startswith(("django", "qizhi"))}
        assert all(name.startswith(ALLOWED) for name in foreign), path.name
