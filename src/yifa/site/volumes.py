"""How many of what a year held, by month and office: the volumes the demonstration is invented within.

The form of the file is told in library/counties/README.md. A file that contradicts itself is refused with the key
that is wrong; every total is given beside its parts, so a slip of the pen cannot pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from yifa.matters.enforcement.certificate import facts as certificate
from yifa.matters.leadership.study import facts as study
from yifa.matters.oversight.disclosure import facts as disclosure
from yifa.procedure import Outcome

CORRECTED, CONSULTED, EXTENDED = "补正", "第三方", "延期"
COURSE = (CORRECTED, CONSULTED, EXTENDED)
LAPSED, WAIVED = "视为放弃", "撤回"


class VolumesError(ValueError):
    """A file of volumes cannot be followed; names the file and the key."""


@dataclass(frozen=True)
class Application:
    """So many applications alike. Months are their first days; `outcome` "" and `closed` None: still open."""

    office: str
    received: date
    kind: str
    channel: str
    course: frozenset[str]
    outcome: str
    closed: date | None
    late: bool
    n: int


@dataclass(frozen=True)
class Session:
    """So many study sessions of a body, in a form, in a month."""

    body: str
    form: str
    month: date
    n: int


@dataclass(frozen=True)
class Some:
    """So many of something in an office in a month (for the opening stock: in a year, by its first day)."""

    office: str
    month: date
    n: int


@dataclass(frozen=True)
class Certificates:
    """What came and went on the register of certificates."""

    opening: tuple[Some, ...]
    issued: tuple[Some, ...]
    cancelled: tuple[Some, ...]
    suspended: tuple[Some, ...]
    returned: tuple[Some, ...]
    causes: Mapping[str, int]


@dataclass(frozen=True)
class Volumes:
    """A year's volumes."""

    year: int
    applications: tuple[Application, ...]
    sessions: tuple[Session, ...]
    certificates: Certificates


def read_volumes(file: Path, offices: Collection[str]) -> Volumes:
    """The volumes a file tells; `offices` are the codes it may name."""
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise VolumesError(f"没有数量文件 {file} [yifa.E730]") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise VolumesError(f"{file} 不是合格的 TOML：{wrong} [yifa.E731]") from wrong
    top = Told(file, told, (), offices)
    year = top.number("year", 2016, 9998)
    top.only("year", "disclosure", "study", "certificate")
    return Volumes(
        year,
        _applications(top.table("disclosure"), year),
        _sessions(top.table("study"), year),
        _certificates(top.table("certificate"), year),
    )


# ── Reading one table ────────────────────────────────────────────────────────


class Told:
    """A table of the file and the way to it, so that every complaint names its key."""

    def __init__(
        self, file: Path, told: Mapping[str, Any], way: tuple[str, ...], offices: Collection[str]
    ) -> None:
        self.file, self.told, self.way, self.offices = file, told, way, offices

    def wrong(self, id: str, key: str, what: str) -> NoReturn:
        raise VolumesError(f"{self.file}：{'.'.join((*self.way, key)) or '全文'} {what} [yifa.{id}]")

    def only(self, *keys: str) -> None:
        for key in self.told:
            if key not in keys:
                self.wrong("E733", key, f"这里没有这一项，可以写：{'、'.join(keys)}")

    def value(self, key: str) -> Any:
        if key not in self.told:
            self.wrong("E732", key, "没有写")
        return self.told[key]

    def table(self, key: str) -> Told:
        return Told(self.file, self._of(key, dict, "一张表"), (*self.way, key), self.offices)

    def rows(self, key: str) -> list[Told]:
        rows = self._of(key, list, f"若干个 [[{'.'.join((*self.way, key))}]]")
        found = []
        for n, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                self.wrong("E733", f"{key}[{n}]", "应当是一张表")
            found.append(Told(self.file, row, (*self.way, f"{key}[{n}]"), self.offices))
        return found

    def _of(self, key: str, kind: type, what: str) -> Any:
        value = self.value(key)
        if not isinstance(value, kind):
            self.wrong("E733", key, f"应当是{what}")
        return value

    def number(self, key: str, least: int = 0, most: int = 10_000_000, default: int | None = None) -> int:
        if default is not None and key not in self.told:
            return default
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong("E734", key, f"应当是整数，现在是 {value!r}")
        if not least <= value <= most:
            self.wrong("E734", key, f"应当在 {least} 至 {most} 之间，现在是 {value}")
        return value

    def yes(self, key: str) -> bool:
        value = self.told.get(key, False)
        if not isinstance(value, bool):
            self.wrong("E733", key, "应当是 true 或者 false")
        return value

    def choice(self, key: str, among: Iterable[str]) -> str:
        value, choices = self.value(key), tuple(among)
        if value not in choices:
            self.wrong("E737", key, f"没有“{value}”这一项，可以是：{'、'.join(choices)}")
        return str(value)

    def choices(self, key: str, among: Iterable[str]) -> frozenset[str]:
        values, choices = self.told.get(key, []), tuple(among)
        if not isinstance(values, list):
            self.wrong("E733", key, "应当是一个列表")
        for value in values:
            if value not in choices:
                self.wrong("E737", key, f"没有“{value}”这一项，可以是：{'、'.join(choices)}")
        return frozenset(values)

    def office(self, key: str = "office") -> str:
        return self.known_office(key, self.value(key))

    def known_office(self, key: str, code: object) -> str:
        if code not in self.offices:
            self.wrong("E736", key, f"没有代码为“{code}”的机关，见 offices.toml")
        return str(code)

    def month(self, key: str) -> date:
        """2023-04, as the first day of that month."""
        text = self.value(key)
        year, dash, month = str(text).partition("-")
        if not (isinstance(text, str) and dash and year.isdecimal() and len(year) == 4 and month.isdecimal()):
            self.wrong("E735", key, f"应当写成“2023-04”，现在是 {text!r}")
        return date(int(year), self._month_of_year(key, month), 1)

    def months(self, year: int) -> tuple[Some, ...]:
        """By office, then by month: xinxian-market = { 3 = 12, 9 = 8 }."""
        return tuple(
            Some(office, date(year, self._month_of_year(office, key), 1), row.number(key))
            for office, row in self._by_office()
            for key in row.told
        )

    def years(self, before: int) -> tuple[Some, ...]:
        """By office, then by the year of issue, all of them before the year itself."""
        found = []
        for office, row in self._by_office():
            for key in row.told:
                if not (key.isdecimal() and 2016 < int(key) < before):
                    row.wrong("E735", key, f"不是 2017 至 {before - 1} 之间的年份")
                found.append(Some(office, date(int(key), 1, 1), row.number(key)))
        return tuple(found)

    def _by_office(self) -> list[tuple[str, Told]]:
        return [(self.known_office(code, code), self.table(code)) for code in self.told]

    def _month_of_year(self, key: str, text: str) -> int:
        if not (text.isdecimal() and 1 <= int(text) <= 12):
            self.wrong("E735", key, f"没有“{text}”月，应当是 1 至 12")
        return int(text)

    def must_add_up(self, key: str, parts: int, what: str) -> None:
        """A total and its parts."""
        total = self.number(key)
        if total != parts:
            self.wrong("E738", key, f"写的是 {total}，{what}合计是 {parts}")


def _labels(*outcomes: type[Outcome]) -> list[str]:
    return [str(one.label) for kind in outcomes for one in kind]


# ── The three matters ────────────────────────────────────────────────────────


def _applications(told: Told, year: int) -> tuple[Application, ...]:
    told.only("total", "application")
    found = [_application(row) for row in told.rows("application")]
    total, first, after = told.table("total"), date(year, 1, 1), date(year + 1, 1, 1)
    total.only("carried_in", "received", "finished", "carried_out")
    before = [a for a in found if a.received < first]
    for a in found:
        if a.received >= after or (a.closed and a.closed < first):
            told.wrong("E738", "application", f"{a.received:%Y-%m} 收到的一行不属于 {year} 年")
    total.must_add_up("carried_in", sum(a.n for a in before), "上年收到、结转本年的")
    total.must_add_up("received", sum(a.n for a in found if a.received >= first), "本年收到的")
    total.must_add_up("finished", sum(a.n for a in found if a.closed and a.closed < after), "本年办结的")
    still = sum(a.n for a in found if a.closed is None or a.closed >= after)
    total.must_add_up("carried_out", still, "结转下年的")
    return tuple(found)


def _application(row: Told) -> Application:
    row.only("office", "received", "kind", "channel", "course", "outcome", "closed", "late", "n")
    course = row.choices("course", COURSE)
    outcome = (
        row.choice("outcome", [*_labels(disclosure.Answer), LAPSED, WAIVED]) if "outcome" in row.told else ""
    )
    closed = row.month("closed") if "closed" in row.told else None
    received = row.month("received")
    if bool(outcome) != bool(closed):
        row.wrong("E732", "closed" if outcome else "outcome", "没有写：办结的既写结果，也写月份")
    if closed and closed < received:
        row.wrong("E735", "closed", "早于收到的月份")
    if outcome == LAPSED and CORRECTED not in course:
        row.wrong("E738", "course", f"“{LAPSED}”须先告知{CORRECTED}")
    late = row.yes("late")
    if late and outcome in ("", LAPSED, WAIVED):
        row.wrong("E738", "late", "只有已经答复的才谈得上逾期答复")
    return Application(
        row.office(),
        received,
        row.choice("kind", _labels(disclosure.Applicant)),
        row.choice("channel", _labels(disclosure.Channel)),
        course,
        outcome,
        closed,
        late,
        row.number("n", default=1),
    )


def _sessions(told: Told, year: int) -> tuple[Session, ...]:
    told.only("total", "session")
    found = []
    for row in told.rows("session"):
        row.only("body", "form", "month", "n")
        body, form = row.choice("body", _labels(study.Body)), row.choice("form", _labels(study.Form))
        month = date(year, row.number("month", 1, 12), 1)
        found.append(Session(body, form, month, row.number("n", default=1)))
    told.must_add_up("total", sum(s.n for s in found), "各次学法")
    return tuple(found)


MOVES = ("opening", "issued", "cancelled", "suspended", "returned")


def _certificates(told: Told, year: int) -> Certificates:
    told.only("total", "cause", *MOVES)
    opening = told.table("opening").years(year)
    moves = {name: told.table(name).months(year) for name in MOVES[1:]}
    total = told.table("total")
    total.only(*MOVES)
    for name, some in {"opening": opening, **moves}.items():
        total.must_add_up(name, sum(s.n for s in some), "各机关")
    cause = told.table("cause")
    cause.only(*_labels(certificate.Cause))
    causes = {key: cause.number(key) for key in cause.told}
    if sum(causes.values()) != sum(s.n for s in moves["cancelled"]):
        told.wrong("E738", "cause", f"合计是 {sum(causes.values())}，与注销总数不符")
    found = Certificates(opening, **moves, causes=causes)
    _must_be_there(told, found)
    return found


def _must_be_there(told: Told, c: Certificates) -> None:
    """Month by month no office cancels, suspends or returns a certificate that is not there."""
    for office in {s.office for s in (*c.opening, *c.issued, *c.cancelled, *c.suspended, *c.returned)}:
        held, away = sum(s.n for s in c.opening if s.office == office), 0
        for month in range(1, 13):
            came, gone, taken, back = (
                sum(s.n for s in some if s.office == office and s.month.month == month)
                for some in (c.issued, c.cancelled, c.suspended, c.returned)
            )
            held, away = held + came - taken, away + taken
            if held < 0:
                told.wrong("E738", f"suspended.{office}", f"{month}月暂扣的多于在手的证件")
            held, away = held + back - gone, away - back
            if away < 0:
                told.wrong("E738", f"returned.{office}", f"{month}月发还的多于暂扣的")
            if held < 0:
                told.wrong("E738", f"cancelled.{office}", f"{month}月注销的多于有效的证件")
