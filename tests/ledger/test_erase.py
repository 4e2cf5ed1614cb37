"""A person can be forgotten, and the ledger still proves what was done."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from yifa.ledger import checkpoints, entries
from yifa.ledger.boxes import wrong_with
from yifa.ledger.cli import erase as erase_command
from yifa.ledger.entries import append_entry
from yifa.ledger.erase import erase
from yifa.ledger.errors import LedgerError
from yifa.ledger.verify import verify

from .conftest import Book, Clerk

WHY = "保存期限届满，经分管负责人批准"


def files_with(home: Path, *words: bytes) -> list[str]:
    """The files of the home, the write-ahead log among them, in which one of these can be read."""
    return [
        file.name for file in home.rglob("*") if file.is_file() and any(w in file.read_bytes() for w in words)
    ]


def secrets_of(book: Book, case: int) -> list[bytes]:
    """The wrapped key and the boxes, as they stand in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT box FROM ledger_sealed WHERE entry_id IN (SELECT id FROM ledger_entry WHERE case_id = %s)",
            [case],
        )
        boxes = [bytes(row[0]) for row in cursor.fetchall()]
    return [bytes(book.one("SELECT wrapped FROM ledger_key WHERE case_id = %s", case)), *boxes]


def test_after_erasing_verification_passes_and_the_chain_goes_on(book: Book) -> None:
    book.year()
    done = erase(3, Clerk(), WHY)
    last = entries.last_of(3)
    assert last is not None
    assert last.id == done.entry
    body = json.loads(last.body)
    assert (body["step"], body["person"], body["post"], body["proc"]) == (
        "~erase",
        7,
        "justice.clerk",
        "disclosure",
    )
    assert body["facts"] == {
        "basis": "《中华人民共和国个人信息保护法》第四十七条", "by": "张三", "facts": done.facts, "reason": WHY,
    }  # fmt: skip
    assert book.one("SELECT seq FROM cases_case WHERE id = 3") == last.seq
    assert book.one("SELECT head FROM cases_case WHERE id = 3") == last.hash
    assert json.loads(book.one("SELECT standing FROM cases_case WHERE id = 3"))["seq"] == last.seq
    assert verify().ok
    assert verify(full=False).ok
    checkpoints.make(date(2023, 1, 9))
    assert verify().checkpoints == 4


def test_nothing_of_the_person_is_left_in_any_file_of_the_home(sqlite_book: Book) -> None:
    """Many cases around it, letters longer than a page, and a log that was never emptied."""
    name, letter = "封某某", "封某某同志：您申请公开的信息，现答复如下。" * 500
    sqlite_book.run("PRAGMA wal_autocheckpoint = 0")
    for case in range(1, 400):
        sealed = {"申请人姓名": name, "paper:reply": letter} if case == 201 else {"申请人姓名": "李某"}
        sqlite_book.write(case, sealed=sealed)
    sqlite_book.write(201, sealed={"联系电话": "13812345678"})
    secrets = secrets_of(sqlite_book, 201)
    assert len(secrets) == 4
    plain = [name.encode(), b"13812345678", "您申请公开的信息".encode()]
    assert files_with(sqlite_book.home, *plain) == []
    assert files_with(sqlite_book.home, *secrets) == ["db.sqlite3-wal"]
    done = erase(201, Clerk(), WHY)
    assert done.settled
    assert done.facts == 3
    assert files_with(sqlite_book.home, *plain) == []
    assert (
        files_with(sqlite_book.home, *(s[at : at + 24] for s in secrets for at in range(0, len(s) - 23, 24)))
        == []
    )
    assert verify().ok


def test_without_the_key_nobody_can_open_a_copy_of_the_box(book: Book) -> None:
    book.write(1, sealed={"申请人姓名": "王某"})
    row = next(iter(entries.raw()))[0] if connection.vendor == "sqlite" else None
    copy = book.one("SELECT box FROM ledger_sealed")
    salt = book.one("SELECT salt FROM ledger_sealed")
    erase(1, Clerk(), WHY)
    assert book.one("SELECT count(*) FROM ledger_key") == 0
    assert book.one("SELECT count(*) FROM ledger_sealed") == 0
    if row is not None:  # put back, it is not taken for the record
        book.run(
            "INSERT INTO ledger_sealed (entry_id, name, salt, box) VALUES (1, '申请人姓名', %s, %s)",
            salt,
            copy,
        )
        assert wrong_with([row]) == (1, "案件密钥不在，封存内容打不开，而台账中没有销毁记录")


def test_what_is_sealed_after_an_erasure_has_a_new_key(book: Book) -> None:
    book.write(1, sealed={"申请人姓名": "王某"})
    erase(1, Clerk(), WHY)
    last = entries.last_of(1)
    assert last is not None
    book.heads[1] = last.seq, last.hash
    book.write(1, sealed={"申请人姓名": "李某"})
    assert verify().ok
    assert erase(1, Clerk(), WHY).facts == 1
    assert verify().ok


def test_a_second_erasure_adds_nothing_and_a_needless_one_is_refused(book: Book) -> None:
    book.write(1, sealed={"申请人姓名": "王某"})
    book.write(2)
    first = erase(1, Clerk(), WHY)
    again = erase(1, Clerk(), WHY)
    assert again.entry == first.entry
    with pytest.raises(LedgerError, match=r"没有封存的个人信息.*E308"):
        erase(2, Clerk(), WHY)
    with pytest.raises(LedgerError, match="请写明销毁的理由"):
        erase(1, Clerk(), " ")


def test_a_head_that_does_not_agree_stops_the_erasure_and_the_key_stays(book: Book) -> None:
    book.write(1, sealed={"申请人姓名": "王某"})
    book.run("UPDATE cases_case SET head = 'x' WHERE id = 1")
    with pytest.raises(LedgerError, match=r"末条与台账不符.*E306"):
        erase(1, Clerk(), WHY)
    assert book.one("SELECT count(*) FROM ledger_key") == 1


def test_a_reader_in_the_way_is_told_of(sqlite_book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite_book.write(1, sealed={"申请人姓名": "王某"})
    monkeypatch.setattr("yifa.ledger.erase.PATIENCE", 0.3)
    sqlite_book.run("PRAGMA busy_timeout = 100")
    with sqlite3.connect(sqlite_book.home / "db.sqlite3", isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ledger_entry").fetchone()
        code, said = erase_command(1, Clerk(), WHY)
        assert code == 1
        assert "请稍后再运行一次 yifa erase" in said
        reader.execute("ROLLBACK")
    code, said = erase_command(1, Clerk(), WHY)
    assert code == 0
    assert said.startswith("案件1的个人信息已销毁")


def test_a_step_of_a_procedure_does_not_enter_by_this_door(book: Book) -> None:
    book.write(1)
    with pytest.raises(LedgerError, match=r"只能经由 act.*E308"):
        append_entry(1, "answer", Clerk(), {})
