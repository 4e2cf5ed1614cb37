"""The three directories of inspections: businesses that come and go, users of the supervision system, items inspected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from stdnum.cn import uscc

from yifa.matters.business.inspections import facts as f
from yifa.matters.business.inspections.directories import Entity, SupervisionItem, Supervisor
from yifa.people import CLERK
from yifa.site.volumes import Told, labels

from . import days, words
from .acts import Invented, Part

FIRST = 2020  # the law that asks for the directories is in force since that year
NOWHERE = "000000"  # no place has this area code, so no code made with it can belong to anybody
TRADES = ("批发和零售业", "住宿和餐饮业", "制造业", "农、林、牧、渔业", "居民服务业", "交通运输业", "建筑业")
TYPES = {
    f.Kind.ENTERPRISE: ("91", "有限公司"),
    f.Kind.INDIVIDUAL: ("92", "店"),
    f.Kind.COOPERATIVE: ("93", "专业合作社"),
}


@dataclass(frozen=True)
class Businesses:
    """By kind: how many the directory began with, how many came in each year, how many left in the year told."""

    office: str
    listed: Mapping[f.Kind, int]
    newly: Mapping[int, Mapping[f.Kind, int]]
    left: Mapping[f.Kind, int]


def read_businesses(told: Told, year: int) -> Businesses:
    """The table [entity]; what is listed at the year's end must agree with what came and went."""
    told.only("office", "total", "listed", "newly", "left")
    newly = {
        told.year_of("newly", key, FIRST, year): _by_kind(told.table("newly").table(key))
        for key in told.table("newly").told
    }
    found = Businesses(told.office(), _by_kind(told.table("listed")), newly, _by_kind(told.table("left")))
    total = told.table("total")
    total.only("newly", *labels(f.Kind))
    total.must_add_up("newly", sum(sum(n.values()) for n in newly.values()), "各年新登记的")
    for kind in f.Kind:
        came = found.listed.get(kind, 0) + sum(n.get(kind, 0) for n in newly.values())
        total.must_add_up(kind.label, came - found.left.get(kind, 0), "建库时已有的加新登记的减退出的")
    return found


def _by_kind(told: Told) -> Mapping[f.Kind, int]:
    told.only(*labels(f.Kind))
    return {kind: told.number(kind.label) for kind in f.Kind if kind.label in told.told}


def businesses(told: Businesses, year: int, rng: Random) -> Iterator[Invented]:
    """All that were listed on the first working day, then month by month those that came; in the year some leave."""
    directory = Directory(told.office, rng)
    for kind, n in told.listed.items():
        for _ in range(n):
            yield directory.enter(days.of_year(FIRST)[0], kind, f.Way.LISTED)
    for since, kinds in sorted(told.newly.items()):
        for kind, n in kinds.items():
            for on in _early(days.of_year(since), n, rng):
                yield directory.enter(on, kind, f.Way.NEW)
    for kind, n in told.left.items():
        for on in _spread(days.of_year(year), n, rng):
            yield directory.leave(on, kind)


def _spread(on: tuple[date, ...], n: int, rng: Random) -> list[date]:
    return sorted(rng.choice(on) for _ in range(n))


def _early(on: tuple[date, ...], n: int, rng: Random) -> list[date]:
    """More of them in spring than in winter."""
    return sorted(on[int(len(on) * rng.random() ** 2)] for _ in range(n))


class Directory:
    """The invented directory as it fills and empties."""

    def __init__(self, office: str, rng: Random) -> None:
        self.office, self.rng = office, rng
        self.here: dict[f.Kind, list[str]] = {kind: [] for kind in f.Kind}
        self.n = 0

    def enter(self, on: date, kind: f.Kind, way: f.Way) -> Invented:
        self.n += 1
        kind_code, ending = TYPES[kind]
        body = f"{kind_code}{NOWHERE}MA{self.n:07}"
        code = body + uscc.calc_check_digit(body)
        if way is f.Way.LISTED:  # those that come within the years told stay
            self.here[kind].append(code)
        facts = f.Business(
            on=on,
            name=f"演示第{self.n}号{ending}（虚构）",
            code=code,
            kind=kind,
            way=way,
            trade=self.rng.choice(TRADES),
            grade=self.rng.choices(tuple(f.Grade), (5, 10, 4, 1))[0],
        )
        return Invented(Entity.enter, facts, code, self.office, CLERK)

    def leave(self, on: date, kind: f.Kind) -> Invented:
        here = self.here[kind]
        code = here.pop(self.rng.randrange(len(here)))
        facts = f.Departure(on=on, why=f.Leaving.DEREGISTERED, note=words.INVENTED)
        return Invented(Entity.leave, facts, code, self.office, CLERK)


# ── Users of the supervision system ──────────────────────────────────────────


@dataclass(frozen=True)
class Users:
    """How many registered in each year, and how many accounts were closed in the year told."""

    office: str
    registered: Mapping[int, int]
    closed: int


def read_users(told: Told, year: int) -> Users:
    """The table [supervisor]."""
    told.only("office", "total", "registered", "closed")
    registered = {
        told.year_of("registered", key, FIRST, year): told.table("registered").number(key)
        for key in told.table("registered").told
    }
    closed = told.number("closed")
    told.must_add_up("total", sum(registered.values()) - closed, "各年注册的减停用的")
    return Users(told.office(), registered, closed)


def users(told: Users, year: int, rng: Random) -> Iterator[Invented]:
    """Who registered, and in the year told the first of them leave."""
    logins: list[str] = []
    for since, n in sorted(told.registered.items()):
        for on in _spread(days.of_year(since), n, rng):
            logins.append(f"yanshi{len(logins) + 1:05d}")
            facts = f.Registration(on=on, holder=words.name(rng), login=logins[-1], certificate="")
            yield Invented(Supervisor.register, facts, logins[-1], told.office, CLERK)
    closing = days.of_year(year)[-told.closed :] if told.closed else ()
    for login, on in zip(logins, closing, strict=False):
        yield Invented(Supervisor.close, f.Closing(on=on, reason=words.INVENTED), login, told.office, CLERK)


# ── Items ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Items:
    """How many main items and sub-items were published, and how many of them were used in the year told."""

    office: str
    main: int
    sub: int
    main_covered: int
    sub_covered: int


def read_items(told: Told, year: int) -> Items:
    """The table [supervision_item]."""
    told.only("office", "main", "sub", "main_covered", "sub_covered")
    main, sub = told.number("main"), told.number("sub")
    return Items(
        told.office(), main, sub, told.number("main_covered", 0, main), told.number("sub_covered", 0, sub)
    )


def items(told: Items, year: int, rng: Random) -> Iterator[Invented]:
    """Published before the year, first used within it."""
    published, used = days.of_year(year - 1), days.of_year(year)
    for level, n, covered in (
        (f.Level.MAIN, told.main, told.main_covered),
        (f.Level.SUB, told.sub, told.sub_covered),
    ):
        for k in range(n):
            number = f"YS{level.name[0]}{k + 1:04d}"
            item = f.Item(
                on=rng.choice(published),
                name=f"演示监管事项第{k + 1}号{level.label}{words.INVENTED}",
                number=number,
                level=level,
                belongs_to=f"YSM{k % max(told.main, 1) + 1:04d}" if level is f.Level.SUB else "",
                sort=rng.choices(tuple(f.Sort), (4, 1))[0],
            )
            yield Invented(SupervisionItem.publish, item, number, told.office, CLERK)
            if k < covered:
                use = f.FirstUse(on=rng.choice(used), action=f"演示检查记录{number}{words.INVENTED}")
                yield Invented(SupervisionItem.cover, use, number, told.office, CLERK)


PARTS = (
    Part("entity", read_businesses, businesses),
    Part("supervisor", read_users, users),
    Part("supervision_item", read_items, items),
)
