"""How a number stands in a report: exact, or rounded down and said so; a share never rounded up to all.

国务院公报体例与 GB/T 15835: Arabic numerals, the percent sign close to its number. “余” only follows a number that
was rounded down; “近…余” cannot be written here.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NONE = "不适用"
TEN_THOUSAND = Decimal(10_000)


def plain(value: int | Decimal) -> str:
    """A number without needless zeros: 3, 12.5, 130.

    >>> plain(Decimal("130.00")), plain(Decimal("12.50")), plain(7)
    ('130', '12.5', '7')
    """
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: int | Decimal, unit: str, rounds_down_to: int = 0) -> str:
    """A number with its unit; 余 when the written number is smaller than the real one.

    >>> quantity(11, "次"), quantity(513, "场", 10), quantity(510, "场", 10), quantity(7, "场", 10)
    ('11次', '510余场', '510场', '7场')
    """
    floor = int(value) // rounds_down_to * rounds_down_to if rounds_down_to else 0
    if not floor:
        return f"{plain(value)}{unit}"
    return f"{floor}{'余' if value > floor else ''}{unit}"


def percentage(part: int | Decimal, whole: int | Decimal, digits: int = 1) -> Decimal | None:
    """A share in percent at so many digits; None when there is nothing to share.

    Anything short of all is written with as many digits as it takes to stay short of 100, anything above
    nothing likewise: 9999 of 10000 is 99.99 and not 100.
    """
    if not whole:
        return None
    exact = Decimal(part) * 100 / Decimal(whole)
    while True:
        rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        if (rounded == 100) == (exact == 100) and (rounded == 0) == (exact == 0):
            return rounded
        digits += 1


def growth(now: int | Decimal, then: int | Decimal, digits: int = 2) -> Decimal | None:
    """By how many percent `now` is more than `then`; None where there was nothing to grow from.

    >>> growth(5316, 2500), growth(90, 100), growth(3, 0)
    (Decimal('112.64'), Decimal('-10.00'), None)
    """
    if not then:
        return None
    exact = (Decimal(now) - Decimal(then)) * 100 / Decimal(then)
    return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def share(part: int | Decimal, whole: int | Decimal, digits: int = 1) -> str:
    """A share as it is printed.

    >>> share(9, 9), share(2, 3), share(9999, 10000), share(0, 4), share(0, 0)
    ('100%', '66.7%', '99.99%', '0%', '不适用')
    """
    value = percentage(part, whole, digits)
    return NONE if value is None else f"{plain(value)}%"


def money(fen: int, unit: str) -> Decimal:
    """Fen kept in the cube, in the figure's own unit: 元 or 万元."""
    yuan = Decimal(fen) / 100
    return yuan / TEN_THOUSAND if unit == "万元" else yuan
