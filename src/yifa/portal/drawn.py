"""What the county shows to everyone of its random draws, read from the ledger's open facts; nothing sealed is opened here.

Who was drawn is not read before the draw is closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from yifa.cases.history import Entry, entries
from yifa.cases.models import Case
from yifa.cases.scene import files
from yifa.cases.store import Store
from yifa.counts.drill import as_date
from yifa.draws import Commitment, DrawFile, Source
from yifa.draws.files import read
from yifa.draws.machine import CLOSE, COMMIT, DRAW, PREPARE, REPREPARE
from yifa.draws.procedure import Draw
from yifa.draws.seed import moment
from yifa.ledger.models import Checkpoint
from yifa.look.words import language
from yifa.people.offices import office_name
from yifa.procedure import Procedure, registry

from .published import Answer, answers_of

DROP = "drop"
STATES = {
    "committed": ("待开号", "blue"),
    "drawn": ("已抽取，检查中", "yellow"),
    "closed": ("已公开", "green"),
    "dropped": ("已作废", "red"),
}
MOST_PLANNED = 200


def families() -> dict[str, type[Procedure]]:
    """The procedures that draw, by key."""
    return {p.key: p for p in registry().families() if issubclass(p, Draw)}


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in values)


def _all(sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


# ——— the list ———


@dataclass(frozen=True)
class Row:
    """One draw that was committed, whatever became of it."""

    case: int
    number: str
    title: str
    office: str
    on: date
    state: str
    because: str

    @property
    def words(self) -> tuple[str, str]:
        """The state in plain words, and its colour."""
        return STATES.get(self.state, (self.state, "grey"))


@dataclass(frozen=True)
class Rows:
    rows: tuple[Row, ...]
    after: str  # where the next page begins; empty when there is none


def rows(*, year: int = 0, office: str = "", state: str = "", after: str = "", limit: int = 20) -> Rows:
    """Newest first. `after`: the day and the entry of the last one seen, as in 2023-06-01_12."""
    drawing = families()
    if not drawing:
        return Rows((), "")
    where = [f"a.family IN ({_marks(drawing)})", "a.step = %s"]
    values: list[str | int] = [*drawing, COMMIT]
    if year:
        where.append("a.on_date BETWEEN %s AND %s")
        values += [f"{year:04}-01-01", f"{year:04}-12-31"]
    if office:
        where.append("a.office = %s")
        values.append(office)
    if state:
        where.append("c.state = %s")
        values.append(state)
    if last := _key(after):
        where.append("(a.on_date < %s OR (a.on_date = %s AND a.entry_id < %s))")
        values += [last[0], *last]
    sql = (
        "SELECT a.entry_id, a.on_date, a.office, c.id, c.state, c.number, e.body FROM cases_act a"
        " JOIN cases_case c ON c.id = a.case_id JOIN ledger_entry e ON e.id = a.entry_id"
        f" WHERE {' AND '.join(where)} ORDER BY a.on_date DESC, a.entry_id DESC LIMIT %s"
    )
    found = _all(sql, [*values, limit + 1])
    because = _dropped_because([row[3] for row in found if row[4] == "dropped"])
    shown = found[:limit]
    last_key = f"{as_date(shown[-1][1])}_{shown[-1][0]}" if len(found) > limit else ""
    return Rows(tuple(_row(row, because) for row in shown), last_key)


def _key(after: str) -> tuple[str, int] | None:
    day, _, entry = after.partition("_")
    try:
        return (date.fromisoformat(day).isoformat(), int(entry)) if len(entry) < 18 else None
    except ValueError:
        return None


def _row(row: tuple[Any, ...], because: dict[int, str]) -> Row:
    _, on, office, case, state, number, body = row
    fixed = json.loads(json.loads(body)["facts"]["commitment"])
    day = as_date(on)
    called = office_name(office, day, language())
    return Row(case, number or fixed["number"], fixed["title"], called, day, state, because.get(case, ""))


def _dropped_because(cases: list[int]) -> dict[int, str]:
    if not cases:
        return {}
    sql = (
        "SELECT e.case_id, e.body FROM ledger_entry e JOIN cases_act a ON a.entry_id = e.id"
        f" WHERE e.case_id IN ({_marks(cases)}) AND a.step = %s"
    )
    return {case: json.loads(body)["facts"].get("because", "") for case, body in _all(sql, [*cases, DROP])}


# ——— numbers without gaps ———


@dataclass(frozen=True)
class Series:
    """The numbers of one office in one year: how many there are, and which are not there."""

    office: str
    code: str
    year: int
    last: int
    missing: tuple[int, ...]


def series() -> list[Series]:
    """By office and year, newest first: are the numbers all there, up to the last one that was given?"""
    drawing = families()
    names = {p.papers["announcement"].series for p in drawing.values()}
    if not names:
        return []
    given = _all(
        f"SELECT office, series, year, last FROM papers_series WHERE series IN ({_marks(names)})", names
    )
    lasts = {(office, kind, year): last for office, kind, year, last in given}
    seen: dict[tuple[str, str, int], set[int]] = {key: set() for key in lasts}
    sql = (
        "SELECT p.office, p.series, p.year, p.n FROM papers_paper p JOIN ledger_entry e ON e.id = p.entry_id"
        " JOIN cases_act a ON a.entry_id = p.entry_id JOIN cases_case c ON c.id = a.case_id"
        f" WHERE a.family IN ({_marks(drawing)}) AND a.step = %s AND p.series IN ({_marks(names)})"
    )
    for office, kind, year, n in _all(sql, [*drawing, COMMIT, *names]):
        seen.setdefault((office, kind, year), set()).add(n)
    found = [_series(key, numbers, lasts.get(key, 0)) for key, numbers in seen.items()]
    return sorted(found, key=lambda s: (-s.year, s.office))


def _series(key: tuple[str, str, int], numbers: set[int], given: int) -> Series:
    office, _, year = key
    last = max(given, *numbers, 0)
    missing = tuple(n for n in range(1, last + 1) if n not in numbers)
    return Series(office_name(office, date(year, 12, 31), language()), office, year, last, missing)


# ——— the plan of the year ———


@dataclass(frozen=True)
class Planned:
    """A task of the year's plan, by its title; the draw's page, once there is one."""

    title: str
    office: str
    state: str
    case: int  # 0: not committed yet


def planned(year: int, office: str = "") -> list[Planned]:
    """The tasks entered in a year, whether they came to a draw or not."""
    drawing = families()
    found = Case.objects.filter(
        family__in=list(drawing), opened__range=(date(year, 1, 1), date(year, 12, 31))
    )
    if office:
        found = found.filter(office=office)
    told = found.order_by("opened", "id").values_list(
        "id", "family", "edition", "office", "state", "number", "facts"
    )
    return [_planned(row, year) for row in told[:MOST_PLANNED]]


def _planned(row: tuple[Any, ...], year: int) -> Planned:
    id, family, edition, office, state, number, facts = row
    procedure = registry().edition(family, edition)
    title = str(json.loads(facts).get(procedure.subject[0]) or "")
    label = STATES[state][0] if state in STATES else procedure.state(state).label
    committed = state in STATES and number
    return Planned(title, office_name(office, date(year, 12, 31), language()), label, id if committed else 0)


def plan_year() -> int:
    """The last year for which anything is planned; 0 when nothing is."""
    last = (
        Case.objects.filter(family__in=list(families()))
        .order_by("-opened")
        .values_list("opened", flat=True)
        .first()
    )
    return last.year if last else 0


# ——— one draw ———


@dataclass(frozen=True)
class Stop:
    """A step of the way."""

    label: str
    day: date | None
    how: str  # done, now, ahead


@dataclass(frozen=True)
class Number:
    """A source of chance and, once it is out, what it gave."""

    source: Source
    due: datetime
    value: str


@dataclass(frozen=True)
class One:
    """A draw as everyone may see it."""

    case: int
    number: str
    title: str
    office: str
    state: str
    commitment: Commitment
    digest: str
    entry: int
    hash: str
    recorded: datetime
    sealed: Checkpoint | None
    numbers: tuple[Number, ...]
    drawn_on: date | None
    dropped_on: date | None
    because: str
    file: str  # the digest of the draw file; empty before the draw is closed
    way: tuple[Stop, ...]

    @property
    def words(self) -> tuple[str, str]:
        return STATES.get(self.state, (self.state, "grey"))

    @property
    def first(self) -> Number:
        """The number that could be known first."""
        return min(self.numbers, key=lambda n: n.due)

    @property
    def in_time(self) -> bool:
        """Was the commitment in the ledger before the first number could be known?"""
        return self.recorded < self.first.due

    @property
    def sealed_in_time(self) -> bool:
        """Was the root over it published before, so that whoever kept the root need not believe our clock?"""
        return self.sealed is not None and self.sealed.made_at < self.first.due


def one(id: int) -> One | None:
    """None: there is no such draw, or it was never committed."""
    row = (
        Case.objects.filter(pk=id, family__in=list(families()))
        .values_list("state", "number", "office")
        .first()
    )
    if row is None:
        return None
    state, number, office = row
    told = {e.body["step"]: e for e in entries(Store().cursor(), id, unseal=False)}
    if COMMIT not in told:
        return None
    fixing = told[COMMIT]
    fixed = Commitment.read(fixing.body["facts"]["commitment"])
    dropped = told.get(DROP)
    return One(
        id, number or fixed.number, fixed.title, office_name(office, _on(fixing), language()), state, fixed,
        fixing.body["facts"]["commitment_digest"], fixing.id, fixing.hash, _at(fixing), _sealed(fixing.id),
        tuple(_numbers(fixed, told.get(DRAW))), _on(told[DRAW]) if DRAW in told else None,
        _on(dropped) if dropped else None, dropped.body["facts"].get("because", "") if dropped else "",
        told[CLOSE].body["facts"].get("draw_file", "") if CLOSE in told else "", tuple(_way(told, fixed, state)),
    )  # fmt: skip


def _on(entry: Entry) -> date:
    return date.fromisoformat(entry.body["on"])


def _at(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.body["at"])


def _sealed(entry: int) -> Checkpoint | None:
    """The first seal that holds this entry."""
    return Checkpoint.objects.filter(last_entry__gte=entry).order_by("day").first()


def _numbers(fixed: Commitment, seed: Entry | None) -> Iterator[Number]:
    lines = [line for line in seed.body["facts"]["values"].splitlines() if line.strip()] if seed else []
    for n, source in enumerate(fixed.sources):
        yield Number(source, moment(source.due, source.name), lines[n] if n < len(lines) else "")


def _way(told: dict[str, Entry], fixed: Commitment, state: str) -> Iterator[Stop]:
    days = {step: _on(entry) for step, entry in told.items()}
    out = max(moment(s.due, s.name) for s in fixed.sources).date()
    drawn = DRAW in days
    stops = [
        ("拟定", days.get(REPREPARE) or days.get(PREPARE), True),
        ("公布办法", days[COMMIT], True),
        ("开号", out, drawn),
        ("抽取", days.get(DRAW), drawn),
        ("检查", None, CLOSE in days),
        ("公开", days.get(CLOSE), CLOSE in days),
    ]
    ahead = next((label for label, _, done in stops if not done), "")
    for label, day, done in stops:
        if state == "dropped" and not done:
            continue
        yield Stop(label, day, "done" if done else "now" if label == ahead else "ahead")
    if state == "dropped":
        yield Stop("作废", days.get(DROP), "dropped")


# ——— after it is closed ———


def file_text(sha: str) -> str:
    """The draw file as it was published. Refused (FileRefused) if it is not on file any more."""
    return files().open(sha).decode()


@lru_cache(maxsize=4)
def file_of(sha: str) -> tuple[DrawFile, dict[str, Any]]:
    """The draw file, read, and what it says came out."""
    return read(file_text(sha))


@dataclass(frozen=True)
class Visited:
    """An object drawn, who went there, and what was published of it."""

    name: str
    stratum: str
    sent: tuple[tuple[str, tuple[str, ...]], ...]
    results: tuple[Answer, ...]


def visited(id: int, told: dict[str, Any], start: int, limit: int) -> list[Visited]:
    """The objects that were inspected in the end, from the `start`-th on."""
    results = _results(id)
    return [
        Visited(
            p["name"],
            p["stratum"],
            tuple((group, tuple(sent)) for group, sent in p["sent"].items()),
            tuple(results.get(p["name"], ())),
        )
        for p in told["now"][start : start + limit]
    ]


def _results(id: int) -> dict[str, list[Answer]]:
    """What was published of the cases that grew out of a draw, by the name their object has in the lists."""
    found: dict[str, list[Answer]] = {}
    for answer, family, edition, facts in answers_of(id):
        for name in _names(registry().edition(family, edition), json.loads(facts)):
            found.setdefault(name, []).append(answer)
    return found


def _names(procedure: type[Procedure], facts: dict[str, Any]) -> Iterator[str]:
    """How a list may write the object of a case: its subject alone, or with a number of its own behind it."""
    subject = str(facts.get(procedure.subject[0]) or "")
    if subject:
        yield subject
        yield from {f"{subject}（{value}）" for value in facts.values() if isinstance(value, str)}
