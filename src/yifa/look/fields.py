"""A step's questions as fields of a form: one description for the desk, the portal and the print view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import Any

from django.http import QueryDict

from yifa.law import Citation
from yifa.procedure import Ask, Facts, Outcome, Step, typed_of
from yifa.procedure.reading import split_names

TEXT, LONG, INTEGER, MONEY, DATE = "text", "long", "integer", "money", "date"
YES_NO, YES_NO_UNKNOWN, CHOICE, NAMES = "yes_no", "yes_no_unknown", "choice", "names"
SELECT = "select"  # one of many
PICKS = "picks"  # any of many
DOCUMENT = "document"  # a file, handed in
CARRIED = "carried"  # comes with a file: passed on, not typed
PLAIN = {int: INTEGER, Decimal: MONEY, date: DATE}


@dataclass(frozen=True)
class Option:
    """One answer to choose, with the article that allows it; `group` is the heading it stands under."""

    value: str
    label: str
    cite: Citation | None
    chosen: bool
    group: str = ""


Picks = Mapping[
    str, Sequence[tuple[str, str]]
]  # by the name of a fact: values one may pick, and what is shown of each


@dataclass(frozen=True)
class Attached:
    """A file that was handed in with the form: what the form carries of it, how it is called, what is to be said of it."""

    ticket: str
    name: str
    characters: int
    pages: int
    doubts: tuple[str, ...] = ()
    begins: str = ""  # the first words as they were read


@dataclass(frozen=True)
class Field:
    """One question, as a page asks it."""

    name: str
    label: str
    kind: str
    value: str
    required: bool
    cite: Citation | None = None
    help: str = ""
    unit: str = ""
    sealed: bool = False
    options: tuple[Option, ...] = ()
    problem: str = ""
    section: str = ""
    attached: Attached | None = None
    pasted: str = ""  # words typed instead of a file, not yet read
    accept: str = ""
    folds: bool = False  # need not be seen: its section folds, and nothing was answered here

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of what a screen reader adds to the label."""
        parts = [("problem", self.problem), ("help", self.help), ("cite", self.cite), ("sealed", self.sealed)]
        return " ".join(f"{self.id}-{name}" for name, there in parts if there)

    @property
    def iso(self) -> bool:
        """Can a date input show what was typed?"""
        try:
            return not self.value or bool(date.fromisoformat(self.value))
        except ValueError:
            return False


def _kind(ask: Ask) -> str:
    if ask.document:
        return DOCUMENT
    if ask.carried:
        return CARRIED
    if ask.many:
        return NAMES
    if ask.choices:
        return CHOICE
    if ask.kind is bool:
        return YES_NO_UNKNOWN if ask.optional else YES_NO
    return PLAIN.get(ask.kind, LONG if ask.long else TEXT)


def typed(value: Any) -> str:
    """A fact as a person would type it into its field."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (tuple, list)):
        return "、".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _choice(outcome: Outcome, value: str) -> Option:
    """An outcome may say under which heading it stands: a property `group`."""
    group = str(getattr(outcome, "group", ""))
    return Option(outcome.name, outcome.label, outcome.cite, value in (outcome.name, outcome.label), group)


def _options(ask: Ask, kind: str, value: str) -> tuple[Option, ...]:
    if kind == CHOICE:
        unknown = [Option("", "尚不明确", None, value == "")] if ask.optional else []
        return (*(_choice(c, value) for c in ask.choices), *unknown)
    if kind in (YES_NO, YES_NO_UNKNOWN):
        told = ["是", "否", *([""] if kind == YES_NO_UNKNOWN else [])]
        return tuple(Option(v, v or "尚不明确", None, v == value) for v in told)
    return ()


def _default(ask: Ask) -> str:
    return typed(ask.default) if not ask.required and not ask.optional else ""


def _picked(ask: Ask, value: Any, picks: Sequence[tuple[str, str]]) -> tuple[Option, ...]:
    """What may be picked; what was typed and is not there any more stays to be seen."""
    told = (
        value if isinstance(value, (tuple, list)) else split_names(value or "") if ask.many else [value or ""]
    )
    chosen = {str(part).strip() for part in told} - {""}
    gone = [(value, value) for value in sorted(chosen - {value for value, _ in picks})]
    return tuple(Option(value, label, None, value in chosen) for value, label in [*gone, *picks])


def field_of(
    ask: Ask,
    value: Any,
    problem: str = "",
    picks: Sequence[tuple[str, str]] | None = None,
    *,
    folds: bool = False,
) -> Field:
    """The field for one question; `value` is a fact or what was typed, `picks` what it may be picked from."""
    kind = _kind(ask)
    text = typed(value)
    if picks:
        kind = PICKS if ask.many else SELECT
    return Field(
        name=ask.name,
        label=ask.label,
        kind=kind,
        value=text,
        required=ask.required,
        cite=ask.cite,
        help=ask.help,
        unit=ask.unit or ("元" if kind == MONEY else ""),
        sealed=ask.sealed,
        options=_picked(ask, value, picks) if picks else _options(ask, kind, text),
        problem=problem,
        section=ask.section,
        folds=folds and text == _default(ask),
    )


@dataclass(frozen=True)
class Section:
    """A part of a form under its heading; folded while nothing in it need be answered, or was."""

    label: str
    fields: tuple[Field, ...]

    @property
    def folded(self) -> bool:
        return bool(self.label) and all(f.folds and not f.problem for f in self.fields)


def in_sections(fields: Sequence[Field]) -> list[Section]:
    """The fields of a form by their sections, in the order in which they come."""
    return [Section(label, tuple(some)) for label, some in groupby(fields, key=lambda f: f.section)]


def fields_for(
    step: Step[Any],
    initial: Mapping[str, Any] | Facts | None = None,
    problems: Mapping[str, str] | None = None,
    picks: Picks | None = None,
) -> list[Field]:
    """The legal date first, then every question of the step, holding what is known or was typed."""
    given = initial if isinstance(initial, Mapping) else vars(initial) if initial else {}
    wrong = problems or {}
    on = Field("on", step.asks.on_label, DATE, typed(given.get("on")), True, problem=wrong.get("on", ""))
    asked = [
        field_of(
            a,
            given[a.name] if a.name in given else _default(a),
            wrong.get(a.name, ""),
            (picks or {}).get(a.name),
            folds=a.section in step.asks.folded and not a.required,
        )
        for a in sorted(typed_of(step.asks), key=lambda a: _place(step.asks, a))
    ]
    return [on, *asked]


def _place(asks: type[Facts], ask: Ask) -> int:
    return 1 + asks.sections.index(ask.section) if ask.section in asks.sections else 0


FILE, TEXT_OF, DROP = (
    "__file",
    "__text",
    "__drop",
)  # a document's own inputs: a file, words instead, none of it


def answers(step: Step[Any], post: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed for this step's questions, and nothing else that came with the form; of what was picked, a list.

    A list to pick from sends an empty value first, so that what is picked is never taken for something typed.
    """
    told: dict[str, Any] = {}
    for name in ("on", *(a.name for a in typed_of(step.asks))):
        if name in post:
            values = [str(v) for v in (post.getlist(name) if isinstance(post, QueryDict) else [post[name]])]
            told[name] = values[1:] if values[0] == "" and len(values) > 1 else values[-1]
    return told
