"""The panel of a case that draws: how far it is, what it draws from, with which numbers, and what became of whoever came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.urls import reverse

from yifa.cases import read
from yifa.cases.read import CasePage, LinkView
from yifa.draws.machine import COMMIT, DRAW, PREPARE, REPREPARE, values_of
from yifa.draws.procedure import Draw
from yifa.draws.told import Fallen, Scheme, Seed
from yifa.procedure import Act, Facts

F = TypeVar("F", bound=Facts)
WAY = ((PREPARE, "拟定方案"), (COMMIT, "公布办法"), (DRAW, "抽取"), ("close", "公开结果"))
NOW = {
    "prepared": "方案已经拟定，名录已经固定。负责人核对分层与名额后公布抽取办法；有误的可以重拟。",
    "committed": "办法已经公布，不能更改。等下列号码开出后，照公布的数字登记，系统据此抽取。",
    "drawn": "抽取已经完成。逐户批准、检查并公示结果；全部公示后，公开抽取文件。",
    "closed": "抽取文件已经公开，任何人都可以重新抽取，核对结果。",
    "dropped": "这次抽取已经作废，编号和理由仍然公开。",
}


@dataclass(frozen=True)
class Point:
    """A step of the way."""

    label: str
    day: date | None
    now: bool


@dataclass(frozen=True)
class Number:
    """A source of chance, and what it gave."""

    name: str
    due: str
    by: str
    value: str


@dataclass(frozen=True)
class Out:
    """An object that came out: who goes there, and the case it became."""

    name: str
    officers: str
    url: str
    state: str
    final: bool


@dataclass(frozen=True)
class Panel:
    now: str
    way: tuple[Point, ...]
    layers: tuple[str, ...]
    numbers: tuple[Number, ...]
    out: tuple[Out, ...]
    public: str


def panel(page: CasePage) -> Panel | None:
    """Of a case that draws, once its scheme is drawn up."""
    if not issubclass(page.procedure, Draw):
        return None
    acts = read.live(page.id).acts
    scheme = _last(acts, Scheme)
    if scheme is None:
        return None
    seed = _last(acts, Seed)
    days = {act.step: act.facts.on for act in acts}
    days[PREPARE] = max(days[PREPARE], days.get(REPREPARE, days[PREPARE]))
    ahead = next((step for step, _ in WAY if step not in days), "")
    return Panel(
        NOW.get(page.state_key, ""),
        tuple(Point(label, days.get(step), step == ahead and not page.final) for step, label in WAY),
        tuple(scheme.layers.splitlines()),
        _numbers(scheme, seed),
        _out(_last(acts, Fallen) or seed, page.links),
        reverse("portal:draw", args=[page.id]) if COMMIT in days else "",
    )


def _last(acts: tuple[Act, ...], kind: type[F]) -> F | None:
    return next((act.facts for act in reversed(acts) if isinstance(act.facts, kind)), None)


def _numbers(scheme: Scheme, seed: Seed | None) -> tuple[Number, ...]:
    values = values_of(seed) if seed else []
    return tuple(
        Number(s.name, s.due[:16].replace("T", " "), s.where, values[n] if n < len(values) else "")
        for n, s in enumerate(scheme.sources())
    )


def _out(told: Fallen | Seed | None, links: tuple[LinkView, ...]) -> tuple[Out, ...]:
    if told is None:
        return ()
    cases = {link.subject: link for link in links if link.outward}
    found = []
    for line in told.picked.splitlines():
        name, _, officers = line.partition("：")
        link = next((link for subject, link in cases.items() if subject and name.startswith(subject)), None)
        url = reverse("desk:case", args=[link.case]) if link else ""
        found.append(Out(name, officers, url, link.state if link else "", bool(link and link.final)))
    return tuple(found)
