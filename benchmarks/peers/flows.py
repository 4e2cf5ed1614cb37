"""django-viewflow: a flow of seven handles in a circle; its tasks, one row each, are the trace, unhashed."""

from __future__ import annotations

from django.db import transaction

from .contest import FACTS, ROLE, STEPS, Contestant, Ground, django_at, make_tables


class Flows(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.roles = frozenset({ROLE})
        django_at(ground, ["viewflow", "viewflow.workflow"])

        from viewflow.workflow.models import Task

        from .flows_circle import CircleFlow

        self.flow, self.tasks = CircleFlow, Task
        if ground.make:
            make_tables()
            with transaction.atomic():
                for _ in range(ground.cases):
                    CircleFlow.begin.run()

    def act(self, case: int, n: int) -> None:
        step = getattr(self.flow, STEPS[n])
        with transaction.atomic():
            task = self.tasks.objects.get(process_id=case, flow_task=step, status="NEW")
            if ROLE not in self.roles or FACTS["pieces"] <= 0:
                raise ValueError(f"{STEPS[n]} is not allowed")
            step.run(task)
