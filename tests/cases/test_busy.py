"""Who cannot write because somebody else writes is told to come again, in words and not in a driver's."""

import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from yifa.cases.store import Store
from yifa.procedure import Lost

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="only on SQLite: a server lets its writers wait"
    ),
]


def locked(file: Path) -> sqlite3.OperationalError:
    """The error of a second writer that would not wait."""
    first, second = (sqlite3.connect(file, timeout=0, isolation_level=None) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as busy:
        second.execute("BEGIN IMMEDIATE")
    first.close()
    second.close()
    return busy.value


def test_a_lock_that_is_not_to_be_had_is_a_case_that_moved(tmp_path: Path) -> None:
    with pytest.raises(Lost, match="请刷新后再试"), Store().contested():
        raise locked(tmp_path / "db")


def test_so_it_is_behind_djangos_own_error(tmp_path: Path) -> None:
    with pytest.raises(Lost), Store().contested():
        raise OperationalError("database is locked") from locked(tmp_path / "db")


def test_any_other_trouble_of_the_database_is_not_hidden() -> None:
    with pytest.raises(OperationalError, match="disk"), Store().contested():
        raise OperationalError("disk I/O error")
