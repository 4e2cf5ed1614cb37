"""The peers' book of deliveries, on the driver alone: less than an ORM would cost them. One commit a result."""

from __future__ import annotations

import sqlite3
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .contest import Contestant, Ground, Phone, number
from .workers import Workers

TABLE = """
CREATE TABLE delivery (id bigint PRIMARY KEY, person text NOT NULL, key text NOT NULL, sent double precision,
  answered double precision, said text, due double precision NOT NULL, overdue boolean NOT NULL DEFAULT false)
"""
DUE = "CREATE INDEX delivery_due ON delivery (due) WHERE answered IS NULL"
COLUMNS = "id, person, key, due"
SENT = "UPDATE delivery SET sent = ? WHERE id = ?"
ANSWERED = "UPDATE delivery SET answered = ?, said = ? WHERE id = ?"
OVERDUE = "UPDATE delivery SET overdue = true WHERE answered IS NULL AND due < ?"
WITHIN = 3600.0
PATIENCE = 120  # seconds for one turn of a peer


def sqlite(home: str) -> sqlite3.Connection:
    """Under the settings that Yifa itself gives its database."""
    from yifa.site.home import sqlite as settings

    options = settings(Path(home), "NORMAL")["OPTIONS"]
    db = sqlite3.connect(Path(home) / "deliveries.sqlite3", isolation_level=None, timeout=options["timeout"])
    db.executescript(options["init_command"])
    return db


class Book:
    """One connection to it. Each person's number follows from the delivery's id."""

    def __init__(self, ground: Ground) -> None:
        self.on_postgres = bool(ground.postgres)
        self.db: Any
        if self.on_postgres:
            import psycopg

            self.db = psycopg.connect(ground.postgres, autocommit=True)
        else:
            self.db = sqlite(ground.home)

    def sql(self, text: str) -> str:
        return text.replace("?", "%s") if self.on_postgres else text

    def make(self) -> None:
        self.db.execute(TABLE)
        self.db.execute(DUE)

    def clear(self) -> None:
        self.db.execute("DELETE FROM delivery")
        self.db.execute("VACUUM delivery" if self.on_postgres else "PRAGMA wal_checkpoint(TRUNCATE)")

    def insert(self, messages: int) -> None:
        """All of them in one transaction."""
        due = time.time() + WITHIN
        rows = [(n, number(n), key(n), due) for n in range(messages)]
        if self.on_postgres:
            with self.db.cursor().copy(f"COPY delivery ({COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            self.db.execute("BEGIN IMMEDIATE")
            self.db.executemany(f"INSERT INTO delivery ({COLUMNS}) VALUES (?, ?, ?, ?)", rows)
            self.db.execute("COMMIT")

    def sent(self, n: int) -> None:
        """One result, committed."""
        self.db.execute(self.sql(SENT), (time.time(), n))

    def answered(self, news: Sequence[dict[str, str]]) -> None:
        """All replies in one transaction: the peers are given what is quickest."""
        rows = [(time.time(), one["said"], int(one["key"].partition("-")[0])) for one in news]
        self.db.execute("BEGIN")
        self.db.cursor().executemany(self.sql(ANSWERED), rows)
        self.db.execute("COMMIT")

    def move_up(self) -> None:
        self.db.execute(self.sql(OVERDUE), (time.time() + 2 * WITHIN,))

    def count(self, where: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM delivery WHERE {where}").fetchone()[0])


def key(n: int) -> str:
    return f"{n}-0-1"


class Deliverer:
    """What a task does, in a thread of its own: hand one message over, and record that."""

    def __init__(self, ground: Ground) -> None:
        self.book, self.phone = Book(ground), Phone(ground.gateway)

    def deliver(self, n: int) -> None:
        self.phone.send(key(n), number(n))
        self.book.sent(n)


class Queued(Contestant):
    """A task a message. The book is written, the tasks are put into the queue, workers take them out."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.book = Book(ground)
        self.book.make()
        self.workers = Workers()

    def clear(self) -> None:
        self.book.clear()

    @abstractmethod
    def enqueue(self, messages: int) -> None:
        """Put a task for each into the queue."""

    def turn(self, messages: int) -> dict[str, float]:
        self.workers.wake()
        try:
            return super().turn(messages)
        finally:
            self.workers.sleep()

    def deliver(self, messages: int) -> dict[str, float]:
        self.book.insert(messages)
        self.enqueue(messages)
        self.wait(lambda: self.phone.ask("/tally")["handed"] >= messages, 0.02)
        self.wait(lambda: self.book.count("sent IS NOT NULL") >= messages, 0.005)
        self.book.answered(self.phone.news())
        self.book.move_up()
        return {}

    def wait(self, done: Callable[[], bool], every: float) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > until:
                raise TimeoutError(f"{type(self).__name__} was not done in {PATIENCE} s")
            time.sleep(every)

    def stands(self) -> tuple[int, int]:
        return self.book.count("answered IS NOT NULL"), self.book.count("overdue")

    def end(self) -> None:
        self.workers.end()
