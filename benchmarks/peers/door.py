"""Yifa itself, through its public call: roles, dates, state, condition, hash chain, case row, act row, live cube."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from .contest import DAY, FACTS, ROLE, STEPS, Contestant, Ground


class Door(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        os.environ |= {
            "YIFA_HOME": ground.home,
            "YIFA_SYNCHRONOUS": ground.synchronous,
            "DJANGO_SETTINGS_MODULE": "yifa.site.settings",
        }
        os.environ.pop("YIFA_DATABASE_URL", None)
        if ground.postgres:
            os.environ["YIFA_DATABASE_URL"] = ground.postgres
        import django

        django.setup()
        from yifa.cases import kernel
        from yifa.people.actor import Actor
        from yifa.procedure.registry import use

        use(["benchmarks.circle"])
        from benchmarks.circle import Circle, Told

        self.kernel, self.circle = kernel, Circle
        self.steps = [Circle.steps[key] for key in STEPS]
        self.told: Any = Told(on=date.fromisoformat(DAY), **FACTS)
        self.actor = Actor(1, "李某", "p", "o01", frozenset({ROLE}), None)
        if ground.make:
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            fresh = (kernel.Do(Circle.begin, self.told, self.actor) for _ in range(ground.cases))
            kernel.act_many(fresh)

    def act(self, case: int, n: int) -> None:
        self.kernel.act(self.steps[n], self.told, self.actor, case=case)

    def acts(self, steps: Sequence[tuple[int, int]]) -> None:
        do, told, actor = self.kernel.Do, self.told, self.actor
        self.kernel.act_many(do(self.steps[n], told, actor, case=case) for case, n in steps)

    def round_trips(self, steps: Sequence[tuple[int, int]]) -> int:
        """Runs of the server's answers in the protocol of the last act, as the client's own library logs it."""
        from yifa.cases.store import Store

        connection = Store().raw.pgconn
        for case, n in steps[:-1]:  # until the statements are prepared
            self.act(case, n)
        with tempfile.TemporaryFile("w+") as log:
            connection.trace(log.fileno())
            self.act(*steps[-1])
            connection.untrace()
            log.seek(0)
            sides = [line.split("\t")[1] for line in log if line.count("\t") >= 2]
        return sum(1 for turn in pairwise(sides) if turn == ("F", "B"))
