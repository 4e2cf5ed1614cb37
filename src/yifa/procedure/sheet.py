"""The whole procedure as plain data: for lawyers to sign, for tools to draw, for hashing."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from yifa.law import Citation

from .facts import Facts, asks_of
from .words import (
    Balance,
    Count,
    Figure,
    Funnel,
    Growth,
    Outcome,
    Overlap,
    Period,
    Receipts,
    Share,
    Step,
    Stock,
    Sum,
    Zero,
    values_of,
)

if TYPE_CHECKING:
    from .kinds import Procedure


def sheet(procedure: type[Procedure]) -> dict[str, Any]:
    """States, steps with their questions and conditions, periods, papers, counts and checks, each with its place."""
    return {
        "key": procedure.key,
        "edition": procedure.edition,
        "kind": procedure.kind,
        "title": procedure.title,
        "since": procedure.since.isoformat(),
        "states": {k: {"label": s.label, "final": s.final} for k, s in procedure.states.items()},
        "papers": {
            k: {"label": p.label, "cite": str(p.cite), "series": p.series, "to": p.to.key if p.to else None}
            for k, p in procedure.papers.items()
        },
        "steps": {k: _step(s) for k, s in procedure.steps.items()},
        "periods": {k: _period(p) for k, p in procedure.periods.items()},
        "counts": {k: _figure(f) for k, f in procedure.counts.items()},
        "checks": {k: _check(c) for k, c in procedure.checks.items()},
        **({"funnels": {k: _funnel(f) for k, f in procedure.funnels.items()}} if procedure.funnels else {}),
        **(
            {"receipts": {k: _published(r) for k, r in procedure.receipts.items()}}
            if procedure.receipts
            else {}
        ),
    }


@cache
def fingerprint(procedure: type[Procedure]) -> str:
    """Twelve hex digits naming this exact text of the procedure, the guards' source included."""
    text = json.dumps(
        [sheet(procedure), _guards(procedure)], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _guards(procedure: type[Procedure]) -> list[list[str]]:
    found = []
    for key, step in procedure.steps.items():
        for c in step.conditions:
            try:
                found.append([key, c.sentence, c.source])
            except OSError:  # a guard typed at a prompt has no file
                found.append([key, c.sentence, c.test.__code__.co_code.hex()])
    return found


def _cite(cite: Citation | None) -> str:
    return str(cite) if cite else ""


def _step(step: Step[Any]) -> dict[str, Any]:
    return {
        "label": step.label,
        "from": list(step.sources),
        "to": step.move.target.key if step.move.target else None,
        "by": [r.key for r in step.roles],
        "cite": str(step.cite),
        "reading": step.reading,
        "asks": asked(step.asks),
        "gives": step.gives.key if step.gives else None,
        "once": step.once,
        "public": step.public,
        "after": step.after.key if step.after else None,
        "amends": step.amends.key if step.amends else None,
        "changes": step.changes.key if step.changes else None,
        "withdraws": step.withdraws,
        "publishes": step.publishes,
        **({"afield": True} if step.afield else {}),
        **({"trial": True} if step.trial else {}),
        **({"aside": True} if step.aside else {}),
        **({"collects": step.collects} if step.collects else {}),
        "requires": [
            {"says": c.sentence, "cite": str(c.cite), "reading": c.reading} for c in step.conditions
        ],
    }


def asked(facts: type[Facts]) -> dict[str, Any]:
    """The questions of a step; an outcome's choices with their places."""
    return {
        a.name: {
            "label": a.label,
            "cite": _cite(a.cite),
            "kind": a.kind.__name__ if not issubclass(a.kind, Outcome) else "choice",
            "required": a.required,
            "sealed": a.sealed,
            **({"found": True} if a.found else {}),
            **({"document": True} if a.document else {}),
            "choices": {c.name: [c.label, _cite(c.cite)] for c in a.choices},
        }
        for a in asks_of(facts)
    }


def _period(p: Period) -> dict[str, Any]:
    return {
        "label": p.label,
        "length": str(p.length),
        "cite": str(p.cite),
        "reading": p.reading,
        "runs_from": p.runs_from.key,
        "anew_from": [s.key for s in p.restarts],
        "paused_in": list(p.pauses),
        "longer_by": p.longer_by.key if p.longer_by else None,
        "duty": p.duty,
        "until_by": p.until_by.key if p.until_by else None,
        "met_by": list(p.meets),
    }


def _figure(f: Figure) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": type(f).__name__, "label": f.label}
    if isinstance(f, Count):
        told |= {
            "of": [s.key for s in f.steps],
            "where": {k: list(values_of(v)) for k, v in f.where.items()},
            "by": list(f.breakdown),
            "unit": f.unit,
            "rounds_down_to": f.rounds_down_to,
            "cite": _cite(f.cite),
        }
        if isinstance(f, Sum) or hasattr(f, "field"):
            told["field"] = f.field
    elif isinstance(f, Share):
        told |= {
            "part": _figure(f.part) if f.part else None,
            "whole": _figure(f.whole) if f.whole else None,
            "of": f.of.key if f.of else None,
            "within": f.within.key if f.within else None,
            "unit": f.unit,
            "digits": f.digits,
            "cite": _cite(f.cite),
        }
    elif isinstance(f, Stock):
        told |= {"within": [s.key for s in f.within], "unit": f.unit, "cite": _cite(f.cite)}
        if f.where:
            told["where"] = {k: list(values_of(v)) for k, v in f.where.items()}
    elif isinstance(f, Zero):
        told |= {
            "of": f.of.name,
            "reports": f.reports.name,
            "among": list(f.among),
            "unit": f.unit,
            "cite": _cite(f.cite),
        }
    elif isinstance(f, Growth):
        told |= {"of": f.of.name, "unit": f.unit, "digits": f.digits, "cite": _cite(f.cite)}
    return told


def _funnel(f: Funnel) -> dict[str, Any]:
    return {"label": f.label, "stages": [stage.name for stage in f.stages], "due": f.due}


def _published(r: Receipts) -> dict[str, Any]:
    return {"label": r.label, "of": [s.key for s in r.steps], "code": r.code, "shows": list(r.shows)}


def _check(c: Balance | Overlap) -> dict[str, Any]:
    if isinstance(c, Balance):
        return {
            "kind": "Balance",
            "label": c.label,
            "stock": c.stock.key,
            "plus": [x.key for x in c.plus],
            "minus": [x.key for x in c.minus],
        }
    return {
        "kind": "Overlap",
        "label": c.label,
        "one": c.one.key,
        "many": [x.key for x in c.many],
        "because": c.because,
    }
