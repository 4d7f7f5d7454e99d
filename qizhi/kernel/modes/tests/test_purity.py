"""What is said to be pure is: only the files that store, apply or command know the database."""

import ast
from pathlib import Path

import qizhi.kernel.modes as room

ROOM = Path(room.__file__).parent
# The tables, and what writes, reads or speaks about them.
STORING = {
    "apps.py",
    "models.py",
    "store.py",
    "hooks.py",
    "staffing.py",
    "still_used.py",
    "applying.py",
    "commands.py",
}
# Errors are told in the user's language; the proofs speak of the value sets of the rooms below.
LENT = ("django.utils.translation", "qizhi.kernel.worktime", "qizhi.kernel.kit.errors")
VALUE_SETS = ("qizhi.kernel.regions.choices", "qizhi.kernel.units.choices")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_no_pure_file_imports_django_or_the_tables():
    files = [path for path in ROOM.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    pure = [path for path in files if path.name not in STORING]
    assert len(pure) > 40
    for path in pure:
        names = set(imported(path))
        foreign = {name for name in names if name.startswith(("django", "qizhi"))}
        assert all(name.startswith(LENT + VALUE_SETS) for name in foreign), (path.name, foreign)
        assert not {name.lstrip(".") for name in names} & {path.removesuffix(".py") for path in STORING}, (
            path.name
        )


def test_only_errors_know_the_users_language():
    speaking = {path.name for path in ROOM.glob("*.py") if "django.utils.translation" in set(imported(path))}
    assert speaking == {"errors.py"}
