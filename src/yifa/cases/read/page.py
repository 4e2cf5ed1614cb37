"""One case: where it stands, what can be done and why not, what was done, and the papers it was given."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from yifa.clock import national
from yifa.people.actor import Actor
from yifa.people.offices import office_name
from yifa.people.posts import person_names, post_title
from yifa.procedure import Act, Case, Facts, Period, Procedure, Reason, Step, asks_of, registry
from yifa.procedure.facts import ERASED
from yifa.procedure.standing import Standing, sum_of

from ..decide import receipt_digest, term_of, when_may, who_may
from ..documents import told as document_told
from ..history import Entry, entries, facts_of
from ..letters import compose
from ..letters import said as act_of
from ..store import Cursor, Store, day
from .rows import ROW, latest, sees, subject
from .views import (
    GREEN,
    GREY,
    RED,
    ActView,
    CasePage,
    FactView,
    LinkView,
    PaperView,
    StepView,
    TermView,
    Unseen,
    light_of,
    said,
)

KEPT_SECRET = "（加密保存）"  # what the machine found and sealed is shown to nobody


def case(id: int, actor: Actor, today: date, *, own: bool = False) -> CasePage:
    """Everything the case page shows; `Unseen` when the case is not the actor's to see.

    `own`: the person outside has shown the receipt; they see what they said and the papers they were given.
    """
    cursor = Store().cursor()
    row = cursor.one(f"{ROW} WHERE id = ?", (id,))
    if row is None or not (own or sees(actor, row[1], row[3])):
        raise Unseen
    procedure = registry().edition(row[1], row[2])
    written = entries(cursor, id)
    live = _live(procedure, row, written)
    can, cannot = _steps(live, actor, row[3], today, own=own)
    people = {} if own else person_names(e.body["person"] for e in written)
    timeline = tuple(_act(procedure, e, people) for e in written)
    erased = any(e.body["step"] == "~erase" for e in written)
    return CasePage(
        id, row[1], procedure, procedure.title, procedure.kind, row[7],
        subject(procedure, json.loads(row[13]), latest(written)), row[3], office_name(row[3]),
        procedure.state(row[4]).label, row[4], bool(row[5]), day(row[8]), row[6],
        tuple(_term(live, procedure.periods[k], today) for k in live.standing.runs),
        can, cannot, timeline, _facts_now(procedure, written),
        tuple(a.paper for a in timeline if a.paper), _links(cursor, id, actor), erased,
    )  # fmt: skip


def live(id: int) -> Case:
    """The case as the procedure sees it, without asking who looks."""
    cursor = Store().cursor()
    row = cursor.one(f"{ROW} WHERE id = ?", (id,))
    if row is None:
        raise Unseen
    return _live(registry().edition(row[1], row[2]), row, entries(cursor, id))


def by_receipt(code: str) -> int | None:
    """The case a receipt code belongs to."""
    row = Store().cursor().one("SELECT id FROM cases_case WHERE receipt = ?", (receipt_digest(code),))
    return row[0] if row else None


def version(id: int, actor: Actor, *, own: bool = False) -> int | None:
    """The number of the case's last entry, for an ETag that costs one look; None when unseen."""
    row = Store().cursor().one("SELECT family, office, seq FROM cases_case WHERE id = ?", (id,))
    return row[2] if row and (own or sees(actor, row[0], row[1])) else None


def _live(procedure: type[Procedure], row: Sequence[Any], written: list[Entry]) -> Case:
    acts = tuple(Act(e.body["step"], facts_of(procedure.steps[e.body["step"]], e)) for e in written if e.ours)
    return Case(procedure, national(), Standing.read(json.loads(row[12])), acts=acts)


def _steps(
    live: Case, actor: Actor, office: str, today: date, *, own: bool
) -> tuple[tuple[StepView, ...], tuple[StepView, ...]]:
    can: list[StepView] = []
    cannot: list[StepView] = []
    for step in live.procedure.steps.values():
        if step.opens or step.after is not None or who_may(step, actor, office, own=own):
            continue
        if own and not step.public:
            continue
        by = "、".join(r.label for r in step.roles)
        reasons = live.refusals(step) or _hopeless(live, step, today)
        view = StepView(step.key, step.label, step.cite, by, step, reasons, step.reading)
        (cannot if reasons else can).append(view)
    return tuple(can), tuple(cannot)


def _hopeless(live: Case, step: Step[Any], today: date) -> tuple[Reason, ...]:
    """A step that asks nothing but its date can be judged before it is tried."""
    if asks_of(step.asks) or not step.conditions:
        return ()
    facts = step.asks(on=max(today, live.standing.on or today))
    return live.refusals(step, facts)


def _term(live: Case, period: Period, today: date) -> TermView:
    run = live.standing.runs[period.key]
    t = term_of(live.procedure, period.key, run, live.calendar)
    reckoned = sum_of(live.procedure, period, run, live.calendar)
    light, left = light_of(t.due if t.state == "run" else None, today)
    if not period.duty and light == RED:
        light = GREY
    if t.state in ("met", "ended"):
        light = RED if t.late else GREEN if t.state == "met" else GREY
    return TermView(
        period.key, period.label, period.cite, t.start, t.due, light, left, t.provisional, t.state, t.met_on,
        t.late, tuple(reckoned.sentences()) if reckoned else (), reckoned,
    )  # fmt: skip


def _act(procedure: type[Procedure], e: Entry, people: Mapping[int, str]) -> ActView:
    body = e.body
    step = procedure.steps.get(body["step"])
    on = date.fromisoformat(body["on"])
    paper = _paper(procedure, e, on)
    return ActView(
        e.id, e.seq, on, body["at"], body["step"], step.label if step else "销毁个人信息",
        step.cite if step else None, people.get(body["person"], ""),
        post_title(body["post"]), office_name(body["office"]),
        _facts(step, e) if step else (), paper, e.hash, body["post"], body["office"],
    )  # fmt: skip


def _paper(procedure: type[Procedure], e: Entry, on: date) -> PaperView | None:
    told = e.body.get("paper")
    if not told:
        return None
    label = procedure.papers[told["key"]].label
    return PaperView(e.id, told["key"], label, told["number"], on, f"paper:{told['key']}" not in e.opened)


def _facts(step: Step[Any], e: Entry) -> tuple[FactView, ...]:
    told = facts_of(step, e)
    views = []
    for a in asks_of(step.asks):
        value = getattr(told, a.name)
        if a.sealed and a.name in e.body["sealed"] and a.name not in e.opened:
            value = ERASED
        elif a.sealed and a.name not in e.body["sealed"]:
            value = None
        elif a.sealed and a.found:
            value = KEPT_SECRET
        if value in (None, "", ()) or (a.found and isinstance(value, bool) and value == a.default):
            continue  # a check of the machine's that found nothing amiss is not worth a line
        views.append(
            FactView(
                a.name,
                a.label,
                said(a, value),
                a.sealed,
                False,
                a.long,
                e.id,
                a.carried,
                document_told(value) if a.document else None,
            )
        )
    return tuple(views)


def _facts_now(procedure: type[Procedure], written: list[Entry]) -> tuple[FactView, ...]:
    """What is known of the case now: of each fact the latest word, opening facts first."""
    latest: dict[str, FactView] = {}
    for e in written:
        step = procedure.steps.get(e.body["step"])
        if step and (step.opens or (step.restates and step.restates.opens)):
            latest |= {f.name: f for f in _facts(step, e) if f.name not in ("why", "dated")}
    return tuple(latest.values())


def paper_text(id: int, entry: int, actor: Actor, *, own: bool = False) -> str:
    """The sealed text of a paper; `Unseen` when it is not the actor's, or was destroyed."""
    cursor = Store().cursor()
    row = cursor.one("SELECT family, office FROM cases_case WHERE id = ?", (id,))
    if row is None or not (own or sees(actor, row[0], row[1])):
        raise Unseen
    for e in entries(cursor, id):
        if e.id == entry and e.body.get("paper"):
            text = e.opened.get(f"paper:{e.body['paper']['key']}")
            if text is not None:
                return text
    raise Unseen


def _links(cursor: Cursor, id: int, actor: Actor) -> tuple[LinkView, ...]:
    sql = (
        "SELECT c.id, c.family, c.edition, c.number, c.office, c.state, c.facts, l.kind, l.from_case = ?"
        " FROM cases_link l JOIN cases_case c"
        " ON c.id = CASE WHEN l.from_case = ? THEN l.to_case ELSE l.from_case END"
        " WHERE l.from_case = ? OR l.to_case = ? ORDER BY l.entry_id, c.id"
    )
    found = cursor.all(sql, (id, id, id, id))
    return tuple(_link(row) for row in found if sees(actor, row[1], row[4]))


def _link(row: Sequence[Any]) -> LinkView:
    id, family, edition, number, _, state, facts, kind, outward = row
    procedure = registry().edition(family, edition)
    stands = procedure.state(state)
    about = subject(procedure, json.loads(facts), {})
    return LinkView(id, procedure.title, number, kind, bool(outward), about, stands.label, stands.final)


def preview(
    step: Step[Any], facts: Facts, actor: Actor, today: date, *, case: int | None, office: str = ""
) -> str | None:
    """The paper as it would stand (its canonical text, without a number); None when the step gives none."""
    if step.gives is None or when_may(step, facts.on, today):
        return None
    if case is None:
        was = Case(registry().on(step.family, facts.on), national())
        here = office or actor.office
    else:
        was = live(case)
        row = Store().cursor().one("SELECT office FROM cases_case WHERE id = ?", (case,))
        here = row[0] if row else actor.office
    if was.refusals(step, facts):
        return None
    now = was.do(step, facts)
    return compose(
        was.procedure,
        Case(was.procedure, was.calendar, now.standing, acts=(*was.acts, act_of(step, facts))),
        step,
        facts,
        here,
        "",
    ).canonical()
