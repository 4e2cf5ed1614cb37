"""What a step must be told: the form, the ledger entry and the guard's argument in one class.

A fact is one of: text, a whole number, money in yuan, yes or no, a date, an outcome, several texts; each may
also be unknown (`| None`).
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, ClassVar, TypeVar, Union, dataclass_transform, get_args, get_origin, get_type_hints

from yifa.law import Citation

from .mistakes import ProcedureError
from .words import Outcome

KINDS = (str, int, Decimal, bool, date)


@dataclass(frozen=True)
class Among:
    """What one picks a text from, instead of writing it: entries of a register, the offices of the day, or what the case holds.

    family: key of the register, or "office" (then `states` are kinds of office). value: how an entry is written, `{number}` or any of its open facts;
    label: what is shown of it, if that is more. states: where an entry may stand; own: only entries of the case's
    own office. fact: the name under which the case itself holds the values; a text gives a line each, up to a colon.
    """

    family: str = ""
    value: str = "{number}"
    label: str = ""
    states: tuple[str, ...] = ()
    own: bool = False
    fact: str = ""


def ask(
    label: str,
    cite: Citation | None = None,
    *,
    default: Any = MISSING,
    sealed: bool = False,
    help: str = "",
    long: bool = False,
    aliases: tuple[str, ...] = (),
    unit: str = "",
    found: bool = False,
    among: Among | None = None,
    section: str = "",
    most: int = 0,
    carried: bool = False,
    document: bool = False,
) -> Any:
    """One thing to be told.

    `sealed` facts are personal: the ledger keeps a salted commitment, the text can be destroyed.
    `aliases` are other headings officials give it in their own workbooks. What is `found` nobody is asked: the
    machine sees to it while the step is taken (`@step.finds`); until then it is its default.
    `among` says from what it is picked; what is picked is still a text, and only a condition refuses another.
    `most`: characters it may have, where that is more than the usual (500, or 20,000 of a long text).
    What is `carried` comes with a file (`@step.reads`) and is shown to nobody as something to type.
    A `document` is a file handed in: it is read into text when it comes, and the fact is the digest of that reading
    (64 hexadecimal digits) by which text and file are kept; people see its name.
    `section` is the part of a long form it stands in; the class lists them in order, and those that stay folded
    until somebody needs them.
    """
    about = {
        "label": label,
        "cite": cite,
        "sealed": sealed,
        "help": help,
        "long": long,
        "aliases": aliases,
        "unit": unit,
        "found": found,
        "among": among,
        "section": section,
        "most": most,
        "carried": carried,
        "document": document,
    }
    return field(metadata=about, **({} if default is MISSING else {"default": default}))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(ask,))
class FactsType(type):
    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        return dataclass(frozen=True, kw_only=True)(super().__new__(mcs, name, bases, body))


class Facts(metaclass=FactsType):
    """Every step is told at least its legal date."""

    on: date
    on_label: ClassVar[str] = "日期"
    on_aliases: ClassVar[tuple[str, ...]] = ()
    sections: ClassVar[tuple[str, ...]] = ()
    folded: ClassVar[tuple[str, ...]] = ()


T = TypeVar("T", bound=Facts)


@dataclass(frozen=True)
class Ask:
    """One question of a facts class, as forms, workbooks and the sheet need it."""

    name: str
    label: str
    cite: Citation | None
    kind: Any
    many: bool
    optional: bool
    default: Any
    sealed: bool
    help: str
    long: bool
    aliases: tuple[str, ...]
    unit: str
    found: bool
    among: Among | None
    section: str
    most: int
    carried: bool
    document: bool

    @property
    def required(self) -> bool:
        return self.default is MISSING and not self.optional

    @property
    def choices(self) -> tuple[Outcome, ...]:
        return tuple(self.kind) if issubclass(self.kind, Enum) else ()


def _kind(owner: str, name: str, hint: Any) -> tuple[Any, bool, bool]:
    """(type, several, may be unknown) of an annotation, or a complaint."""
    optional = many = False
    if get_origin(hint) in (types.UnionType, Union):
        rest = [a for a in get_args(hint) if a is not type(None)]
        optional, hint = len(rest) < len(get_args(hint)), rest[0] if len(rest) == 1 else None
    if get_origin(hint) is tuple and get_args(hint) == (str, ...):
        hint, many = str, True
    if hint in KINDS or (isinstance(hint, type) and issubclass(hint, Outcome)):
        return hint, many, optional
    raise ProcedureError(
        "E111",
        f"{owner}.{name}",
        "a fact of this type can be neither asked nor sealed.",
        "Use str, int, Decimal, bool, date, an Outcome, tuple[str, ...], or one of them | None.",
    )


def _asks_of(facts: type[Facts]) -> tuple[Ask, ...]:
    """The questions of a facts class in order, without the legal date that all have."""
    hints = get_type_hints(facts)
    asked = []
    for f in fields(facts):
        if f.name == "on":
            continue
        if "label" not in f.metadata:
            raise ProcedureError(
                "E122", f"{facts.__name__}.{f.name}", "has no label.", 'Write it as ask("标签", law(…)).'
            )
        kind, many, optional = _kind(facts.__name__, f.name, hints[f.name])
        asked.append(
            Ask(name=f.name, kind=kind, many=many, optional=optional, default=f.default, **f.metadata)
        )
        _fit_to_be_a_document(facts.__name__, asked[-1])
    return tuple(asked)


def _fit_to_be_a_document(owner: str, a: Ask) -> None:
    """A document is one open text, handed in and not written."""
    if not a.document:
        return
    where = f"{owner}.{a.name}"
    if a.kind is not str or a.many or a.optional:
        raise ProcedureError(
            "E137", where, "a document is a str.", 'Write str; may it be missing, default="".'
        )
    if a.sealed:
        raise ProcedureError(
            "E137", where, "a document cannot be sealed: its text is kept as a file.", "Drop sealed=True."
        )
    if wrong := [n for n in ("long", "carried", "among", "most", "unit") if getattr(a, n)]:
        raise ProcedureError(
            "E137", where, f"a document is not {wrong[0]}: nobody types it.", f"Drop {wrong[0]}=…."
        )
    if a.default not in (MISSING, ""):
        raise ProcedureError("E137", where, "no document is known beforehand.", 'Its default is "", or none.')


asks_of: Callable[[type[Facts]], tuple[Ask, ...]] = cache(_asks_of)


def _typed_of(facts: type[Facts]) -> tuple[Ask, ...]:
    """The questions a person is asked: all but what the machine finds."""
    return tuple(a for a in asks_of(facts) if not a.found)


def _found_of(facts: type[Facts]) -> frozenset[str]:
    """The names of what the machine finds."""
    return frozenset(a.name for a in asks_of(facts) if a.found)


typed_of: Callable[[type[Facts]], tuple[Ask, ...]] = cache(_typed_of)
found_of: Callable[[type[Facts]], frozenset[str]] = cache(_found_of)


# ── The ledger's spelling ────────────────────────────────────────────────────


def plain(value: Any) -> Any:
    """A fact as JSON: outcomes by name, dates in ISO form, money as text, several texts as a list."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else str(value)


@cache
def _names(facts: type[Facts]) -> tuple[tuple[str, bool], ...]:
    return tuple((a.name, a.sealed) for a in asks_of(facts))


def encode(facts: Facts) -> dict[str, Any]:
    """All facts but the legal date, as the ledger writes them (sealed ones too: the kernel parts them)."""
    told = facts.__dict__
    return {name: told[name] if as_it_is else plain(told[name]) for name, as_it_is in _written(type(facts))}


@cache
def _written(facts: type[Facts]) -> tuple[tuple[str, bool], ...]:
    """Each fact, and whether the ledger writes it as Python holds it."""
    return tuple((a.name, a.kind in (str, int, bool) and not a.many) for a in asks_of(facts))


@cache
def sealed_names(facts: type[Facts]) -> frozenset[str]:
    return frozenset(name for name, sealed in _names(facts) if sealed)


ERASED = "（已销毁）"


def decode(facts: type[T], on: date, written: dict[str, Any]) -> T:
    """The facts an entry holds; a sealed text whose key is destroyed reads （已销毁）."""
    told: dict[str, Any] = {"on": on}
    for a in asks_of(facts):
        value = written.get(a.name)
        if value is None:
            if a.name not in written and a.sealed:
                value = ERASED if a.kind is str and not a.many else None
            elif a.name not in written and a.default is not MISSING:
                value = a.default
            told[a.name] = value
        elif a.many:
            told[a.name] = tuple(value)
        elif issubclass(a.kind, Enum):
            told[a.name] = a.kind[value]
        elif a.kind is date:
            told[a.name] = date.fromisoformat(value)
        else:
            told[a.name] = Decimal(value) if a.kind is Decimal else value
    return facts(**told)
