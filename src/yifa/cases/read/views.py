"""What a page is told: plain values, nothing to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from yifa.clock import Sum
from yifa.law import Citation
from yifa.procedure import Ask, Procedure, Reason, Step

from ..documents import Told, name_of

SOON = 3  # days before the last day on which a light turns yellow
GREEN, YELLOW, RED, GREY = "green", "yellow", "red", "grey"


class Unseen(Exception):
    """The actor may not see this case, or there is none: the answer is the same."""


@dataclass(frozen=True, slots=True)
class TermView:
    """One period of a case: its last day, its light, and the sum in sentences."""

    key: str
    label: str
    cite: Citation
    start: date
    due: date | None
    light: str
    days_left: int | None
    provisional: bool
    state: str
    met_on: date | None
    late: bool
    sentences: tuple[str, ...]
    sum: Sum | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as a button: open, or closed with its reasons."""

    key: str
    label: str
    cite: Citation
    by: str
    step: Step[Any]
    reasons: tuple[Reason, ...] = ()
    reading: bool = False


@dataclass(frozen=True, slots=True)
class FactView:
    name: str
    label: str
    value: str
    sealed: bool
    masked: bool
    long: bool = False
    entry: int = 0  # in which it was told
    carried: bool = False
    document: Told | None = None  # handed in as a file; `value` is its name


@dataclass(frozen=True, slots=True)
class PaperView:
    entry: int
    key: str
    label: str
    number: str
    on: date
    erased: bool


@dataclass(frozen=True, slots=True)
class ActView:
    """One line of the timeline."""

    entry: int
    seq: int
    on: date
    at: str
    step_key: str
    step_label: str
    cite: Citation | None
    who: str
    post_title: str
    office_name: str
    facts: tuple[FactView, ...]
    paper: PaperView | None
    hash: str
    post_code: str = ""
    office_code: str = ""


@dataclass(frozen=True, slots=True)
class LinkView:
    case: int
    title: str
    number: str
    kind: str
    outward: bool
    subject: str = ""
    state: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    id: int
    family: str
    procedure: type[Procedure]
    title: str
    kind: str
    number: str
    subject: str
    office_code: str
    office_name: str
    state: str
    state_key: str
    final: bool
    opened: date
    seq: int
    terms: tuple[TermView, ...]
    can: tuple[StepView, ...]
    cannot: tuple[StepView, ...]
    timeline: tuple[ActView, ...]
    facts: tuple[FactView, ...]
    papers: tuple[PaperView, ...]
    links: tuple[LinkView, ...]
    erased: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: int
    family: str
    title: str
    number: str
    subject: str
    office_code: str
    office_name: str
    state: str
    state_key: str
    final: bool
    due: date | None
    due_label: str
    light: str
    days_left: int | None
    opened: date
    changed_on: date
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, the key of the next page, and totals by what the filter bar offers."""

    rows: tuple[CaseRow, ...]
    next: str | None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AsOf:
    """A case as it stood at the end of a day."""

    id: int
    number: str
    office_code: str
    state: str
    state_key: str
    since: date
    facts: dict[str, Any]


def light_of(due: date | None, today: date) -> tuple[str, int | None]:
    """The light of a running period and the days that are left (negative: overdue)."""
    if due is None:
        return GREY, None
    left = (due - today).days
    return (RED if left < 0 else YELLOW if left <= SOON else GREEN), left


def said(ask: Ask, value: Any) -> str:
    """What was told, as an office writes it; a document by its name."""
    return name_of(value or "") if ask.document else shown(value, ask.unit)


def shown(value: Any, unit: str = "") -> str:
    """A fact as a Chinese office writes it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Enum):
        return str(getattr(value, "label", value.name))
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return f"{value:,}{unit}" if not isinstance(value, str) else value
