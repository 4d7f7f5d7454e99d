"""The words of the house: what code and templates ask the catalogue for, and what they say without asking."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template import engines
from django.template.base import Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from scripts.base import ROOT

from .source import Module

TRANSLATION = "django.utils.translation"
_SHAPES = {
    "gettext": ("id",),
    "ngettext": ("id", "plural"),
    "pgettext": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
}
CALLS = {name + kind: shape for name, shape in _SHAPES.items() for kind in ("", "_lazy")} | {
    "gettext_noop": ("id",)
}
# Ideographs, and the full-width marks that stand between them.
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee]")
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}|(<[^>]+>)")
_CONSTANT = re.compile(r"""_\((?P<quote>["'])(?P<id>.*?)(?P=quote)\)""")
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_ASIDE = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}"
    r"|\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}|\{%-? ?trans(?:late)? .*?%\}",
    re.DOTALL,
)


@dataclass(frozen=True)
class Asked:
    """One message that the program asks for, and where."""

    where: str
    id: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str:
        """How gettext looks it up."""
        return f"{self.context}\x04{self.id}" if self.context else self.id


# ── Code ─────────────────────────────────────────────────────────────────────────────────────────────
def _names(module: Module) -> dict[str, str]:
    """Return the names under which a module knows gettext's functions, with the function each stands for."""
    known = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION:
            known.update({one.asname or one.name: one.name for one in node.names if one.name in CALLS})
    return known


def _calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Give every call of one of gettext's functions with the function's own name."""
    names = _names(module)
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in names:
            yield node, names[called.id]
        elif isinstance(called, ast.Attribute) and called.attr in CALLS:
            yield node, called.attr


def asked_in_code(module: Module) -> list[Asked]:
    """Return the messages that a module asks for in so many words; one whose id is worked out says it elsewhere."""
    found = []
    for call, name in _calls(module):
        given = dict(zip(CALLS[name], call.args, strict=False))
        texts = {part: str(one.value) for part, one in given.items() if isinstance(one, ast.Constant)}
        if len(texts) == len(CALLS[name]):
            found.append(Asked(f"{module.path}:{call.lineno}", **texts))
    return found


def unasked_in_code(module: Module) -> list[tuple[int, str]]:
    """Return line and text of the Chinese in a module that is neither asked for nor beside its own English."""
    fine = {id(part) for call, _name in _calls(module) for one in call.args for part in ast.walk(one)}
    for node in ast.walk(module.tree):
        fine |= {id(part) for one in _aside(node) for part in ast.walk(one)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and id(node) not in fine
    ]


def _aside(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that need no translation."""
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return [node.value]
        case ast.Dict(keys=keys) if {"zh", "en"} <= {getattr(key, "value", None) for key in keys}:
            return [node]
        case ast.Call(keywords=words) if {"zh", "en"} <= {word.arg for word in words}:
            return [node]
        case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("verbose_name"):
            return [node.value]  # names of applications and tables, which no page shows
        case _:
            return []


# ── Templates ────────────────────────────────────────────────────────────────────────────────────────
def templates() -> list[Path]:
    """Return the paths of all templates, from the root."""
    found = [*(ROOT / "qizhi").rglob("templates/**/*.html"), *(ROOT / "qizhi").rglob("templates/**/*.txt")]
    return sorted(path.relative_to(ROOT) for path in found)


def asked_in_template(path: str, text: str) -> list[Asked]:
    """Return the messages that a template asks for, as Django's own parser reads it."""
    engine: Any = engines["django"]
    nodes: Any = Template(text, engine=engine.engine).nodelist
    found = [Asked(path, one["id"]) for one in _CONSTANT.finditer("".join(_TAG.findall(text)))]
    for node in nodes.get_nodes_by_type(TranslateNode):
        literal = node.filter_expression.var.literal
        if isinstance(literal, str):
            found.append(Asked(path, str(literal), context=_context(node)))
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        singular, _names_in = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        found.append(Asked(path, singular, plural, _context(node)))
    return found


def _context(node: Any) -> str:
    return str(node.message_context.resolve({})) if node.message_context else ""


def unasked_in_template(path: str, text: str) -> list[str]:
    """Return the lines of a template that say something in Chinese without asking for its translation."""
    kept = _CONSTANT.sub("", _ASIDE.sub(lambda found: "\n" * found[0].count("\n"), text))
    return [
        f"{path}:{number} {line.strip()[:90]}"
        for number, line in enumerate(kept.splitlines(), start=1)
        if CHINESE.search(line)
    ]


def placeholders(text: str) -> list[str]:
    """Return the names that are filled in and the tags around words, in order, each as often as it stands."""
    return sorted("".join(parts) for parts in PLACEHOLDER.findall(text))
