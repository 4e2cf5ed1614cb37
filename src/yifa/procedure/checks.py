"""What a class body is asked before it may run. Each complaint says where, what, what to do, and an id."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from yifa.clock import Length
from yifa.law import Citation

from .facts import asks_of
from .mistakes import ProcedureError
from .tally import counted_by, stock_moves
from .words import (
    START,
    Count,
    Distinct,
    Figure,
    Named,
    Period,
    Role,
    Share,
    State,
    Step,
    Stock,
    Sum,
    Told,
    values_of,
)

if TYPE_CHECKING:
    from .kinds import Procedure

LAW_ROLE = "law"


def complaints(cls: type[Procedure]) -> Iterator[ProcedureError]:
    """All that is wrong with a procedure, the plainest first."""
    for check in (
        _named,
        _shape,
        _states,
        _steps,
        _citations,
        _periods,
        _figures,
        _funnels,
        _receipts,
        _edition,
    ):
        for id, what, do in check(cls):
            yield ProcedureError(id, cls.__name__, what, do)


Complaint = Iterator[tuple[str, str, str]]


def _named(cls: type[Procedure]) -> Complaint:
    if not cls.title:
        yield "E102", "has no name.", "Make the first docstring line the procedure's legal name, in Chinese."
    if not isinstance(getattr(cls, "since", None), date):
        yield "E126", "does not say since when it holds.", "Write since = law.since, or a date."


def _shape(cls: type[Procedure]) -> Complaint:
    opening = cls.opening()
    if not opening:
        yield "E103", "no step leaves START, so no case can begin.", "Write a step with START >> …."
    if cls.kind == "register" and len(opening) != 1:
        yield "E119", f"a register is entered by one step, not {len(opening)}.", "Join them into one."
    if cls.kind == "register" and not any(s.final for s in cls.states.values() if s.key != "withdrawn"):
        yield (
            "E119",
            "nothing ever leaves this register.",
            "Declare the state of what is retired, final=True.",
        )
    if cls.kind == "journal" and len(opening) != 1:
        yield "E120", f"a journal has one step, not {len(opening)}.", "Write entry(…) once."


def _targets(step: Step[Any]) -> tuple[str, ...]:
    return (step.move.target.key,) if step.move.target else step.sources


def _states(cls: type[Procedure]) -> Complaint:
    known = {START.key, *cls.states}
    for step in cls.steps.values():
        for key in (*step.sources, *_targets(step)):
            if key not in known:
                yield (
                    "E115",
                    f"step “{step.key}” uses a state this class does not declare ({key or 'unnamed'}).",
                    "Declare it in the class body.",
                )
                return
    reached = {START.key}
    while more := {t for s in cls.steps.values() if reached & set(s.sources) for t in _targets(s)} - reached:
        reached |= more
    for state in cls.states.values():
        yield from _one_state(cls, state, reached)


def _one_state(cls: type[Procedure], state: State, reached: set[str]) -> Complaint:
    name = f"“{state.label}” ({state.key})"
    leaves = [
        s
        for s in cls.steps.values()
        if state.key in s.sources and s.move.target and s.move.target.key != state.key
    ]
    if state.key not in reached:
        yield "E105", f"no step leads to {name}.", "Add a step to it, or delete it."
    elif state.final and leaves:
        yield "E106", f"{name} is final, yet “{leaves[0].key}” leaves it.", "Drop final=True, or the source."
    elif not state.final and not leaves:
        yield "E104", f"a case in {name} could never leave it.", "Add a step from it, or mark it final."


def _steps(cls: type[Procedure]) -> Complaint:
    labels: dict[str, str] = {}
    for step in cls.steps.values():
        if step.label in labels:
            yield (
                "E127",
                f"“{step.key}” and “{labels[step.label]}” are both called {step.label}.",
                "Name one of them more exactly.",
            )
        labels[step.label] = step.key
        yield from _documents(cls, step)
        law = any(r.key == LAW_ROLE for r in step.roles)
        if law and step.after is None and not step.collects:
            yield (
                "E117",
                f"the law takes “{step.key}” by itself, but when?",
                "Name the period that runs out: after=….",
            )
        if step.collects and not (law and step.opens and _asks(step, "calling", int)):
            yield (
                "E134",
                f"“{step.key}” collects what became of callings, but is not the law's own opening asking which.",
                "Write START >> …, by=LAW, and ask calling: int.",
            )
        if step.after is not None and not law:
            yield "E117", f"“{step.key}” waits for a period but is not the law's own.", "Write by=LAW."
        if step.amends is not None and step.amends.key not in cls.steps:
            yield (
                "E128",
                f"“{step.key}” puts right a step this class does not have.",
                "Amend one of its own steps.",
            )
        for condition in step.conditions:
            yield from _guard(step, condition.test)


def _documents(cls: type[Procedure], step: Step[Any]) -> Complaint:
    """A document is handed in at the desk, and is no name for anything."""
    for a in asks_of(step.asks):
        if not a.document:
            continue
        if step.public:
            yield (
                "E137",
                f"“{step.key}” is taken from outside and asks the document “{a.name}”.",
                "Documents are handed in at the desk; ask it in another step.",
            )
        if step.afield:
            yield (
                "E137",
                f"“{step.key}” is filled in away from the desk and asks the document “{a.name}”.",
                "A device keeps no files; ask it in another step.",
            )
        if a.name in (*cls.subject, cls.number_from):
            yield (
                "E137",
                f"cases are called by the document “{a.name}”.",
                "Call them by its title, asked as a text.",
            )


def _guard(step: Step[Any], test: Any) -> Complaint:
    try:
        hints = typing.get_type_hints(test)
    except NameError:
        return
    told = [h for n, h in hints.items() if n != "return"][1:2]
    if told and isinstance(told[0], type) and not issubclass(step.asks, told[0]):
        yield (
            "E129",
            f"guard {test.__name__} reads {told[0].__name__}, but “{step.key}” asks {step.asks.__name__}.",
            "Give it the facts of the step.",
        )


def _cited(cls: type[Procedure]) -> Iterator[tuple[Named, Citation]]:
    words = [*cls.steps.values(), *cls.papers.values(), *cls.periods.values(), *cls.counts.values()]
    for word in words:
        if cite := getattr(word, "cite", None):
            yield word, cite
        for condition in getattr(word, "conditions", ()):
            yield word, condition.cite


def _citations(cls: type[Procedure]) -> Complaint:
    for word, cite in _cited(cls):
        law = cite.statute
        if law.since > cls.since or (law.until and law.until < cls.since):
            yield (
                "E113",
                f"“{word.key}” cites {cite}, which is not in force on {cls.since}.",
                "Cite the edition in force, or move `since`.",
            )


def _periods(cls: type[Procedure]) -> Complaint:
    for p in cls.periods.values():
        if isinstance(p.length, Length) and not p.reading:
            said = [p.cite.says(words) for words in p.length.spellings()]
            if said and all(s is False for s in said):
                yield (
                    "E107",
                    f"{p.cite} does not say {p.length} ({p.key}).",
                    "Cite the place that does, or mark reading=True.",
                )
        yield from _told(cls, p)
        for step in (p.runs_from, *p.restarts, p.longer_by, p.until_by):
            if step is not None and step.key not in cls.steps:
                yield "E115", f"period “{p.key}” names a step this class does not have.", "Use its own steps."
        for key in p.pauses:
            if key not in cls.states:
                yield "E115", f"period “{p.key}” pauses in an undeclared state.", "Use one of its own states."


def _asks(step: Step[Any], name: str, kind: type) -> bool:
    return any(a.name == name and a.kind is kind for a in asks_of(step.asks))


def _told(cls: type[Procedure], p: Period) -> Complaint:
    if isinstance(p.length, Told) and not _asks(p.runs_from, p.length.field, date):
        yield (
            "E123",
            f"period “{p.key}” ends on “{p.length.field}”, a date “{p.runs_from.key}” never asks.",
            "Ask it there.",
        )
    if p.longer_by and not _asks(p.longer_by, "days", int):
        yield (
            "E112",
            f"“{p.longer_by.key}” lengthens “{p.key}” but does not ask `days`.",
            "Add days: int = ask(…).",
        )
    if p.until_by and not _asks(p.until_by, "until", date):
        yield (
            "E112",
            f"“{p.until_by.key}” ends “{p.key}” but does not ask `until`.",
            "Add until: date = ask(…).",
        )


def _figures(cls: type[Procedure]) -> Complaint:
    for figure in cls.counts.values():
        for counted in counted_by(figure):
            if counted.family == cls.key:
                yield from _stock(cls, counted) if isinstance(counted, Stock) else _count(cls, counted)
        if isinstance(figure, Share):
            whole = figure.part is not None and figure.whole is not None
            if whole == (figure.of is not None and figure.within is not None):
                yield (
                    "E130",
                    f"share “{figure.key}” needs a part and a whole, or a step and a period.",
                    "Give exactly one of the two.",
                )


def _funnels(cls: type[Procedure]) -> Complaint:
    for funnel in cls.funnels.values():
        if len(funnel.stages) < 3:
            yield (
                "E135",
                f"funnel “{funnel.key}” has {len(funnel.stages)} stages.",
                "It needs all of them, those who answered, and what they are asked for.",
            )
        if funnel.due and not any(_asks(step, funnel.due, int) for step in cls.opening()):
            yield (
                "E135",
                f"funnel “{funnel.key}”: no opening step asks the whole number “{funnel.due}”.",
                "Ask it when the case is opened, or let the machine find it.",
            )
        for before, stage in zip(funnel.stages, funnel.stages[1:], strict=False):
            if not _part_of(stage, before):
                yield (
                    "E135",
                    f"funnel “{funnel.key}”: “{stage.key}” is not a part of “{before.key}” by what it counts.",
                    "Count the same steps, and keep fewer of them.",
                )


def _part_of(stage: Count, before: Count) -> bool:
    """Does every act counted at this stage count at the one before, whatever was told?"""
    plain = type(stage) is Count and type(before) is Count
    wanted = {name: set(values_of(value)) for name, value in stage.where.items()}
    return (
        plain
        and {s.key for s in stage.steps} <= {s.key for s in before.steps}
        and all(name in wanted and wanted[name] <= set(values_of(v)) for name, v in before.where.items())
    )


def _receipts(cls: type[Procedure]) -> Complaint:
    for receipts in cls.receipts.values():
        for step in receipts.steps:
            asked = {a.name: a for a in asks_of(step.asks)}
            code = asked.get(receipts.code)
            if code is None or not code.found or code.kind is not str or code.sealed:
                yield (
                    "E136",
                    f"receipts “{receipts.key}”: step “{step.key}” finds no open text “{receipts.code}”.",
                    "Add it to its facts with found=True.",
                )
            for name in receipts.shows:
                if name not in asked or asked[name].sealed or asked[name].many or asked[name].document:
                    yield (
                        "E136",
                        f"receipts “{receipts.key}” publish “{name}”, which “{step.key}” does not tell openly.",
                        "Publish open, single facts.",
                    )


def _stock(cls: type[Procedure], stock: Stock) -> Complaint:
    try:
        stock_moves(cls, stock)
    except ValueError as wrong:
        yield (
            "E118",
            f"step “{wrong}” starts both inside and outside the stock “{stock.key}”.",
            "Split the step.",
        )
    for step in cls.opening():
        yield from _asked_openly(cls, stock, step, stock.dims)


def _count(cls: type[Procedure], count: Count) -> Complaint:
    wanted = count.dims | ({count.field} if isinstance(count, (Sum, Distinct)) else set())
    for step in count.steps:
        yield from _asked_openly(cls, count, step, wanted)


def _asked_openly(cls: type[Procedure], figure: Figure, step: Step[Any], wanted: set[str]) -> Complaint:
    """What a figure counts by is asked by the step or when the case is opened, and can be shown to anyone."""
    asked = {a.name: a for opening in cls.opening() for a in asks_of(opening.asks)}
    asked |= {a.name: a for a in asks_of(step.asks)}
    for name in sorted(wanted):
        if name not in asked:
            yield (
                "E109",
                f"count “{figure.key}” uses “{name}”, which step “{step.key}” never asks.",
                "Ask it, or count by something else.",
            )
        elif asked[name].sealed or asked[name].many or asked[name].document:
            yield (
                "E121",
                f"count “{figure.key}” uses “{name}”, which is "
                + ("sealed." if asked[name].sealed else "a list." if asked[name].many else "a document."),
                "Count by an open, single fact.",
            )


def _edition(cls: type[Procedure]) -> Complaint:
    for base in cls.__mro__[1:]:
        if vars(base).get("steps") and cls.since <= base.since:  # type: ignore[attr-defined]
            yield (
                "E131",
                f"begins no later than {base.__name__}, the edition it replaces.",
                "Give it the day it comes into force.",
            )
            return


__all__ = ["Role", "complaints"]
