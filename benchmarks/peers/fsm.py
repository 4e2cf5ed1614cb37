"""django-fsm-2 with django-simple-history: a model whose methods are the steps; its old versions are the trace, unhashed."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models, transaction

from .contest import FACTS, ROLE, STATES, STEPS, Contestant, Ground, django_at, make_tables


class Fsm(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.roles = frozenset({ROLE})
        django_at(ground, ["django_fsm", "simple_history"])

        from django_fsm import FSMField, can_proceed
        from django_fsm import transition as moves
        from simple_history.models import HistoricalRecords

        def lawful(case: Any) -> bool:
            return ROLE in case.roles and case.pieces > 0

        def step(n: int) -> object:
            def taken(self: FsmCase) -> None:
                self.seq += 1

            taken.__name__ = STEPS[n]
            target = STATES[(n + 1) % len(STATES)]
            return moves("state", source=STATES[n], target=target, conditions=[lawful])(taken)

        class FsmCase(models.Model):  # noqa: DJ008
            state = FSMField(default=STATES[0], protected=True)
            seq = models.IntegerField(default=0)
            pieces = models.IntegerField(default=0)
            told = models.TextField(default="{}")
            history = HistoricalRecords(app="peers")
            roles: frozenset[str]
            objects: ClassVar[Any] = models.Manager()

            class Meta:
                app_label = "peers"

            register, assign, draft, review, sign, serve, receive_again = (step(n) for n in range(len(STEPS)))

        self.cases, self.can_proceed = FsmCase, can_proceed
        if ground.make:
            make_tables(FsmCase, FsmCase.history.model)
            FsmCase.objects.bulk_create([FsmCase(id=n) for n in range(1, ground.cases + 1)])

    def act(self, case: int, n: int) -> None:
        with transaction.atomic():
            found = self.cases.objects.get(pk=case)
            found.roles, found.pieces = self.roles, FACTS["pieces"]
            found.told = json.dumps(FACTS, ensure_ascii=False)
            move = getattr(found, STEPS[n])
            if not self.can_proceed(move):
                raise ValueError(f"{STEPS[n]} is not allowed in {found.state}")
            move()
            found.save()
