"""yifa serve."""

import argparse

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yifa.site.calling import calling
from yifa.site.errors import stop
from yifa.site.progress import Progress
from yifa.site.serving import collect_static, port_to_use, run
from yifa.texts.lookup.follow import catch_up


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def serve(given: argparse.Namespace) -> int:
    """Serve a county that is set up."""
    if given.workers > 1 and connection.vendor == "sqlite":
        stop(
            "SQLite 只用一个进程；多进程请用 PostgreSQL · One process with SQLite; several need PostgreSQL. [yifa.E718]"
        )
    if not _migrated():
        stop("数据库还没有建好，或者需要升级。请先执行 yifa setup · Run `yifa setup` first. [yifa.E714]")
    port = port_to_use(given.host, given.port, or_next=False)
    collect_static()
    with Progress("编入搜索索引", "条") as tell:
        catch_up(None, tell)
    connection.close()
    print(f"依法 · http://{given.host}:{port}/ （{settings.YIFA_HOME}）", flush=True)
    with calling(not given.no_calls):
        run(given.host, port, given.workers)
    return 0
