"""A draw as a procedure: prepare, commit, wait for the numbers, draw, replace, disclose; or drop, with the reason in sight.

A matter that draws writes its own `prepare`, whose facts are a `Scheme`, and what goes before and after:

    class Sampling(Draw):
        prepare = Step("拟定抽取方案", START >> Draw.prepared, law(54), by=CLERK, asks=SamplingScheme)

and in its machine.py what is drawn from. Everything else is added here, in the name of the place `prepare` cites.
"""

from __future__ import annotations

from typing import Any, ClassVar

from yifa.people.roles import HEAD
from yifa.procedure import Paper, Procedure, State, Step, stays

from . import machine
from .told import Disclosure, Dropping, Fallen, Fixing, Seed

SERIES = "随机抽取"  # the run of numbers of announcements: none can be left out unseen


class Draw(Procedure, abstract=True):
    """A draw that anyone can run again."""

    prepared = State("方案待批")
    committed = State("已公布，待开号")
    drawn = State("已抽取")
    closed = State("已公开", final=True)
    dropped = State("已作废", final=True)

    prepare: ClassVar[Step[Any]]
    reprepare: ClassVar[Step[Any]]
    commit: ClassVar[Step[Fixing]]
    draw: ClassVar[Step[Seed]]
    replace: ClassVar[Step[Fallen]]
    drop: ClassVar[Step[Dropping]]
    close: ClassVar[Step[Any]]
    announcement: ClassVar[Paper]

    @classmethod
    def add_own_steps(cls) -> None:
        super().add_own_steps()
        prepare = cls._named(Step)["prepare"]
        cite, by = prepare.cite, prepare.by
        if "announcement" not in cls._named(Paper):
            cls._add("announcement", Paper("随机抽取公告", cite, series=SERIES))
        p, c, d = cls.prepared, cls.committed, cls.drawn
        own: dict[str, Step[Any]] = {
            "reprepare": Step(
                "重拟抽取方案",
                stays(p),
                cite,
                by,
                prepare.asks,
                changes=prepare,
                trial=prepare.trial,
                aside=True,
                reading=True,
            ),
            "commit": Step("公布抽取办法", p >> c, cite, HEAD, Fixing, gives=cls.announcement, reading=True),
            "draw": Step("抽取", c >> d, cite, by, Seed, reading=True),
            "replace": Step("递补", stays(d), cite, HEAD, Fallen, aside=True, reading=True),
            "drop": Step("作废", (p | c | d) >> cls.dropped, cite, HEAD, Dropping, aside=True, reading=True),
            "close": Step("公开抽取结果", d >> cls.closed, cite, HEAD, Disclosure, reading=True),
        }
        finders: dict[str, Any] = {
            "commit": machine.fixed,
            "draw": machine.drawn,
            "replace": machine.fallen,
            "close": machine.disclosed,
        }
        declared = cls._named(Step)
        for name, step in own.items():
            if name not in declared:
                if name in finders:
                    step.finds(finders[name])
                cls._add(name, step)


__all__ = ["SERIES", "Draw"]
