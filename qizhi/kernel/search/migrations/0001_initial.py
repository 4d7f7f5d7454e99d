"""Make the index; what differs between the databases stands in the adapter."""

from django.db import migrations

from qizhi.kernel.search.adapter import CREATE


def make(apps, schema_editor):
    """Create the index of this database."""
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    """Drop the index; it can be rebuilt from the matters."""
    schema_editor.execute("DROP TABLE search_index")


class Migration(migrations.Migration):
    """The search index."""

    initial = True
    dependencies = [("loop", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
