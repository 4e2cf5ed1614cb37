"""The database itself refuses to change what was recorded."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from yifa.ledger import checkpoints

from .conftest import Book

CHANGES = [
    "UPDATE ledger_entry SET body = '{}' WHERE id = 1",
    "UPDATE ledger_entry SET hash = hash",
    "DELETE FROM ledger_entry WHERE id = 1",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_checkpoint SET root = ''",
    "DELETE FROM ledger_checkpoint",
]
REPLACEMENTS = [
    "INSERT OR REPLACE INTO ledger_entry VALUES (1, 9, 9, '', '', '', '')",
    "INSERT OR REPLACE INTO ledger_entry VALUES (99, 1, 1, '', '', '', '')",
    "REPLACE INTO ledger_entry (case_id, seq, algo, prev, hash, body) VALUES (1, 1, '', '', '', '')",
    "INSERT INTO ledger_entry VALUES (1, 1, 1, '', '', '', '') ON CONFLICT (id) DO UPDATE SET body = ''",
    "INSERT OR REPLACE INTO ledger_checkpoint (id, day, size, last_entry, root, algo, made_at)"
    " VALUES (99, '2023-01-03', 0, 0, '', '', '2023-01-03')",
]


def refuse(book: Book, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"只增不改 \[yifa.E301\]"), transaction.atomic():
        book.run(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_an_entry_or_a_checkpoint_can_be_neither_changed_nor_deleted(book: Book, statement: str) -> None:
    book.write(1)
    checkpoints.make(date(2023, 1, 3))
    refuse(book, statement)
    assert book.one("SELECT count(*) FROM ledger_entry") == 1


@pytest.mark.parametrize("statement", REPLACEMENTS)
def test_an_entry_cannot_be_replaced_under_cover_of_an_insert(sqlite_book: Book, statement: str) -> None:
    sqlite_book.write(1)
    checkpoints.make(date(2023, 1, 3))
    refuse(sqlite_book, statement)


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_checkpoint"])
def test_a_table_cannot_be_emptied_at_a_stroke(postgres_book: Book, table: str) -> None:
    refuse(postgres_book, f"TRUNCATE {table}")


@pytest.mark.postgres
def test_a_writer_that_a_checkpoint_overtook_is_told_to_take_its_number_again(postgres_book: Book) -> None:
    early = postgres_book.one("SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id'))")
    postgres_book.write(1)
    checkpoints.make(date(2023, 1, 3))
    late = f"INSERT INTO ledger_entry (id, case_id, seq, algo, prev, hash, body) VALUES ({early}, 2, 1, '', '', '', '')"
    with (
        pytest.raises(connection.Database.IntegrityError) as refused,
        connection.connection.cursor() as cursor,
    ):
        cursor.execute(late)
    assert "yifa.E309" in str(refused.value)
