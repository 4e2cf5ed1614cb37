"""Yifa itself: the delivery table is the queue; a sender claims, hands over, records, listens and moves up."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from .contest import TEXT, Contestant, Ground, number
from .gateway import ACCOUNT, SECRET

WITHIN = timedelta(hours=1)


class Later:
    """The real clock, which the benchmark may put forward: nobody waits an hour for what is overdue."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Yifa(Contestant):
    """With the settings that a sender and a gateway have of themselves; but for `most`, messages in one request."""

    most = 200

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        os.environ |= {
            "YIFA_HOME": ground.home,
            "YIFA_SYNCHRONOUS": "NORMAL",
            "DJANGO_SETTINGS_MODULE": "yifa.site.settings",
        }
        os.environ.pop("YIFA_DATABASE_URL", None)
        if ground.postgres:
            os.environ["YIFA_DATABASE_URL"] = ground.postgres
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from yifa.calls import queue

        self.queue = queue

    def clear(self) -> None:
        from yifa.calls.models import Calling, CallOut, Cursor, Rung, Try

        for model in (Try, Calling, Rung, CallOut, Cursor):
            model.objects.all().delete()
        self._settle()

    def _settle(self) -> None:
        """What the server's own housekeeper does when it comes by, done now."""
        from django.db import connection

        with connection.cursor() as cursor:
            if self.ground.postgres:
                cursor.execute("VACUUM calls_calling, calls_try, calls_rung, calls_callout")
            else:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def begin(self, people: int) -> int:
        from yifa.calls.ladder import Ladder, Rung

        ladder = Ladder("短信一次", (Rung("sms", 1, timedelta(minutes=1), WITHIN),))
        callees = (
            self.queue.Callee(f"责任人{n}（虚构）", {"SELF": {"sms": number(n)}}) for n in range(people)
        )
        return self.queue.begin(
            label="预警", text=TEXT, ladder=ladder, callees=callees, office="x", by="试", at=datetime.now(UTC)
        )

    @contextmanager
    def sender(self, clock: Later, name: str = "甲", window: int | None = None) -> Iterator[object]:
        from yifa.calls.channels.sms import SmsChannel, SmsSettings
        from yifa.calls.sender import Sender

        address = f"http://127.0.0.1:{self.ground.gateway}/v1"
        channel = SmsChannel(SmsSettings(address, ACCOUNT, SECRET, most=self.most))
        with Sender(name, {"sms": channel}, clock, window=window or self.queue.WINDOW) as sender:
            yield sender

    def deliver(self, messages: int) -> dict[str, float]:
        start = time.perf_counter()
        self.callout = self.begin(messages)
        inserted = time.perf_counter() - start
        clock = Later()
        with self.sender(clock) as sender:
            while self.queue.standing(self.callout).calling > messages // 10:
                sender.tick()  # type: ignore[attr-defined]
        clock.ahead = WITHIN + timedelta(seconds=1)
        start = time.perf_counter()
        self.queue.move_up(self.queue.ms(clock.now()))
        return {"insert": inserted, "escalate": time.perf_counter() - start}

    def prepare(self, messages: int) -> dict[str, float]:
        """Everybody is to be called, nobody is yet."""
        self.clear()
        self.phone.ask("/forget")
        self.callout = self.begin(messages)
        return {"callout": self.callout}

    def work(self, messages: int, callout: int, window: int) -> dict[str, float]:
        """Send until nine in ten have answered and the others' try is recorded, whoever died at it; a claim holds
        `window` ms."""
        from yifa.calls.models import Calling

        untried = Calling.objects.filter(callout_id=callout, end="", tries=0)
        self.callout = callout
        with self.sender(Later(), f"sender {os.getpid()}", window) as sender:
            while untried.exists() or self.queue.standing(callout).calling > messages // 10:
                sender.tick()  # type: ignore[attr-defined]
                time.sleep(0.01)
        return {"answered": self.queue.standing(callout).answered}

    def stands(self) -> tuple[int, int]:
        standing = self.queue.standing(self.callout)
        return standing.answered, standing.unanswered


class YifaOne(Yifa):
    """A request for every message, and for every result a commit of its own."""

    most = 1
