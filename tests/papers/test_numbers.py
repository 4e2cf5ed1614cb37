"""Numbers without a gap and without a double, on both databases, however many ask at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from yifa.papers import PaperError, take, written

# The table of the migration, as both databases understand it.
TABLE = (
    "CREATE TABLE papers_series (office text NOT NULL, series text NOT NULL, year integer NOT NULL, "
    "last integer NOT NULL, PRIMARY KEY (office, series, year))"
)


class Undone(Exception):
    """The step was refused after all."""


class Server:
    """A database several workers connect to, each with its own connection."""

    def __init__(self, vendor: str, connect: Callable[[], Any], begin: str) -> None:
        self.vendor, self.connect, self.begin = vendor, connect, begin

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        connection = self.connect()
        try:
            cursor = connection.cursor()
            cursor.execute(self.begin)
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
        finally:
            connection.close()

    def take(self, office: str = "办公室", series: str = "信公开", year: int = 2023) -> int:
        with self.transaction() as cursor:
            return take(cursor, self.vendor, office, series, year)


@pytest.fixture
def sqlite(tmp_path: Path) -> Server:
    file = tmp_path / "db.sqlite3"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(file, timeout=30, isolation_level=None)

    with connect() as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(TABLE)
    return Server("sqlite", connect, "BEGIN IMMEDIATE")


@pytest.fixture
def postgresql() -> Iterator[Server]:
    address = os.environ.get("YIFA_TEST_POSTGRES")
    if not address:
        pytest.skip("YIFA_TEST_POSTGRES names no PostgreSQL server")
    psycopg = pytest.importorskip("psycopg")
    server = address.rpartition("/")[0] + "/postgres"  # the tests' own database may not be there yet
    schema = f"yifa_numbers_{uuid4().hex}"  # its own for each test: several processes run these at once

    def connect() -> Any:
        return psycopg.connect(server, autocommit=True, options=f"-c search_path={schema}")

    with connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(TABLE)
    yield Server("postgresql", connect, "BEGIN")
    with connect() as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


def test_a_series_counts_from_one(server: Server) -> None:
    assert [server.take() for _ in range(3)] == [1, 2, 3]


def test_each_office_series_and_year_counts_for_itself(server: Server) -> None:
    assert server.take() == 1
    assert server.take(year=2024) == 1
    assert server.take(series="信公开延") == 1
    assert server.take(office="司法局") == 1
    assert server.take() == 2


def test_a_transaction_undone_gives_its_number_back(server: Server) -> None:
    assert server.take() == 1
    with suppress(Undone), server.transaction() as cursor:
        assert take(cursor, server.vendor, "办公室", "信公开", 2023) == 2
        raise Undone
    assert server.take() == 2


def test_many_at_once_leave_no_gap_and_no_double(server: Server) -> None:
    def work(n: int) -> int | None:
        if n % 5:
            return server.take()
        with suppress(Undone), server.transaction() as cursor:
            take(cursor, server.vendor, "办公室", "信公开", 2023)
            raise Undone
        return None

    with ThreadPoolExecutor(8) as workers:
        taken = [n for n in workers.map(work, range(200)) if n is not None]
    assert sorted(taken) == list(range(1, 161))


def test_a_number_is_written_with_the_whole_year_in_hexagonal_brackets() -> None:
    assert written("新政办", "信公开", 2023, 5) == "新政办信公开〔2023〕5号"
    assert written("新政", "", 2026, 12) == "新政〔2026〕12号"


@pytest.mark.parametrize(("year", "n"), [(23, 1), (2023, 0), (20233, 1)])
def test_a_number_nobody_can_have_taken_is_not_written(year: int, n: int) -> None:
    with pytest.raises(PaperError, match="E431"):
        written("新政", "", year, n)


def test_another_database_is_refused() -> None:
    with pytest.raises(PaperError, match="E430"):
        take(sqlite3.connect(":memory:").cursor(), "oracle", "a", "b", 2023)


@pytest.mark.django_db
def test_the_table_of_the_migration_is_the_one_counted_in() -> None:
    from django.db import connection

    from yifa.papers.models import Series

    connection.ensure_connection()
    raw: Any = connection.connection
    assert [take(raw.cursor(), connection.vendor, "办公室", "信公开", 2023) for _ in range(2)] == [1, 2]
    assert Series.objects.get(pk=("办公室", "信公开", 2023)).last == 2


@pytest.mark.django_db
def test_no_two_papers_bear_one_number_and_papers_without_a_number_are_many() -> None:
    from django.db import IntegrityError, transaction

    from yifa.papers.models import Paper

    same: dict[str, Any] = {
        "case_id": 1, "key": "receipt", "office": "办公室", "year": 2023, "sha": "0" * 64, "issued_on": date(2023, 1, 3),
    }  # fmt: skip
    for entry in (1, 2):
        Paper.objects.create(entry_id=entry, **same)
    Paper.objects.create(entry_id=3, series="信公开", n=1, **same)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.create(entry_id=4, series="信公开", n=1, **same)
