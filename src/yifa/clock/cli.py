"""What `yifa due` says: a period as people write it, a date as people write it, the day and the sum."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime

from yifa.law import number

from .lengths import ClockError, Length
from .published import national
from .sums import before, reckon

__all__ = ["due", "length", "start_of"]

WORDS = {
    "working": "个工作日|工作日|working days?|work(?:ing)?days?|business days?|wd",
    "day": "个自然日|自然日|日历日|日|天|(?:calendar )?days?|d",
    "month": "个月|月|months?|m",
    "year": "周年|年|years?|y",
    "hour": "个小时|小时|hours?|h",
}
SPEC = re.compile(
    r"([0-9]+|[零〇一二两三四五六七八九十百千]+)\s*(?:"
    + "|".join(f"(?P<{unit}>{words})" for unit, words in WORDS.items())
    + ")"
)
DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
MOMENT = re.compile(DAY.pattern + r"[T\s]*(\d{1,2})(?::|时|点)(\d{1,2})?分?")

ENGLISH = {
    "yifa.E021": "The length is out of range.",
    "yifa.E022": "The period leaves the calendar (years 1 to 9999).",
    "yifa.E025": "A period in hours starts from a moment: 2026-02-09 16:30.",
}


def due(spec: str, start: str, *, as_json: bool = False, back: bool = False) -> tuple[int, str]:
    """The exit code and what to print: the date and its sum, or what was not understood."""
    try:
        wanted, from_ = length(spec), start_of(start)
        if wanted.unit != "hour" and isinstance(from_, datetime):
            from_ = from_.date()
        found = before(from_, wanted, national()) if back else reckon(from_, wanted, national())
    except ClockError as wrong:
        return 2, _wrong(str(wrong), as_json=as_json)
    if as_json:
        return 0, json.dumps(found.as_dict(), ensure_ascii=False, indent=2)
    day = f"{found.at:%Y-%m-%d %H:%M}" if found.at else str(found.day)
    return 0, "\n".join([day + ("（暂定 provisional）" if found.provisional else ""), *found.sentences()])


def _wrong(said: str, *, as_json: bool) -> str:
    said += next((f" {english}" for id_, english in ENGLISH.items() if id_ in said), "")
    return json.dumps({"error": said}, ensure_ascii=False) if as_json else said


def length(spec: str) -> Length:
    """A length as people write it.

    >>> [str(length(spec)) for spec in ("20 working days", "二十个工作日", "三个月", "24小时", "15日", "2 years")]
    ['20个工作日', '20个工作日', '3个月', '24小时', '15日', '2年']
    """
    plain = unicodedata.normalize("NFKC", spec).strip().lower()
    match = SPEC.fullmatch(re.sub(r"\s+", " ", plain))
    amount = number(match[1]) if match else None
    if match is None or amount is None:
        raise ClockError(
            f"看不懂期限“{spec}”，请写成 20个工作日、15日、3个月、2年、24小时。"
            f" Cannot read the length “{spec}”; write 20 working days, 15 days, 3 months, 2 years or 24 hours. [yifa.E028]"
        )
    unit = next(unit for unit in WORDS if match[unit])
    return Length(amount, unit)


def start_of(text: str) -> date:
    """A day, or a moment, as people write it: 2026-02-09, 2026年2月9日, 2026-02-09 16:30."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        if day := DAY.fullmatch(plain):
            return date(*map(int, day.groups()))
        if at := MOMENT.fullmatch(plain):
            return datetime(*(int(part or 0) for part in at.groups()))  # type: ignore[arg-type]
    except ValueError:
        pass  # the 30th of February reads like a date and is none
    raise ClockError(
        f"看不懂日期“{text}”，请写成 2026-02-09 或者 2026年2月9日，按小时计算的写成 2026-02-09 16:30。"
        f" Cannot read the date “{text}”; write 2026-02-09, or 2026-02-09 16:30 for hours. [yifa.E029]"
    )
