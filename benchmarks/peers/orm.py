"""What a Django programmer writes first: `get`, `create`, `save` in `atomic`; a row of trace with its hash."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction

from .contest import (
    GENESIS,
    ROLE,
    STATES,
    Contestant,
    Ground,
    allowed,
    body_of,
    chained,
    django_at,
    make_tables,
)


class Orm(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.roles = frozenset({ROLE})
        django_at(ground)

        class OrmCase(models.Model):  # noqa: DJ008
            state = models.CharField(max_length=20)
            seq = models.IntegerField(default=0)
            head = models.CharField(max_length=64, default=GENESIS)
            objects: ClassVar[Any] = models.Manager()

            class Meta:
                app_label = "peers"

        class OrmEvent(models.Model):  # noqa: DJ008
            case = models.ForeignKey(OrmCase, models.PROTECT)
            seq = models.IntegerField()
            prev = models.CharField(max_length=64)
            hash = models.CharField(max_length=64)
            body = models.TextField()
            objects: ClassVar[Any] = models.Manager()

            class Meta:
                app_label = "peers"
                unique_together = (("case", "seq"),)

        self.cases, self.events = OrmCase, OrmEvent
        if ground.make:
            make_tables(OrmCase, OrmEvent)
            fresh = [OrmCase(id=n, state=STATES[0]) for n in range(1, ground.cases + 1)]
            OrmCase.objects.bulk_create(fresh)

    def act(self, case: int, n: int) -> None:
        with transaction.atomic():
            found = self.cases.objects.get(pk=case)
            found.state = allowed(found.state, n, self.roles)
            found.seq += 1
            body = body_of(case, found.seq, n)
            hash = chained(found.head, body)
            self.events.objects.create(case=found, seq=found.seq, prev=found.head, hash=hash, body=body)
            found.head = hash
            found.save()
