"""Models and migrations keep the law that lets a county grow into a province without a change of model.

**Source:** `docs/architecture.md` §9; the rules of the scale-out trial (`docs/decisions/`): no tenant column,
UUIDv7 keys made in Python, explicit through tables, no triggers or functions in the database, constant
defaults, order by time or by (matter, seq), never by key.
"""

import ast
import re
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Now, Random
from django.test.utils import isolate_apps

from tests.house.source import Module, house, module, report

# Tables that are found by a natural key and never referred to by another row.
NATURAL_KEYS = {"kit.Counter": "a counter is its name"}

FORBIDDEN_COLUMNS = {"tenant", "tenant_id", "schema_name", "county", "county_id", "county_code"}

# Every county's schema has these tables of Django's own; whatever else a key points to may lie elsewhere.
BESIDE_US = {"auth", "contenttypes", "sessions"}

# The one adapter that may speak a database's own dialect, checked by vendor.
DIALECT_ROOM = "qizhi.kernel.search"
CODE_IN_DATABASE = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+|temp(?:orary)?\s+)?(trigger|function|procedure|rule)\b",
    re.I,
)

# A value that the database draws anew for each row or call: refused in an UPDATE on several machines.
VOLATILE_IMPORTS = {
    ("django.db.models.functions", "Now"),
    ("django.db.models.functions", "Random"),
    ("django.contrib.postgres.functions", "RandomUUID"),
    ("django.contrib.postgres.functions", "TransactionNow"),
}
VOLATILE_SQL = re.compile(
    r"\b(gen_random_uuid|uuid_generate_v\d|clock_timestamp|statement_timestamp|random)\s*\(", re.I
)


def ours() -> list[type[models.Model]]:
    """Return all models of the house, in order of their labels."""
    found = [model for model in apps.get_models(include_auto_created=True) if is_ours(model)]
    return sorted(found, key=lambda model: model._meta.label)


def is_ours(model: type[models.Model]) -> bool:
    """Say whether a model belongs to an application of the house."""
    return model._meta.app_config is not None and model._meta.app_config.name.startswith("qizhi.")


def breaches(model: type[models.Model]) -> list[str]:
    """Return every rule that a model breaks."""
    meta = model._meta
    found = [*key_breaches(model), *(said for field in meta.local_fields for said in field_breaches(field))]
    for field in meta.local_many_to_many:
        through = field.remote_field.through
        if through is not None and through._meta.auto_created:
            found.append(f"{field.name}: name its through model; the automatic one has a key of the database")
    if meta.unique_together:
        found.append("unique_together: write a named UniqueConstraint instead")
    if {"id", "-id", "pk", "-pk"} & {str(part) for part in meta.ordering or ()}:
        found.append("ordering: order by time or by (matter, seq), never by key")
    found += [
        f"constraint without a name: {constraint!r}" for constraint in meta.constraints if not constraint.name
    ]
    return [f"{meta.label}: {said}" for said in found]


def key_breaches(model: type[models.Model]) -> list[str]:
    """Say what is wrong with a model's primary key."""
    key = model._meta.pk
    if isinstance(key, models.OneToOneField):
        return []  # what only one kind has: the key is the matter's own
    if isinstance(key, models.UUIDField):
        made_here = key.has_default() and callable(key.default)
        return [] if made_here else [f"{key.name}: make the key in Python (kit.models.Row)"]
    if model._meta.label in NATURAL_KEYS:
        return []
    return [f"{key.name}: the key is a {type(key).__name__}; use UUIDv7 (kit.models.Row)"]


def field_breaches(field: "models.Field[Any, Any]") -> list[str]:
    """Say what is wrong with one column."""
    found = []
    if isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField):
        found.append(f"{field.name}: no number given by the database")
    if {field.name, field.column} & FORBIDDEN_COLUMNS:
        found.append(f"{field.name}: the county is chosen before the first query, no column holds it")
    target = field.related_model
    if isinstance(field, models.ForeignKey) and isinstance(target, type):
        label = target._meta.app_label
        if not (is_ours(target) or label in BESIDE_US):
            found.append(f"{field.name}: points to {label}, outside the county's own tables")
    if not is_constant(field.db_default):
        found.append(f"{field.name}: db_default must be a constant")
    return found


def is_constant(default: object) -> bool:
    """Say whether a default in the database is absent or a plain value."""
    if default is models.NOT_PROVIDED:
        return True
    value = default.value if isinstance(default, models.Value) else default
    return value is None or isinstance(value, str | int | float | bool | bytes)


def operations_of(operations: list[object]) -> list[object]:
    """Return operations with those that lie inside others."""
    inner = [*operations]
    for operation in operations:
        inner += operations_of(getattr(operation, "database_operations", []))
    return inner


def migration_breaches(room: str, operations: list[object], text: str) -> list[str]:
    """Return every rule that a migration of a room breaks, given its operations and its source text."""
    found = []
    if CODE_IN_DATABASE.search(text) and not room.startswith(DIALECT_ROOM):
        found.append("makes a trigger, function, procedure or rule: behaviour lives in Python")
    for operation in operations_of(operations):
        if isinstance(operation, migrations.RunSQL) and not room.startswith(DIALECT_ROOM):
            found.append("RunSQL: SQL of our own belongs to the search adapter, checked by vendor")
        if type(operation).__name__.endswith("Extension"):
            found.append(f"{type(operation).__name__}: the house needs no extension of the database")
        if isinstance(operation, migrations.CreateModel):
            fields = [field for _, field in operation.fields]
        elif isinstance(operation, migrations.AddField | migrations.AlterField):
            fields = [operation.field]
        else:
            continue
        found += [said for field in fields for said in stored_field_breaches(field)]
    return found


def stored_field_breaches(field: "models.Field[Any, Any]") -> list[str]:
    """Say what is wrong with a column as a migration makes it; it is not bound to a model there."""
    found = []
    if isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField):
        found.append("a number given by the database as key")
    if isinstance(field, models.ManyToManyField) and field.remote_field.through is None:
        found.append("a many-to-many field without its through model")
    if not is_constant(field.db_default):
        found.append("a default that is not constant")
    return found


def volatile_uses(source: Module) -> list[str]:
    """Return every place where a module asks the database for a value that changes by itself."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names if (node.module, alias.name) in VOLATILE_IMPORTS]
            found += [f"{source.path}:{node.lineno} {name}: compute the value in Python" for name in names]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by":
            if any(isinstance(argument, ast.Constant) and argument.value == "?" for argument in node.args):
                found.append(f"{source.path}:{node.lineno} order_by('?'): draw the sample in Python")
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and VOLATILE_SQL.search(node.value)
        ):
            found.append(
                f"{source.path}:{node.lineno} SQL calls a volatile function: compute the value in Python"
            )
    return found


def house_migrations() -> list[tuple[str, str, list[object]]]:
    """Return label, room and operations of every migration of the house."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    rooms = {
        config.label: config.name for config in apps.get_app_configs() if config.name.startswith("qizhi.")
    }
    return [
        (f"{label}.{name}", rooms[label], list(migration.operations))
        for (label, name), migration in sorted(disk.items())
        if label in rooms
    ]


def migration_texts() -> dict[str, str]:
    """Return the source of every migration by the name of its module."""
    sources = [source for source in house(with_migrations=True) if ".migrations." in source.name]
    return {source.name: ast.unparse(source.tree) for source in sources}


def test_every_model_keeps_the_law():
    found = [said for model in ours() for said in breaches(model)]
    assert not found, report(found)


def test_every_migration_keeps_the_law():
    written, found = migration_texts(), []
    for label, room, operations in house_migrations():
        text = written[f"{room}.migrations.{label.partition('.')[2]}"]
        found += [f"{label}: {said}" for said in migration_breaches(room, operations, text)]
    assert not found, report(found)


def test_no_module_asks_the_database_for_a_changing_value():
    found = [said for source in house() for said in volatile_uses(source)]
    assert not found, report(found)


def test_every_exception_is_still_needed():
    keyed_by_nature = {
        model._meta.label for model in ours() if not isinstance(model._meta.pk, models.UUIDField)
    }
    assert set(NATURAL_KEYS) <= keyed_by_nature


def key(**options):
    return models.UUIDField(primary_key=True, default=dict, **options)


def made(**members):
    """Make a model that exists only here, as if it were one of the kit's."""
    meta = type("Meta", (), {"app_label": "kit", **members.pop("meta", {})})
    with isolate_apps("qizhi.kernel.kit", "django.contrib.auth", "django.contrib.contenttypes"):
        return type("Example", (models.Model,), {"__module__": __name__, "Meta": meta, **members})


BAD_MODELS = {
    "number as key": ({"name": models.CharField(max_length=1)}, "use UUIDv7"),
    "key without a default": ({"id": models.UUIDField(primary_key=True)}, "make the key in Python"),
    "natural key": ({"code": models.CharField(max_length=1, primary_key=True)}, "use UUIDv7"),
    "tenant": ({"id": key(), "tenant": models.CharField(max_length=1)}, "no column holds it"),
    "county column": ({"id": key(), "county_code": models.CharField(max_length=6)}, "no column holds it"),
    "renamed county column": (
        {"id": key(), "place": models.CharField(max_length=6, db_column="county_code")},
        "no column holds it",
    ),
    "key outside": ({"id": key(), "log": models.ForeignKey(LogEntry, models.CASCADE)}, "outside"),
    "volatile default": ({"id": key(), "at": models.DateTimeField(db_default=Now())}, "constant"),
    "automatic through": ({"id": key(), "groups": models.ManyToManyField(Group)}, "through model"),
    "unnamed constraint": (
        {"id": key(), "a": models.IntegerField(), "meta": {"unique_together": (("id", "a"),)}},
        "named UniqueConstraint",
    ),
    "order by key": ({"id": key(), "meta": {"ordering": ("-id",)}}, "never by key"),
}


@pytest.mark.parametrize(("members", "said"), BAD_MODELS.values(), ids=BAD_MODELS)
def test_a_model_that_breaks_the_law_is_found(members, said):
    assert said in report(breaches(made(**members)))


def test_a_model_that_keeps_the_law_is_left_alone():
    good = made(
        id=key(),
        at=models.DateTimeField(),
        level=models.IntegerField(db_default=models.Value(1)),
        kind=models.ForeignKey(ContentType, models.PROTECT),
        meta={
            "ordering": ("-at",),
            "constraints": [models.UniqueConstraint(fields=["at"], name="once")],
        },
    )
    assert breaches(good) == []


TRIGGER = "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"
BAD_MIGRATIONS = {
    "trigger": (
        [migrations.RunPython(lambda *_: None)],
        f"execute('{TRIGGER}')",
        "behaviour lives in Python",
    ),
    "function": ([], "create or replace function f()", "behaviour lives in Python"),
    "own sql": ([migrations.RunSQL("SELECT 1")], "", "search adapter"),
    "hidden sql": (
        [migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("SELECT 1")])],
        "",
        "search adapter",
    ),
    "extension": ([TrigramExtension()], "", "no extension"),
    "number as key": (
        [migrations.CreateModel("A", [("id", models.BigAutoField(primary_key=True))])],
        "",
        "given by the database",
    ),
    "changing default": (
        [migrations.AddField("a", "b", models.FloatField(db_default=Random()))],
        "",
        "not constant",
    ),
    "automatic through": (
        [migrations.CreateModel("A", [("b", models.ManyToManyField("kit.Counter"))])],
        "",
        "through model",
    ),
}


@pytest.mark.parametrize(("operations", "text", "said"), BAD_MIGRATIONS.values(), ids=BAD_MIGRATIONS)
def test_a_migration_that_breaks_the_law_is_found(operations, text, said):
    assert said in report(migration_breaches("qizhi.kernel.loop", operations, text))


def test_the_search_adapter_may_speak_the_dialect_of_a_database():
    assert migration_breaches(DIALECT_ROOM, [migrations.RunSQL("SELECT 1")], TRIGGER) == []


VOLATILE = [
    "from django.db.models.functions import Now",
    "from django.contrib.postgres.functions import RandomUUID",
    "Matter.objects.order_by('?')",
    "cursor.execute('UPDATE a SET b = gen_random_uuid()')",
    "cursor.execute('SELECT clock_timestamp()')",
]


@pytest.mark.parametrize("text", VOLATILE)
def test_a_changing_value_is_found(text):
    assert len(volatile_uses(module("qizhi.kernel.loop.actions", text))) == 1


def test_a_fixed_order_is_left_alone():
    assert volatile_uses(module("qizhi.kernel.loop.queries", "Matter.objects.order_by('-opened_at')")) == []
