"""Run by test_site_killed, one job a run: prepare a county and somebody at its duty desk, or tell what stands in its record."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from yifa.calls.lines import simulate  # noqa: E402
from yifa.calls.told import Rule  # noqa: E402
from yifa.cases import kernel  # noqa: E402
from yifa.cases.rebuild import compare  # noqa: E402
from yifa.cases.store import Store  # noqa: E402
from yifa.ledger.verify import verify  # noqa: E402
from yifa.matters.emergency.warnings.procedure import CallLadder  # noqa: E402
from yifa.people import posts  # noqa: E402
from yifa.site.commands.setup import county_folder, prepare  # noqa: E402

POST = "xinxian-emergency.duty-officer"
RUNGS = "语音，本人，2次，间隔1秒，限2秒\n语音，上级，1次，限1秒"


def prepared() -> dict[str, str]:
    """Tables, county, a quick ladder, simulated lines; the session of whoever is on duty."""
    prepare(county_folder(None))
    simulate(settings.YIFA_HOME)
    today = date.today()
    head = posts.actor_in("xinxian-emergency.duty-head", today)
    kernel.act(CallLadder.lay_down, Rule(on=today, name="快", rungs=RUNGS, basis="试"), head)
    user = posts.person("zhiban", "值班员")
    posts.give(POST, user, today)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["post"] = POST
    session.create()
    return {"session": session.session_key or ""}


def rows(sql: str) -> list[list[Any]]:
    return [list(row) for row in Store().cursor().all(sql)]


def looked_at() -> dict[str, Any]:
    wrong = verify().first_wrong
    bodies = [json.loads(row[0]) for row in rows("SELECT body FROM ledger_entry ORDER BY id")]
    return {
        "wrong": wrong.sentence() if wrong else "",
        "different": [str(d) for d in compare()],
        "begun": [
            [b["facts"]["about"], b["case"], b["facts"]["people"]] for b in bodies if b["step"] == "begin"
        ],
        "answered": [b["facts"]["callee"] for b in bodies if b["step"] == "answer"],
        "call_outs": rows(
            "SELECT o.label, o.case_id, count(*) FROM calls_callout o JOIN calls_calling c ON c.callout_id = o.id"
            " GROUP BY o.id, o.label, o.case_id"
        ),
        "callings": rows(
            'SELECT c.id, o.case_id, c.rung, c.next, c."end" FROM calls_calling c'
            " JOIN calls_callout o ON o.id = c.callout_id ORDER BY c.id"
        ),
    }


print(json.dumps({"prepare": prepared, "look": looked_at}[sys.argv[1]](), default=str))
