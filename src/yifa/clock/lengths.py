"""How long a period is, in the law's own unit and the law's own words."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.law import numeral

__all__ = ["ClockError", "Length", "days", "hours", "months", "short_days", "working_days", "years"]

UNITS = {"working": "个工作日", "day": "日", "month": "个月", "year": "年", "hour": "小时"}
ENGLISH = {"working": "working day", "day": "day", "month": "month", "year": "year", "hour": "hour"}
LONGEST = {"working": 20_000, "day": 30_000, "month": 1_200, "year": 100, "hour": 100_000}


class ClockError(ValueError):
    """A length, a date or a calendar that cannot be counted with. The message ends with an id."""


@dataclass(frozen=True, slots=True)
class Length:
    """So many working days, days, months, years or hours; `spelt` where the statute writes it another way."""

    amount: int
    unit: str
    spelt: str = ""

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ClockError(f"期限的单位只能是{'、'.join(UNITS)}，不能是“{self.unit}” [yifa.E020]")
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise ClockError(f"期限的长度应当是整数，不能是“{self.amount}” [yifa.E021]")
        if not 1 <= self.amount <= LONGEST[self.unit]:
            limit = f"1到{LONGEST[self.unit]}{UNITS[self.unit]}"
            raise ClockError(f"期限的长度应当是{limit}，不能是{self.amount} [yifa.E021]")

    def __str__(self) -> str:
        return self.spelt or f"{self.amount}{UNITS[self.unit]}"

    def spellings(self) -> list[str]:
        """The ways a statute may write this length.

        >>> working_days(20).spellings(), months(2).spellings()
        (['20个工作日', '二十个工作日'], ['2个月', '二个月', '两个月', '二月'])
        """
        if self.spelt:
            return _unique(self.spelt, self.spelt.replace(str(self.amount), _counted(self.amount)))
        written = [str(self.amount), _counted(self.amount)]
        if self.amount == 2:
            written.append("两")
        forms = [number + UNITS[self.unit] for number in written]
        if self.unit == "month":
            forms.append(f"{_counted(self.amount)}月")
        if self.unit == "day":
            forms += [number + "天" for number in written]
        return _unique(*forms)

    def english(self) -> str:
        unit = "working day" if self.unit == "working" else ENGLISH[self.unit]
        return f"{self.amount} {unit}" + ("" if self.amount == 1 else "s")


def _counted(amount: int) -> str:
    return numeral(amount) if amount <= 9999 else str(amount)


def _unique(*forms: str) -> list[str]:
    return list(dict.fromkeys(forms))


def working_days(n: int) -> Length:
    return Length(n, "working")


def short_days(n: int) -> Length:
    """“五日” in a statute that says such days are working days (行政复议法第八十八条、行政处罚法第八十五条)."""
    return Length(n, "working", f"{n}日")


def days(n: int) -> Length:
    """Calendar days."""
    return Length(n, "day")


def months(n: int) -> Length:
    return Length(n, "month")


def years(n: int) -> Length:
    return Length(n, "year")


def hours(n: int) -> Length:
    return Length(n, "hour")
