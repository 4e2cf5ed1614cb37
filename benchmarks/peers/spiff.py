"""SpiffWorkflow as its manual keeps a process: the whole workflow as JSON in a row; load, run one task, save.

No trace beside it, no hash. The JSON grows with every round of the circle, as it does in use.
"""

from __future__ import annotations

import io
from itertools import pairwise

from .contest import FACTS, ROLE, STEPS, Contestant, Ground, sqlite_at

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def drawing() -> bytes:
    """The circle as BPMN: a start, seven tasks, and a gateway that leads on to the first, or else to an end."""
    tasks = "".join(f'<manualTask id="{step}" name="{step}"/>' for step in STEPS)
    arrows = [*pairwise(("start", *STEPS, "again")), ("again", "end")]
    flows = "".join(f'<sequenceFlow id="{b}_next" sourceRef="{a}" targetRef="{b}"/>' for a, b in arrows)
    return (
        f'<definitions xmlns="{BPMN}" id="d" targetNamespace="circle"><process id="circle" isExecutable="true">'
        f'<startEvent id="start"/>{tasks}{flows}<exclusiveGateway id="again" default="end_next"/>'
        f'<sequenceFlow id="back" sourceRef="again" targetRef="{STEPS[0]}">'
        "<conditionExpression>pieces &gt; 0</conditionExpression></sequenceFlow>"
        '<endEvent id="end"/></process></definitions>'
    ).encode()


class Spiff(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        from SpiffWorkflow import TaskState
        from SpiffWorkflow.bpmn import BpmnWorkflow
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

        self.roles, self.ready = frozenset({ROLE}), TaskState.READY
        self.serializer = BpmnWorkflowSerializer()
        self.db = sqlite_at(ground)
        if ground.make:
            parser = BpmnParser()
            parser.add_bpmn_io(io.BytesIO(drawing()))
            workflow = BpmnWorkflow(parser.get_spec("circle"))
            workflow.do_engine_steps()
            fresh = self.serializer.serialize_json(workflow)
            self.db.execute("CREATE TABLE workflow (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")
            rows = [(n, fresh) for n in range(1, ground.cases + 1)]
            self.db.execute("BEGIN")
            self.db.executemany("INSERT INTO workflow VALUES (?, ?)", rows)
            self.db.execute("COMMIT")

    def act(self, case: int, n: int) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        (kept,) = self.db.execute("SELECT state FROM workflow WHERE id = ?", (case,)).fetchone()
        workflow = self.serializer.deserialize_json(kept)
        task = workflow.get_tasks(state=self.ready, manual=True)[0]
        if ROLE not in self.roles or task.task_spec.name != STEPS[n] or FACTS["pieces"] <= 0:
            raise ValueError(f"{STEPS[n]} is not allowed at {task.task_spec.name}")
        task.data.update(FACTS)
        task.run()
        workflow.do_engine_steps()
        after = self.serializer.serialize_json(workflow)
        self.db.execute("UPDATE workflow SET state = ? WHERE id = ?", (after, case))
        self.db.execute("COMMIT")
