"""Relations between figures (勾稽), checked before a report is signed, and explained in words.

A balance holds or it does not. An overlap never fails: it says what two ways of counting share, what only one of
them counts, and by which condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from yifa.procedure.kinds import Procedure
from yifa.procedure.registry import registry
from yifa.procedure.tally import stock_moves
from yifa.procedure.words import Balance, Count, Overlap, values_of

from .cells import Cells, read_cells, until
from .definition import fact_label, value_label
from .drill import Page, records, records_at
from .selection import Selection, acts_of, dims_of, side_of
from .span import Span, day_before

Places = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Term:
    """One number in a finding, and the part of it whose records can be opened."""

    part: str
    label: str
    n: int
    unit: str
    sign: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check found: does it hold, in which numbers, and what it means."""

    key: str
    family: str
    label: str
    kind: str
    holds: bool
    terms: tuple[Term, ...]
    sentences: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.family}.{self.key}"


def findings(span: Span, offices: Collection[str] | None = None) -> list[Finding]:
    """Every declared check, in the order procedures declare them."""
    found = []
    for procedure in registry().families():
        for check in procedure.checks.values():
            found.append(finding(procedure, check, span, offices))
    return found


def finding(
    procedure: type[Procedure],
    check: Balance | Overlap,
    span: Span,
    offices: Collection[str] | None = None,
) -> Finding:
    if isinstance(check, Balance):
        return _balance(procedure, check, span, offices)
    return _overlap(procedure, check, span, offices)


# ── Opening + came − went = closing ──────────────────────────────────────────


def _balance(
    procedure: type[Procedure], check: Balance, span: Span, offices: Collection[str] | None
) -> Finding:
    stock = side_of(check.stock)
    opening = read_cells(procedure.key, until(day_before(span.first)), offices).sum(stock)
    closing = read_cells(procedure.key, until(span.last), offices).sum(stock)
    flow = read_cells(procedure.key, span, offices)
    plus = [_term(count, flow, "+", place) for place, count in enumerate(check.plus)]
    minus = [_term(count, flow, "−", place) for place, count in enumerate(check.minus)]
    reckoned = opening + sum(t.n for t in plus) - sum(t.n for t in minus)
    unit = check.stock.unit
    terms = (
        Term("opening", f"期初{check.stock.label}", opening, unit),
        *plus,
        *minus,
        Term("closing", f"期末{check.stock.label}", closing, unit, "="),
    )
    return Finding(
        check.key,
        procedure.key,
        check.label,
        "balance",
        reckoned == closing,
        terms,
        (_equation(terms, unit), *_verdict(procedure, check, flow, reckoned, closing)),
    )


def _term(count: Count, cells: Cells, sign: str, place: int) -> Term:
    side = "plus" if sign == "+" else "minus"
    return Term(f"{side}.{place}", count.label, cells.total(acts_of(count)), count.unit, sign)


def _equation(terms: Iterable[Term], unit: str) -> str:
    said = {"+": "，加", "−": "，减", "=": "，应等于", "": ""}
    return "".join(f"{said[t.sign]}{t.label}{t.n}{t.unit or unit}" for t in terms) + "。"


def _verdict(
    procedure: type[Procedure], check: Balance, flow: Cells, reckoned: int, closing: int
) -> tuple[str, ...]:
    """Why a balance does not hold: the steps that moved the stock without being named in it."""
    if reckoned == closing:
        return (f"算得{reckoned}，实有{closing}，相符。",)
    why = [f"算得{reckoned}，实有{closing}，相差{abs(reckoned - closing)}，不相符。"]
    named = {step.key for count in (*check.plus, *check.minus) for step in count.steps}
    for key, sign in sorted(stock_moves(procedure, check.stock).items()):
        n = flow.total(Selection(procedure.key, frozenset({key})))
        if key not in named and n:
            moved = "进入" if sign > 0 else "离开"
            why.append(f"有{n}次“{procedure.steps[key].label}”使案卷{moved}这一存量，但没有列入等式。")
    return tuple(why)


# ── The same word, counted two ways ──────────────────────────────────────────


@dataclass(frozen=True)
class _Parts:
    """Two countings taken apart."""

    one: Places
    many: tuple[Places, ...]

    @property
    def union(self) -> Places:
        return {at: n for places in self.many for at, n in places.items()}

    @property
    def both(self) -> Places:
        return {at: n for at, n in self.one.items() if at in self.union}

    @property
    def only_one(self) -> Places:
        return {at: n for at, n in self.one.items() if at not in self.union}

    @property
    def only_many(self) -> Places:
        return {at: n for at, n in self.union.items() if at not in self.one}

    @property
    def twice(self) -> Places:
        """What more than one of the many counts."""
        return {at: n for at, n in self.union.items() if sum(at in places for places in self.many) > 1}


def _parts(procedure: type[Procedure], check: Overlap, span: Span, offices: Collection[str] | None) -> _Parts:
    cells = read_cells(procedure.key, span, offices)
    many = tuple(cells.places_of(acts_of(count)) for count in check.many)
    return _Parts(cells.places_of(acts_of(check.one)), many)


def _overlap(
    procedure: type[Procedure], check: Overlap, span: Span, offices: Collection[str] | None
) -> Finding:
    parts = _parts(procedure, check, span, offices)
    unit = check.one.unit
    counted = [_total(places) for places in parts.many]
    terms = (
        Term("one", check.one.label, _total(parts.one), unit),
        *(
            Term(f"many.{place}", count.label, n, count.unit)
            for place, (count, n) in enumerate(zip(check.many, counted, strict=True))
        ),
        Term("both", "两边都计入", _total(parts.both), unit),
        Term("only_one", f"只计入“{check.one.label}”", _total(parts.only_one), unit),
        Term("only_many", "只计入分项", _total(parts.only_many), check.many[0].unit),
    )
    agree = _total(parts.one) == sum(counted)
    return Finding(
        check.key,
        procedure.key,
        check.label,
        "overlap",
        agree and not parts.only_one and not parts.only_many,
        terms,
        tuple(_explained(procedure, check, parts, counted)),
    )


def _total(places: Places) -> int:
    return sum(places.values())


def _explained(
    procedure: type[Procedure], check: Overlap, parts: _Parts, counted: list[int]
) -> Iterable[str]:
    one, unit = check.one, check.one.unit
    many = "、".join(f"“{c.label}”{n}{c.unit}" for c, n in zip(check.many, counted, strict=True))
    total = sum(counted)
    differ = "两数相等" if total == _total(parts.one) else f"两数相差{abs(total - _total(parts.one))}"
    yield f"“{one.label}”为{_total(parts.one)}{unit}；{many}，合计{total}，{differ}。"
    yield f"两边都计入的有{_total(parts.both)}{unit}。"
    for line in _only(procedure, parts.only_one, check.many, unit):
        yield f"只计入“{one.label}”：{line}。"
    for line in _only(procedure, parts.only_many, (one,), check.many[0].unit):
        yield f"只计入分项：{line}。"
    if twice := _total(parts.twice):
        yield f"有{twice}{unit}在分项中计了不止一次。"
    if check.because:
        yield check.because


def _only(procedure: type[Procedure], places: Places, others: tuple[Count, ...], unit: str) -> Iterable[str]:
    """Records that the other way of counting leaves out, grouped by the condition they do not meet."""
    grouped: dict[tuple[tuple[str, str], ...], int] = {}
    for at, n in places.items():
        why = _unmet(procedure, at, others)
        grouped[why] = grouped.get(why, 0) + n
    for why, n in sorted(grouped.items(), key=lambda item: (-item[1], item[0])):
        told = "、".join(f"“{label}”为“{value}”" for label, value in why)
        yield f"{n}{unit}，{told}，不在另一边的统计条件之内" if told else f"{n}{unit}"


def _unmet(
    procedure: type[Procedure], at: tuple[str, str], others: tuple[Count, ...]
) -> tuple[tuple[str, str], ...]:
    """What this place says about the conditions the nearest of the other counts asks."""
    step, dims = at
    told = dims_of(dims)
    misses: list[list[str]] = [
        [name for name, value in count.where.items() if told.get(name, "") not in values_of(value)]
        for count in others
    ]
    fewest = min(misses, key=len, default=[])
    nearest = set(fewest)
    taken = [procedure.steps[step]] if step in procedure.steps else []
    return tuple(
        (fact_label(procedure, taken, name), value_label(procedure, taken, name, told.get(name, "")))
        for name in sorted(nearest)
    )


# ── The records behind a finding ─────────────────────────────────────────────


def finding_records(
    name: str,
    part: str,
    span: Span,
    offices: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """The records behind one term of a finding."""
    procedure, check = declared_check(name)
    if isinstance(check, Balance):
        return _balance_records(check, part, span, offices, after, limit)
    parts = _parts(procedure, check, span, offices)
    side, _, place = part.partition(".")
    places = parts.many[int(place)] if side == "many" else getattr(parts, part)
    return records_at(procedure, places, span, offices, after, limit)


def _balance_records(
    check: Balance,
    part: str,
    span: Span,
    offices: Collection[str] | None,
    after: str | None,
    limit: int,
) -> Page:
    side, _, place = part.partition(".")
    if side in ("plus", "minus"):
        count = (check.plus if side == "plus" else check.minus)[int(place)]
        return records(count.name, span, None, offices, after, limit)
    day = day_before(span.first) if side == "opening" else span.last
    return records(check.stock.name, until(day), None, offices, after, limit)


def declared_check(name: str) -> tuple[type[Procedure], Balance | Overlap]:
    family, _, key = name.partition(".")
    for procedure in registry().families():
        if procedure.key == family and key in procedure.checks:
            return procedure, procedure.checks[key]
    raise LookupError(f"没有“{name}”这一项勾稽关系 [yifa.E552]")


__all__ = ["Finding", "Term", "finding", "finding_records", "findings"]
