"""The documents, the marks, and the index as this database keeps one."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from yifa.texts.lookup import index


def put_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        for statement in index.TABLES[editor.connection.vendor]:
            cursor.execute(statement)


def take_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        for table in ("texts_index", "texts_passage"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.TextField()),
                ("ref", models.TextField()),
                ("case_id", models.BigIntegerField(null=True)),
                ("family", models.TextField(default="")),
                ("office", models.TextField(default="")),
                ("day", models.DateField(null=True)),
                ("ends", models.DateField(null=True)),
                ("about", models.TextField(default="{}")),
                ("title", models.TextField()),
            ],
            options={"db_table": "texts_document"},
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("document_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("body", models.TextField()),
            ],
            options={"db_table": "texts_body"},
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("value", models.TextField()),
            ],
            options={"db_table": "texts_mark"},
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(fields=("kind", "ref"), name="document_once"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["case_id"], name="document_of_case"),
        ),
        migrations.RunPython(put_up, take_down),
    ]
