"""Tasks of the yearly plan, drawn through the same engine as real ones, and an invented inspection for whoever came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from yifa.matters.business.inspections import told as t
from yifa.matters.business.inspections.facts import Kind, Sort
from yifa.matters.business.inspections.procedure import Inspection, Quiet, SamplingRule, SamplingTask
from yifa.people import CLERK, HEAD
from yifa.people.offices import offices
from yifa.procedure import Facts, Role, Step
from yifa.site.volumes import Told, labels

from . import days, words
from .acts import Invented, Part
from .directories import TRADES

QUIET = 5  # nobody calls on a business on the first days of a month
BALLS, URN = 6, 33
ALTHOUGH = f"已与有关部门衔接，各项检查合并一次进门{words.INVENTED}"
FINDINGS = {
    t.Finding.NOTHING: 74,
    t.Finding.RECTIFY: 17,
    t.Finding.FILED: 2,
    t.Finding.TRANSFERRED: 1,
    t.Finding.UNREACHABLE: 6,
}


@dataclass(frozen=True)
class Group:
    """Tasks of one sort: so many a month, each drawing so many; the partners take turns."""

    office: str
    scope: t.Scope
    objects: Kind
    sort: Sort
    partners: tuple[str, ...]  # their names
    each: int
    months: Mapping[int, int]

    @property
    def tasks(self) -> int:
        return sum(self.months.values())


@dataclass(frozen=True)
class Tasks:
    """The year's tasks, and the rules they keep to."""

    office: str
    percent: Mapping[Kind, int]
    groups: tuple[Group, ...]


def read(told: Told, year: int) -> Tasks:
    """The table [sampling_task]; totals by scope, and of general items by kind."""
    told.only("office", "percent", "total", "group")
    percent = told.table("percent")
    percent.only(*labels(Kind))
    groups = tuple(_group(row, year) for row in told.rows("group"))
    total = told.table("total")
    total.only(*labels(t.Scope, Kind))
    for scope in t.Scope:
        total.must_add_up(scope.label, sum(g.tasks for g in groups if g.scope is scope), "各组任务")
    for kind in Kind:
        drawn = sum(g.tasks * g.each for g in groups if g.objects is kind and g.sort is Sort.GENERAL)
        if drawn or kind.label in total.told:
            total.must_add_up(kind.label, drawn, "一般检查事项各组抽取的")
    limits = {kind: percent.number(kind.label, 1, 100) for kind in Kind if kind.label in percent.told}
    return Tasks(told.office(), limits, groups)


def _group(row: Told, year: int) -> Group:
    row.only("office", "scope", "objects", "sort", "partners", "each", "months")
    scope = _labelled(t.Scope, row, "scope")
    partners = tuple(row.offices[row.known_office("partners", code)] for code in row.told.get("partners", []))
    if bool(partners) is not (scope is t.Scope.JOINT):
        row.wrong("E737", "partners", "联合抽查应当写联合部门，部门抽查不写")
    months = row.table("months")
    found = {int(key): months.number(key) for key in months.told if key.isdecimal() and 1 <= int(key) <= 12}
    months.only(*map(str, found))
    return Group(
        row.office(), scope, _labelled(Kind, row, "objects"), _labelled(Sort, row, "sort"), partners,
        row.number("each", 1, 100), found,
    )  # fmt: skip


def _labelled(kind: Any, row: Told, key: str) -> Any:
    label = row.choice(key, labels(kind))
    return next(one for one in kind if one.label == label)


# ── The acts ─────────────────────────────────────────────────────────────────


def tasks(told: Tasks, year: int, rng: Random) -> Iterator[Invented]:
    """Rules and quiet days first, then the plan, then every task to its end."""
    if not told.groups:
        return
    first = days.of_year(year)[0]
    for kind, percent in told.percent.items():
        rule = t.Rule(
            on=first, name=f"{kind.label}年度抽查比例和检查频次上限{words.INVENTED}", kind=kind, percent=Decimal(percent)
        )  # fmt: skip
        yield Invented(SamplingRule.lay_down, rule, f"rule {kind.name}", told.office, HEAD)
    for month in range(1, 13):
        name = f"{year}年{month}月企业无扰日{words.INVENTED}"
        quiet = t.QuietDays(on=first, name=name, first=date(year, month, 1), last=date(year, month, QUIET))
        yield Invented(Quiet.set, quiet, name, told.office, HEAD)
    n = 0
    for group in told.groups:
        for month, count in sorted(group.months.items()):
            for k in range(count):
                n += 1
                yield from Run(group, n, rng).through(_begin(year, month, k, count))


def _begin(year: int, month: int, k: int, count: int) -> date:
    """When the scheme is drawn up: in the first half of a month, in whose second certificates end."""
    first, _ = days.halves(date(year, month, 1))
    some = [day for day in first[:-3] if days.later(day, 2).day > QUIET]
    return some[k * len(some) // count]


class Run:
    """One task from the plan to the published file."""

    def __init__(self, group: Group, n: int, rng: Random, ref: str = "task") -> None:
        self.group, self.n, self.rng = group, n, rng
        self.ref = f"{ref} {n}"
        self.trade = TRADES[n % len(TRADES)]
        self.partner = group.partners[n % len(group.partners)] if group.partners else ""

    def through(self, begin: date) -> Iterator[Invented]:
        """Plan in January, scheme and commitment, numbers, draw and visit on one day, publication, disclosure."""
        yield self.plan(min(self._spread(days.of_year(begin.year)[:18]), begin), date(begin.year, 12, 31))
        yield from self.committed(begin)
        drawn = days.later(begin, 2)
        yield self.drawn(drawn)
        for k in range(1, self.group.each + 1):
            yield from self.inspected(f"{self.ref}/{k}", drawn)
        close = SamplingTask.close.asks(on=days.later(drawn, 3))
        yield self.act(SamplingTask.close, close, HEAD)

    def plan(self, on: date, until: date) -> Invented:
        group = self.group
        item = self.n % 90 + 1
        name = f"{self.trade}{group.objects.label}{group.scope.label}第{self.n}号（虚构）"
        plan = t.Plan(
            on=on,
            name=name,
            scope=group.scope,
            partners=(self.partner,) if self.partner else (),
            items=(f"YSM{item:04d} 演示监管事项第{item}号主项",),
            sort=group.sort,
            objects=group.objects,
            trade=self.trade,
            until=until,
        )
        return self.act(SamplingTask.plan, plan, CLERK)

    def committed(self, on: date) -> Iterator[Invented]:
        scheme = t.Sampling(
            on=on,
            source=f"演示彩票第{on.year}{self.n:03d}期红球（虚构）",
            source_count=BALLS,
            source_on=date.fromordinal(on.toordinal() + 1),
            wanted=self.group.each,
            send=1 if self.partner else 2,
        )
        yield self.act(SamplingTask.prepare, scheme, CLERK)
        yield self.act(SamplingTask.commit, SamplingTask.commit.asks(on=on), HEAD)

    def drawn(self, on: date) -> Invented:
        balls = " ".join(f"{ball:02d}" for ball in sorted(self.rng.sample(range(1, URN + 1), BALLS)))
        return self.act(SamplingTask.draw, SamplingTask.draw.asks(on=on, values=balls), CLERK)

    def inspected(self, ref: str, on: date) -> Iterator[Invented]:
        finding = self.rng.choices(tuple(FINDINGS), tuple(FINDINGS.values()))[0]
        problems = f"台账登记不全{words.INVENTED}" if finding.problem else ""
        after, until = days.later(on, 1), days.later(on, 3)
        visit = t.Visit(
            on=on, shown=True, record=f"逐项检查{words.INVENTED}", finding=finding, problems=problems
        )
        approval = t.Approval(on=on, visit_on=on, although=ALTHOUGH)
        yield self.act(Inspection.approve, approval, HEAD, ref)
        yield self.act(Inspection.visit, visit, CLERK, ref)
        yield self.act(Inspection.publish, t.Result(on=after), CLERK, ref)
        if finding is t.Finding.RECTIFY:
            order = t.Order(on=after, demand=f"补齐台账{words.INVENTED}", until=until)
            yield self.act(Inspection.order, order, CLERK, ref)
            yield self.act(Inspection.recheck, t.Recheck(on=until, state="已经改正"), CLERK, ref)
        elif finding.problem:
            sent = t.Transfer(on=after, to="本机关执法大队", matter=problems)
            yield self.act(Inspection.transfer, sent, CLERK, ref)
        yield self.act(Inspection.finish, t.Finish(on=until), CLERK, ref)

    def _spread(self, among: tuple[date, ...]) -> date:
        return self.rng.choice(among)

    def act(self, step: Step[Any], facts: Facts, role: Role, ref: str = "") -> Invented:
        return Invented(step, facts, ref or self.ref, self.group.office, role)


# ── What waits on the desk today ─────────────────────────────────────────────


def on_the_desk(office: str, today: date, rng: Random) -> list[Invented]:
    """One task to be prepared, one whose numbers are out, one that is drawn; none is of the year."""
    partner = tuple(o.name for o in offices(today, "department") if o.code.endswith("-emergency"))[:1]
    scope = t.Scope.JOINT if partner else t.Scope.SINGLE
    group = Group(office, scope, Kind.ENTERPRISE, Sort.GENERAL, partner, 3, {})
    planned, committed, drawn = (Run(group, n, rng, "waiting") for n in (901, 902, 903))
    first, until = days.earlier(today, 8), date(today.year, 12, 31)
    before, last = days.earlier(today, 5), days.earlier(today, 1)
    visit = t.Approval(on=last, visit_on=max(today, last), although=ALTHOUGH)
    return sorted(
        [
            *(run.plan(first, until) for run in (planned, committed, drawn)),
            *committed.committed(before),
            *drawn.committed(before),
            drawn.drawn(days.earlier(today, 2)),
            drawn.act(Inspection.approve, visit, HEAD, f"{drawn.ref}/1"),
        ],
        key=lambda act: act.on,
    )


PART = Part("sampling_task", read, tasks, on_the_desk)
