"""A day is sealed once, over everything so far, and goes on from the day before."""

import threading
import time
from datetime import date
from typing import Any

import pytest
from django.db import connection

from yifa.ledger import checkpoints, entries
from yifa.ledger.errors import LedgerError
from yifa.ledger.tree import root, verify_consistency, verify_inclusion

from .conftest import Book


def hashes() -> list[bytes]:
    return [bytes.fromhex(entry.hash) for entry in entries.read()]


def test_the_root_is_over_the_hashes_in_the_order_of_the_entries(book: Book) -> None:
    for case in (1, 2, 1, 3, 2):
        last = book.write(case)
    made = checkpoints.make(date(2023, 1, 3))
    assert made.root == root(hashes()).hex()
    assert (made.size, made.last_entry, made.algo) == (5, last, "sha256")


def test_a_day_is_sealed_once(book: Book) -> None:
    book.write(1)
    made = checkpoints.make(date(2023, 1, 3))
    book.write(1)
    assert checkpoints.make(date(2023, 1, 3)) == made
    assert len(checkpoints.every()) == 1


def test_a_day_before_the_last_seal_cannot_be_sealed_any_more(book: Book) -> None:
    checkpoints.make(date(2023, 1, 3))
    with pytest.raises(LedgerError, match=r"2023-01-03已经封存.*E302"):
        checkpoints.make(date(2023, 1, 2))


def test_a_day_without_entries_and_an_empty_ledger_are_sealed_too(book: Book) -> None:
    assert checkpoints.make(date(2023, 1, 1)).root == root([]).hex()
    book.write(1)
    first, second = checkpoints.make(date(2023, 1, 2)), checkpoints.make(date(2023, 1, 3))
    assert (first.size, first.root) == (second.size, second.root)


def test_every_entry_and_every_pair_of_days_can_be_proved(book: Book) -> None:
    book.year()
    days = checkpoints.every()
    for entry in entries.read():
        if entry.id > days[-1].last_entry:
            with pytest.raises(LedgerError, match="还没有校验点"):
                checkpoints.inclusion(entry.id)
            continue
        for under in (None, days[-1]):
            p = checkpoints.inclusion(entry.id, under)
            proof = [bytes.fromhex(node) for node in p.path]
            assert verify_inclusion(bytes.fromhex(entry.hash), p.index, p.size, proof, bytes.fromhex(p.root))
    for old in days:
        for new in days:
            if old.day <= new.day:
                proof = checkpoints.consistency(old, new)
                roots = bytes.fromhex(old.root), bytes.fromhex(new.root)
                assert verify_consistency(old.size, new.size, proof, *roots)


def test_lost_levels_are_made_anew_and_what_a_failed_attempt_left_is_forgotten(book: Book) -> None:
    book.year(days=2)
    with checkpoints.levels("sha256") as tree:
        tree.extend([b"left behind"])
    third = checkpoints.make(date(2023, 1, 3))
    assert third.root == root(hashes()).hex()
    for file in (book.home / "ledger" / "sha256").iterdir():
        file.unlink()
    book.write(1)
    assert checkpoints.make(date(2023, 1, 4)).root == root(hashes()).hex()


def test_a_ledger_that_is_not_the_sealed_one_is_not_sealed_further(book: Book) -> None:
    book.year(days=1)
    book.unguard()
    book.run("UPDATE ledger_entry SET hash = prev WHERE id = (SELECT min(id) FROM ledger_entry)")
    for file in (book.home / "ledger" / "sha256").iterdir():
        file.unlink()
    with pytest.raises(LedgerError, match=r"与2023-01-01的校验点不符.*E303"):
        checkpoints.make(date(2023, 1, 2))


def test_with_national_cryptography_the_tree_is_of_sm3_too(book: Book, settings: Any) -> None:
    settings.YIFA_LEDGER_ALGO = "sm3"
    book.write(1, "sm3")
    made = checkpoints.make(date(2023, 1, 3))
    assert (made.algo, made.root) == ("sm3", root(hashes(), "sm3").hex())


@pytest.mark.postgres
def test_sealing_waits_for_those_who_are_writing(postgres_book: Book) -> None:
    """An entry with a smaller number may be on its way: it must be under the seal, or after it."""
    postgres_book.write(1)
    inserted, sealed = threading.Event(), threading.Event()
    address, driver = connection.get_connection_params(), connection.Database

    def write() -> None:
        with driver.connect(host=address.get("host"), port=address.get("port"), user=address.get("user"),
                                         password=address.get("password"), dbname=address["dbname"]) as other:  # fmt: skip
            other.execute(
                "INSERT INTO ledger_entry (case_id, seq, algo, prev, hash, body) VALUES (2, 1, '', '', %s, '')",
                ["ab" * 32],
            )
            inserted.set()
            time.sleep(1)
            assert not sealed.is_set()

    writer = threading.Thread(target=write)
    writer.start()
    assert inserted.wait(10)
    made = checkpoints.make(date(2023, 1, 3))
    sealed.set()
    writer.join()
    assert made.size == 2
