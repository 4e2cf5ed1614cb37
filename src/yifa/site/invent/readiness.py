"""Those who answer, dangers, drills and people moved, within the year's volumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from yifa.matters.emergency.readiness import facts as f
from yifa.matters.emergency.readiness.procedure import EmergencyDrill, EmergencyPost, Hazard, Relocation
from yifa.people import CLERK, HEAD
from yifa.site.volumes import Some, Told, labels

from . import days, words
from .acts import Invented, Part

CONFIRMED = 4  # the month in which everybody confirms


# ── Those who answer ─────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Posts:
    """By duty and office, how many are in post at the year's end; how many of them came in the year."""

    held: Mapping[f.Duty, Mapping[str, int]]
    names: Mapping[str, str]


def read_posts(told: Told, year: int) -> Posts:
    """The table [emergency_post]: a table by office for each duty, and the total."""
    told.only("total", *labels(f.Duty))
    held = {}
    for duty in f.Duty:
        table = told.table(duty.label)
        held[duty] = {table.known_office(code, code): table.number(code) for code in table.told}
        told.table("total").must_add_up(duty.label, sum(held[duty].values()), "各机关合计")
    return Posts(held, told.offices)


def posts(told: Posts, year: int, rng: Random) -> Iterator[Invented]:
    """Appointed before the year, confirmed in April."""
    before, april = days.of_year(year - 1), days.of_month(date(year, CONFIRMED, 1))
    n = 0
    for duty, offices in told.held.items():
        for office, count in offices.items():
            for k in range(1, count + 1):
                n += 1
                ref = f"emergency post {n}"
                appointment = f.Appointment(
                    on=rng.choice(before),
                    name=words.name(rng),
                    duty=duty,
                    area=f"{told.names[office]}第{k}片区{words.INVENTED}",
                    substitute=words.name(rng),
                    superior=words.name(rng),
                    telephone=words.telephone(n),
                    substitute_telephone=words.telephone(n + 1),
                    superior_telephone=words.telephone(n + 2),
                )
                yield Invented(EmergencyPost.appoint, appointment, ref, office, CLERK)
                confirmed = f.Confirmation(on=rng.choice(april), way="本人签字")
                yield Invented(EmergencyPost.confirm, confirmed, ref, office, CLERK)


# ── Dangers ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Dangers:
    found: tuple[Some, ...]
    letters: int


def read_dangers(told: Told, year: int) -> Dangers:
    """The table [hazard]: found by office and month, and how many were assigned by letter."""
    told.only("total", "letters", "found")
    found = told.table("found").months(year)
    total = sum(some.n for some in found)
    told.must_add_up("total", total, "各机关合计")
    return Dangers(found, told.number("letters", 0, total))


def dangers(told: Dangers, year: int, rng: Random) -> Iterator[Invented]:
    """Most are mended within days; the first ones by letter."""
    n = 0
    for some in told.found:
        for _ in range(some.n):
            n += 1
            ref, on = f"hazard {n}", rng.choice(days.of_month(some.month)[:-6])
            finding = f.Finding(
                on=on,
                place=f"演示隐患点第{n}号（虚构）",
                what=f"排水沟淤堵，汛期过水不畅{words.INVENTED}",
                unit=f"演示单位{words.INVENTED}",
            )
            yield Invented(Hazard.find, finding, ref, some.office, CLERK)
            reply = f.Reply(on=days.later(on, 3), done=f"已清淤疏通{words.INVENTED}")
            if n > told.letters:
                yield Invented(Hazard.mend, reply, ref, some.office, CLERK)
                continue
            letter = f.Letter(
                on=days.later(on, 1),
                to=f"演示单位{words.INVENTED}",
                demand=f"清淤疏通{words.INVENTED}",
                until=days.later(on, 5),
            )
            yield Invented(Hazard.assign, letter, ref, some.office, HEAD)
            yield Invented(Hazard.reply, reply, ref, some.office, CLERK)
            check = f.Check(on=days.later(on, 5), result=f"验收合格{words.INVENTED}")
            yield Invented(Hazard.accept, check, ref, some.office, CLERK)


# ── Drills ───────────────────────────────────────────────────────────────────


def read_drills(told: Told, year: int) -> tuple[Some, ...]:
    """The table [emergency_drill]: by office and month, and the total."""
    told.only("total", "held")
    held = told.table("held").months(year)
    told.must_add_up("total", sum(some.n for some in held), "各机关合计")
    return held


def drills(told: tuple[Some, ...], year: int, rng: Random) -> Iterator[Invented]:
    n = 0
    for some in told:
        for _ in range(some.n):
            n += 1
            drill = f.Drill(
                on=rng.choice(days.of_month(some.month)),
                unit=f"演示单位第{n}号（虚构）",
                kind=rng.choice(tuple(f.Exercise)),
                people=rng.randint(12, 160),
                review=f"流程顺畅，个别环节衔接需改进{words.INVENTED}",
            )
            yield Invented(EmergencyDrill.hold, drill, f"drill {n}", some.office, CLERK)


# ── People moved ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Group:
    office: str
    month: date
    households: int
    people: int


def read_moves(told: Told, year: int) -> tuple[Group, ...]:
    """The table [relocation]: a row for each group, and the totals."""
    told.only("households", "people", "group")
    found = []
    for row in told.rows("group"):
        row.only("office", "month", "households", "people")
        month = date(year, row.number("month", 1, 12), 1)
        households = row.number("households", 1)
        found.append(Group(row.office(), month, households, row.number("people", households)))
    told.must_add_up("households", sum(g.households for g in found), "各批户数")
    told.must_add_up("people", sum(g.people for g in found), "各批人数")
    return tuple(found)


def moves(told: tuple[Group, ...], year: int, rng: Random) -> Iterator[Invented]:
    for n, group in enumerate(told, 1):
        on = rng.choice(days.of_month(group.month)[:-3])
        move = f.Move(
            on=on,
            event=f"强降雨{words.INVENTED}",
            village=f"演示村第{n}号（虚构）",
            households=group.households,
            people=group.people,
            shelter=f"演示安置点{words.INVENTED}",
        )
        ref = f"relocation {n}"
        yield Invented(Relocation.move, move, ref, group.office, CLERK)
        back = f.Return(on=days.later(on, 2), safe=f"巡查确认险情解除{words.INVENTED}")
        yield Invented(Relocation.bring_back, back, ref, group.office, CLERK)


PARTS = (
    Part("emergency_post", read_posts, posts),
    Part("hazard", read_dangers, dangers),
    Part("emergency_drill", read_drills, drills),
    Part("relocation", read_moves, moves),
)
