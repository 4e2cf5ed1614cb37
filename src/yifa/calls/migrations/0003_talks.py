from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0002_cursor"),
    ]

    operations = [
        migrations.AddField("callout", "hours", models.TextField(default="")),
        migrations.AddField("calling", "about", models.TextField(default="")),
        migrations.AddField("calling", "collected", models.BigIntegerField(null=True)),
        migrations.AddField("try", "outcome", models.TextField(default="")),
        migrations.AddIndex(
            model_name="calling",
            index=models.Index(
                fields=["callout_id"],
                name="calling_over",
                condition=models.Q(next__isnull=True, collected__isnull=True),
            ),
        ),
    ]
