"""Another hand at the same record: a process that takes one job after another, each a line of JSON, until there is none.

It says a line when it is ready, and one beginning with “=” for what a job came to; lines between are the job's own.
YIFA_HOME and YIFA_DATABASE_URL say which record; `main` expects Django to be set up.
"""

from __future__ import annotations

import json
import select
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from yifa import counts
from yifa.cases.kernel import Do, act, act_many
from yifa.cases.rebuild import compare, rebuild
from yifa.cases.sweep import sweep
from yifa.ledger import checkpoints
from yifa.ledger.verify import verify
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.people.actor import Actor
from yifa.procedure import Facts, Refused, Step
from yifa.site.commands.setup import county_folder, prepare

OFFICES = ("xinxian-gov-office", "xinxian-justice")
BEGAN = date(2023, 3, 6)


def say(line: str) -> None:
    print(line, flush=True)


def heard() -> str:
    """The next line from whoever started this process."""
    return sys.stdin.readline().strip()


def clerk(office: str = OFFICES[0]) -> Actor:
    return Actor(None, "李某", f"{office}.clerk", office, frozenset({"clerk"}), frozenset({office}))


def application(on: date = BEGAN) -> f.Registration:
    who = {"name": "王某甲", "identity": "411523199001010011", "contact": "13900000000"}
    return f.Registration(on=on, kind=f.Applicant.PERSON, wanted="2022年村级公路预算", **who)


def consultation() -> f.Consultation:
    return f.Consultation(on=date(2023, 3, 8), party="某公司")


def tried(step: Step[Any], facts: Facts, case: int | None = None) -> str:
    """“done”, or the id of the first reason against it."""
    try:
        act(step, facts, clerk(), case=case)
    except Refused as refused:
        return refused.reasons[0].id
    return "done"


# ── What it can do ───────────────────────────────────────────────────────────


def found() -> int:
    """The tables, and the county of the library."""
    prepare(county_folder(None))
    return 0


def enter(times: int) -> list[int]:
    """So many applications, and as many tried that the law refuses; their cases."""
    cases = []
    for _ in range(times):
        cases.append(act(D.receive, application(), clerk()).case)
        assert tried(D.receive, application(date(2020, 1, 2))) == "yifa.R008"
    return cases


def consult(cases: list[int]) -> list[str]:
    return [tried(D.consult, consultation(), case) for case in cases]


def rectify(case: int, times: int) -> list[str]:
    """The same entry put right again and again, between two months."""
    found = []
    for n in range(times):
        told = {k: v for k, v in vars(application()).items() if k != "on"}
        dated = (BEGAN, BEGAN - timedelta(days=20))[n % 2]
        facts = D.rectify.asks(**told, on=date(2023, 3, 7), dated=dated, why="登记有误")
        found.append(tried(D.rectify, facts, case))
    return found


def hold(case: int, end: str) -> str:
    """Takes a step and keeps its transaction open until somebody waits for it; then `commit` or `undo`."""
    with transaction.atomic():
        act(D.consult, consultation(), clerk(), case=case)
        say("held")
        _until_somebody_waits()
        transaction.set_rollback(end == "undo")
    return end


def cross(here: int, there: int) -> str:
    """Enters an application in one office and, told to go on, in the other, both in one transaction."""
    try:
        with transaction.atomic():
            act(D.receive, application(), clerk(OFFICES[here]))
            say("held")
            heard()
            act(D.receive, application(), clerk(OFFICES[there]))
    except Refused as refused:
        return refused.reasons[0].id
    return "done"


def _until_somebody_waits() -> None:
    """A server tells who waits; a file does not, and there it makes no difference to what the second is told."""
    if connection.vendor == "sqlite":
        time.sleep(0.3)
        return
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not _rows(waiting):
        time.sleep(0.01)
        _rows("SELECT 1 FROM pg_stat_clear_snapshot()")  # or the same is told until the transaction's end


def stream(times: int, batch: int, how: str = "batches", offices: str = "01") -> int:
    """A long stream of applications and answers; says after each batch how far it is."""

    def acts() -> Iterator[Do]:
        for n in range(times):
            who = clerk(OFFICES[int(offices[n % len(offices)])])
            yield Do(D.receive, application(), who, ref=str(n))
            answer = f.Reply(on=date(2023, 3, 20), answer=f.Answer.GRANTED, content="见附件")
            yield Do(D.answer, answer, who, ref=str(n))

    tally = act_many(acts(), atomic=how == "whole", batch=batch, progress=lambda n: say(f"at {n}"))
    return tally.acts


def write_on() -> int:
    """One application after another until told to stop."""
    written = 0
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        act(D.receive, application(), clerk())
        written += 1
    heard()
    return written


def seal(times: int) -> list[int]:
    """Checkpoints, each of a later day and once there is something new; how many entries each covers."""
    found = [0]
    for n in range(times):
        while _rows("SELECT count(*) FROM ledger_entry")[0][0] == found[-1]:
            time.sleep(0.005)
        found.append(checkpoints.make(BEGAN + timedelta(days=n)).size)
    return found[1:]


def unsettle(case: int) -> int:
    """As if the case's periods had been reckoned before the year's calendar was published."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_term SET provisional = %s WHERE case_id = %s", [True, case])
        return int(cursor.rowcount)


def mend(times: int) -> list[bool]:
    """Every count wrong by one, and the rows made anew from the ledger; whether they differed, each time."""
    found = []
    for _ in range(times):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_cell SET n = n + 1")
        found.append(bool(rebuild()))
    return found


def check_rows(times: int) -> list[str]:
    """The rows against the ledger, and the cube against the acts, again and again; what differed."""
    return [str(d) for _ in range(times) for d in (*compare(), *counts.compare(engine="sql"))]


def law(day: str) -> list[list[Any]]:
    """What the law does by itself up to that day."""
    return [[done.case, done.step] for done in sweep(date.fromisoformat(day))]


def look() -> dict[str, Any]:
    """Is the ledger whole, are the rows the ledger's, which numbers were given?"""
    wrong = verify().first_wrong
    return {
        "wrong": wrong.sentence() if wrong else "",
        "different": [str(d) for d in compare()],
        "rows": _rows("SELECT id, seq, state FROM cases_case ORDER BY id"),
        "entries": _rows("SELECT count(*) FROM ledger_entry")[0][0],
        "numbers": _rows("SELECT office, series, n FROM papers_paper ORDER BY office, series, n"),
        "cells": {f"{s} {m}": n for s, m, n in _rows(
            "SELECT step, month, sum(n) FROM cases_cell WHERE measure = 'n' AND n <> 0 GROUP BY step, month"
        )},
        "sealed": [size for (size,) in _rows("SELECT size FROM ledger_checkpoint ORDER BY day")],
    }  # fmt: skip


def _rows(sql: str) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [list(row) for row in cursor.fetchall()]


def main() -> None:
    say("ready")
    while line := heard():
        job, *told = json.loads(line)
        say("=" + json.dumps(globals()[job](*told), default=int))
