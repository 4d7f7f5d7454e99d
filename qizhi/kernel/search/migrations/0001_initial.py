"""Make the index; what differs between the databases stands in the adapter."""

from typing import Any

from django.db import migrations

from qizhi.kernel.search.adapter import CREATE


def make(_apps: Any, schema_editor: Any) -> None:
    """Create the index of this database."""
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(_apps: Any, schema_editor: Any) -> None:
    """Drop the index; it can be rebuilt from the matters."""
    schema_editor.execute("DROP TABLE search_index")


class Migration(migrations.Migration):
    """The search index."""

    initial = True
    dependencies = [("loop", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
