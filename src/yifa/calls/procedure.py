"""A call-out as a procedure: begin, and nobody is left before they answered, were handed over, or were given up with a reason.

A matter that calls people writes its own `begin`, whose facts are a `Calling`, and in its machine.py who is meant:

    class Rousing(CallOut):
        begin = Step("发起叫应", START >> CallOut.calling, law(64), by=CLERK, asks=Rouse)

Everything else is added here, in the name of the place `begin` cites.
"""

from __future__ import annotations

from typing import Any, ClassVar

from yifa.law import Citation
from yifa.people.roles import CLERK, HEAD
from yifa.procedure import Paper, Procedure, State, Step, stays

from . import machine
from .told import Answered, Destruction, GivenUp, Sent, Summary, Visit


class CallOut(Procedure, abstract=True):
    """People called until they answer."""

    calling = State("正在叫应")
    done = State("叫应结束")
    destroyed = State("个人信息已销毁", final=True)

    begin: ClassVar[Step[Any]]
    answer: ClassVar[Step[Answered]]
    hand_over: ClassVar[Step[Sent]]
    visit: ClassVar[Step[Visit]]
    give_up: ClassVar[Step[GivenUp]]
    finish: ClassVar[Step[Summary]]
    destroy: ClassVar[Step[Destruction]]
    after_action: ClassVar[Paper]
    destroyed_by: ClassVar[Citation]  # where the law has personal data destroyed
    corrected_in = (done,)

    @classmethod
    def add_own_steps(cls) -> None:
        begin = cls._named(Step)["begin"]
        cite, on = begin.cite, stays(cls.calling)
        if "after_action" not in cls._named(Paper):
            cls._add("after_action", Paper("叫应情况报告", cite))
        own: dict[str, Step[Any]] = {
            "answer": Step("登记应答", on, cite, CLERK, Answered, aside=True, reading=True),
            "hand_over": Step("转人工上门", on, cite, CLERK, Sent, aside=True, reading=True),
            "visit": Step("登记上门结果", on, cite, CLERK, Visit, aside=True, afield=True, reading=True),
            "give_up": Step("终止叫应", on, cite, HEAD, GivenUp, aside=True, reading=True),
            "finish": Step(
                "结束叫应",
                cls.calling >> cls.done,
                cite,
                CLERK,
                Summary,
                gives=cls.after_action,
                trial=True,
                reading=True,
            ),
            "destroy": Step(
                "销毁个人信息", cls.done >> cls.destroyed, cls.destroyed_by, HEAD, Destruction, trial=True
            ),
        }
        finders: dict[str, Any] = {
            "answer": machine.there("answer", "", "HANDED"),
            "visit": machine.there("visit", "HANDED"),
            "hand_over": machine.counted("hand_over"),
            "give_up": machine.counted("give_up"),
            "finish": machine.summed_up,
            "destroy": machine.destroyed,
        }
        bringers: dict[str, Any] = {
            "answer": machine.answered,
            "visit": machine.visited,
            "hand_over": machine.handed,
            "give_up": machine.given_up,
            "destroy": machine.wiped,
        }
        declared = cls._named(Step)
        for name, step in own.items():
            if name not in declared:
                if name in finders:
                    step.finds(finders[name])
                if name in bringers:
                    step.brings(bringers[name])
                if name == "destroy":
                    step.then(machine.key_destroyed)
                cls._add(name, step)


__all__ = ["CallOut"]
