from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="passage", name="text_sealed", field=models.BinaryField(default=bytes)
        ),
    ]
