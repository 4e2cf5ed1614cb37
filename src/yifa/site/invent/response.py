"""Who commands, what happened and what did not, within the year's volumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from yifa.matters.emergency.response import facts as f
from yifa.matters.emergency.response.procedure import (
    CommandBody,
    DutyLog,
    GuidanceStation,
    Incident,
    Response,
    SixHaves,
    ZeroReport,
)
from yifa.people import CLERK, HEAD
from yifa.site.volumes import Some, Told

from . import days, words
from .acts import Invented, Part

OFFICE = "xinxian-emergency"


# ── Bodies, stations, checks ─────────────────────────────────────────────────


def read_bodies(told: Told, year: int) -> int:
    """The table [command_body]: how many special commands there are beside the one."""
    told.only("special")
    return told.number("special", 0, 30)


def bodies(special: int, year: int, rng: Random) -> Iterator[Invented]:
    for n in range(special + 1):
        body = f.Body(
            on=days.of_month(date(year - 1, 3, 1))[0],
            name="县应急指挥部（虚构）" if n == 0 else f"第{n}专项指挥部（虚构）",
            part=f.Part.MANY if n else f.Part.ONE,
            chief=words.name(rng),
            plan=f"演示预案第{n + 1}号（虚构）",
        )
        yield Invented(CommandBody.set_up, body, f"command {n}", OFFICE, CLERK)


def read_stations(told: Told, year: int) -> Mapping[str, int]:
    """The table [guidance_station]: by office, and the total."""
    told.only("total", "by")
    by = told.table("by")
    found = {by.known_office(code, code): by.number(code) for code in by.told}
    told.must_add_up("total", sum(found.values()), "各乡镇")
    return found


def stations(told: Mapping[str, int], year: int, rng: Random) -> Iterator[Invented]:
    n = 0
    for office, count in told.items():
        for _ in range(count):
            n += 1
            station = f.Station(
                on=days.of_month(date(year - 1, 5, 1))[0],
                name=f"第{n}号安全劝导站（虚构）",
                village=f"演示村第{n}号（虚构）",
                keeper=words.name(rng),
            )
            yield Invented(GuidanceStation.set_up, station, f"station {n}", office, CLERK)


def read_checks(told: Told, year: int) -> tuple[Some, ...]:
    """The table [six_haves]: by office and month, and the total."""
    told.only("total", "checked")
    checked = told.table("checked").months(year)
    told.must_add_up("total", sum(some.n for some in checked), "各乡镇")
    return checked


def checks(told: tuple[Some, ...], year: int, rng: Random) -> Iterator[Invented]:
    for n, some in enumerate(told, 1):
        on = rng.choice(days.of_month(some.month))
        six = f.Six(on=on, body=True, staff=True, place=True, equipment=True, funds=True, rules=True)
        yield Invented(SixHaves.check, six, f"six {n}", some.office, CLERK)


# ── Incidents, and months reported on ────────────────────────────────────────


@dataclass(frozen=True)
class Happened:
    office: str
    month: date
    sort: f.Sort
    injured: int


def read_incidents(told: Told, year: int) -> tuple[Happened, ...]:
    """The table [incident]: each with its office, month, sort and how many were hurt."""
    told.only("total", "case")
    sorts = {sort.label: sort for sort in f.Sort}
    found = []
    for row in told.rows("case"):
        row.only("office", "month", "sort", "injured")
        month = date(year, row.number("month", 1, 12), 1)
        injured = row.number("injured", 0, 999)
        found.append(Happened(row.office(), month, sorts[row.choice("sort", sorts)], injured))
    told.must_add_up("total", len(found), "各起")
    return tuple(found)


def incidents(told: tuple[Happened, ...], year: int, rng: Random) -> Iterator[Invented]:
    for n, one in enumerate(told, 1):
        on, ref = rng.choice(days.any_of_month(one.month)[:-2]), f"incident {n}"
        first = f.Incident(
            on=on,
            what=f"演示事件第{n}号（虚构）",
            sort=one.sort,
            place=f"演示地点第{n}号（虚构）",
            first=f"已派人到场处置{words.INVENTED}",
        )
        yield Invented(Incident.report, first, ref, one.office, CLERK)
        final = f.Final(
            on=on + 2 * days.DAY,
            grade=f.Grade.ORDINARY,
            deaths=0,
            injured=one.injured,
            summary=f"险情排除{words.INVENTED}",
        )
        yield Invented(Incident.close, final, ref, one.office, CLERK)


@dataclass(frozen=True)
class Reports:
    """Who reported every month, less the months that are missing; what they had to report."""

    offices: tuple[str, ...]
    missing: frozenset[tuple[str, int]]
    happened: tuple[Happened, ...]


def read_reports(told: Told, year: int) -> Reports:
    """The table [zero_report]: these offices report every month, but for those named with their months."""
    told.only("offices", "missing", "incidents")
    missing = told.table("missing").months(year) if "missing" in told.told else ()
    happened = read_incidents(told.table("incidents"), year)
    codes = tuple(told.known_office("offices", code) for code in told.value("offices"))
    return Reports(codes, frozenset((some.office, some.month.month) for some in missing), happened)


def reports(told: Reports, year: int, rng: Random) -> Iterator[Invented]:
    yield from incidents(told.happened, year, rng)
    n = 0
    for month in range(1, 13):
        end = days.any_of_month(date(year, month, 1))[-1]
        for office in told.offices:
            if (office, month) in told.missing:
                continue
            n += 1
            mine = [h for h in told.happened if h.office == office and h.month.month == month]
            report = f.Month(on=end, incidents=len(mine), casualties=sum(h.injured for h in mine))
            yield Invented(ZeroReport.file, report, f"zero report {n}", office, CLERK)


# ── Responses and watches ────────────────────────────────────────────────────


def read_responses(told: Told, year: int) -> tuple[tuple[f.Level, date], ...]:
    """The table [response]: levels by month."""
    told.only("total", "started")
    levels = {level.label: level for level in f.Level}
    found = []
    for row in told.rows("started"):
        row.only("level", "month")
        found.append((levels[row.choice("level", levels)], date(year, row.number("month", 1, 12), 1)))
    told.must_add_up("total", len(found), "各次")
    return tuple(found)


def responses(told: tuple[tuple[f.Level, date], ...], year: int, rng: Random) -> Iterator[Invented]:
    for n, (level, month) in enumerate(told, 1):
        on, ref = rng.choice(days.any_of_month(month)[:-3]), f"response {n}"
        start = f.Start(
            on=on,
            subject="防汛应急响应（虚构）",
            level=level,
            plan="演示预案（虚构）",
            until=on + 3 * days.DAY,
            measures=f"加强巡查，做好转移准备{words.INVENTED}",
        )
        yield Invented(Response.launch, start, ref, OFFICE, HEAD)
        ending = f.Ending(on=on + 2 * days.DAY, why=f"降雨结束，险情解除{words.INVENTED}")
        yield Invented(Response.end, ending, ref, OFFICE, HEAD)


def read_watches(told: Told, year: int) -> int:
    """The table [duty_log]: how many shifts were kept in the flood season."""
    told.only("total")
    return told.number("total", 0, 3660)


def watches(total: int, year: int, rng: Random) -> Iterator[Invented]:
    season = [day for month in range(5, 10) for day in days.any_of_month(date(year, month, 1))]
    for n in range(total):
        watch = f.Watch(
            on=season[n % len(season)],
            shift="夜班 18:00—次日8:00",
            leader=words.name(rng),
            officer=words.name(rng),
            events="无异常（虚构）",
        )
        yield Invented(DutyLog.keep, watch, f"watch {n}", OFFICE, CLERK)


PARTS = (
    Part("command_body", read_bodies, bodies),
    Part("guidance_station", read_stations, stations),
    Part("six_haves", read_checks, checks),
    Part("zero_report", read_reports, reports, any_day=True),
    Part("response", read_responses, responses, any_day=True),
    Part("duty_log", read_watches, watches, any_day=True),
)
