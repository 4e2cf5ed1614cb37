"""The index as each database keeps it: documents put in, taken out, and the conditions that find them.

SQLite: an FTS5 table without content of its own over the tokens of title and body; the words stand once, in
`texts_document`. PostgreSQL: a `tsvector` with positions, written here from the same tokens. There a vector holds no
more than 16,383 positions and 256 of one token, so a long text is cut into passages that overlap by as much as one
condition asks for; nothing is lost at a border.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from yifa.cases.store import Cursor, Row, maybe_day

from .analyser import Asked, Phrase, fold, spaced, tokens

__all__ = ["KINDS", "Document", "conditions", "odd", "put", "remove", "wipe"]

STATUTE, FILE, CASE, ANSWER = "statute", "file", "case", "answer"
KINDS = (STATUTE, FILE, CASE, ANSWER)

TABLES = {
    "sqlite": (
        # the body first: in any other column each place costs two bytes more
        "CREATE VIRTUAL TABLE texts_index USING fts5 (body, title, content = '', tokenize = 'ascii')",
        # so much is gathered in memory before a segment is written: half the time of a bulk load
        "INSERT INTO texts_index (texts_index, rank) VALUES ('hashsize', 33554432)",
    ),
    "postgresql": (
        "CREATE TABLE texts_passage (document_id bigint NOT NULL, n integer NOT NULL, tokens tsvector NOT NULL,"
        " PRIMARY KEY (document_id, n))",
        "CREATE INDEX texts_passage_tokens ON texts_passage USING gin (tokens) WITH (fastupdate = off)",
    ),
}
POSITIONS = 16_000  # of a passage; PostgreSQL counts no further than 16,383
OF_ONE = 255  # places of one token in a passage; PostgreSQL keeps 256
WINDOW = 32  # tokens that one condition asks for
TITLE = -1  # the number of the passage that holds the title

COLUMNS = ("kind", "ref", "case_id", "family", "office", "day", "ends", "about", "title")
WHOLE = (
    f"SELECT d.id, {', '.join(f'd.{c}' for c in COLUMNS)}, b.body FROM texts_document d"
    " JOIN texts_body b ON b.document_id = d.id"
)
SOME = 400  # documents looked for with one question


@dataclass(frozen=True, slots=True)
class Document:
    """What is put into the index. `about` is JSON for whoever shows it."""

    kind: str
    ref: str
    title: str
    body: str
    case: int | None = None
    family: str = ""
    office: str = ""
    day: date | None = None
    ends: date | None = None
    about: str = "{}"

    @property
    def row(self) -> Row:
        days = (d.isoformat() if d else None for d in (self.day, self.ends))
        return (
            self.kind, self.ref, self.case, self.family, self.office, *days, self.about,
            storable(self.title), storable(self.body),
        )  # fmt: skip


_UNSTORABLE = {0: " "} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def storable(text: str) -> str:
    """What either database can keep, each character in its place: no NUL, no half of a pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(_UNSTORABLE)
    return text.replace("\0", " ")


# ── Putting in and taking out ────────────────────────────────────────────────


def put(cursor: Cursor, documents: Iterable[Document]) -> int:
    """Put documents in, or in the place of the ones of the same kind and ref; how many were not there just so."""
    some: dict[tuple[str, str], Row] = {}
    changed = 0
    for document in documents:
        some[document.kind, document.ref] = document.row
        if len(some) == SOME:
            changed += _put(cursor, some)
            some = {}
    return changed + _put(cursor, some)


def _put(cursor: Cursor, some: dict[tuple[str, str], Row]) -> int:
    stands = standing(cursor, some)
    new = [row for key, row in some.items() if key not in stands]
    other = [(stands[key], row) for key, row in some.items() if key in stands and stands[key][1] != row]
    assign = ", ".join(f"{c} = ?" for c in COLUMNS[2:])
    for (id, was), row in other:
        _leave(cursor, id, was)
        cursor.run(f"UPDATE texts_document SET {assign} WHERE id = ?", (*row[2:-1], id))
        cursor.run("UPDATE texts_body SET body = ? WHERE document_id = ?", (row[-1], id))
        _enter(cursor, id, row)
    ids = _numbers(cursor, len(new))
    cursor.copy(
        "texts_document", ("id", *COLUMNS), [(id, *row[:-1]) for id, row in zip(ids, new, strict=True)]
    )
    cursor.copy(
        "texts_body", ("document_id", "body"), [(id, row[-1]) for id, row in zip(ids, new, strict=True)]
    )
    _enter_all(cursor, zip(ids, new, strict=True))
    return len(new) + len(other)


def _numbers(cursor: Cursor, n: int) -> list[int]:
    """So many new numbers for documents; on SQLite whoever asks is the only one who writes."""
    if cursor.on_postgres:
        sql = "SELECT nextval(pg_get_serial_sequence('texts_document', 'id')) FROM generate_series(1, ?)"
        return [row[0] for row in cursor.all(sql, (n,))]
    row = cursor.one("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'texts_document'), 0)")
    first = int(row[0]) + 1 if row else 1
    return list(range(first, first + n))


def _plain(row: Row) -> tuple[int, Row]:
    id, *told = row
    days = (d.isoformat() if (d := maybe_day(value)) else None for value in told[5:7])
    return id, (*told[:5], *days, *told[7:])


def standing(cursor: Cursor, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, Row]]:
    """The documents of these kinds and refs, as far as there are any: their numbers and what stands in them."""
    found = {}
    by_kind: dict[str, list[str]] = {}
    for kind, ref in keys:
        by_kind.setdefault(kind, []).append(ref)
    for kind, refs in by_kind.items():
        for start in range(0, len(refs), SOME):
            among, values = cursor.among(refs[start : start + SOME])
            for row in cursor.all(f"{WHOLE} WHERE d.kind = ? AND d.ref {among}", (kind, *values)):
                found[kind, row[2]] = _plain(row)
    return found


def remove(cursor: Cursor, condition: str, values: Row) -> int:
    """Take out the documents this condition on `d`, the document, names."""
    found = [_plain(row) for row in cursor.all(f"{WHOLE} WHERE {condition}", values)]
    for id, was in found:
        _leave(cursor, id, was)
        cursor.run("DELETE FROM texts_document WHERE id = ?", (id,))
        cursor.run("DELETE FROM texts_body WHERE document_id = ?", (id,))
    return len(found)


def wipe(cursor: Cursor) -> None:
    """An empty index, whatever stood in it."""
    if cursor.on_postgres:
        cursor.run("DELETE FROM texts_passage")
    else:
        cursor.run("INSERT INTO texts_index (texts_index) VALUES ('delete-all')")
    cursor.run("DELETE FROM texts_document")
    cursor.run("DELETE FROM texts_body")


def cut(row: Row) -> tuple[str, str]:
    """The tokens of a document's title and of its body."""
    return spaced(fold(row[-2])), spaced(fold(row[-1]))


def _enter(cursor: Cursor, id: int, row: Row) -> None:
    _enter_all(cursor, [(id, row)])


def _enter_all(cursor: Cursor, some: Iterable[tuple[int, Row]]) -> None:
    if cursor.on_postgres:
        cursor.copy(
            "texts_passage",
            ("document_id", "n", "tokens"),
            list(chain.from_iterable(passages(id, row) for id, row in some)),
        )
    else:
        cursor.many(
            "INSERT INTO texts_index (rowid, title, body) VALUES (?, ?, ?)",
            [(id, *cut(row)) for id, row in some],
        )


def _leave(cursor: Cursor, id: int, was: Row) -> None:
    if cursor.on_postgres:
        cursor.run("DELETE FROM texts_passage WHERE document_id = ?", (id,))
    else:
        cursor.run(
            "INSERT INTO texts_index (texts_index, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            (id, *cut(was)),
        )


# ── PostgreSQL's passages ────────────────────────────────────────────────────


def passages(id: int, row: Row) -> Iterator[Row]:
    """The rows of a document: its title, weighed most, and its body in stretches that overlap."""
    for n, part in enumerate(_stretches(tokens(fold(row[-2])))):
        yield id, TITLE - n, vector(part, "A")
    for n, part in enumerate(_stretches(tokens(fold(row[-1])))):
        yield id, n, vector(part)


def _stretches(all: Sequence[str]) -> Iterator[Sequence[str]]:
    start = 0
    while start < len(all):
        seen: Counter[str] = Counter()
        end = start
        while end < len(all) and end - start < POSITIONS and seen[all[end]] < OF_ONE:
            seen[all[end]] += 1
            end += 1
        yield all[start:end]
        if end == len(all):
            return
        start = end - WINDOW + 1


def vector(part: Sequence[str], weight: str = "") -> str:
    """A tsvector as text. Tokens are letters and digits: there is nothing to quote."""
    places: dict[str, list[int]] = {}
    for at, token in enumerate(part, 1):
        places.setdefault(token, []).append(at)
    return " ".join(f"'{token}':{','.join(f'{n}{weight}' for n in at)}" for token, at in places.items())


# ── Conditions ───────────────────────────────────────────────────────────────


def match(asked: Asked) -> str:
    """What FTS5 is asked; "" where there is no token to ask for."""
    wanted = " AND ".join(_fts(p) for p in asked.wanted if p.tokens)
    without = "".join(f" NOT {_fts(p)}" for p in asked.without if p.exact)
    return f"({wanted}){without}" if wanted else ""


def _fts(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.open else "")


def queries(phrase: Phrase) -> list[str]:
    """What PostgreSQL is asked for one phrase: windows of it, all of which a document must hold."""
    cuts = [phrase.tokens[at : at + WINDOW] for at in range(0, len(phrase.tokens), WINDOW)]
    asked = [" <-> ".join(f"'{t}'" for t in part) for part in cuts]
    if phrase.open:
        asked[-1] += ":*"
    return asked


def sure(phrase: Phrase, *, on_postgres: bool) -> bool:
    """Does what is found need no second reading?"""
    return phrase.exact and not (on_postgres and len(phrase.tokens) > WINDOW)


def numbers(cursor: Cursor, asked: Asked) -> list[int]:
    """All that fits, whoever may see it. SQLite hands the numbers over as one text: a row each costs four times as much."""
    if not cursor.on_postgres and (text := match(asked)):
        row = cursor.one("SELECT group_concat(rowid) FROM texts_index WHERE texts_index MATCH ?", (text,))
        return list(json.loads(f"[{row[0]}]")) if row and row[0] else []
    clause, values, _ = conditions(asked, on_postgres=cursor.on_postgres)
    return [row[0] for row in cursor.all(f"SELECT d.id FROM {clause}", values)]


def conditions(asked: Asked, *, on_postgres: bool) -> tuple[str, list[str], str]:
    """The FROM clause (with `d` the document), its values, and the expression for how well a row fits (less is better)."""
    if not on_postgres:
        if text := match(asked):
            return (
                "texts_index JOIN texts_document d ON d.id = texts_index.rowid AND texts_index MATCH ?",
                [text],
                "bm25(texts_index, 1.0, 8.0)",
            )
        return "texts_document d", [], "0.0"
    all = [q for p in asked.wanted for q in queries(p)]
    if not all:
        return "texts_document d", [], "0.0"
    parts = [
        "(SELECT document_id, max(ts_rank(tokens, ?::tsquery, 1)) AS fit FROM texts_passage"
        f" WHERE tokens @@ ?::tsquery GROUP BY document_id) h{n}"
        for n in range(len(all))
    ]
    joined = parts[0] + "".join(f" JOIN {part} USING (document_id)" for part in parts[1:])
    clause = f"{joined} JOIN texts_document d ON d.id = document_id"
    values = [q for q in all for _ in range(2)]
    for p in asked.without:
        if p.exact and len(p.tokens) <= WINDOW:
            clause += (
                " AND NOT EXISTS (SELECT 1 FROM texts_passage x WHERE x.document_id = d.id"
                " AND x.tokens @@ ?::tsquery)"
            )
            values += queries(p)
    return clause, values, "-(" + " + ".join(f"h{n}.fit" for n in range(len(all))) + ")"


# ── Looking after it ─────────────────────────────────────────────────────────


def odd(cursor: Cursor) -> list[int]:
    """Documents the index does not know, and numbers in it that are no document's."""
    if cursor.on_postgres:
        sql = (
            "SELECT coalesce(d.id, p.document_id) FROM texts_document d JOIN texts_body b ON b.document_id = d.id"
            " FULL JOIN (SELECT DISTINCT document_id FROM texts_passage) p ON p.document_id = d.id"
            " WHERE p.document_id IS NULL AND (d.title || b.body) <> '' OR d.id IS NULL"
        )
        return [row[0] for row in cursor.all(sql)]
    sql = (
        "SELECT id FROM (SELECT id FROM texts_document EXCEPT SELECT id FROM texts_index_docsize)"
        " UNION SELECT id FROM (SELECT id FROM texts_index_docsize EXCEPT SELECT id FROM texts_document)"
    )
    return [row[0] for row in cursor.all(sql)]
