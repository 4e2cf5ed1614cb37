"""Ratings, orders from bad ones and call-backs, within the year's volumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TypeVar

from yifa.matters.services.satisfaction import facts as f
from yifa.matters.services.satisfaction.callbacks import CallBack, CallBackRound
from yifa.matters.services.satisfaction.procedure import (
    BadRatingOrder,
    RatingAppeal,
    RatingRule,
    ServiceRating,
)
from yifa.people import APPLICANT, CLERK, HEAD
from yifa.procedure import Outcome
from yifa.site.volumes import Some, Told, labels

from . import days, words
from .acts import Invented, Part
from .words import telephone as number

K = TypeVar("K", bound=Outcome)
OFFICE = "xinxian-services"
ITEMS = (
    "个体工商户注册登记",
    "不动产转移登记",
    "社会保障卡补换",
    "食品经营许可",
    "城乡居民养老保险参保登记",
    "道路货运经营许可",
)
GRADED = 4  # how far somebody came who gave a grade


# ── The rule ─────────────────────────────────────────────────────────────────


def read_rule(told: Told, year: int) -> f.Rule:
    """The table [rating_rule]: the county's own period."""
    told.only("name", "days", "basis")
    days_given = told.number("days", 1, 60)
    first = date(year, 1, 3)
    return f.Rule(on=first, name=str(told.value("name")), days=days_given, basis=str(told.value("basis")))


def rule(told: f.Rule, year: int, rng: Random) -> Iterator[Invented]:
    yield Invented(RatingRule.lay_down, told, "rating rule", OFFICE, HEAD)


# ── Ratings ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Ratings:
    """Cases finished by office and month; the grades given; how many were entered at a counter, and how many appeals were upheld."""

    finished: tuple[Some, ...]
    grades: Mapping[f.Grade, int]
    counter: int
    upheld: int


def read_ratings(told: Told, year: int) -> Ratings:
    """The table [service_rating]."""
    told.only("total", "counter", "upheld", "finished", "grades")
    finished = told.table("finished").months(year)
    total = sum(some.n for some in finished)
    told.must_add_up("total", total, "各机关合计")
    grades = _by(told.table("grades"), f.Grade)
    rated, bad = sum(grades.values()), sum(n for grade, n in grades.items() if grade.bad)
    if rated > total:
        told.wrong("E738", "grades", f"评价合计{rated}，办结只有{total}")
    return Ratings(finished, grades, told.number("counter", 0, rated), told.number("upheld", 0, bad))


def _by(table: Told, kind: type[K]) -> dict[K, int]:
    """A number for each outcome of a kind, by what it is called."""
    table.only(*labels(kind))
    return {one: table.number(one.label, default=0) for one in kind}


def ratings(told: Ratings, year: int, rng: Random) -> Iterator[Invented]:
    """Whoever rated did so within the week; bad ones were put right within days, a few appealed against."""
    cases = [some for some in told.finished for _ in range(some.n)]
    grades: list[f.Grade | None] = [grade for grade, n in told.grades.items() for _ in range(n)]
    grades += [None] * (len(cases) - len(grades))
    rng.shuffle(grades)
    counter, upheld = told.counter, told.upheld
    for n, (some, grade) in enumerate(zip(cases, grades, strict=True), 1):
        on, ref = rng.choice(days.of_month(some.month)[:-9]), f"rating {n}"
        finished = f.Finished(
            on=on,
            number=f"演示{year}-{n:05d}",
            item=ITEMS[n % len(ITEMS)] + words.INVENTED,
            channel=rng.choice(tuple(f.Channel)),
            telephone=number(n),
        )
        yield Invented(ServiceRating.register, finished, ref, some.office, CLERK)
        if grade is None:
            continue
        on = days.later(on, rng.randint(1, 3))
        if counter and not grade.bad:
            counter -= 1
            told_there = f.CounterRating(on=on, grade=grade, device=f"{n % 9 + 1}号窗口评价器（虚构）")
            yield Invented(ServiceRating.rate_at_counter, told_there, ref, some.office, CLERK)
            continue
        said = f"等候时间偏长{words.INVENTED}" if grade.bad else ""
        rating = f.Rating(on=on, grade=grade, named=grade.bad, words=said)
        yield Invented(ServiceRating.rate, rating, ref, "", APPLICANT)
        if not grade.bad:
            continue
        if upheld:
            upheld -= 1
            yield from _appealed(f"{ref}/1", some.office, on)
            continue
        yield from _put_right(f"{ref}/1", some.office, on)
        again = f.Rating(on=days.later(on, 4), grade=f.Grade.GOOD)
        yield Invented(ServiceRating.rate_again, again, ref, "", APPLICANT)


def _appealed(order: str, office: str, on: date) -> Iterator[Invented]:
    appeal = f.Appeal(on=on, ground=f.Ground.MISTAKEN, why=f"评价人来电说明点错了等级{words.INVENTED}")
    yield Invented(BadRatingOrder.appeal, appeal, order, office, CLERK)
    ruling = f.Ruling(on=days.later(on, 2), reason=f"经电话核实，确属误点{words.INVENTED}")
    yield Invented(RatingAppeal.uphold, ruling, f"{order}/1", OFFICE, HEAD)


def _put_right(order: str, office: str, on: date) -> Iterator[Invented]:
    verified = f.Verified(on=days.later(on, 1), finding=f.Finding.TRUE, note=f"当天排队较长{words.INVENTED}")
    yield Invented(BadRatingOrder.verify, verified, order, office, CLERK)
    rectified = f.Rectified(on=days.later(on, 2), measures=f"高峰时段增开窗口，设咨询岗{words.INVENTED}")
    yield Invented(BadRatingOrder.rectify_it, rectified, order, office, CLERK)
    fed = f.FedBack(
        on=days.later(on, 3), way=f.Way.PHONE, reached=True, content=f"已电话说明整改情况{words.INVENTED}"
    )
    yield Invented(BadRatingOrder.feed_back, fed, order, office, CLERK)


def on_the_desk(office: str, today: date, rng: Random) -> list[Invented]:
    """Two finished cases nobody has rated yet, and a bad rating of this week to be seen to."""
    found = []
    for n in range(3):
        on, ref = days.earlier(today, 3 - n), f"waiting rating {n}"
        finished = f.Finished(
            on=on,
            number=f"演示{today.year}-{n + 1:05d}",
            item=ITEMS[n] + words.INVENTED,
            telephone=number(60_000 + n),
        )
        found.append(Invented(ServiceRating.register, finished, ref, office, CLERK))
    bad = f.Rating(on=today, grade=f.Grade.BAD, named=True, words=f"等了一个多小时{words.INVENTED}")
    found.append(Invented(ServiceRating.rate, bad, "waiting rating 0", "", APPLICANT))
    return found


# ── Call-backs ───────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Calls:
    """Who was due, by office and month; what became of them; the grades of those who gave one."""

    due: tuple[Some, ...]
    results: Mapping[f.Result, int]
    grades: Mapping[f.Grade, int]


def read_calls(told: Told, year: int) -> Calls:
    """The table [call_back]: the totals the report prints, and what they are made of."""
    told.only("due", "dialled", "graded", "listed", "results", "grades")
    due = told.table("listed").months(year)
    results, grades = _by(told.table("results"), f.Result), _by(told.table("grades"), f.Grade)
    told.must_add_up("due", sum(some.n for some in due), "各机关合计")
    told.must_add_up("due", sum(results.values()), "各种结果")
    told.must_add_up("dialled", sum(n for result, n in results.items() if result.stage >= 1), "呼叫过的")
    told.must_add_up(
        "graded", sum(n for result, n in results.items() if result.stage >= GRADED), "已评价的结果"
    )
    told.must_add_up("graded", sum(grades.values()), "各等级")
    return Calls(due, results, grades)


def calls(told: Calls, year: int, rng: Random) -> Iterator[Invented]:
    """One record a person, as the county's earlier system handed them over; who was dissatisfied was seen to."""
    results = [result for result, n in told.results.items() for _ in range(n)]
    grades = [grade for grade, n in told.grades.items() for _ in range(n)]
    rng.shuffle(results)
    rng.shuffle(grades)
    n = 0
    for some in told.due:
        month, round = days.of_month(some.month), f"{some.month.year}年{some.month.month}月办结件回访"
        for _ in range(some.n):
            result = results[n]
            n += 1
            ref, on = f"call back {n}", month[n % (len(month) - 6)]
            grade = grades.pop() if result.stage >= GRADED else None
            back = f.CalledBack(
                on=on,
                number=f"演示{year}H{n:05d}",
                item=ITEMS[n % len(ITEMS)],
                result=result,
                grade=grade,
                round=round,
                dials=_dials(result, n),
                seconds=20 + n % 40 if result.stage >= GRADED else 0,
            )
            yield Invented(CallBack.enter, back, ref, some.office, CLERK)
            if grade is not None and grade.bad:
                yield from _put_right(f"{ref}/1", some.office, on)
                heard = f.SecondHeard(
                    on=days.later(on, 4), grade=f.Grade.GOOD, how="电话回访，本人口述（虚构）"
                )
                yield Invented(BadRatingOrder.second_heard, heard, f"{ref}/1", some.office, CLERK)


def _dials(result: f.Result, n: int) -> int:
    if not result.stage:
        return 0
    return 3 if result.stage == 1 else 1 + (n % 7 == 0)


def running(office: str, today: date, rng: Random) -> list[Invented]:
    """A small round that is being called now, by people who do not exist either."""
    people = "\n".join(
        f"演示{today.year}R{n:03d}，{ITEMS[n % len(ITEMS)]}（虚构），{number(70_000 + n)}"
        for n in range(1, 61)
    )
    round = f.Round(
        on=today,
        about=f"近期办结件回访{words.INVENTED}",
        people_list=people,
        plan="回访电话，本人，3次，间隔2分钟，限8分钟，接听也算，听完也算",
        hours="00:00-23:59",
    )
    return [Invented(CallBackRound.begin, round, "waiting round", OFFICE, CLERK)]


PARTS = (
    Part("rating_rule", read_rule, rule),
    Part("service_rating", read_ratings, ratings, on_the_desk),
    Part("call_back", read_calls, calls, running),
)
