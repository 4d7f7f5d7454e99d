"""What waits for a decision is one range of an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loop", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["name"], name="application_pending"
            ),
        ),
    ]
