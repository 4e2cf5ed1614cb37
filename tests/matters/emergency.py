"""A county on a rainy day: the bureau that keeps the duty room, two townships, a department; who acts there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from yifa.people import offices
from yifa.people.actor import Actor
from yifa.people.tree import Office
from yifa.procedure import registry

BUREAU, WATER, TIANPU, XINJI = "xinxian-emergency", "xinxian-water", "xinxian-tianpu", "xinxian-xinji"
SAMPLES = Path(__file__).parents[1] / "calls" / "cap" / "samples"
ON = date(2023, 7, 21)


def founded(home: Path, settings: Any) -> None:
    settings.YIFA_HOME = home
    registry()  # reads what the machines find, too
    offices.forget()
    begin = date(2016, 1, 1)
    told = (
        (BUREAU, "新县应急管理局", "县应急局", "department"),
        (WATER, "新县水利局", "县水利局", "department"),
        (TIANPU, "新县田铺乡人民政府", "田铺乡", "township"),
        (XINJI, "新县新集镇人民政府", "新集镇", "township"),
    )
    county = Office(code="xinxian", since=begin, name="新县", kind="county")
    below = [
        Office(code=code, since=begin, name=name, short=short, parent="xinxian", kind=kind)
        for code, name, short, kind in told
    ]
    offices.record_all([county, *below])


def actor(*roles: str, office: str = BUREAU, scope: frozenset[str] | None = None) -> Actor:
    return Actor(7, "李某", f"{office}.{roles[0]}", office, frozenset(roles), scope, "值班员")


CLERK, HEAD = actor("clerk"), actor("head")


def of(office: str, *roles: str) -> Actor:
    """Somebody of an office who sees nothing but its own."""
    return actor(*(roles or ("clerk",)), office=office, scope=frozenset({office}))


def message(name: str) -> bytes:
    """A message of the samples as it would have come on 21 July 2023."""
    data = (SAMPLES / f"{name}.xml").read_bytes()
    days = ((b"2026-11-23", b"2023-07-21"), (b"2026-11-24", b"2023-07-22"), (b"20261123", b"20230721"))
    for sample, then in days:
        data = data.replace(sample, then)
    return data
