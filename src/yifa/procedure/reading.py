"""What people typed, read as facts; or, field by field, why it cannot be read.

A value that can be read in two ways is refused and never guessed. What nobody sees (zero-width characters, which
copying from a web page brings along) is left out; what would make a text look like another one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from yifa.law import number

from .facts import Ask, Facts, typed_of
from .mistakes import Unreadable
from .words import Outcome

T = TypeVar("T", bound=Facts)

LONGEST = {False: 500, True: 20_000}  # characters a short and a long text may have
MOST = 2_000  # names a list may have
DIGEST = re.compile("[0-9a-f]{64}")  # how a document is told: by the digest of its reading
LONGEST_WORD = 100  # characters of a date, a number, a choice, a yes
LARGEST = 2**53  # whole numbers beyond this are not exact in JSON readers
FIRST_YEAR, LAST_YEAR = 1900, 2199
SHOWN = 40  # characters of a wrong value that a message repeats

YES = frozenset(("是", "有", "同意", "√", "true", "1", "on", "yes", "y"))
NO = frozenset(("否", "无", "不同意", "×", "false", "0", "off", "no", "n"))
UNKNOWN = frozenset(("未知", "不详", "unknown"))

# ── Characters ───────────────────────────────────────────────────────────────

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNSEEN = re.compile("[\xad\u200b-\u200f\u2060\ufeff]")
FORBIDDEN = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x9f"  # control characters
    "\u061c\u202a-\u202e\u2061-\u206f\ufff9-\ufffb\U000e0000-\U000e007f"  # they turn or hide what is seen
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥", 0x2212: "-"}


def clean(text: str) -> str:
    """Line ends made one kind, what nobody sees and the spaces around left out."""
    return UNSEEN.sub("", LINE_ENDS.sub("\n", text)).strip()


def half(text: str) -> str:
    """Full-width letters, figures and signs made half-width: ２０２３－３－５ is a date too."""
    return text.translate(HALF)


def shown(value: Any) -> str:
    """A wrong value as a message repeats it: short, on one line, nothing hidden in it."""
    text = FORBIDDEN.sub("�", clean(str(value)[: 4 * SHOWN])).replace("\n", " ")
    return f"“{text[:SHOWN]}…”" if len(text) > SHOWN or len(str(value)) > 4 * SHOWN else f"“{text}”"


# ── A form ───────────────────────────────────────────────────────────────────


def read(facts: type[T], typed: Mapping[str, Any]) -> T:
    """Make facts of what was typed, or say field by field what cannot be read (`Unreadable`).

    Values are strings as people type them (or already of the right type); names not asked are ignored, and so is what
    the machine finds.
    """
    problems: list[tuple[str, str]] = []
    told: dict[str, Any] = {}
    try:
        told["on"] = read_date(typed.get("on"), facts.on_label)
    except ValueError as wrong:
        problems.append(("on", str(wrong)))
    for a in typed_of(facts):
        try:
            told[a.name] = read_value(a, typed.get(a.name))
        except ValueError as wrong:
            problems.append((a.name, str(wrong)))
    if problems:
        raise Unreadable(problems)
    return facts(**told)


def read_value(a: Ask, value: Any) -> Any:
    """One answer in its own type; the default when nothing was typed. ValueError says what was expected."""
    if _blank(value):
        return _untold(a)
    if a.document:
        return _document(a, value)
    if a.many:
        return _several(a, value) or _untold(a)
    if a.kind is date:
        return read_date(value, a.label)
    if a.kind is bool:
        return _yes_or_no(a, value)
    if issubclass(a.kind, Outcome):
        return _outcome(a, value)
    return _text(a, value) if a.kind is str else _number(a, value)


def _blank(value: Any) -> bool:
    if isinstance(value, str):
        return not clean(value)
    return value is None or (isinstance(value, (list, tuple)) and not value)


def _untold(a: Ask) -> Any:
    if a.default is not MISSING:
        return a.default
    if a.optional:
        return None
    if a.kind is bool:
        return False
    raise ValueError(f"请提交{a.label}" if a.document else f"请填写{a.label}")


# ── Texts and lists ──────────────────────────────────────────────────────────


def _text(a: Ask, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError(f"{a.label}应当是文字")
    text = clean(str(value))
    if found := FORBIDDEN.search(text):
        raise ValueError(f"{a.label}含有看不见的控制字符（U+{ord(found[0]):04X}），请删去后重新输入")
    if not a.long:
        text = re.sub(r"\s*\n\s*", " ", text)
    most = a.most or LONGEST[a.long]
    if len(text) > most:
        raise ValueError(f"{a.label}最多{most}字，现有{len(text)}字")
    return text


def _document(a: Ask, value: Any) -> str:
    if isinstance(value, str) and DIGEST.fullmatch(value):
        return value
    raise ValueError(f"{a.label}是一份文件，不能直接填写；请选择文件，或者粘贴文字")


def split_names(text: str) -> list[str]:
    """Several names typed in one field."""
    return re.split(r"[、，,；;\n]+", clean(text))


def _several(a: Ask, value: Any) -> tuple[str, ...]:
    """Several texts. The same one twice stays twice: two people may bear one name."""
    if isinstance(value, str):
        value = split_names(value)
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{a.label}应当是若干名称，用顿号分开")
    found = tuple(text for part in value if not _blank(part) and (text := _text(a, part)))
    if len(found) > MOST:
        raise ValueError(f"{a.label}最多{MOST}个，现有{len(found)}个")
    return found


# ── Words: dates, numbers, choices, yes and no ───────────────────────────────


def _word(label: str, value: Any, what: str, *kinds: type) -> str:
    """A short answer as text, half-width; `kinds` are the types it may have besides text."""
    if isinstance(value, bool) or not isinstance(value, (str, *kinds)):
        raise ValueError(f"{label}{shown(value)}{what}")
    text = half(clean(str(value)))
    if len(text) > LONGEST_WORD:
        raise ValueError(f"{label}{shown(value)}{what}")
    return text


NOT_A_DATE = "不是日期，请写成 2023-03-05 或 2023年3月5日"
DIGITS = {han: str(n) for n, han in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
DATES = (
    re.compile(r"([0-9]{4})\s*([-/.])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\s*(年)\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?"),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})"),
    re.compile(rf"([{''.join(DIGITS)}]{{4}})(年)([一二三四五六七八九十]+)月([一二三四五六七八九十]+)[日号]"),
)


def read_date(value: Any, label: str) -> date:
    """A date typed as 2023-03-05, 2023/3/5, 2023.3.5, 20230305, 2023年3月5日 or 二〇二三年三月五日.

    >>> {read_date(t, "日期").isoformat() for t in ("2023/3/5", "20230305", "２０２３年３月５日", "二〇二三年三月五日")}
    {'2023-03-05'}
    """
    if _blank(value):
        raise ValueError(f"请填写{label}")
    if isinstance(value, date):
        return _in_our_time(date(value.year, value.month, value.day), label)
    text = _word(label, value, NOT_A_DATE, int)
    found = next((m for pattern in DATES if (m := pattern.fullmatch(text))), None)
    if found is None:
        raise ValueError(f"{label}{shown(value)}{NOT_A_DATE}")
    year, month, day = "".join(DIGITS.get(c, c) for c in found[1]), number(found[3]), number(found[4])
    try:
        return _in_our_time(date(int(year), month or 0, day or 0), label)
    except _OutOfTime:
        raise
    except ValueError:
        raise ValueError(f"{label}{shown(value)}这一天不存在") from None


class _OutOfTime(ValueError):
    """A day that no entry of this office can bear."""


def _in_our_time(day: date, label: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _OutOfTime(f"{label}“{day.isoformat()}”不在{FIRST_YEAR}年至{LAST_YEAR}年之间")
    return day


NUMBER = re.compile(r"[-+]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")


def _number(a: Ask, value: Any) -> int | Decimal:
    said = f"{a.label}{shown(value)}"
    number = _arabic(a, value, said)
    if not number.is_finite() or abs(number) > LARGEST:
        raise ValueError(f"{said}超出范围")
    if a.kind is int:
        if number != number.to_integral_value():
            raise ValueError(f"{said}应当是整数")
        return int(number)
    cents = round(number, 2)
    if number != cents:
        raise ValueError(f"{said}最多两位小数")
    return cents + 0  # there is no −0.00 yuan


def _arabic(a: Ask, value: Any, said: str) -> Decimal:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_nan():
            raise ValueError(f"{said}不是数")
        return number
    text = _word(a.label, value, "不是数", float)
    text = text.removeprefix("¥").removesuffix(a.unit or ("元" if a.kind is Decimal else "")).strip()
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{said}不是数")
    return Decimal(text.replace(",", ""))


def _outcome(a: Ask, value: Any) -> Outcome:
    if isinstance(value, a.kind):
        return value  # type: ignore[no-any-return]
    can = f"没有这一项，可以是：{'、'.join(c.label for c in a.choices)}"
    text = _word(a.label, value, can)
    for choice in a.choices:
        if text in (choice.name, half(choice.label)):
            return choice
    raise ValueError(f"{a.label}{shown(value)}{can}")


def _yes_or_no(a: Ask, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = _word(a.label, value, "请填“是”或“否”", int).lower()
    if text in YES or text in NO:
        return text in YES
    if a.optional and text in UNKNOWN:
        return None
    raise ValueError(f"{a.label}{shown(value)}请填“是”或“否”")
