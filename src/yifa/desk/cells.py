"""The columns of a procedure's list: which facts it shows, and how each is written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from yifa.cases.read import CaseRow, said, shown
from yifa.look.words import word
from yifa.procedure import Ask, Procedure, asks_of

MOST = {"procedure": 1, "register": 4, "journal": 4}  # facts beside the title
TITLE, STATE, DUE, TEXT = "title", "state", "due", "text"


@dataclass(frozen=True)
class Cell:
    """One field of a row: its heading, what it says, and how the table sets it."""

    kind: str
    label: str
    text: str = ""
    sub: str = ""
    css: str = ""


def told(ask: Ask, value: Any) -> str:
    """A fact from its ledger spelling to what an office writes."""
    if value in (None, "", []):
        return ""
    if ask.document:
        return said(ask, value)
    if ask.choices:
        return word(next((c.label for c in ask.choices if c.name == value), str(value)))
    if ask.kind is date:
        return shown(date.fromisoformat(value))
    if ask.kind is Decimal:
        return shown(Decimal(value), ask.unit or "元")
    return shown(tuple(value) if isinstance(value, list) else value, ask.unit)


def opening_asks(procedure: type[Procedure]) -> list[Ask]:
    """What the opening steps are told, each fact once."""
    return list({a.name: a for s in procedure.opening() for a in asks_of(s.asks)}.values())


def columns(procedure: type[Procedure]) -> list[Ask]:
    """The facts that stand beside the title: open, short, and not the title itself."""
    shown_already = {*procedure.subject, procedure.number_from}
    open_facts = [
        a for a in opening_asks(procedure) if not a.sealed and not a.long and a.name not in shown_already
    ]
    open_facts.sort(key=lambda a: (not a.choices, a.kind is str))
    chosen = open_facts[: MOST[procedure.kind]]
    return [a for a in opening_asks(procedure) if a in chosen]


def on_label(procedure: type[Procedure]) -> str:
    return procedure.opening()[-1].asks.on_label


def _numeric(ask: Ask) -> bool:
    return ask.kind in (int, Decimal)


def css_of(ask: Ask) -> str:
    if _numeric(ask):
        return "num"
    return "tight" if ask.kind in (bool, date) else "clip"


def title_of(procedure: type[Procedure], row: CaseRow) -> tuple[str, str]:
    """A row's name, and its number beneath where that is not the name."""
    name = row.subject or row.number or f"#{row.id}"
    return name, "" if row.number in name else row.number


def export_row(procedure: type[Procedure], row: CaseRow) -> list[Any]:
    """A row of the exported sheet: everything open, as what it is."""
    facts = [plain(a, row.facts.get(a.name)) for a in opening_asks(procedure) if not a.sealed]
    return [row.number, row.opened, *facts, row.office_name, row.state, row.due]


def plain(ask: Ask, value: Any) -> Any:
    """A fact as a cell of a sheet: numbers and dates stay what they are."""
    if value in (None, "", []):
        return None
    if ask.kind is date:
        return date.fromisoformat(value)
    if ask.kind is Decimal:
        return Decimal(value)
    if ask.kind is int and not isinstance(value, bool):
        return value
    choices = {c.name: c.label for c in ask.choices}
    return choices.get(str(value)) or told(ask, value)
