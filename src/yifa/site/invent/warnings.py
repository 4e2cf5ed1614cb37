"""Warnings passed on, and what came of them, within the year's volumes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from yifa.calls.told import Rule
from yifa.matters.emergency.warnings import facts as f
from yifa.matters.emergency.warnings.procedure import CallLadder, Warning
from yifa.people import CLERK, HEAD
from yifa.procedure import Outcome
from yifa.site.volumes import Told, labels

from . import days, words
from .acts import Invented, Part

OFFICE = "xinxian-emergency"


@dataclass(frozen=True)
class Group:
    """Warnings of one name and colour: how many in which month, and how many messages they came to in all."""

    kind: f.Kind
    event: str
    colour: f.Colour
    issuer: str
    months: tuple[tuple[date, int], ...]
    messages: int


def _named(kind: type[Outcome], label: str) -> Outcome:
    return next(one for one in kind if one.label == label)


def read_warnings(told: Told, year: int) -> tuple[Group, ...]:
    """The table [warning]: groups, the number of warnings, and of messages by kind."""
    told.only("total", "messages", "group")
    found = []
    for row in told.rows("group"):
        row.only("kind", "event", "colour", "issuer", "months", "messages")
        kind = _named(f.Kind, row.choice("kind", labels(f.Kind)))
        colour = _named(f.Colour, row.choice("colour", labels(f.Colour)))
        months = row.table("months")
        spread = tuple((date(year, months.month_key(key), 1), months.number(key, 1)) for key in months.told)
        assert isinstance(kind, f.Kind)
        assert isinstance(colour, f.Colour)
        messages = row.number("messages", sum(n for _, n in spread))
        found.append(Group(kind, str(row.value("event")), colour, str(row.value("issuer")), spread, messages))
    told.must_add_up("total", sum(n for g in found for _, n in g.months), "各组")
    totals = told.table("messages")
    totals.only(*labels(f.Kind))
    for kind in f.Kind:
        counted = sum(g.messages for g in found if g.kind is kind)
        if counted or kind.label in totals.told:
            totals.must_add_up(kind.label, counted, "各组")
    return tuple(found)


def warnings(told: tuple[Group, ...], year: int, rng: Random) -> Iterator[Invented]:
    """Each stood for a day or two, went out through the county's platform, and was lifted."""
    n = 0
    for group in told:
        each = [month for month, times in group.months for _ in range(times)]
        shares = _parts(group.messages, len(each))
        for month, messages in zip(each, shares, strict=True):
            n += 1
            on, ref = rng.choice(days.any_of_month(month)[:-2]), f"warning {n}"
            hour = f"{rng.randint(1, 22):02d}:{rng.randint(0, 59):02d}"
            notice = f.Notice(
                on=on,
                event=group.event,
                kind=group.kind,
                colour=group.colour,
                issuer=group.issuer,
                issued=f"{on} {hour} 第{n}号",
                until=on + 2 * days.DAY,
                area="全县（虚构）",
                warns=f"预计未来数小时有强降水{words.INVENTED}",
                measures=f"注意防范山洪、滑坡，危险地带人员及时转移{words.INVENTED}",
            )
            yield Invented(Warning.receive, notice, ref, OFFICE, CLERK)
            spread = f.Spread(on=on, channel="预警短信平台", messages=messages, source="平台导出表（虚构）")
            yield Invented(Warning.spread, spread, ref, OFFICE, CLERK)
            lifting = f.Lifting(on=on + days.DAY, issuer=group.issuer)
            yield Invented(Warning.lift, lifting, ref, OFFICE, CLERK)


def _parts(total: int, n: int) -> list[int]:
    """A total in n parts that differ by one at most."""
    return [total // n + (k < total % n) for k in range(n)]


# ── Rules of calling ─────────────────────────────────────────────────────────


def read_rules(told: Told, year: int) -> tuple[tuple[str, str, str], ...]:
    """The table [call_ladder]: rules with their rungs."""
    told.only("rule")
    found = []
    for row in told.rows("rule"):
        row.only("name", "rungs", "basis")
        found.append((str(row.value("name")), str(row.value("rungs")), str(row.value("basis"))))
    return tuple(found)


def rules(told: tuple[tuple[str, str, str], ...], year: int, rng: Random) -> Iterator[Invented]:
    for n, (name, rungs, basis) in enumerate(told, 1):
        rule = Rule(on=days.of_month(date(year, 4, 1))[10], name=name, rungs=rungs, basis=basis)
        yield Invented(CallLadder.lay_down, rule, f"rule {n}", OFFICE, HEAD)


PARTS = (Part("warning", read_warnings, warnings, any_day=True), Part("call_ladder", read_rules, rules))
