"""F1–F5: does the index find everything, and what does it cost beside those that do not?

    python -m benchmarks.search [--size small|full] [--json] [--postgres postgresql://…]

F1  queries of 2 to 8 characters whose answer is not exactly that of reading every text: none, on either database
F2  all matches of a 2-character query: beside polars reading all the text in memory (SQLite), beside pg_trgm (PostgreSQL)
F3  building all of it from nothing: beside FTS5 handed the same tokens ready cut, with the texts in a plain table;
    beside FTS5's trigram
F4  bytes of the index beside bytes of the text
F5  one document more, in a transaction of its own: how much longer than its row alone
Growth: a 2-character query over ten times the documents.

The documents are sentences of the statutes at hand (YIFA_STATUTES), shuffled together to 1,215 characters each; where none
are at hand, sentences made of invented words.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.harness import Report, arguments

os.environ.setdefault("YIFA_HOME", tempfile.mkdtemp(prefix="yifa-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")

import django

django.setup()

from yifa.cases.store import Cursor  # noqa: E402  (after the setup)
from yifa.law import texts  # noqa: E402
from yifa.texts.lookup import index  # noqa: E402
from yifa.texts.lookup.analyser import fold, tokens  # noqa: E402
from yifa.texts.lookup.index import FILE, Document  # noqa: E402
from yifa.texts.lookup.search import matching  # noqa: E402

DOCUMENTS = {"small": 10_000, "full": 100_000}
ON_POSTGRES = {"small": 2_000, "full": 30_000}
LENGTH = 1_215
EACH = 25  # queries of each length
LENGTHS = range(2, 9)
ONES = 30  # documents put in one by one


def sentences(report: Report) -> list[str]:
    """Of the statutes at hand, else invented."""
    found = [
        sentence + "。"
        for title, edition in texts.at_hand()
        if (law := texts.find(title, edition))
        for article in law.articles.values()
        for sentence in re.split("。", article.text() or "")
        if sentence.strip()
    ]
    if found:
        return found
    report.left_out("statute texts: none at hand (YIFA_STATUTES), so the documents are of invented words")
    chance = random.Random(3)
    signs = [chr(0x4E00 + n) for n in range(3_000)]
    often = [1 / (n + 8) for n in range(len(signs))]
    words = ["".join(chance.choices(signs, often, k=chance.choice((1, 2, 2, 2, 3, 4)))) for _ in range(8_000)]
    often = [1 / (n + 20) for n in range(len(words))]
    return ["".join(chance.choices(words, often, k=chance.randint(6, 30))) + "。" for _ in range(12_000)]


def made(of: Sequence[str], n: int) -> list[str]:
    chance = random.Random(1)
    found = []
    for _ in range(n):
        parts: list[str] = []
        length = 0
        while length < LENGTH:
            parts.append(chance.choice(of))
            length += len(parts[-1])
        found.append("".join(parts)[:LENGTH])
    return found


def asked(bodies: Sequence[str], length: int, *, signs: bool = True) -> list[str]:
    """Stretches of the texts; with punctuation in them only where `signs`."""
    chance = random.Random(length)
    found: list[str] = []
    while len(found) < EACH:
        body = chance.choice(bodies)
        at = chance.randrange(len(body) - length)
        words = body[at : at + length]
        if "\n" not in words and fold(words)[:1] not in ("", "-") and (signs or words.isalpha()):
            found.append(words)
    return found


# ── The two databases ────────────────────────────────────────────────────────

BESIDE = (
    "CREATE TABLE texts_document (id {key}, kind text, ref text, case_id bigint, family text, office text,"
    " day {date}, ends {date}, about text, title text, UNIQUE (kind, ref))"
)


def sqlite(path: Path) -> tuple[sqlite3.Connection, Cursor]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection, Cursor(connection.cursor(), on_postgres=False)


def with_tables(cursor: Cursor, vendor: str) -> Cursor:
    key, date = ("INTEGER PRIMARY KEY AUTOINCREMENT", "text")
    if vendor == "postgresql":
        key, date = "bigserial PRIMARY KEY", "date"
    cursor.run(BESIDE.format(key=key, date=date))
    integer = "bigint" if vendor == "postgresql" else "integer"
    cursor.run(f"CREATE TABLE texts_body (document_id {integer} PRIMARY KEY, body text)")
    for statement in index.TABLES[vendor]:
        cursor.run(statement)
    return cursor


@contextmanager
def postgres(server: str) -> Iterator[Cursor]:
    """A schema of its own on the server, gone afterwards."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bench_search CASCADE")
        connection.execute("CREATE SCHEMA bench_search")
        connection.execute("SET search_path = bench_search, public")
        try:
            yield with_tables(Cursor(psycopg.Cursor(connection), on_postgres=True), "postgresql")
        finally:
            connection.execute("DROP SCHEMA bench_search CASCADE")


def document(n: int, body: str) -> Document:
    return Document(FILE, str(n), "", body)


def fill(cursor: Cursor, bodies: Sequence[str]) -> None:
    cursor.run("BEGIN")
    index.put(cursor, (document(n, body) for n, body in enumerate(bodies)))
    cursor.run("COMMIT")


def seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def p50(ask: Callable[[str], object], queries: Sequence[str], times: int = 5) -> float:
    """The median over the queries of the median of each."""
    return statistics.median(
        statistics.median(seconds(lambda q=q: ask(q)) for _ in range(times))  # type: ignore[misc]
        for q in queries
    )


# ── The goals ────────────────────────────────────────────────────────────────


def f1(report: Report, name: str, cursor: Cursor, bodies: Sequence[str]) -> None:
    """`bodies` in the order of their numbers, which begin with 1."""
    folded = [fold(body) for body in bodies]
    wrong = 0
    for length in LENGTHS:
        for query in asked(bodies, length):
            words = fold(query)
            truth = {n for n, text in enumerate(folded, 1) if words in text}
            wrong += matching(query, cursor) != truth
    report.no_more_than(f"F1 {name}: wrong answers to {EACH * len(LENGTHS)} queries", wrong, 0)


def pairs(bodies: Sequence[str]) -> list[str]:
    """Two characters that stand together somewhere, each such pair as likely as any other."""
    found = {body[at : at + 2] for body in bodies[:2_000] for at in range(len(body) - 1)}
    return random.Random(2).sample(sorted(pair for pair in found if pair.isalpha()), EACH)


def f2(report: Report, cursor: Cursor, bodies: Sequence[str]) -> None:
    """Pairs cut from running text are mostly common ones, and the answer is long; a pair of all there are is rarer."""
    try:
        import polars
    except ImportError:
        report.left_out("F2 beside polars: not installed (the extra bench)")
        return
    column = polars.Series(bodies)
    for name, queries in (
        ("of all pairs", pairs(bodies)),
        ("cut from the text", asked(bodies, 2, signs=False)),
    ):
        hits = statistics.median(len(matching(q, cursor)) for q in queries)
        ours = p50(lambda q: matching(q, cursor), queries)
        scan = p50(lambda q: column.str.contains(q, literal=True).arg_true(), queries)
        if report.given.size == "small":
            told = f"here {ours * 1e3:.2f} ms for {hits:.0f} hits beside {scan * 1e3:.2f} ms"
            report.left_out(f"F2 SQLite, 2 characters {name}: 1/20 of a scan is meant for 346 MB; {told}")
        else:
            report.at_least(f"F2 SQLite, 2 characters {name}, {hits:.0f} hits / scan", ours, scan, 20)


def f3(report: Report, folder: Path, bodies: Sequence[str], ours: float) -> None:
    cut = [" ".join(tokens(fold(body))) for body in bodies]

    def bare() -> None:
        connection, _ = sqlite(folder / "bare.db")
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (body, content = '', tokenize = 'ascii')")
        connection.execute("CREATE TABLE beside (id INTEGER PRIMARY KEY, body text)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", enumerate(cut, 1))
        connection.executemany("INSERT INTO beside (id, body) VALUES (?, ?)", enumerate(bodies, 1))
        connection.execute("COMMIT")
        connection.close()

    def trigram() -> None:
        connection, _ = sqlite(folder / "trigram.db")
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (body, tokenize = 'trigram')")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", enumerate(bodies, 1))
        connection.execute("COMMIT")
        connection.close()

    report.at_most("F3 building, rows and cutting too / FTS5 given tokens", ours, seconds(bare), 1 / 0.8)
    report.at_least("F3 building / FTS5 trigram", ours, seconds(trigram), 1.2)


def f4(report: Report, cursor: Cursor, bodies: Sequence[str]) -> None:
    sizes = [
        cursor.one(f"SELECT sum(length({column})) FROM texts_index_{table}")
        for table, column in (("data", "block"), ("docsize", "sz"), ("idx", "term"))
    ]
    size = sum(int(row[0] or 0) for row in sizes if row)
    text = sum(len(body.encode()) for body in bodies)
    report.at_most("F4 bytes of the index / bytes of the text (as s)", size / 1e6, text / 1e6, 1.0)


def f5(report: Report, name: str, cursor: Cursor, more: Sequence[str]) -> None:
    with_index, alone = [], []
    for n, body in enumerate(more):

        def put(n: int = n, body: str = body) -> None:
            cursor.run("BEGIN")
            index.put(cursor, [document(10_000_000 + n, body)])
            cursor.run("COMMIT")

        def row(n: int = n, body: str = body) -> None:
            cursor.run("BEGIN")
            cursor.run(
                "INSERT INTO beside (kind, ref, title, body) VALUES (?, ?, ?, ?)", (FILE, str(n), "", body)
            )
            cursor.run("COMMIT")

        with_index.append(seconds(put))
        alone.append(seconds(row))
        assert matching(body[100:140], cursor)
    extra = statistics.median(with_index) - statistics.median(alone)
    report.at_most(f"F5 {name}: one document more, over its row alone / 10 ms", max(extra, 1e-9), 0.010, 1)


def on_sqlite(report: Report, folder: Path, bodies: Sequence[str]) -> None:
    few, cursor = bodies[: len(bodies) // 10], with_tables(sqlite(folder / "few.db")[1], "sqlite")
    fill(cursor, few)
    queries = asked(few, 2, signs=False)
    small = p50(lambda q: matching(q, cursor), queries)
    all = with_tables(sqlite(folder / "all.db")[1], "sqlite")
    all.run("CREATE TABLE beside (id INTEGER PRIMARY KEY, kind text, ref text, title text, body text)")
    took = seconds(lambda: fill(all, bodies))
    f1(report, "SQLite", all, bodies)
    f2(report, all, bodies)
    f3(report, folder, bodies, took)
    f4(report, all, bodies)
    large = p50(lambda q: matching(q, all), queries)
    report.at_most("   ten times the documents, the same 2 characters", large, small, 12)
    f5(report, "SQLite", all, made([body[::-1] for body in bodies[:500]], ONES))


def on_postgres(report: Report, server: str, bodies: Sequence[str]) -> None:
    with postgres(server) as cursor:
        cursor.run(
            "CREATE TABLE beside (id bigserial PRIMARY KEY, kind text, ref text, title text, body text)"
        )
        fill(cursor, bodies)
        cursor.run("ANALYZE texts_passage")
        cursor.run("ANALYZE texts_document")
        f1(report, "PostgreSQL", cursor, bodies)
        _beside_pg_trgm(report, cursor, bodies)
        f5(report, "PostgreSQL", cursor, made([body[::-1] for body in bodies[:500]], ONES))


def _beside_pg_trgm(report: Report, cursor: Cursor, bodies: Sequence[str]) -> None:
    try:
        cursor.run("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except Exception as refused:
        report.left_out(f"F2 beside pg_trgm: {str(refused).splitlines()[0]}")
        return

    def build() -> None:
        rows: list[tuple[Any, ...]] = [(n, body) for n, body in enumerate(bodies, 1)]
        cursor.run("BEGIN")
        cursor.run("CREATE TABLE trgm (id bigint PRIMARY KEY, body text)")
        cursor.copy("trgm", ("id", "body"), rows)
        cursor.run("CREATE INDEX trgm_body ON trgm USING gin (body gin_trgm_ops)")
        cursor.run("COMMIT")

    build()
    cursor.run("ANALYZE trgm")
    queries = asked(bodies, 2, signs=False)
    ours = p50(lambda q: matching(q, cursor), queries, 3)
    trgm = p50(lambda q: cursor.all("SELECT id FROM trgm WHERE body LIKE ?", (f"%{q}%",)), queries[:10], 3)
    if report.given.size == "small":
        report.left_out(
            f"F2 PostgreSQL: 1/100 of pg_trgm is meant for 30,000 documents; here {ours * 1e3:.2f} ms beside {trgm * 1e3:.1f} ms"
        )
    else:
        report.at_least("F2 PostgreSQL, 2 characters, all matches / pg_trgm", ours, trgm, 100)


def main() -> int:
    def add(words: argparse.ArgumentParser) -> None:
        words.add_argument("--postgres", default=os.environ.get("YIFA_TEST_POSTGRES", ""))

    given = arguments(__doc__ or "", add)
    report = Report("F. Search", given)
    of = sentences(report)
    bodies = made(of, DOCUMENTS[given.size])
    with tempfile.TemporaryDirectory() as folder:
        on_sqlite(report, Path(folder), bodies)
    if given.postgres:
        on_postgres(report, given.postgres, bodies[: ON_POSTGRES[given.size]])
    else:
        report.left_out("PostgreSQL: no server was named (--postgres or YIFA_TEST_POSTGRES)")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
