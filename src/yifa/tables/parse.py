"""What stands in a cell, as a fact: Chinese dates, numbers, yes and no, outcomes by label, lists of names.

A value that can be read in two ways is refused with the reason, never guessed: a record is no place for luck.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any

from yifa.procedure import Ask, Outcome
from yifa.procedure.reading import read_value

Cell = str | int | float | bool | date | time | timedelta | None

DIGITS = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)) | {"两": 2}
FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億圆", "一二三四五六七八九十百千万亿元")
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
VAGUE = ("约", "大约", "近", "余", "多", "左右", "以上", "以下", "不足", "超过", "几", "若干")
SCALES = {"万": 10_000, "千": 1_000, "百万": 1_000_000, "亿": 100_000_000}

INVISIBLE = "\u200b\ufeff"
SPACES = f" \t\r\n\u3000\xa0{INVISIBLE}"
STROKES = ("", "/", "\\", "-", "—", "——", "－")

FIRST_YEAR, LAST_YEAR = 1920, 2199
EXCEL_DAY_ZERO = date(
    1899, 12, 30
)  # ECMA-376 part 1, 18.17.4.1: the 1900 date system with its leap-year slip
SERIALS = range(20_000, 80_000)  # 1954 to 2119; a smaller number is hardly a date
EXACT_DIGITS = 10**15  # IEEE 754 doubles, and Excel with them, keep fifteen decimal digits

_WEEKDAY = r"(?:\s*[(（]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?)?"
_TIME = r"(?:\s*(?:上午|下午|晚上|中午|凌晨)?\s*(?:T?\d{1,2}(?:[:：]\d{2}(?:[:：]\d{2}(?:\.\d+)?)?|[时点](?:\d{1,2}分?|半|整)?))?)?"
_ARABIC = re.compile(
    rf"(\d{{4}})\s*[-/.年·、]\s*(\d{{1,2}})\s*[-/.月·、]\s*(\d{{1,2}})\s*[日号]?{_WEEKDAY}{_TIME}{_WEEKDAY}"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_HAN_DAY = "〇零一二两三四五六七八九十廿卅"
_HAN = re.compile(
    rf"([〇零○Oo0一二三四五六七八九]{{4}})年([{_HAN_DAY}]{{1,3}})月([{_HAN_DAY}]{{1,4}})[日号]{_WEEKDAY}{_TIME}"
)
_NO_YEAR = re.compile(r"(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?" + _WEEKDAY)
_NO_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?")
_SHORT_YEAR = re.compile(r"['’]?(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_RANGE = re.compile(r"\d\s*[日号]?\s*(?:至|到|~|～|—|–|-{1,2})\s*(?:\d{4}\s*[-/.年]|\d{1,2}\s*[月日号])")


def plain(value: Any) -> str:
    """A cell's text: full-width letters and figures made half-width, spaces around it gone."""
    return unicodedata.normalize("NFKC", str(value)).strip().strip(INVISIBLE)


def blank(value: Any) -> bool:
    """Nothing, or nothing but spaces and the strokes people put in empty cells.

    >>> [blank(v) for v in (None, "", " 　", "/", "—", "无", 0)]
    [True, True, True, True, True, False, False]
    """
    return value is None or (isinstance(value, str) and value.strip(SPACES) in STROKES)


def quoted(value: Any) -> str:
    """The value as a message shows it: short, in quotation marks."""
    text = shown(value)
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"


def shown(value: Any) -> str:
    """A cell as a person sees it.

    >>> [shown(v) for v in (date(2023, 3, 5), 3.0, 2.5, True, None)]
    ['2023-03-05', '3', '2.5', '是', '']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if value.time() != time() else value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT_DIGITS:
        return str(int(value))
    return str(value).strip()


# ── Dates ────────────────────────────────────────────────────────────────────


def date_of(value: Any, label: str = "日期", *, year: int | None = None, epoch_1904: bool = False) -> date:
    """A legal date as officials write it; `year` completes 3月5日, and only when a person has named it.

    >>> [str(date_of(v)) for v in ("2023年3月5日", "2023.3.5", "二〇二三年三月五日", "20230305", 44990, "2023/3/5 9:30")]
    ['2023-03-05', '2023-03-05', '2023-03-05', '2023-03-05', '2023-03-05', '2023-03-05']
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _in_our_time(value, label, f"{value.year}年{value.month}月{value.day}日")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value, label, epoch_1904=epoch_1904)
    text = plain(value) if isinstance(value, str) else ""
    if isinstance(value, str) and text.replace(".", "", 1).isdigit() and not _COMPACT.fullmatch(text):
        return _from_number(float(text), label, epoch_1904=epoch_1904)
    return _from_text(text, value, label, year)


def _in_our_time(day: date, label: str, said: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        hint = "，像是一个数被显示成了日期" if day.year < FIRST_YEAR else ""
        raise ValueError(f"{label}“{said}”不在{FIRST_YEAR}年至{LAST_YEAR}年之间{hint}")
    return day


def _from_number(value: float, label: str, *, epoch_1904: bool) -> date:
    """20230305 or a serial day of a spreadsheet; 2023.3 could be March or, cut short, October or November."""
    whole = int(value)
    if whole == value and 19_000_101 <= whole <= 21_991_231:
        return _made(whole // 10_000, whole // 100 % 100, whole % 100, label, str(whole))
    if whole in SERIALS:
        return EXCEL_DAY_ZERO + timedelta(days=whole + (1462 if epoch_1904 else 0))
    if FIRST_YEAR <= whole <= LAST_YEAR and whole != value:
        raise ValueError(f"{label}“{value}”只有年月，没有日")
    raise ValueError(f"{label}“{shown(value)}”不是日期，请写成 2023-03-05 或者 2023年3月5日")


def _from_text(text: str, value: Any, label: str, year: int | None) -> date:
    if found := _ARABIC.fullmatch(text) or _COMPACT.fullmatch(text):
        y, m, d = map(int, found.groups())
        return _made(y, m, d, label, text)
    if found := _HAN.fullmatch(text):
        y = int("".join("0" if c in "Oo0" else str(DIGITS[c]) for c in found[1]))
        return _made(y, _small(found[2]), _small(found[3]), label, text)
    said = quoted(value)
    if _RANGE.search(text):
        raise ValueError(f"{label}{said}是一段时间，请只填一个日期")
    if found := _NO_YEAR.fullmatch(text):
        month, day = map(int, found.groups())
        if year is not None:
            return _made(year, month, day, label, text)
        _made(2024, month, day, label, text, of="")  # a leap year: what it lacks, no year has
        raise ValueError(f"{label}{said}没有年份，请写明年份，或者导入时指明是哪一年")
    if _NO_DAY.fullmatch(text):
        raise ValueError(f"{label}{said}只有年月，没有日")
    if _SHORT_YEAR.fullmatch(text):
        raise ValueError(f"{label}{said}的年份只有两位，请写四位")
    if isinstance(value, time):
        raise ValueError(f"{label}{said}只有时刻，没有日期")
    raise ValueError(f"{label}{said}不是日期，请写成 2023-03-05 或者 2023年3月5日")


def _made(year: int, month: int, day: int, label: str, said: str, of: str | None = None) -> date:
    if not 1 <= month <= 12:
        raise ValueError(f"{label}“{said}”这一天不存在：没有{month}月")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{label}“{said}”不在{FIRST_YEAR}年至{LAST_YEAR}年之间")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        of = f"{year}年" if of is None else of
        raise ValueError(f"{label}“{said}”这一天不存在：{of}{month}月只有{last}天")
    return date(year, month, day)


def _small(text: str) -> int:
    """A month or a day in Chinese figures: 十二, 二十三, 廿三, 三十一."""
    text = text.replace("廿", "二十").replace("卅", "三十").removeprefix("〇").removeprefix("零")
    if "十" not in text:
        return int("".join(str(DIGITS[c]) for c in text) or 0)
    tens, _, ones = text.partition("十")
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)


YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年?(?!\d)")


def year_in(text: str) -> int | None:
    """The one year a title or a file name speaks of, to be *offered* to the person; None when none or several.

    >>> year_in("新县2023年学法台账"), year_in("2022—2023年"), year_in("学法台账"), year_in("二〇二三年台账")
    (2023, None, None, 2023)
    """
    found = {int(y) for y in YEAR.findall(unicodedata.normalize("NFKC", text))}
    for han in re.findall(r"([〇零○一二三四五六七八九]{4})年", text):
        found.add(int("".join(str(DIGITS[c]) for c in han)))
    return found.pop() if len(found) == 1 else None


# ── Numbers ──────────────────────────────────────────────────────────────────


def number_of(value: Any, label: str = "数量", *, unit: str = "", scale: int = 1) -> Decimal:
    """A number as officials write it; `scale` is what the heading says: 金额（万元） makes 3 thirty thousand.

    >>> [str(number_of(v, unit=u)) for v, u in (("1,234", ""), ("一千二百", ""), ("3万元", "元"), ("３０人", "人"))]
    ['1234', '1200', '30000', '30']
    """
    if isinstance(value, bool):
        raise ValueError(f"{label}{quoted(value)}不是数")
    if isinstance(value, (int, float)):
        return Decimal(str(value)).normalize() * scale + 0
    text = plain(value).translate(FORMAL).removeprefix("人民币").lstrip("¥￥").replace(" ", "")
    if any(text.startswith(v) or text.endswith(v) for v in VAGUE) or re.search(r"[余多几](?=\D|$)", text):
        raise ValueError(f"{label}{quoted(value)}不是确切的数")
    text = text.removesuffix("整")
    own = _without_unit(text, unit)
    text, explicit = own, own != text
    number = _arabic(text, explicit=explicit) or _han_number(text)
    if number is None:
        # 一万二 is said for 12,000 and written for 10,002
        more = "只有一种读法的" if _ELLIPTIC.search(text) else ""
        raise ValueError(f"{label}{quoted(value)}不是{more}数")
    return number.normalize() * (1 if explicit or _carries_scale(text) else scale) + 0


MEASURES = {"人": ("人", "名", "位"), "元": ("元", "圆"), "": ("元",)}


def _without_unit(text: str, unit: str) -> str:
    for word in MEASURES.get(unit, (unit,)):
        if word and text.endswith(word):
            return text[: -len(word)]
    return text


def _carries_scale(text: str) -> bool:
    return text[-1:] in ("万", "亿")


def _arabic(text: str, *, explicit: bool) -> Decimal | None:
    found = re.fullmatch(r"([-+]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(百万|万|千|亿)?", text)
    if not found:
        return None
    number = Decimal(found[2].replace(",", "")) * SCALES.get(found[3] or "", 1)
    return -number if found[1] == "-" else number


_ELLIPTIC = re.compile(r"[百千万亿][一二两三四五六七八九]$")


def _han_number(text: str) -> Decimal | None:
    """一万二千三百零五; None when the characters do not make a number."""
    if not text or any(c not in DIGITS and c not in UNITS for c in text) or _ELLIPTIC.search(text):
        return None
    if all(c in DIGITS for c in text):
        return Decimal(DIGITS[text]) if len(text) == 1 else None
    total = section = digit = 0
    above = 10_000  # within a section the units fall: 千, 百, 十
    for c in text:
        if c in DIGITS:
            if digit:
                return None  # 三四十 is between thirty and forty
            digit = DIGITS[c]
            continue
        size = UNITS[c]
        if size < 10_000:
            if size >= above:
                return None
            above = size
            section += (digit or (1 if size == 10 else 0)) * size
        else:
            total, section, above = (total + section + digit) * size, 0, 10_000
        digit = 0
    return Decimal(total + section + digit)


# ── Words ────────────────────────────────────────────────────────────────────

YES = frozenset(("是", "有", "对", "同意", "√", "✓", "✔", "☑", "已", "y", "yes", "true", "1"))
NO = frozenset(
    ("否", "无", "不", "非", "未", "不同意", "×", "✗", "✘", "✕", "x", "☐", "□", "n", "no", "false", "0")
)


def yes_or_no(value: Any, label: str) -> bool:
    """
    >>> [yes_or_no(v, "是否公开") for v in ("是", "√", "×", "否", 1.0)]
    [True, True, False, False, True]
    """
    if isinstance(value, bool):
        return value
    text = shown(value).lower() if isinstance(value, (int, float)) else plain(value).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise ValueError(f"{label}{quoted(value)}请填“是”或者“否”")


def names_of(value: Any) -> tuple[str, ...]:
    """Several names in one cell; the spaces that align 张　三 with three-character names are taken out.

    >>> names_of("张　某、李某某；王某")
    ('张某', '李某某', '王某')
    """
    parts = re.split(r"[、，,；;\n]+", shown(value))
    return tuple(re.sub(r"(?<=[一-鿿])[\s　]+(?=[一-鿿])", "", p.strip()) for p in parts if p.strip())


def outcome_of(ask: Ask, value: Any) -> Outcome:
    """The outcome of this label, or of a part of the label that no other has (信息不存在)."""
    spelt, parts = _spellings(ask)
    text = key_of(shown(value))
    if text in spelt:
        return spelt[text]
    several = parts.get(text, ())
    if len(several) == 1:
        return several[0]
    which = several or _alike(ask, text) or ask.choices
    said = "可能是" if several else "是不是" if which != ask.choices else "可以是"
    names = "、".join(f"“{c.label}”" for c in which)
    raise ValueError(f"{ask.label}没有{quoted(value)}这一项，{said}：{names}")


def reads_as(ask: Ask, value: Any, outcome: Outcome) -> str:
    """The label, when the cell said it in other words; the preview shows such readings."""
    return "" if key_of(shown(value)) in (key_of(outcome.label), key_of(outcome.name)) else outcome.label


@cache
def _spellings(ask: Ask) -> tuple[dict[str, Outcome], dict[str, tuple[Outcome, ...]]]:
    spelt: dict[str, Outcome] = {}
    parts: dict[str, tuple[Outcome, ...]] = {}
    for choice in ask.choices:
        spelt |= {key_of(choice.label): choice, key_of(choice.name): choice}
        pieces = {key_of(p) for p in re.split(r"[，：:、（）()；]", choice.label)}
        for piece in pieces - {"", key_of(choice.label)}:
            parts[piece] = (*parts.get(piece, ()), choice)
    return spelt, parts


def _alike(ask: Ask, text: str) -> tuple[Outcome, ...]:
    found = [c for c in ask.choices if len(text) >= 2 and text in key_of(c.label)]
    return tuple(found[:4])


@lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """Two spellings that differ only in width, spaces or quotation marks are the same word.

    >>> key_of("会前 学法") == key_of("会前学法"), key_of("危及“三安全一稳定”") == key_of('危及"三安全一稳定"')
    (True, True)
    """
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s\"'“”‘’「」《》*\u200b\ufeff]", "", text).rstrip(":。.;,")


# ── A fact ───────────────────────────────────────────────────────────────────

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{1,2}", re.IGNORECASE)
_FORMULA = re.compile(r"=\s*[-+(@\"'\w]")


def answer(
    ask: Ask,
    value: Any,
    *,
    year: int | None = None,
    scale: int = 1,
    epoch_1904: bool = False,
) -> Any:
    """What a cell answers to a question, in the question's own type; ValueError says why it cannot be read."""
    if ask.document:
        return _no_document(ask, value)
    if value is None or blank(value):
        return read_value(ask, None)
    if isinstance(value, str) and _FORMULA.match(value):
        raise ValueError(f"{ask.label}{quoted(value)}是公式，请改填它的结果")
    kind = ask.kind
    if ask.many:
        return read_value(ask, names_of(value))
    if kind is str:
        return read_value(ask, _text(ask, value))
    if kind is date:
        return date_of(value, ask.label, year=year, epoch_1904=epoch_1904)
    if kind is bool:
        return None if ask.optional and plain(value) in ("未知", "不详") else yes_or_no(value, ask.label)
    if issubclass(kind, Outcome):
        return outcome_of(ask, value)
    return read_value(ask, _number(ask, value, scale))


def _no_document(ask: Ask, value: Any) -> Any:
    """A sheet can name a file and not bring it along."""
    if value is None or blank(value):
        try:
            return read_value(ask, None)
        except ValueError:
            pass
    raise ValueError(f"{ask.label}是一份文件，表格带不来；请在办理页面逐件提交")


def _text(ask: Ask, value: Any) -> str:
    if isinstance(value, float) and abs(value) >= EXACT_DIGITS:
        raise ValueError(
            f"{ask.label}是按数字存的，Excel 只保留前15位，后几位已经丢失；请把这一列设为文本后重填"
        )
    if isinstance(value, str):
        if _SCIENTIFIC.fullmatch(value.strip()):
            raise ValueError(
                f"{ask.label}{quoted(value)}是科学记数，原来的号码已经丢失；请把这一列设为文本后重填"
            )
        if value[:1] == "'" and value[1:2] in "=+-@\t":  # how our own CSV keeps a formula from running
            value = value[1:]
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").strip(" \t\n　")
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return shown(value)


def _number(ask: Ask, value: Any, scale: int) -> int | Decimal:
    unit = ask.unit or ("元" if ask.kind is Decimal else "")
    try:
        number = number_of(value, ask.label, unit=unit, scale=scale)
    except InvalidOperation:
        raise ValueError(f"{ask.label}{quoted(value)}不是数") from None
    return number
