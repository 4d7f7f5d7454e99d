"""Every public function, class and method of the house has types on its signature and a docstring.

**Source:** `docs/` (style): a public function says what it does, with what, and what comes back. Tests,
migrations and Django's inner `Meta` are left out; a dunder method is explained by its class.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import Module, house, module, report

Function = ast.FunctionDef | ast.AsyncFunctionDef
# What Django, pydantic and ninja read as configuration.
INNER = {"Meta", "Config", "Media"}
# A stub of an overload, a setter or a deleter is explained by its one body or getter.
EXPLAINED_ELSEWHERE = {"overload", "setter", "deleter", "override"}


def is_public(name: str) -> bool:
    """Say whether others may use a name: it has no leading underscore."""
    return not name.startswith("_")


def is_dunder(name: str) -> bool:
    """Say whether Python itself calls a name."""
    return name.startswith("__") and name.endswith("__")


def public_parts(body: list[ast.stmt], owner: str = "") -> Iterator[tuple[str, ast.ClassDef | Function]]:
    """Give the classes, functions and methods of a module or class, with their dotted names."""
    for node in body:
        if isinstance(node, ast.ClassDef) and is_public(node.name) and node.name not in INNER:
            yield f"{owner}{node.name}", node
            yield from public_parts(node.body, f"{owner}{node.name}.")
        elif isinstance(node, Function) and (is_public(node.name) or is_dunder(node.name)):
            yield f"{owner}{node.name}", node
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from public_parts(node.body, owner)


def decorators(node: ast.ClassDef | Function) -> set[str]:
    """Return the last part of the name of every decorator."""
    calls = [part.func if isinstance(part, ast.Call) else part for part in node.decorator_list]
    return {part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "") for part in calls}


def untyped(node: Function, *, is_method: bool) -> list[str]:
    """Return the arguments of a function that have no type, and `return` when what comes back has none."""
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    if is_method and "staticmethod" not in decorators(node):
        plain = plain[1:]
    named = [*plain, *given.kwonlyargs, *(part for part in (given.vararg, given.kwarg) if part)]
    missing = [part.arg for part in named if part.annotation is None]
    return [*missing, *(["return"] if node.returns is None else [])]


def undocumented(source: Module) -> list[str]:
    """Return what lacks a docstring or a type in one module."""
    found = [] if ast.get_docstring(source.tree) else [f"{source.path}:1 says nothing about itself"]
    for name, node in public_parts(source.tree.body):
        where = f"{source.path}:{node.lineno} {name}"
        silent = is_dunder(node.name) or EXPLAINED_ELSEWHERE & decorators(node)
        if not silent and not ast.get_docstring(node):
            found.append(f"{where} has no docstring")
        if isinstance(node, Function):
            found += [f"{where} has no type for {part}" for part in untyped(node, is_method="." in name)]
    return found


def test_everything_public_is_documented_and_typed():
    found = [said for source in house() for said in undocumented(source)]
    assert not found, report(found)


GOOD = '''"""A module."""
class Thing:
    """A thing."""
    class Meta:
        ordering = ()
    def __str__(self) -> str:
        return ""
    @property
    def size(self) -> int:
        """How large."""
    @size.setter
    def size(self, value: int) -> None: ...
    @classmethod
    def make(cls, *parts: str, **more: int) -> "Thing":
        """Make one."""
    @staticmethod
    def of(part: str) -> "Thing":
        """Make one."""
    def _inner(self, x): ...
def act(*, who: str) -> None:
    """Act."""
    def inside(x): ...
def _hidden(x): ...
class _Hidden:
    def act(self, x): ...
'''


def test_what_is_documented_and_private_is_left_alone():
    assert undocumented(module("qizhi.a", GOOD)) == []


BAD = [
    ("x = 1", "says nothing about itself"),
    ('"""M."""\nclass A: ...', "A has no docstring"),
    ('"""M."""\ndef a() -> None: ...', "a has no docstring"),
    ('"""M."""\ndef a(x) -> None:\n    """A."""', "a has no type for x"),
    ('"""M."""\ndef a(*x, y: int) -> None:\n    """A."""', "a has no type for x"),
    ('"""M."""\ndef a(**x) -> None:\n    """A."""', "a has no type for x"),
    ('"""M."""\ndef a(*, x) -> None:\n    """A."""', "a has no type for x"),
    ('"""M."""\nasync def a():\n    """A."""', "a has no type for return"),
    ('"""M."""\nclass A:\n    """A."""\n    def b(self) -> None: ...', "A.b has no docstring"),
    (
        '"""M."""\nclass A:\n    """A."""\n    def __init__(self, x) -> None: ...',
        "A.__init__ has no type for x",
    ),
    ('"""M."""\nclass A:\n    """A."""\n    class B: ...', "A.B has no docstring"),
    ('"""M."""\nif True:\n    def a() -> None: ...', "a has no docstring"),
    (
        '"""M."""\nclass A:\n    """A."""\n    @staticmethod\n    def b(x) -> None:\n        """B."""',
        "type for x",
    ),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_what_is_missing_is_named(text, said):
    found = undocumented(module("qizhi.a", text))
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("qizhi/a.py:")
