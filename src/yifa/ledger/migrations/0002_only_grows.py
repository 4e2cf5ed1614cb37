from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from yifa.ledger import guards


def put_up(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        guards.put_up(cursor, editor.connection.vendor)


def take_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        guards.take_down(cursor, editor.connection.vendor)


class Migration(migrations.Migration):
    """The database refuses to change an entry or a checkpoint."""

    dependencies = (("ledger", "0001_initial"),)
    operations = (migrations.RunPython(put_up, take_down),)
