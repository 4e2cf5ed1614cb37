"""What the machine finds in a task and in an inspection, and what follows from a draw: one inspection for each object drawn."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from yifa.draws import Listed, Picked, apportion, listed, quota
from yifa.draws import machine as draws
from yifa.draws.told import Fallen
from yifa.procedure import Brought, Case, Reason, Refused, Scene

from . import told as facts
from .facts import Grade, Kind, Sort
from .procedure import Inspection, JointVisit, SamplingTask, officers_of, plan_of
from .statutes import business as law

CERTIFICATES = "certificate"  # the register of officers, by its key: whoever holds one may be sent
WEIGHTS = {Grade.A: 1, Grade.B: 2, Grade.C: 4, Grade.D: 8}
NEAR = timedelta(days=7)  # visits closer to each other than this should be one
OPEN = ("assigned", "approved")
CODE = re.compile(r"（([0-9A-Z]{18})）$")


def refuse(sentence: str, article: int = 54) -> Refused:
    return Refused(Reason(sentence, law(article), "yifa.R010"))


def named(name: str, code: str) -> str:
    """How an object, or an officer, is written in a list: two of one name are two."""
    return f"{name}（{code}）"


def told_list(text: Any) -> tuple[str, ...]:
    """A fact of several texts, as the ledger spells it."""
    return tuple(json.loads(text)) if text else ()


# ── The plan ─────────────────────────────────────────────────────────────────


@SamplingTask.plan.finds
def items_and_partners(case: Case, plan: facts.Plan, scene: Scene) -> dict[str, Any]:
    """Items that are not in the published list; a department that does not exist is refused at once."""
    known = {row[3] for row in scene.listed("supervision_item", (), states=("published", "covered"))}
    codes = scene.offices(plan.on)
    unknown = [name for name in plan.partners if name not in codes]
    if unknown:
        raise refuse(f"没有叫“{'”“'.join(unknown)}”的机关，请写机关的全称或者规范简称")
    partners = {codes[name] for name in plan.partners}
    if scene.office in partners or len(partners) < len(plan.partners):
        raise refuse("联合部门不能写本机关，也不能重复")
    return {"unlisted": tuple(item for item in plan.items if item.split()[0] not in known)}


# ── The lists ────────────────────────────────────────────────────────────────


@SamplingTask.prepare.finds
def lists(case: Case, scheme: facts.Sampling, scene: Scene) -> dict[str, Any]:
    """Objects by credit grade, officers by department, who is left out and who is kept apart, as of now."""
    plan = plan_of(case)
    with draws.refusing(case, draws.PREPARE):
        objects = Objects(plan, scheme, scene)
        teams = dict(_teams(plan, scheme, scene))
        ready = draws.Ready(
            objects.strata(),
            {name: (people, scheme.send) for name, people in teams.items()},
            list(_apart(scheme, objects, teams)),
            objects.left_out,
            objects.rule(),
            scene.algo,
        )
    return draws.prepared(case, scheme, scene, ready) | {"most": objects.most}


class Objects:
    """The businesses of a task as they stand in the directory."""

    def __init__(self, plan: facts.Plan, scheme: facts.Sampling, scene: Scene) -> None:
        self.plan, self.scheme, self.scene = plan, scheme, scene
        kind = {"kind": (plan.objects.name,)}
        self.limit = self._limit()
        trade = {"trade": (plan.trade,)} if plan.trade else {}
        self.whole = len(scene.listed("entity", (), states=("listed",), where=kind))
        self.rows = scene.listed("entity", ("name", "code", "grade"), states=("listed",), where=kind | trade)
        self.most = self._most()
        self.names: dict[str, str] = {}
        self.by_grade: dict[Grade, list[str]] = {grade: [] for grade in Grade}
        self.left_out: list[tuple[str, str]] = []
        self._part()

    def _limit(self) -> tuple[Fraction, dict[Grade, int]]:
        fields = ("percent", "most_a", "most_b", "most_c", "most_d")
        found = self.scene.listed(
            "sampling_rule", fields, states=("in_force",), where={"kind": (self.plan.objects.name,)}
        )
        if not found:
            raise refuse(
                f"还没有公布{self.plan.objects.label}的抽查比例和频次上限，请先在“抽查比例和频次上限”中公布"
            )
        percent, *most = found[-1][4:]
        return Fraction(Decimal(percent)) / 100, dict(zip(Grade, map(int, most), strict=True))

    def _most(self) -> int:
        """How many of this kind general items may still draw this year."""
        if self.plan.sort is Sort.KEY:
            return self.whole
        counted = {"kind": (self.plan.objects.name,), "source": ("RANDOM",), "sort": ("GENERAL",)}
        first = date(self.scheme.on.year, 1, 1)
        so_far = self.scene.listed("inspection", (), where=counted, since=first)
        drawn = sum(1 for row in so_far if row[2] != "called_off")
        return max(0, quota(self.whole, self.limit[0]) - drawn)

    def _part(self) -> None:
        """Into grades; those named, and those inspected often enough this year, are left out with the reason."""
        named_out = dict(_lines(self.scheme.away, "不列入的对象"))
        visited = self._visited()
        for _, _, _, _, name, code, grade in self.rows:
            own = Grade[grade]
            line = self.names[code] = named(name, code)
            if reason := named_out.pop(code, ""):
                self.left_out.append((line, reason))
            elif self.plan.sort is Sort.GENERAL and visited[code] >= self.limit[1][own]:
                self.left_out.append((line, f"本年度已检查{visited[code]}次，达到频次上限"))
            else:
                self.by_grade[own].append(line)
        if named_out:
            raise refuse(f"不列入的对象“{next(iter(named_out))}”不在这次的名录中")

    def _visited(self) -> Counter[str]:
        first = date(self.scheme.on.year, 1, 1)
        rows = self.scene.listed("inspection", ("code",), since=first)
        return Counter(row[4] for row in rows if row[2] != "called_off")

    def strata(self) -> dict[str, tuple[Listed, int]]:
        """By grade, those that have anybody, with their quotas."""
        sizes = {grade: len(names) for grade, names in self.by_grade.items() if names}
        if not sizes:
            where = f"{self.plan.objects.label}{'（' + self.plan.trade + '）' if self.plan.trade else ''}"
            raise refuse(f"名录中没有可以抽取的{where}")
        total = self.scheme.wanted
        if total is None:
            total = quota(sum(sizes.values()), Fraction(self.scheme.percent or 0) / 100, least=1)
        keys = {grade.label: n for grade, n in sizes.items()}
        weights = {grade.label: WEIGHTS[grade] for grade in sizes} if self.scheme.weighted else None
        shares = apportion(total, keys, weights, least=self.scheme.least)
        found: dict[str, tuple[Listed, int]] = {}
        for grade in sizes:
            name = f"{self.plan.objects.label}{grade.label}"
            names = listed(self.by_grade[grade], algo=self.scene.algo, where=name)
            found[name] = names, shares[grade.label]
        return found

    def rule(self) -> dict[str, Any]:
        """The office's account of how the quotas came about."""
        told: dict[str, Any] = {
            "items": list(self.plan.items),
            "kind": self.plan.objects.label,
            "sort": self.plan.sort.label,
        }
        if self.plan.trade:
            told["trade"] = self.plan.trade
        if self.scheme.wanted is not None:
            told["wanted"] = self.scheme.wanted
        if self.scheme.percent is not None:
            told["percent"] = str(self.scheme.percent)
        if self.scheme.least:
            told["least"] = self.scheme.least
        if self.scheme.weighted:
            told["weights"] = {grade.label: weight for grade, weight in WEIGHTS.items()}
        return told


def _lines(text: str, what: str) -> Iterator[tuple[str, str]]:
    """Lines of the form 甲：乙."""
    for line in filter(None, map(str.strip, text.splitlines())):
        first, colon, second = line.replace(":", "：").partition("：")
        if not colon or not first.strip() or not second.strip():
            raise refuse(f"{what}的“{line[:40]}”应当写成“甲：乙”的样子")
        yield first.strip(), second.strip()


def _teams(plan: facts.Plan, scheme: facts.Sampling, scene: Scene) -> Iterator[tuple[str, Listed]]:
    """Of each department those whose certificate is valid on the day, with the tasks they have this year."""
    load = _load(scheme.on, scene)
    codes = scene.offices(plan.on)
    for code in (scene.office, *(codes[name] for name in plan.partners)):
        people = [named(*row) for row in _holders(code, scheme.on, scene)]
        lots = {name: 1 + load[name] for name in people if load[name]}
        name = scene.name_of(code, scheme.on)
        yield name, listed(people, lots, algo=scene.algo, where=name)


def _holders(office: str, on: date, scene: Scene) -> Iterator[tuple[str, str]]:
    rows = scene.listed(
        CERTIFICATES, ("holder", "number", "valid_until"), states=("in_force",), office=office
    )
    for *_, holder, number, until in rows:
        if not until or date.fromisoformat(until) >= on:
            yield holder, number


def _load(on: date, scene: Scene) -> Counter[str]:
    rows = scene.listed("inspection", ("officers",), since=date(on.year, 1, 1))
    return Counter(name for row in rows if row[2] != "called_off" for name in told_list(row[4]))


def _apart(scheme: facts.Sampling, objects: Objects, teams: dict[str, Listed]) -> Iterator[tuple[str, str]]:
    """Recusals by certificate number and credit code, as pairs of names in the lists."""
    officers = {_number(name): name for people in teams.values() for name in people.names}
    for number, code in _lines(scheme.apart, "回避"):
        if number not in officers or code not in objects.names:
            raise refuse(f"回避的“{number}：{code}”不在这次的检查人员或者检查对象中")
        yield officers[number], objects.names[code]


# ── What follows from the draw ───────────────────────────────────────────────


@SamplingTask.draw.brings
def one_inspection_each(case: Case, seed: Any, scene: Scene) -> Iterator[Brought[Any]]:
    now = draws.standing(case, scene).picked
    for picked in now:
        yield _assigned(case, picked, seed.on)
    yield from _invitations(case, now, seed.on, scene)


def _invitations(
    case: Case, now: Sequence[Picked], on: date, scene: Scene, *, again: bool = False
) -> Iterator[Brought[Any]]:
    """To every department that comes along: where its own officers go."""
    plan, codes = plan_of(case), scene.offices(on)
    number = json.loads(case.last(SamplingTask.commit).commitment)["number"]
    for partner in dict.fromkeys(codes[name] for name in plan.partners):
        own = scene.name_of(partner, on)
        told = facts.Invitation(
            on=on,
            name=plan.name,
            leader=scene.name_of(scene.office, on),
            number=number,
            visits="\n".join(
                f"{p.name}：{'、'.join(d.sent)}" for p in now for d in p.details if d.group == own
            ),
            replaces=again,
        )
        yield Brought(JointVisit.invite, told, office=partner)


def _assigned(case: Case, picked: Picked, on: date) -> Brought[Any]:
    plan = plan_of(case)
    code = CODE.search(picked.name)
    assert code is not None
    assignment = facts.Assignment(
        on=on,
        code=code[1],
        source=facts.Source.RANDOM,
        sort=plan.sort,
        items=plan.items,
        officers=tuple(officer for detail in picked.details for officer in detail.sent),
        departments=tuple(detail.group for detail in picked.details),
        ground=plan.name,
    )
    return Brought(Inspection.assign, assignment)


@SamplingTask.replace.finds
def not_yet_visited(case: Case, told: Fallen, scene: Scene) -> dict[str, Any]:
    """The next in the order; whoever has been inspected already cannot fall out any more."""
    found = draws.fallen(case, told, scene)
    if _inspection_of(case, told.name, scene)[2] not in OPEN:
        raise refuse(f"“{told.name}”已经检查或者取消，不能再递补")
    return found


def _inspection_of(case: Case, name: str, scene: Scene) -> tuple[Any, ...]:
    code = CODE.search(name)
    rows = scene.listed("inspection", ("code",), grown_from=scene.case)
    found = [row for row in rows if code and row[4] == code[1]]
    if not found:
        raise refuse(f"“{name}”没有对应的检查")
    return found[-1]


@SamplingTask.replace.brings
def replaced(case: Case, told: Fallen, scene: Scene) -> Iterator[Brought[Any]]:
    """Another object, or another officer for the same one."""
    now = {p.name: p for p in draws.standing(case, scene).picked}
    id = _inspection_of(case, told.name, scene)[0]
    if told.officer:
        officers = tuple(o for d in now[told.name].details for o in d.sent)
        change = facts.Reassignment(on=told.on, officers=officers, because=told.because)
        yield Brought(Inspection.reassign, change, case=id)
    else:
        yield Brought(Inspection.call_off, facts.Cancelling(on=told.on, because=told.because), case=id)
        came = case.last(SamplingTask.replace).came
        yield _assigned(case, now[came], told.on)
    yield from _invitations(case, tuple(now.values()), told.on, scene, again=True)


@SamplingTask.drop.brings
def none_goes(case: Case, told: Any, scene: Scene) -> Iterator[Brought[Any]]:
    """The inspections of a draw that was dropped are called off, where nobody has gone yet."""
    for id, _, state, _ in scene.listed("inspection", (), grown_from=scene.case):
        if state in OPEN:
            yield Brought(Inspection.call_off, facts.Cancelling(on=told.on, because=told.because), case=id)


@SamplingTask.close.finds
def disclosed(case: Case, closing: facts.Closing, scene: Scene) -> dict[str, Any]:
    rows = scene.listed("inspection", ("object", "public_result"), grown_from=scene.case)
    waiting = tuple(row[4] for row in rows if row[2] != "called_off" and not row[5])
    return draws.disclosed(case, closing, scene) | {"outstanding": waiting}


# ── The inspection ───────────────────────────────────────────────────────────


def _assignment(case: Case) -> facts.Assignment:
    return next(a.facts for a in reversed(case.acts) if isinstance(a.facts, facts.Assignment))


@Inspection.trigger.finds
@Inspection.assign.finds
def who_it_is(case: Case, assignment: facts.Assignment, scene: Scene) -> dict[str, Any]:
    """The business of this code as the directory has it; without a code, as it was described."""
    if not assignment.code:
        return {"object": assignment.unlisted, "kind": Kind.INDIVIDUAL, "grade": Grade.D}
    found = scene.listed("entity", ("name", "kind", "grade"), number=assignment.code)
    if not found:
        raise refuse(f"名录中没有统一社会信用代码为{assignment.code}的市场主体")
    *_, name, kind, grade = found[-1]
    return {"object": name, "kind": Kind[kind], "grade": Grade[grade]}


@Inspection.approve.finds
def what_speaks_against(case: Case, approval: facts.Approval, scene: Scene) -> dict[str, Any]:
    """Quiet days, other visits near the day, and how often this business was inspected this year."""
    it = _assignment(case)
    year = date(approval.visit_on.year, 1, 1)
    others = [
        row
        for row in scene.listed("inspection", ("code", "visit_on"), where={"code": (it.code,)}, since=year)
        if it.code and row[0] != scene.case and row[2] != "called_off"
    ]
    return {
        "nth": 1 + sum(1 for row in others if row[5]),
        "most": _most_often(it, scene),
        "quiet": _quiet(approval.visit_on, scene),
        "clash": tuple(
            f"{scene.name_of(row[1], approval.on)} {row[5]}"
            for row in others
            if row[5] and abs(date.fromisoformat(row[5]) - approval.visit_on) <= NEAR
        ),
    }


def _most_often(it: facts.Assignment, scene: Scene) -> int:
    """0: not limited, because it is triggered, or no limit was published."""
    if it.source is facts.Source.CASE:
        return 0
    field = f"most_{it.grade.name.lower()}"
    found = scene.listed("sampling_rule", (field,), states=("in_force",), where={"kind": (it.kind.name,)})
    return int(found[-1][4]) if found else 0


def _quiet(on: date, scene: Scene) -> str:
    rows = scene.listed("quiet", ("name", "first", "last"), states=("kept",))
    return next((name for *_, name, first, last in rows if first <= on.isoformat() <= last), "")


@Inspection.visit.finds
def still_valid(case: Case, visit: facts.Visit, scene: Scene) -> dict[str, Any]:
    """Officers who are there and whose certificate is no longer valid."""
    there = {name: _number(name) for name in officers_of(case) - set(visit.absent)}
    wanted = {"number": tuple(there.values())}
    rows = scene.listed(CERTIFICATES, ("number", "valid_until"), states=("in_force",), where=wanted)
    valid = {row[4] for row in rows if not row[5] or date.fromisoformat(row[5]) >= visit.on}
    return {"expired": tuple(sorted(name for name, number in there.items() if number not in valid))}


def _number(officer: str) -> str:
    """The certificate's number in 张三（豫S1234）; a name without one has no certificate we know of."""
    return officer[officer.rfind("（") + 1 : -1] if officer.endswith("）") else officer


@Inspection.publish.finds
def in_public_words(case: Case, result: facts.Result, scene: Scene) -> dict[str, Any]:
    """What everyone may read: who, for what, when, by whom, with which result; no person of the business is named."""
    it, visit = _assignment(case), case.last(Inspection.visit)
    lines = [
        f"检查对象：{named(it.object, it.code)}",
        f"检查事项：{'、'.join(it.items)}",
        f"检查来源：{it.source.label}{'，' + it.ground if it.source is facts.Source.RANDOM else ''}",
        f"检查机关：{'、'.join(it.departments) or scene.name_of(scene.office, visit.on)}",
        f"检查日期：{visit.on.year}年{visit.on.month}月{visit.on.day}日",
        f"检查结果：{visit.finding.label}",
    ]
    return {"public_title": f"{it.object}检查结果：{visit.finding.label}", "public_result": "\n".join(lines)}
