"""Who is due at the same millisecond is taken in the order of the list, on every database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0003_talks"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="calling", name="calling_due"),
        migrations.AddIndex(
            model_name="calling",
            index=models.Index(
                fields=["next", "id"], name="calling_due", condition=models.Q(("next__isnull", False))
            ),
        ),
    ]
