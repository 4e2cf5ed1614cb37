"""The county's offices, as the database keeps them: asked at every page, changed a few times a year."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.db import transaction

from . import models
from .memory import Kept
from .mistakes import PeopleError
from .tree import Office, Tree

COLUMNS = tuple(f.name for f in fields(Office))


def _read() -> Tree:
    rows = models.Office.objects.order_by("id").values(*COLUMNS)
    return Tree(Office(**row) for row in rows)


_tree = Kept("people_office", _read)


def tree() -> Tree:
    """All offices with their history; read again when a row has been added, here or in another process."""
    return _tree.get()


def forget() -> None:
    """Read the offices anew at the next question."""
    _tree.forget()


# ── Asking ───────────────────────────────────────────────────────────────────


def office(code: str, on: date | None = None) -> Office:
    """The office on that day, or as it was nearest to it; KeyError for an unknown code."""
    return tree().nearest(code, on)


def office_name(code: str, on: date | None = None, lang: str = "zh") -> str:
    """What an office is called; an unknown code is its own name."""
    known = tree()
    return known.nearest(code, on).named(lang) if code in known else code


def offices(on: date, kind: str = "") -> list[Office]:
    """The offices standing that day, in the order the county lists them."""
    return [o for o in tree().standing(on) if not kind or o.kind == kind]


def subtree(code: str, on: date) -> frozenset[str]:
    """The office and all that hang below it that day, with those they have taken over."""
    return tree().subtree(code, on)


def county(on: date | None = None) -> Office | None:
    """The county itself, at the top of the tree."""
    known = tree()
    return next((row for code in known if (row := known.nearest(code, on)).kind == "county"), None)


def county_name(lang: str = "zh") -> str:
    """What the county is called; "" before its facts are loaded."""
    here = county()
    return here.named(lang) if here else ""


# ── Changing: a new row each time ────────────────────────────────────────────


def found(code: str, since: date, **told: Any) -> Office:
    """A new office from that day (or one that stands again)."""
    known = tree()
    if code in known and known.on(code, since):
        raise PeopleError("E204", f"机关“{code}”在{since}已经存在；改名、划转请用变更。")
    return record(Office(code=code, since=since, **told))


def change(code: str, since: date, **told: Any) -> Office:
    """From that day the office is called, placed or marked otherwise; what is not told stays."""
    was = _standing(code, since)
    return record(replace(was, since=since, until=None, **told))


def close(code: str, until: date, into: str = "") -> Office:
    """The office ends with that day; `into` takes over its records and its running cases."""
    was = _standing(code, until)
    if below := [o.short or o.name for o in offices(until) if o.parent == code and not o.until]:
        raise PeopleError("E205", f"“{was.name}”还有下属机关：{'、'.join(below)}。请先划转。")
    return record(replace(was, until=until, into=into))


def _standing(code: str, on: date) -> Office:
    known = tree()
    row = known.on(code, on) if code in known else None
    if row is None:
        raise PeopleError("E206", f"机关“{code}”在{on}不存在。")
    return row


def record(row: Office) -> Office:
    """Write one row, if the tree is still a tree with it."""
    record_all([row])
    return row


def record_all(rows: list[Office]) -> None:
    """Write rows, all or none."""
    with transaction.atomic():
        models.Office.objects.bulk_create(models.Office(**_plain(row)) for row in rows)
        forget()
        if wrong := tree().complaints():
            forget()
            raise PeopleError("E207", "机关设置前后矛盾：" + "；".join(wrong[:5]) + "。")


def _plain(row: Office) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS}
