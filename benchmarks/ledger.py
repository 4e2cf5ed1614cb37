"""E1–E5: is the ledger verified at the speed of reading it, and proved at the speed of looking it up?

    python -m benchmarks.ledger [--size small|full] [--json] [--entries N]

E1  full verification from SQLite beside a bare read of the same rows; without and with the checkpoints' tree
E2  the chain in memory beside hashing the same messages
E3  tree and inclusion proof beside pymerkle
E4  one flipped byte: how many of some were found, and the entry named
E5  the nightly check of what is new beside the full one; and ten times the data
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import sqlite3
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.harness import Report, arguments, interleave

ENTRIES = {"small": 50_000, "full": 1_000_000}
PEER = {"small": 10_000, "full": 50_000}  # leaves for pymerkle, which takes seconds for more
CHAIN = 5  # entries of a case
OPEN = 200  # cases that run at the same time
READ = "SELECT id, case_id, seq, algo, prev, hash, body FROM ledger_entry ORDER BY id"


def rows(n: int, after: int = 0) -> Any:
    """Entries of about 150 bytes in chains of five, two hundred cases taking turns."""
    from yifa.ledger.chain import GENESIS

    heads: dict[int, str] = {}
    for i in range(after, after + n):
        turn, place = divmod(i, OPEN)
        case, seq = turn // CHAIN * OPEN + place + 1, turn % CHAIN + 1
        prev = GENESIS if seq == 1 else heads.pop(case)
        body = (
            f'{{"at":"2026-11-23T02:03:04.567Z","case":{case},"facts":{{"n":{i}}},"on":"2023-01-03",'
            f'"sealed":{{}},"seq":{seq},"step":"receive","x":"材料齐全"}}'
        )
        heads[case] = hash = hashlib.sha256((prev + body).encode()).hexdigest()
        yield case, seq, "sha256", prev, hash, body


class Ledger:
    """A ledger file of so many entries, and nothing beside it."""

    def __init__(self, home: Path, n: int) -> None:
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        home.mkdir()
        self.home, self.file, self.size = home, home / "db.sqlite3", n
        self.open()
        MigrationExecutor(connection).migrate([("ledger", "0002_only_grows")])
        self.add(n)

    def open(self) -> None:
        """Make it the ledger that the program sees."""
        from django.conf import settings
        from django.db import connection

        connection.close()
        settings.YIFA_HOME = self.home
        connection.settings_dict["NAME"] = str(self.file)
        connection.ensure_connection()

    def add(self, n: int, after: int = 0) -> None:
        with sqlite3.connect(self.file) as db:
            sql = "INSERT INTO ledger_entry (case_id, seq, algo, prev, hash, body) VALUES (?, ?, ?, ?, ?, ?)"
            db.executemany(sql, rows(n, after))

    def bare(self, fetch: int = 256) -> None:
        """What the driver takes to hand over the same rows in the same portions, and nothing is done with them."""
        with sqlite3.connect(self.file) as db:
            cursor = db.execute(READ)
            while cursor.fetchmany(fetch):
                pass

    def verify(self, *, full: bool = True) -> None:
        from yifa.ledger.verify import verify

        verdict = verify(full=full)
        assert verdict.ok, verdict

    def make(self, day: int) -> None:
        from yifa.ledger.checkpoints import make

        make(date(2023, 1, day))


def verification(report: Report, ledger: Ledger, rounds: int) -> None:
    variants = {"bare": ledger.bare, "bare, 1000": lambda: ledger.bare(1000), "verify": ledger.verify}
    took = interleave(variants, rounds)
    bare = min(took["bare"], took["bare, 1000"])
    report.at_most("E1 hashes and links / bare read of the rows", took["verify"], bare, 2.6)
    ledger.make(1)
    took = interleave(variants, rounds)
    bare = min(took["bare"], took["bare, 1000"])
    report.at_most("E1 hashes, links and checkpoint root / bare read", took["verify"], bare, 2.6)


def in_memory(report: Report, ledger: Ledger, rounds: int) -> None:
    """What remains when the rows are in memory already, in the portions that reading gives them out in."""
    from yifa.ledger import entries
    from yifa.ledger.verify import Walk

    with entries.snapshot():
        batches = [batch for batch, _ in zip(entries.raw(), range(400), strict=False)]
    messages = [[row[6] for row in batch] for batch in batches]

    def chain() -> None:
        walk = Walk(full=True)
        for batch in batches:
            fits, _ = walk.chain(batch)
            assert fits == len(batch)

    def hashing() -> None:
        sha256 = hashlib.sha256
        for some in messages:
            for message in some:
                sha256(message).hexdigest()

    took = interleave({"hash": hashing, "chain": chain}, rounds)
    report.at_most("E2 chain from memory / hashing the same messages", took["chain"], took["hash"], 1.6)


def tree(report: Report, ledger: Ledger, rounds: int) -> None:
    import pymerkle

    from yifa.ledger import checkpoints
    from yifa.ledger.tree import Frontier, Memory

    many = PEER[report.given.size]
    leaves = [hashlib.sha256(b"%d" % n).digest() for n in range(many)]

    def peer() -> Any:
        grown = pymerkle.InmemoryTree(algorithm="sha256")
        for leaf in leaves:
            grown.append_entry(leaf)
        return grown

    def frontier() -> None:
        grown = Frontier()
        grown.extend(leaves)
        grown.root()

    took = interleave(
        {"memory": lambda: Memory(leaves).root(), "frontier": frontier, "pymerkle": peer}, rounds
    )
    report.at_least(f"E3 tree of {many:,} leaves, faster than pymerkle", took["memory"], took["pymerkle"], 8)
    report.at_least("E3 its root only, faster than pymerkle", took["frontier"], took["pymerkle"], 8)
    theirs, places = peer(), random.Random(3).sample(range(many), 500)
    mine, asked = places, random.Random(4).sample(range(ledger.size), 500)
    with checkpoints.levels("sha256") as stored:
        assert stored.size == ledger.size
        took = interleave(
            {
                "stored": lambda: [stored.inclusion_proof(index) for index in asked],
                "pymerkle": lambda: [theirs.prove_inclusion(index + 1) for index in mine],
            },
            rounds,
        )
        assert theirs.get_root() == Memory(leaves).root()
    each = {name: seconds / len(asked) for name, seconds in took.items()}
    what = f"E3 proof among {ledger.size:,} leaves in files"
    report.at_least(f"{what}, faster than pymerkle's", each["stored"], each["pymerkle"], 10)
    report.at_most(f"{what}, beside 20 µs", each["stored"], 20e-6, 1)


def flipped(report: Report, ledger: Ledger, tries: int) -> None:
    """Bytes flipped here and there over the whole file, each found, named, and put back."""
    from django.db import connection

    from yifa.ledger import guards
    from yifa.ledger.verify import verify

    chance = random.Random(5)
    with connection.cursor() as cursor:
        guards.take_down(cursor, "sqlite")
        named = 0
        for _ in range(tries):
            id, column = chance.randint(1, ledger.size), chance.choice(("body", "hash", "prev", "algo"))
            cursor.execute(f"SELECT CAST({column} AS BLOB) FROM ledger_entry WHERE id = %s", [id])
            was = cursor.fetchone()[0]
            at = chance.randrange(len(was))
            now = was[:at] + bytes([was[at] ^ 1 << chance.randrange(8)]) + was[at + 1 :]
            change = f"UPDATE ledger_entry SET {column} = CAST(%s AS TEXT) WHERE id = %s"
            cursor.execute(change, [now, id])
            wrong = verify().first_wrong
            named += wrong is not None and wrong.entry == id
            cursor.execute(change, [was, id])
        guards.put_up(cursor, "sqlite")
    report.no_more_than(f"E4 entries with a flipped byte, of {tries}: missed", tries - named, 0)


def nightly(report: Report, ledger: Ledger, rounds: int) -> None:
    """A thousandth of the ledger is new since the last checkpoint."""
    new = ledger.size // 1000 // OPEN * OPEN or OPEN
    ledger.add(new, ledger.size)
    took = interleave({"full": ledger.verify, "night": lambda: ledger.verify(full=False)}, rounds)
    goal = min(200, ledger.size / new / 5)
    report.at_least(
        f"E5 {new:,} new of {ledger.size:,}: faster than in full", took["night"], took["full"], goal
    )
    start = time.perf_counter()
    ledger.make(2)
    report.at_least(
        "E5 the checkpoint after them, faster than in full", time.perf_counter() - start, took["full"], goal
    )


def growth(report: Report, small: Ledger, large: Ledger, rounds: int) -> None:
    ledgers = {"small": small, "large": large}
    runs = {name: ledger.verify for name, ledger in ledgers.items()}
    took = interleave(runs, rounds, before=lambda name: ledgers[name].open())
    report.at_most("E  ten times the entries", took["large"], took["small"], 12)


def main() -> int:
    def more(words: argparse.ArgumentParser) -> None:
        words.add_argument("--entries", type=int, help="instead of the size's own number")

    given = arguments(__doc__ or "", more)
    n = (given.entries or ENTRIES[given.size]) // (OPEN * CHAIN) * OPEN * CHAIN
    report = Report("E. The ledger", given)
    with tempfile.TemporaryDirectory(prefix="yifa-bench-") as home:
        os.environ |= {
            "YIFA_HOME": home,
            "YIFA_SYNCHRONOUS": "OFF",
            "DJANGO_SETTINGS_MODULE": "yifa.site.settings",
        }
        os.environ.pop("YIFA_DATABASE_URL", None)
        import django

        django.setup()
        rounds = 5
        tenth, whole = Ledger(Path(home) / "tenth", n // 10), Ledger(Path(home) / "whole", n)
        growth(report, tenth, whole, rounds)
        whole.open()
        verification(report, whole, rounds)
        in_memory(report, whole, rounds)
        tree(report, whole, rounds)
        flipped(report, whole, 10 if given.size == "full" else 40)
        nightly(report, whole, rounds)
    return report.end()


if __name__ == "__main__":
    raise SystemExit(main())
