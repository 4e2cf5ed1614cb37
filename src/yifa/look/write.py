"""Dates, numbers and money as Chinese offices write them; English where the reader asked for English.

Pure: `today` and the language come in as arguments. GB/T 15835 (numerals in publications), GB/T 9704 (〔2023〕).
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Shanghai")
WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TEN_THOUSAND = Decimal(10_000)


def _date(when: date | str) -> date:
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    if isinstance(when, datetime):
        return (when.astimezone(HERE) if when.tzinfo else when).date()
    return when


def day(when: date | str | None, language: str = "zh") -> str:
    """
    >>> day(date(2023, 3, 5)), day(date(2023, 3, 5), "en"), day(None)
    ('2023年3月5日', '5 Mar 2023', '')
    """
    if not when:
        return ""
    d = _date(when)
    return (
        f"{d.day} {MONTHS[d.month - 1]} {d.year}" if language == "en" else f"{d.year}年{d.month}月{d.day}日"
    )


def short_day(when: date | str | None, today: date | None = None, language: str = "zh") -> str:
    """The day with its weekday; the year only when it is not this one.

    >>> short_day(date(2023, 3, 3), date(2023, 3, 1)), short_day(date(2024, 1, 2), date(2023, 3, 1))
    ('3月3日（周五）', '2024年1月2日（周二）')
    """
    if not when:
        return ""
    d = _date(when)
    name = WEEKDAYS[language][d.weekday()]
    same = today is not None and today.year == d.year
    if language == "en":
        return f"{name} {d.day} {MONTHS[d.month - 1]}" + ("" if same else f" {d.year}")
    return (f"{d.month}月{d.day}日" if same else day(d)) + f"（周{name}）"


def moment(when: datetime | str | None, language: str = "zh") -> str:
    """A recorded moment, to the minute, in the county's own time.

    >>> moment("2023-03-05T02:03:04Z")
    '2023年3月5日 10:03'
    """
    if not when:
        return ""
    at = datetime.fromisoformat(when) if isinstance(when, str) else when
    at = at.astimezone(HERE) if at.tzinfo else at
    return f"{day(at, language)} {at:%H:%M}"


def number(n: int | float | Decimal | None, digits: int | None = None) -> str:
    """
    >>> number(1326), number(98.44, 1), number(None)
    ('1,326', '98.4', '—')
    """
    if n is None:
        return "—"
    if digits is None:
        return f"{n:,}"
    return f"{Decimal(str(n)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}"


def yuan(amount: Decimal | int | None, language: str = "zh") -> str:
    """
    >>> yuan(Decimal("1326.50")), yuan(300)
    ('1,326.50元', '300元')
    """
    if amount is None:
        return "—"
    whole = amount == int(amount)
    return f"{number(int(amount) if whole else amount)}" + (" yuan" if language == "en" else "元")


def ten_thousand(amount: Decimal | int | None, language: str = "zh") -> str:
    """Money in 万元, two places at most.

    >>> ten_thousand(Decimal("5013000"))
    '501.3万元'
    """
    if amount is None:
        return "—"
    value = f"{number(Decimal(amount) / TEN_THOUSAND, 2)}".rstrip("0").rstrip(".")
    return value + (" × 10,000 yuan" if language == "en" else "万元")


def short_number(n: float, language: str = "zh") -> str:
    """A number where there is little room, on a chart's scale: 万 as it is spoken.

    >>> short_number(15000), short_number(20000), short_number(1405), short_number(0.5), short_number(15000, "en")
    ('1.5万', '2万', '1,405', '0.5', '15,000')
    """
    shown = n / 10_000 if language == "zh" and abs(n) >= 10_000 else n
    return f"{shown:,.1f}".removesuffix(".0") + ("万" if shown != n else "")


def year_mark(year: int) -> str:
    """The year as a document number carries it.

    >>> year_mark(2023)
    '〔2023〕'
    """
    return f"〔{year}〕"


def left(due: date | None, today: date, language: str = "zh") -> str:
    """How far away a due day is.

    >>> [left(date(2023, 3, 5), date(2023, 3, d)) for d in (2, 4, 5, 7)]
    ['还有3天', '明天到期', '今天到期', '逾期2天']
    """
    if due is None:
        return ""
    days = (due - today).days
    if language == "en":
        named = {0: "due today", 1: "due tomorrow"}
        return named.get(days) or (f"{days} days left" if days > 0 else f"{-days} days late")
    return {0: "今天到期", 1: "明天到期"}.get(days) or (f"还有{days}天" if days > 0 else f"逾期{-days}天")


def ago(when: datetime, now: datetime, language: str = "zh") -> str:
    """
    >>> t = datetime(2023, 3, 5, 10, 0)
    >>> [ago(t - timedelta(**d), t) for d in ({"seconds": 20}, {"minutes": 5}, {"hours": 3}, {"days": 2})]
    ['刚刚', '5分钟前', '3小时前', '2023年3月3日']
    """
    gone = now - when
    if gone >= timedelta(days=1):
        return day(when, language)
    seconds = int(gone.total_seconds())
    if seconds < 60:
        return "just now" if language == "en" else "刚刚"
    amount, zh, en = (seconds // 60, "分钟前", "min") if seconds < 3600 else (seconds // 3600, "小时前", "h")
    return f"{amount} {en} ago" if language == "en" else f"{amount}{zh}"
