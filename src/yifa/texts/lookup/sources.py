"""What can be found: the articles of the statutes at hand, the cases, the files of cases, what is published.

Of a case only what is open is read: entries as they stand in the ledger, without a key. What is sealed, and the text of a
paper (which is sealed, because it names people), never comes here; a paper is found by its number.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from itertools import groupby
from typing import Any

from yifa.cases.read import shown
from yifa.cases.revise import corrected
from yifa.cases.scene import files
from yifa.cases.store import Cursor, Row, day, maybe_day
from yifa.law import Statute, numeral, statutes
from yifa.law.texts import Text, find
from yifa.ledger.boxes import ERASE
from yifa.papers.files import FileRefused
from yifa.procedure import Facts, Procedure, Step, asks_of, decode, registry

from ..reading import Reading
from .index import ANSWER, CASE, FILE, STATUTE, Document

__all__ = ["article_label", "cases", "known", "published", "statute"]

log = logging.getLogger(__name__)
EDITION = "1"  # of what is made of the record here: what an earlier program put in is made anew
LONG = 5_000  # characters of a fact that becomes a document of its own: it is told once, its case is made anew often


# ── Statutes ─────────────────────────────────────────────────────────────────


@cache
def _library(of: tuple[Statute, ...]) -> dict[tuple[str, str], Statute]:
    return {(s.title, s.edition): s for s in of}


def known(title: str, edition: str) -> Statute | None:
    """What the library says of an edition, if it names it."""
    return _library(tuple(statutes())).get((title, edition))


def article_label(n: int) -> str:
    return f"第{numeral(n)}条"


def statute(title: str, edition: str) -> list[Document]:
    """An edition at hand: itself, and each of its articles."""
    text = find(title, edition)
    if text is None:
        return []
    law = known(title, edition)
    since = law.since if law else _day(edition)
    until = law.until if law else None
    headings = "\n".join(said for _, _, said in text.headings)
    number = law.number if law else ""
    found = [_part(text, 0, title, f"{number}\n{headings}", "", since, until)]
    chapters = dict(_chapters(text))
    for n, article in text.articles.items():
        label = article_label(n)
        found.append(
            _part(text, n, f"{title} {label}", article.text() or "", chapters.get(n, ""), since, until)
        )
    return found


def _part(
    text: Text, n: int, title: str, body: str, chapter: str, since: date | None, until: date | None
) -> Document:
    about = {"title": text.title, "edition": text.version, "article": n, "chapter": chapter}
    ref = f"{text.title}@{text.version}" + (f"#{n}" if n else "")
    return Document(STATUTE, ref, title, body, day=since, ends=until, about=_json(about))


def _chapters(text: Text) -> Iterator[tuple[int, str]]:
    """Each article and the headings it stands under."""
    coming, above = list(text.headings), list[tuple[int, str]]()
    for n in text.articles:
        while coming and coming[0][0] <= n:
            _, level, said = coming.pop(0)
            above = [(deep, words) for deep, words in above if deep < level] + [(level, said)]
        yield n, " › ".join(words for _, words in above)


def _day(edition: str) -> date | None:
    try:
        return date.fromisoformat(edition)
    except ValueError:
        return None


# ── Cases ────────────────────────────────────────────────────────────────────

CASES = "SELECT id, family, edition, office, state, final, number, opened, facts FROM cases_case WHERE id "
ENTRIES = (
    "SELECT e.case_id, e.id, e.body, a.voided, a.on_date FROM ledger_entry e"
    " LEFT JOIN cases_act a ON a.entry_id = e.id WHERE e.case_id "
)


@dataclass(slots=True)
class Told:
    """What one step told, as far as it is open."""

    entry: int
    step: Step[Any]
    facts: Facts
    number: str
    voided: bool
    on: date


def cases(cursor: Cursor, ids: Sequence[int]) -> Iterator[Document]:
    """Everything to be found of these cases."""
    among, values = cursor.among(ids)
    rows = {row[0]: row for row in cursor.all(CASES + among, values)}
    entries = cursor.all(f"{ENTRIES}{among} ORDER BY e.case_id, e.seq", values)
    for case, written in groupby(entries, key=lambda row: row[0]):
        if case not in rows or not _listed(rows[case]):
            continue
        try:
            yield from list(_case(rows[case], list(written)))
        except (KeyError, TypeError, ValueError):  # one case that cannot be read must not hide all others
            log.exception("case %s is not in the index: its entries do not fit its procedure", case)


def _listed(row: Row) -> bool:
    """Does the county still list this edition? What it does not list has no pages to open."""
    try:
        registry().edition(row[1], row[2])
        return bool(registry().family(row[1]))
    except KeyError:
        return False


def _case(row: Row, written: list[Row]) -> Iterator[Document]:
    id, family, edition, office, state, final, number, opened, facts = row
    procedure = registry().edition(family, edition)
    told, erased = _told(procedure, written)
    called = _called(procedure, json.loads(facts))
    about = {"number": number, "subject": called, "state": state, "final": bool(final), "edition": edition}
    title = " ".join(t for t in (procedure.title, number, called) if t)

    def document(kind: str, ref: str, title: str, body: str, on: date, **more: Any) -> Document:
        return Document(kind, ref, title, body, id, family, office, on, about=_json(about | more))

    lines: dict[str, None] = {}
    for act in told:
        if act.voided:
            continue
        for said in words(act.facts):
            if len(said.words) > LONG:
                more = {"entry": act.entry, "fact": said.name, "label": said.label}
                yield document(CASE, f"{id}/{act.entry}/{said.name}", title, said.words, act.on, **more)
            else:
                lines[said.words] = None
        if act.number and act.number != number:
            lines[act.number] = None
        if not erased:
            yield from _files(document, title, act)
    yield document(CASE, str(id), title, "\n".join(lines), day(opened))
    for act in told:
        if not act.voided and published(family, act.step.key):
            yield _answer(procedure, id, office, act)


def _told(procedure: type[Procedure], written: list[Row]) -> tuple[list[Told], bool]:
    """What stands: a correction stands in the place of what it puts right."""
    told: list[Told] = []
    erased = False
    for _, entry, body, voided, on in written:
        said = json.loads(body)
        if said["step"].startswith("~"):
            erased = erased or said["step"] == ERASE
            continue
        step = procedure.steps.get(said["step"])
        if step is None:
            continue
        facts = decode(step.asks, date.fromisoformat(said["on"]), said["facts"])
        number = (said["paper"] or {}).get("number", "")
        act = Told(entry, step, facts, number, bool(voided), maybe_day(on) or facts.on)
        if step.amends is not None:
            _put_right(told, act)
        else:
            told.append(act)
    return told, erased


def _put_right(told: list[Told], act: Told) -> None:
    earlier = [n for n, t in enumerate(told) if t.step.key != act.step.key]
    if not earlier:
        return
    target = told[earlier[corrected(act.step, [told[n].step.key for n in earlier])]]
    target.facts = act.facts


@dataclass(frozen=True, slots=True)
class Said:
    """One open fact as a page shows it."""

    name: str
    label: str
    words: str
    long: bool


def words(facts: Facts) -> Iterator[Said]:
    """The open facts somebody might look for."""
    for ask in asks_of(type(facts)):
        if ask.sealed or is_file(ask):
            continue
        value = getattr(facts, ask.name)
        if value is None or isinstance(value, bool) or value in ("", ()):
            continue
        if isinstance(value, tuple):
            value = "\n".join(map(str, value))
        yield Said(ask.name, ask.label, shown(value, ask.unit), ask.long)


def is_file(ask: Any) -> bool:
    """Is this fact the digest of a kept `Reading`?"""
    return bool(getattr(ask, "document", False))


def _files(document: Any, title: str, act: Told) -> Iterator[Document]:
    """The texts that were handed in with an act, one document each."""
    for ask in asks_of(type(act.facts)):
        if not is_file(ask) or ask.sealed:
            continue
        told = getattr(act.facts, ask.name) or ()
        for sha in told if isinstance(told, tuple) else (str(told),):
            reading = _reading(sha)
            if reading is not None:
                places = [[p.start, p.label] for p in reading.places]
                more = {"sha": sha, "label": ask.label, "file": reading.name, "places": places}
                ref = f"{act.entry}/{ask.name}/{sha[:16]}"
                name = f"{reading.name} {title}".strip()
                yield document(FILE, ref, name, reading.text, act.on, entry=act.entry, **more)


def _reading(sha: str) -> Reading | None:
    """A kept text; None where it is gone or is not one. The record says which it should be; `yifa verify` looks after files."""
    try:
        return Reading.load(files().open(sha).decode())
    except (FileRefused, OSError, ValueError, TypeError, KeyError):
        return None


def _called(procedure: type[Procedure], facts: dict[str, Any]) -> str:
    """What a list calls the case by, as far as it is open."""
    labels = {a.name: a for s in procedure.steps.values() for a in asks_of(s.asks)}
    parts = []
    for name in procedure.subject:
        ask = labels.get(name)
        value = facts.get(name)
        if ask is None or ask.sealed or value in (None, "", []):
            continue
        choices = {o.name: o.label for o in ask.choices}
        parts.append(choices.get(value, str(value)).split("\n")[0])
    return " · ".join(parts)


# ── What is published ────────────────────────────────────────────────────────


def published(family: str, step: str) -> bool:
    """Do the facts of this step stand on the portal?"""
    found = registry().family(family).steps.get(step)
    return found is not None and found.publishes


def _answer(procedure: type[Procedure], id: int, office: str, act: Told) -> Document:
    told = list(words(act.facts))
    title = told[0].words.replace("\n", " ") if told else procedure.title
    about = _json({"entry": act.entry, "step": act.step.key})
    rest = "\n".join(t.words if t.long else f"{t.label}：{t.words}" for t in told[1:])
    return Document(ANSWER, str(act.entry), title, rest, id, procedure.key, office, act.on, about=about)


def _json(about: dict[str, Any]) -> str:
    plain = {k: v.name if isinstance(v, Enum) else v for k, v in about.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
