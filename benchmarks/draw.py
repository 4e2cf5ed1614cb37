"""D1–D5: is a draw that anyone can run again as quick as one nobody can?

    python -m benchmarks.draw [--size small|full] [--json] [--postgres postgresql://…]

D1  tickets for 3 % of the names in four strata, beside hashing every name once with the same key
D2  the shuffle for 3 % together with the digest of its list, beside the digest alone
D3  the stand-alone verifier of a published file, beside drawing and writing that file
D4  the same names drawn by SQLite's and (with --postgres) PostgreSQL's own SQL: how many differ
D5  tickets, beside SQLite's ORDER BY random() of the same names, which nobody can check
Growth: ten times the names. Names look like firms' registered ones, 18-character codes and a name.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.harness import Report, arguments, interleave
from yifa.draws import Lists, Source, commit, draw, listed
from yifa.draws.files import VERIFIER, DrawFile
from yifa.draws.order import first, tickets

NAMES = {"small": 10_000, "full": 1_000_000}
STRATA = ("信用A级", "信用B级", "信用C级", "信用D级")
AT = "2023-06-01T09:00:00+08:00"
LOTTERY = Source("某彩票第2023063期", "set", "2023-06-04T21:15:00+08:00", count=3)
KEY = hashlib.sha256(b"D").hexdigest()
VEIL = "0" * 64


def names(n: int, of: str = "") -> tuple[str, ...]:
    return tuple(f"91411523MA{i:08} {of}新县第{i}号商行" for i in range(n))


class Made:
    """A draw of 3 % from `n` names in four strata."""

    def __init__(self, n: int) -> None:
        self.lists = {s: listed(names(n // 4, s)) for s in STRATA}
        strata = {s: (every, len(every) * 3 // 100) for s, every in self.lists.items()}
        self.fixed = commit(
            number="1", office="", title="D", at=AT, strata=strata, sources=[LOTTERY], veil=VEIL
        )

    def draw(self) -> object:
        return draw(self.fixed, Lists(self.lists, {}), VEIL, ["1 2 3"], reserves=0)

    def hash_every_name(self) -> None:
        prefix, sha256 = KEY.encode(), hashlib.sha256
        for every in self.lists.values():
            for name in every.names:
                sha256(prefix + name.encode()).digest()

    @property
    def file(self) -> str:
        return DrawFile(self.fixed, Lists(self.lists, {}), VEIL, ("1 2 3",)).text


def d1(report: Report, made: Made) -> None:
    took = interleave({"tickets": made.draw, "hashing": made.hash_every_name})
    report.at_most("D1 tickets, four strata / hashing every name", took["tickets"], took["hashing"], 1.5)


def d2(report: Report, n: int) -> None:
    every = names(n)

    def digest_alone() -> None:
        hashlib.sha256(("\n".join(every) + "\n").encode()).hexdigest()

    def shuffle() -> None:
        first("shuffle", "sha256", KEY, listed(every), n * 3 // 100)

    took = interleave({"shuffle": shuffle, "digest": digest_alone})
    report.at_most("D2 shuffle with its list's digest / the digest", took["shuffle"], took["digest"], 2)


def d3(report: Report, made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draw.json"
        path.write_text(made.file, "utf-8")
        verifier = partial(
            subprocess.run, [sys.executable, "-I", VERIFIER, path], check=True, capture_output=True
        )
        took = interleave({"verifier": verifier, "draw": lambda: Made(4 * len(made.lists[STRATA[0]])).file})
    report.at_most("D3 the verifier / fixing, drawing, writing", took["verifier"], took["draw"], 4)


def d4(report: Report, n: int, postgres: str) -> None:
    """The smallest tickets again, by the databases' own ORDER BY."""
    every, wanted = listed(names(n)), n * 3 // 100
    ours = [name for _, name in tickets("sha256", KEY, every, wanted)]
    theirs = {"SQLite": _sqlite(every.names, wanted)}
    if postgres:
        theirs["PostgreSQL"] = _postgres(postgres, every.names, wanted)
    else:
        report.left_out("D4 PostgreSQL: no server was named (--postgres or YIFA_TEST_POSTGRES)")
    for database, drawn in theirs.items():
        differ = sum(a != b for a, b in zip(ours, drawn, strict=True))
        report.no_more_than(f"D4 names that {database} draws otherwise", differ, 0)


def _sqlite(every: object, wanted: int) -> list[str]:
    connection = _filled(every)
    connection.create_function(
        "sha256", 1, lambda text: hashlib.sha256(text.encode()).digest(), deterministic=True
    )
    rows = connection.execute(
        "SELECT name FROM listed ORDER BY sha256(? || name), name LIMIT ?", (KEY, wanted)
    ).fetchall()
    return [name for (name,) in rows]


def _filled(every: object) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE listed (name TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO listed VALUES (?)", ((name,) for name in every))  # type: ignore[attr-defined]
    return connection


def _postgres(server: str, every: object, wanted: int) -> list[str]:
    import psycopg

    with psycopg.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE listed (name text)")
        with cursor.copy("COPY listed FROM STDIN") as copy:
            for name in every:  # type: ignore[attr-defined]
                copy.write_row((name,))
        cursor.execute(
            "SELECT name FROM listed ORDER BY sha256(convert_to(%s || name, 'UTF8')), name COLLATE \"C\" LIMIT %s",
            (KEY, wanted),
        )
        return [name for (name,) in cursor.fetchall()]


def d5(report: Report, n: int) -> None:
    every, wanted = listed(names(n)), n * 3 // 100
    connection = _filled(every.names)

    def by_random() -> None:
        connection.execute("SELECT name FROM listed ORDER BY random() LIMIT ?", (wanted,)).fetchall()

    took = interleave({"tickets": lambda: tickets("sha256", KEY, every, wanted), "random": by_random})
    report.at_most("D5 tickets / ORDER BY random()", took["tickets"], took["random"], 3.5)


def growth(report: Report, n: int) -> None:
    small, large = Made(n), Made(10 * n)
    took = interleave({"small": small.draw, "large": large.draw}, rounds=3)
    report.at_most("   ten times the names", took["large"], took["small"], 12)


def main() -> int:
    def add(words: argparse.ArgumentParser) -> None:
        words.add_argument("--postgres", default=os.environ.get("YIFA_TEST_POSTGRES", ""))

    given = arguments(__doc__ or "", add)
    n = NAMES[given.size]
    report = Report("D. The draw", given)
    made = Made(n)
    d1(report, made)
    d2(report, n)
    d3(report, made)
    d4(report, n, given.postgres)
    d5(report, n)
    growth(report, n)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
