"""Run by test_killed: senders that call and enter what is over, killed with -9 at random moments until a round is over.

The far side is told by the try's key alone who answers what, so it remembers nothing and nothing can be lost there.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

HOME, SEED, PEOPLE = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
WINDOW = 200  # milliseconds a claim holds here
GRADES = ("非常满意", "满意", "不满意", "")


def grade_of(key: str) -> str:
    return random.Random(f"{SEED} {key.split('-')[0]}").choice(GRADES)


class Line:
    """Everybody picks up at the first try, and says what their number says."""

    name, most = "talk", 20

    async def send(self, tries: Sequence[Any]) -> list[Any]:
        from yifa.calls.channel import News, Report

        now = datetime.now(UTC)
        return [Report(one.key, News.REPLIED, now, outcome=self._said(one.key)) for one in tries]

    def _said(self, key: str) -> dict[str, Any]:
        grade = grade_of(key)
        ending = "DONE" if grade else "REFUSED"
        return {
            "script": "s",
            "version": 1,
            "ending": ending,
            "grade": grade,
            "opted_out": False,
            "seconds": 9,
        }

    async def news(self) -> list[Any]:
        return []

    async def close(self) -> None:
        return None


def send_for_ever() -> None:
    from yifa.calls.collecting import collect
    from yifa.calls.sender import Sender
    from yifa.procedure import Lost

    with Sender(f"sender {os.getpid()}", {"talk": Line()}, most=8, window=WINDOW) as sender:
        while True:
            try:
                sender.tick()
                collect(date.today(), most=8)
            except Lost:
                pass
            time.sleep(0.01)


def main() -> None:
    os.environ["YIFA_HOME"] = str(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "yifa.site.settings"
    os.environ.pop("YIFA_DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from yifa.cases.kernel import act
    from yifa.cases.models import Case
    from yifa.matters.services.satisfaction import facts as f
    from yifa.matters.services.satisfaction.callbacks import CallBackRound
    from yifa.people.actor import Actor
    from yifa.people.models import Office

    call_command("migrate", verbosity=0)
    Office.objects.create(code="x", name="某局", kind="department", mark="某", since=date(2010, 1, 1))
    clerk = Actor(None, "某", "x.clerk", "x", frozenset({"clerk"}), None, "经办人")
    round = f.Round(
        on=date.today(),
        about="试",
        people_list="\n".join(f"B{n}，某事，100{n:08}" for n in range(PEOPLE)),
        plan="回访电话，本人，2次，间隔1秒，限3秒",
        hours="00:00-23:59",
    )
    case = act(CallBackRound.begin, round, clerk).case
    rng, kills, until = random.Random(SEED), 0, time.time() + 120
    while Case.objects.filter(family="call_back").count() < PEOPLE and time.time() < until:
        connections.close_all()
        if (child := os.fork()) == 0:
            send_for_ever()
        time.sleep(rng.uniform(0.02, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
    ended = act(CallBackRound.finish, f.Ended(on=date.today()), clerk, case=case)
    records = [
        json.loads(text) for text in Case.objects.filter(family="call_back").values_list("facts", flat=True)
    ]
    told = {
        "kills": kills,
        "state": ended.state,
        "numbers": sorted(one["number"] for one in records),
        "bad": sum(one["grade"] == "BAD" for one in records),
        "orders": Case.objects.filter(family="bad_rating_order").count(),
        "dials": sum(one["dials"] for one in records),
    }
    print(json.dumps(told))


main()
