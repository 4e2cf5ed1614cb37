"""The inbox and the lists: by key, not by offset, so the four-hundredth page costs what the first does."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from yifa.people.actor import Actor
from yifa.people.offices import office_name
from yifa.people.scope import sql_scope
from yifa.procedure import Procedure, asks_of, registry

from ..history import opened_words
from ..store import Cursor, Store, day, maybe_day
from .rows import ROW, subject
from .views import GREEN, GREY, RED, SOON, YELLOW, CaseRow, Page, light_of

ORDERS = {
    "-opened": ("opened", "DESC"),
    "opened": ("opened", "ASC"),
    "due": ("coalesce(due, '9999-12-31')", "ASC"),
    "-changed": ("changed_on", "DESC"),
    "number": ("number", "ASC"),
}


def inbox(
    actor: Actor,
    today: date,
    *,
    family: str = "",
    light: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """The open cases of the actor's offices in which the actor has something to do, by due date.

    `family` and `light` narrow the rows; the counts by light are always those of all lights.
    """
    conditions, params = _mine(actor, family)
    if not conditions:
        return Page((), None, dict.fromkeys((RED, YELLOW, GREEN, GREY), 0))
    lit, days = _lit(light, today)
    page = _page([*conditions, *lit], [*params, *days], "due", after, limit, today)
    return Page(page.rows, page.next, _lights(conditions, params, today))


def waiting(actor: Actor, today: date) -> dict[str, int]:
    """How many cases wait for this post, by light: one look, no rows."""
    conditions, params = _mine(actor)
    return _lights(conditions, params, today) if conditions else dict.fromkeys((RED, YELLOW, GREEN, GREY), 0)


def _mine(actor: Actor, family: str = "") -> tuple[list[str], list[Any]]:
    """The open cases this post can do something in, as conditions; none when there is no such kind of case."""
    stated = []
    params: list[Any] = []
    for procedure in registry().families():
        if (family and procedure.key != family) or not actor.handles(procedure.key):
            continue
        states = [k for k, s in procedure.states.items() if not s.final and _waits_for(procedure, k, actor)]
        if procedure.kind == "procedure" and states:
            stated.append(f"(family = ? AND state IN ({', '.join('?' * len(states))}))")
            params += [procedure.key, *states]
    if not stated:
        return [], []
    where, scoped = sql_scope(actor, "office", "family")
    return ["NOT final", where, f"({' OR '.join(stated)})"], [*scoped, *params]


def _lit(light: str, today: date) -> tuple[list[str], list[str]]:
    """The open cases that show this light; any other word: all."""
    now, soon = today.isoformat(), (today + timedelta(days=SOON)).isoformat()
    told = {
        RED: ("NOT final AND due < ?", [now]),
        YELLOW: ("NOT final AND due >= ? AND due <= ?", [now, soon]),
        GREEN: ("NOT final AND due > ?", [soon]),
        GREY: ("NOT final AND due IS NULL", []),
    }
    condition, params = told.get(light, ("", []))
    return ([condition], params) if condition else ([], [])


def _waits_for(procedure: type[Procedure], state: str, actor: Actor) -> bool:
    return any(
        state in s.sources and any(r.key in actor.roles for r in s.roles)
        for s in procedure.steps.values()
        if s.onward
    )


def listing(
    family: str,
    actor: Actor,
    today: date,
    filters: Mapping[str, str] | None = None,
    *,
    order: str = "-opened",
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Cases of a kind the actor may see.

    `filters`: state, office, light, from, to (dates of opening), q (number or open facts), any open choice
    fact of the procedure by its name. Unknown filters are ignored. `counts` holds the totals by state.
    """
    where, params = sql_scope(actor, "office", "family")
    base, base_params = ["family = ?", where], [family, *params]
    conditions, extra = _filters(registry().family(family), dict(filters or {}), today)
    page = _page([*base, *conditions], [*base_params, *extra], order, after, limit, today)
    sql = f"SELECT state, count(*) FROM cases_case WHERE {' AND '.join(base)} GROUP BY state"
    counts = {r[0]: r[1] for r in Store().cursor().all(sql, base_params)}
    return Page(page.rows, page.next, counts)


def _filters(procedure: type[Procedure], f: dict[str, str], today: date) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    params: list[Any] = []

    def add(sql: str, *values: Any) -> None:
        where.append(sql)
        params.extend(values)

    if f.get("state") in procedure.states:
        add("state = ?", f["state"])
    elif f.get("state") == "open":
        add("NOT final")
    if f.get("office"):
        add("office = ?", f["office"])
    for name, sign in (("from", ">="), ("to", "<=")):
        if value := _iso(f.get(name, "")):
            add(f"opened {sign} ?", value)
    lit, days = _lit(f.get("light", ""), today)
    where += lit
    params += days
    if q := f.get("q", "").strip():
        like = "%" + q.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        add("(number LIKE ? ESCAPE '!' OR facts LIKE ? ESCAPE '!')", like, like)
    for a in (a for s in procedure.opening() for a in asks_of(s.asks)):
        if a.choices and f.get(a.name) in {c.name for c in a.choices}:
            add("facts LIKE ?", f'%"{a.name}":"{f[a.name]}"%')
    return where, params


def _iso(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _page(
    conditions: Iterable[str], params: Sequence[Any], order: str, after: str | None, limit: int, today: date
) -> Page:
    s = Store()
    column, direction = ORDERS.get(order, ORDERS["-opened"])
    if s.on_postgres:
        column = column.replace("'9999-12-31'", "DATE '9999-12-31'")
    where, all_params = list(conditions), list(params)
    if key := _key(after):
        sign = "<" if direction == "DESC" else ">"
        cast = "CAST(? AS date)" if s.on_postgres and order != "number" else "?"
        where.append(f"({column}, id) {sign} ({cast}, ?)")
        all_params += key
    sql = f"{ROW} WHERE {' AND '.join(where)} ORDER BY {column} {direction}, id {direction} LIMIT ?"
    found = s.cursor().all(sql, [*all_params, limit + 1])
    rows = _rows(s.cursor(), found[:limit], today)
    more = _token(rows[-1], order) if len(found) > limit else None
    return Page(tuple(rows), more)


def _token(row: CaseRow, order: str) -> str:
    value = {
        "due": row.due.isoformat() if row.due else "9999-12-31",
        "-changed": row.changed_on.isoformat(),
        "number": row.number,
    }.get(order, row.opened.isoformat())
    return base64.urlsafe_b64encode(json.dumps([value, row.id]).encode()).decode().rstrip("=")


def _key(token: str | None) -> list[Any] | None:
    """A page's key; a token nobody gave out is as good as none."""
    try:
        value, id = json.loads(base64.urlsafe_b64decode((token or "") + "=="))
        return [str(value), int(id)]
    except (ValueError, TypeError):
        return None


def _rows(cursor: Cursor, found: Sequence[Sequence[Any]], today: date) -> list[CaseRow]:
    told = _sealed_subjects(cursor, found)
    rows = []
    for r in found:
        procedure = registry().edition(r[1], r[2])
        due = maybe_day(r[10])
        light, left = light_of(due if not r[5] else None, today)
        facts = json.loads(r[13])
        period = procedure.periods.get(r[11])
        rows.append(
            CaseRow(
                r[0],
                r[1],
                procedure.title,
                r[7],
                subject(procedure, facts, told.get(r[0], {})),
                r[3],
                office_name(r[3]),
                procedure.state(r[4]).label,
                r[4],
                bool(r[5]),
                due,
                period.label if period else "",
                light,
                left,
                day(r[8]),
                day(r[9]),
                facts,
            )
        )
    return rows


def _sealed_subjects(cursor: Cursor, found: Sequence[Sequence[Any]]) -> dict[int, dict[str, str]]:
    """The subjects of a page's cases that are sealed, opened in two queries for the whole page."""
    names = sorted({n for r in found for n in _sealed_names(registry().edition(r[1], r[2]))})
    ids = [r[0] for r in found if _sealed_names(registry().edition(r[1], r[2]))]
    return opened_words(cursor, ids, names)


def _sealed_names(procedure: type[Procedure]) -> set[str]:
    sealed = {a.name for s in procedure.opening() for a in asks_of(s.asks) if a.sealed}
    return sealed & set(procedure.subject)


def _lights(conditions: Iterable[str], params: Sequence[Any], today: date) -> dict[str, int]:
    now, soon = today.isoformat(), (today + timedelta(days=SOON)).isoformat()
    sql = (
        "SELECT count(*), sum(CASE WHEN due < ? THEN 1 ELSE 0 END),"
        " sum(CASE WHEN due >= ? AND due <= ? THEN 1 ELSE 0 END), sum(CASE WHEN due IS NULL THEN 1 ELSE 0 END)"
        f" FROM cases_case WHERE {' AND '.join(conditions)}"
    )
    row = Store().cursor().one(sql, [now, now, soon, *params]) or (0, 0, 0, 0)
    total, red, yellow, grey = (int(n or 0) for n in row)
    return {RED: red, YELLOW: yellow, GREEN: total - red - yellow - grey, GREY: grey}
