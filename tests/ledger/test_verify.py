"""Verification passes over what was written, and names the first entry that was touched."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.ledger import checkpoints, entries
from yifa.ledger.chain import digest
from yifa.ledger.verify import Wrong, verify

from .conftest import Book

COLUMNS = ["case_id", "seq", "algo", "prev", "hash", "body"]
some_examples = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def undone() -> Iterator[None]:
    """What is done to the database in here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found(**how: bool) -> Wrong:
    verdict = verify(**how)
    assert verdict.first_wrong is not None, verdict
    assert not verdict.ok
    assert "不通过" in verdict.sentence()
    return verdict.first_wrong


@pytest.fixture
def year(book: Book) -> Book:
    """A small year with three sealed days and an open one, its guards down."""
    book.year()
    book.unguard()
    return book


def test_what_was_written_passes(year: Book) -> None:
    verdict = verify()
    assert (verdict.ok, verdict.entries, verdict.checkpoints) == (True, len(list(entries.read())), 3)
    assert verdict.sentence().startswith("台账核验通过：读了")


def test_an_empty_ledger_passes_sealed_or_not(book: Book) -> None:
    assert verify().ok
    checkpoints.make(date(2023, 1, 1))
    assert verify().ok
    book.write(1)
    assert verify().ok
    assert verify(full=False).entries == 1


def test_progress_is_told(year: Book) -> None:
    told: list[int] = []
    verify(told.append)
    assert told[-1] == len(list(entries.read()))


def test_since_the_last_seal_only_the_new_is_read(year: Book) -> None:
    verdict = verify(full=False)
    assert verdict.ok
    assert verdict.entries == book_size(year) - checkpoints.every()[-1].size
    year.run("UPDATE ledger_entry SET body = '{}' WHERE id = 3")
    assert verify(full=False).ok
    assert found().entry == 3


def book_size(book: Book) -> int:
    return int(book.one("SELECT count(*) FROM ledger_entry"))


@some_examples
@given(data=st.data())
def test_one_changed_byte_anywhere_is_found_and_its_entry_named(
    year_in_sqlite: Book, data: st.DataObject
) -> None:
    book = year_in_sqlite
    id = data.draw(st.integers(1, book_size(book)))
    column = data.draw(st.sampled_from(COLUMNS))
    raw = book.one(f"SELECT CAST({column} AS BLOB) FROM ledger_entry WHERE id = %s", id)
    at, to = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 255))
    if raw[at] == to:
        return
    with undone():
        changed = raw[:at] + bytes([to]) + raw[at + 1 :]
        kind = "INTEGER" if column in ("case_id", "seq") and changed.isdigit() else "TEXT"
        if kind == "INTEGER" and int(changed) == int(raw):
            return
        taken = book.one("SELECT count(*) FROM ledger_entry WHERE case_id = %s AND seq = %s", *(
            int(changed) if column == c and changed.isdigit() else book.one(f"SELECT {c} FROM ledger_entry WHERE id = %s", id)
            for c in ("case_id", "seq")
        ))  # fmt: skip
        if column in ("case_id", "seq") and taken:
            return  # the database's own rule forbids it
        book.run(f"UPDATE ledger_entry SET {column} = CAST(%s AS {kind}) WHERE id = %s", changed, id)
        wrong = found()
    assert wrong.entry == id, (wrong, column, at, to)
    words = {
        "case_id": "案号",
        "seq": "序号",
        "algo": "算法",
        "prev": "上一条的校验值",
        "hash": "校验值",
        "body": "正文",
    }
    assert words[column] in wrong.what or column in ("seq", "case_id"), wrong


@pytest.fixture
def year_in_sqlite(sqlite_book: Book) -> Book:
    sqlite_book.year()
    sqlite_book.unguard()
    return sqlite_book


@some_examples
@given(data=st.data())
def test_a_missing_entry_is_found_where_it_stood(year_in_sqlite: Book, data: st.DataObject) -> None:
    book = year_in_sqlite
    id = data.draw(st.integers(1, book_size(book)))
    with undone():
        case, seq = book.one("SELECT case_id FROM ledger_entry WHERE id = %s", id), book.one(
            "SELECT seq FROM ledger_entry WHERE id = %s", id
        )  # fmt: skip
        book.run("DELETE FROM ledger_entry WHERE id = %s", id)
        wrong = found()
    assert "缺" in wrong.what
    assert f"缺少第{seq}条" in wrong.what or f"缺第{seq}条" in wrong.what
    assert f"案件{case}" in wrong.what or wrong.case == case


@some_examples
@given(data=st.data())
def test_two_exchanged_entries_are_found(year_in_sqlite: Book, data: st.DataObject) -> None:
    book = year_in_sqlite
    sealed = checkpoints.every()[-1].last_entry
    one = data.draw(st.integers(1, sealed - 1))
    other = data.draw(st.integers(one + 1, sealed))
    with undone():
        book.run("DELETE FROM ledger_sealed")
        book.run("DELETE FROM ledger_key")
        for was, now in ((one, -1), (other, one), (-1, other)):
            book.run("UPDATE ledger_entry SET id = %s WHERE id = %s", now, was)
        wrong = found()
    if "封存" in wrong.what and wrong.what.endswith("没有销毁记录"):
        return  # the boxes are gone too, and an earlier entry tells of it
    assert wrong.entry == one
    assert "次序" in wrong.what


def test_bodies_exchanged_between_two_cases_are_found(year: Book) -> None:
    book = year
    one, two = (
        book.one("SELECT body FROM ledger_entry WHERE id = 4"),
        book.one("SELECT body FROM ledger_entry WHERE id = 5"),
    )
    book.run("UPDATE ledger_entry SET body = %s WHERE id = 4", two)
    book.run("UPDATE ledger_entry SET body = %s WHERE id = 5", one)
    assert found() == Wrong(4, book.one("SELECT case_id FROM ledger_entry WHERE id = 4"), 1, "正文被改动")


def test_the_last_entry_of_a_case_cannot_be_dropped_even_before_it_was_sealed(year: Book) -> None:
    last = year.one("SELECT max(id) FROM ledger_entry")
    case, seq = year.one("SELECT case_id FROM ledger_entry WHERE id = %s", last), year.one("SELECT seq FROM ledger_entry WHERE id = %s", last)  # fmt: skip
    year.run("DELETE FROM ledger_entry WHERE id = %s", last)
    wrong = found()
    assert (wrong.case, wrong.seq) == (case, seq)
    assert "缺少记录" in wrong.what


def rewrite(book: Book, id: int) -> None:
    """Change a body and hash it anew, as one who knows the rule would."""
    row = next(entry for entry in entries.read() if entry.id == id)
    body = row.body.replace("2023-01-03", "2023-01-04")
    book.run(
        "UPDATE ledger_entry SET body = %s, hash = %s WHERE id = %s",
        body,
        digest(row.prev, body, row.algo),
        id,
    )


def test_a_rewritten_entry_breaks_the_link_to_the_next(year: Book) -> None:
    rewrite(year, 2)
    after = year.one(
        "SELECT id FROM ledger_entry WHERE seq = 2 AND case_id = (SELECT case_id FROM ledger_entry WHERE id = 2)"
    )
    wrong = found()
    assert wrong.entry in (2, after)
    assert "整条改写" in wrong.what


def test_a_whole_case_rewritten_to_the_end_is_found_by_the_seal(year: Book) -> None:
    case = year.one("SELECT case_id FROM ledger_entry WHERE id = 2")
    prev = "0" * 64
    for entry in list(entries.read(case=case)):
        body = entry.body.replace("2023-01-03", "2023-01-04")
        hash = digest(prev, body, entry.algo)
        year.run(
            "UPDATE ledger_entry SET body = %s, prev = %s, hash = %s WHERE id = %s",
            body,
            prev,
            hash,
            entry.id,
        )
        prev = hash
    year.run("UPDATE cases_case SET head = %s WHERE id = %s", prev, case)
    wrong = found()
    assert (wrong.entry, wrong.case) == (2, case)
    assert "整条改写" in wrong.what


def test_without_the_stored_levels_the_days_between_are_named(year: Book) -> None:
    last = checkpoints.every()[1].last_entry
    case = year.one("SELECT case_id FROM ledger_entry WHERE id = %s", last)
    year.run("DELETE FROM ledger_entry WHERE case_id = %s", case)
    year.run("DELETE FROM cases_case WHERE id = %s", case)
    for file in (year.home / "ledger" / "sha256").iterdir():
        file.unlink()
    wrong = found()
    assert wrong.entry is None
    assert "2023-01-01校验点之前" in wrong.what or "2023-01-02校验点之前" in wrong.what


def test_an_entry_slipped_in_is_found(year: Book) -> None:
    body = '{"case":99,"facts":{},"sealed":{},"seq":1,"step":"receive"}'
    hash = digest("0" * 64, body)
    year.run("UPDATE ledger_entry SET id = id + 1000 WHERE id > 6")
    year.run("UPDATE ledger_sealed SET entry_id = entry_id + 1000 WHERE entry_id > 6")
    year.run("INSERT INTO ledger_entry (id, case_id, seq, algo, prev, hash, body) VALUES (7, 99, 1, 'sha256', %s, %s, %s)",
             "0" * 64, hash, body)  # fmt: skip
    wrong = found()
    assert (wrong.entry, wrong.case) == (7, 99)
    assert "插入" in wrong.what


def test_an_altered_checkpoint_is_told_from_an_altered_entry(year: Book) -> None:
    year.run("UPDATE ledger_checkpoint SET root = %s WHERE day = '2023-01-02'", "ab" * 32)
    assert found() == Wrong(None, None, None, "2023-01-02校验点的根被改动（记录本身与当日封存时一致）")


def test_a_checkpoint_over_more_entries_than_there_are_is_found(year: Book) -> None:
    checkpoints.make(date(2023, 1, 4))
    last = year.one("SELECT max(id) FROM ledger_entry")
    case = year.one("SELECT case_id FROM ledger_entry WHERE id = %s", last)
    year.run("DELETE FROM ledger_entry WHERE id = %s", last)
    wrong = found()
    assert f"案件{case}缺少第" in wrong.what


def test_a_case_row_that_lags_behind_is_told_from_a_damaged_ledger(year: Book) -> None:
    year.run("UPDATE cases_case SET seq = seq - 1 WHERE id = 3")
    wrong = found()
    assert wrong.case == 3
    assert "yifa rebuild" in wrong.what
    year.run("DELETE FROM cases_case WHERE id = 3")
    assert found().what.startswith("台账中有此案")


def test_a_sealed_fact_cannot_be_damaged_exchanged_removed_or_added(year: Book) -> None:
    id = year.one("SELECT min(entry_id) FROM ledger_sealed")
    changes = {
        "封存的“联系电话”打不开": "UPDATE ledger_sealed SET box = salt WHERE entry_id = %s AND name = '联系电话'",
        "封存的“联系电话”不见了": "DELETE FROM ledger_sealed WHERE entry_id = %s AND name = '联系电话'",
        "多出一项封存的“身份证号”": "UPDATE ledger_sealed SET name = '身份证号' WHERE entry_id = %s + 1000",
        "案件密钥不在": "DELETE FROM ledger_key WHERE case_id = (SELECT case_id FROM ledger_entry WHERE id = %s)",
        "案件密钥打不开": "UPDATE ledger_key SET wrapped = (SELECT salt FROM ledger_sealed LIMIT 1)"
        " WHERE case_id = (SELECT case_id FROM ledger_entry WHERE id = %s)",
    }
    for what, sql in changes.items():
        with undone():
            if "多出" in what:
                year.run("INSERT INTO ledger_sealed (entry_id, name, salt, box) SELECT entry_id, '身份证号', salt, box"
                         " FROM ledger_sealed WHERE entry_id = %s AND name = '联系电话'", id)  # fmt: skip
            year.run(sql, id)
            wrong = found()
        assert wrong.entry == id
        assert what in wrong.what
    with undone():
        year.run("DELETE FROM ledger_sealed WHERE entry_id = %s", id)
        assert "不见了，而台账中没有销毁记录" in found().what


def test_words_sealed_anew_are_not_those_that_were_promised(year: Book) -> None:
    from yifa.ledger.vault import Vault

    id, vault = year.one("SELECT min(entry_id) FROM ledger_sealed"), Vault.open(year.home)
    wrapped = year.one(
        "SELECT wrapped FROM ledger_key WHERE case_id = (SELECT case_id FROM ledger_entry WHERE id = %s)", id
    )
    salt, box, _ = vault.seal(vault.unwrap(bytes(wrapped)), "联系电话", "13900000000")
    year.run(
        "UPDATE ledger_sealed SET salt = %s, box = %s WHERE entry_id = %s AND name = '联系电话'",
        salt,
        box,
        id,
    )
    assert found().what == "封存的“联系电话”与正文中的承诺值不符，被换过"


def test_numbers_given_out_of_turn_are_no_fault(book: Book) -> None:
    """On PostgreSQL an import takes numbers in blocks; the order of a case is that of its seq."""
    for case in (1, 2, 1, 1):
        book.write(case)
    book.unguard()
    for was, now in ((3, -1), (4, 3), (-1, 4)):
        book.run("UPDATE ledger_entry SET id = %s WHERE id = %s", now, was)
    assert verify().ok


def test_writing_goes_on_while_the_ledger_is_read(sqlite_book: Book) -> None:
    """The reader sees the ledger of one moment and keeps nobody out."""
    sqlite_book.year()
    size = book_size(sqlite_book)

    def write(n: int) -> None:
        with sqlite3.connect(sqlite_book.home / "db.sqlite3") as elsewhere:
            elsewhere.execute("INSERT INTO ledger_entry (case_id, seq, algo, prev, hash, body)"
                              " VALUES (777, 1, 'sha256', '', '', '')")  # fmt: skip

    verdict: Any = verify(write)
    assert (verdict.ok, verdict.entries) == (True, size)
    assert found().case == 777
