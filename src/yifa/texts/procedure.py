"""A review as a procedure: a text is handed in, the machine points at places, a person answers each, an opinion is given.

A matter that reviews writes its own `submit`, whose facts are a `Submission`, its own `conclude`, whose facts are an `Opinion`,
and in its machine.py by whom the text is examined:

    class LegalityReview(Review):
        submit = Step("收到送审", START >> Review.reviewing, law(75), by=CLERK, asks=Received)
        conclude = Step("出具审查意见", Review.reviewing >> Review.concluded, law(75), by=HEAD, asks=Concluded, gives=opinion)

Everything else is added here, in the name of the place `submit` cites.
"""

from __future__ import annotations

from typing import Any, ClassVar

from yifa.procedure import Procedure, State, Step, stays

from . import machine
from .told import Opinion, Recall, Remark, Return, Revision, Settled, Submission


class Review(Procedure, abstract=True):
    """A text reviewed place by place."""

    reviewing = State("审查中")
    returned = State("已退回修改")
    concluded = State("已出具意见", final=True)
    recalled = State("已撤回送审", final=True)

    submit: ClassVar[Step[Any]]
    settle: ClassVar[Step[Settled]]
    remark: ClassVar[Step[Remark]]
    send_back: ClassVar[Step[Return]]
    resubmit: ClassVar[Step[Any]]
    conclude: ClassVar[Step[Any]]
    recall: ClassVar[Step[Recall]]
    corrected_in = (reviewing,)

    @classmethod
    def add_own_steps(cls) -> None:
        submit = cls._named(Step)["submit"]
        cite, by, here = submit.cite, submit.by, cls.reviewing
        own: dict[str, Step[Any]] = {
            "settle": Step("处理提示", stays(here), cite, by, Settled, aside=True, reading=True),
            "remark": Step("补充意见", stays(here), cite, by, Remark, aside=True, reading=True),
            "send_back": Step("退回修改", here >> cls.returned, cite, by, Return, aside=True, reading=True),
            "resubmit": Step("重新送审", cls.returned >> here, cite, by, Revision, reading=True),
            "recall": Step(
                "撤回送审", (here | cls.returned) >> cls.recalled, cite, by, Recall, aside=True, reading=True
            ),
        }
        finders: dict[str, Any] = {
            "settle": machine.settled,
            "remark": machine.remarked,
            "resubmit": machine.again,
        }
        declared = cls._named(Step)
        for name, step in own.items():
            if name not in declared:
                cls._add(name, step)
        for name, finder in finders.items():
            made = cls._named(Step)[name]
            if made.finder is None:
                made.finds(finder)
        conclude = cls._named(Step)["conclude"]
        if conclude.finder is None:
            conclude.finds(machine.concluded)
        super().add_own_steps()


__all__ = ["Opinion", "Review", "Revision", "Submission"]
