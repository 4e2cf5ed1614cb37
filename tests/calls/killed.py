"""Run by test_killed: senders that are killed with -9 at random moments, over and over, until everybody's calling is over.

The far side is a file to which every try handed over is appended and brought to the disk, as a gateway would keep it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HOME, SEED, PEOPLE = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
WINDOW = 300  # milliseconds a claim holds here
FILE = HOME / "gateway.log"


class Gateway:
    """Keeps what it was handed; one in three answers, after a moment. What it knows outlives every sender."""

    name, most = "voice", 50

    def __init__(self) -> None:
        self.told: set[str] = set()

    async def send(self, tries: Sequence[Any]) -> list[Any]:
        from yifa.calls.channel import News, Report

        now = time.time()
        lines = "".join(f"{one.key}\t{one.to}\t{now}\n" for one in tries)
        file = os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, lines.encode())
        os.fsync(file)
        os.close(file)
        return [Report(one.key, News.ACCEPTED, datetime.now(UTC)) for one in tries]

    async def news(self) -> list[Any]:
        from yifa.calls.channel import News, Report

        found = []
        for key, at in answers():
            if key not in self.told and time.time() >= at:
                self.told.add(key)
                found.append(Report(key, News.REPLIED, datetime.fromtimestamp(at, UTC), "1"))
        return found

    async def close(self) -> None:
        return None


def handed() -> list[tuple[str, str, float]]:
    text = FILE.read_text() if FILE.exists() else ""
    rows = [line.split("\t") for line in text.splitlines()]
    return [(key, to, float(at)) for key, to, at in rows]


def answers() -> list[tuple[str, float]]:
    """Who picks up: told by the key alone, a while after it was first handed over."""
    first: dict[str, float] = {}
    for key, _, at in handed():
        first.setdefault(key, at)
    return [(key, at + 0.1) for key, at in first.items() if random.Random(f"{SEED} {key}").random() < 0.33]


def send_for_ever() -> None:
    from yifa.calls.sender import Sender

    with Sender(f"sender {os.getpid()}", {"voice": Gateway()}, most=40, window=WINDOW) as sender:
        while True:
            sender.tick()
            time.sleep(0.01)


def main() -> None:
    os.environ["YIFA_HOME"] = str(HOME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "yifa.site.settings"
    os.environ.pop("YIFA_DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from yifa.calls import queue
    from yifa.calls.ladder import Ladder, Rung, Whom
    from yifa.calls.models import Calling

    call_command("migrate", verbosity=0)
    ladder = Ladder(
        "快",
        (
            Rung("voice", 2, timedelta(seconds=0.4), timedelta(seconds=1)),
            Rung("voice", 2, timedelta(seconds=0.4), timedelta(seconds=1), Whom.SUPERIOR),
        ),
    )
    people = [
        queue.Callee(f"{n}", {"SELF": {"voice": f"s{n}"}, "SUPERIOR": {"voice": f"u{n}"}})
        for n in range(PEOPLE)
    ]
    start = datetime.now(UTC)
    queue.begin(label="试", text="试", ladder=ladder, callees=people, office="x", by="试", at=start)
    rng, kills, longest = random.Random(SEED), 0, 0.0
    while queue.next_due() is not None or any(time.time() < at + 0.5 for _, at in answers()):
        connections.close_all()
        before = time.time()
        if (child := os.fork()) == 0:
            send_for_ever()
        time.sleep(rng.uniform(0.01, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills, longest = kills + 1, max(longest, time.time() - before)
    ends = dict(Calling.objects.values_list("pk", "end"))
    over = max(Calling.objects.filter(end="").values_list("since", flat=True), default=0)
    told = {
        "kills": kills,
        "open": Calling.objects.filter(next__isnull=False).count(),
        "lost": [k for k, _ in answers() if ends[int(k.split("-")[0])] != "ANSWERED"],
        "invented": [
            pk for pk, end in ends.items() if end and pk not in {int(k.split("-")[0]) for k, _ in answers()}
        ],
        "over_after": (over - queue.ms(start)) / 1000 if over else 0,
        "bound": ladder.bound.total_seconds(),
        "longest": longest,
        "handed": handed(),
        "to": {str(pk): name for pk, name in Calling.objects.values_list("pk", "name")},
    }
    print(json.dumps(told))


main()
