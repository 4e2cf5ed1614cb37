"""Django's tasks in the database (django-tasks-db), on PostgreSQL: two workers.

python -m benchmarks.peers.fanout.django_tasks      a worker
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django_tasks import task

from yifa.site.home import postgresql

from .book import Deliverer, Queued
from .contest import Ground
from .workers import ground


def set_up() -> None:
    """Django at this ground, with nothing but the queue."""
    settings.configure(
        DATABASES={"default": postgresql(ground().postgres)},
        INSTALLED_APPS=["django_tasks", "django_tasks_db"],
        TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SECRET_KEY=os.urandom(16).hex(),
        LOGGING={"version": 1, "loggers": {"django_tasks": {"level": "ERROR"}}},
    )
    django.setup()


if not settings.configured:
    set_up()
_mine: list[Deliverer] = []


@task()
def deliver(n: int) -> None:
    if not _mine:  # first in this worker
        _mine.append(Deliverer(ground()))
    _mine[0].deliver(n)


class DjangoTasks(Queued):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        call_command("migrate", verbosity=0)
        for _ in range(2):
            self.workers.start("-m", "benchmarks.peers.fanout.django_tasks")

    def clear(self) -> None:
        super().clear()
        from django_tasks_db.models import DBTaskResult  # a model, once Django is set up

        DBTaskResult.objects.all().delete()

    def enqueue(self, messages: int) -> None:
        with transaction.atomic():
            for n in range(messages):
                deliver.enqueue(n)


if __name__ == "__main__":
    call_command("db_worker", interval=0.05, startup_delay=False, verbosity=0)
