"""What a record or the law says, in the reader's language where that can be done, else marked as Chinese.

A page in English holds names, titles and document numbers that stay Chinese. They are marked, so that a reading
program changes its voice and a browser its type; dates, quantities and known words are put into English.
"""

import re
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from yifa.clock import Length
from yifa.procedure.words import Told

from . import write
from .words import english, language, word

SIGN = "[\u2e80-\u9fff\uff00-\uffef]"
CHINESE = re.compile(SIGN)
RUN = re.compile(rf"({SIGN}(?:(?:{SIGN}|[\d\s.,:;·-])*{SIGN})?)")  # with the figures that stand within
DAY = re.compile(r"(截至)?(\d{4})年(\d{1,2})月(\d{1,2})日")
YEAR = re.compile(r"(\d{4})年")
DIGEST = re.compile("[0-9a-f]{64}")
LACKING = re.compile(r"尚缺(\d+)份报告")  # of a zero not everybody has reported
QUANTITY = re.compile(r"([+−-]?)([\d,]+(?:\.\d+)?)(余?)(万?)(\D*)")


def _day(text: str) -> str:
    found = DAY.fullmatch(text)
    if not found:
        return ""
    until, *parts = found.groups()
    return ("as of " if until else "") + write.day(date(*map(int, parts)), "en")


def _year(text: str) -> str:
    found = YEAR.fullmatch(text)
    return found[1] if found else ""


def quantity(text: str) -> str:
    """A written number in English; empty where it is none, or its unit is not known."""
    found = QUANTITY.fullmatch(text)
    if not found:
        return ""
    sign, number, more, ten_thousand, unit = found.groups()
    if unit.strip() and unit not in english() and CHINESE.search(unit):
        return ""
    parts = ["over" if more else "", f"{sign}{number}", "× 10,000" if ten_thousand else "", _unit(unit)]
    said = " ".join(filter(None, parts))
    return said.replace(" %", "%")


def _unit(unit: str) -> str:
    return english().get(unit, unit).strip()


def spoken(text: Any) -> Markup:
    """A filter: `{{ case.subject|spoken }}`."""
    if isinstance(text, Markup):
        return text
    said = "" if text is None else str(text)
    if DIGEST.fullmatch(said):  # its beginning tells two apart; pointed at, printed or copied it is whole
        return Markup('<span class="digest" title="{0}">{0}</span>').format(said)
    if language() != "en" or not CHINESE.search(said):
        return escape(said)
    if known := english().get(said) or _day(said) or _year(said) or quantity(said):
        return escape(known)
    return Markup("").join(
        Markup('<span lang="zh-CN">{}</span>').format(part) if n % 2 else escape(part)
        for n, part in enumerate(RUN.split(said))
    )


def stays_chinese(text: Any) -> bool:
    """Must an element that shows this word say that it is Chinese?"""
    return language() == "en" and bool(CHINESE.search(word(text)))


def figure(text: str) -> str:
    """A figure as it is written, in the reader's language: 11次, 99.9%, 不适用."""
    if language() != "en":
        return text
    if lacking := LACKING.fullmatch(text):
        return word("尚缺{n}份报告", n=lacking[1])
    return quantity(text) or word(text)


def long(length: Length | Told) -> str:
    """How long a period is; one the office itself names says so."""
    if isinstance(length, Told):
        return word("由机关在文书中写明")
    return length.english() if language() == "en" else str(length)
