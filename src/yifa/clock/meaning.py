"""What 日 means is a property of the statute: five days are working days in one and calendar days in the next."""

from __future__ import annotations

from yifa.law import Citation, numeral

from .lengths import Length

__all__ = ["misread"]


def misread(length: Length, cite: Citation) -> str | None:
    """What is wrong with counting this length under this statute, for the author of a procedure; None if nothing is.

    Only where the statute itself names the numbers of days it means (行政处罚法第八十五条、行政强制法第六十九条、
    行政复议法第八十八条). Where it says that all its periods are working days, exceptions stand elsewhere, and nothing
    is said here about calendar days.
    """
    law = cite.statute
    meant = law.in_working_days(length.amount)
    if meant is None or length.unit not in ("day", "working"):
        return None
    where = str(law(law.short_days_in)) if law.short_days_in else str(law)
    written = f"“{numeral(length.amount)}日”" if length.amount < 10_000 else f"“{length.amount}日”"
    if length.unit == "day" and meant and law.short_days != "all":
        return f"{where}规定{written}是指工作日，这里却按自然日计算；应当写 short_days({length.amount}) [yifa.E030]"
    if length.unit == "working" and length.spelt and not meant:
        return f"{where}没有把{written}规定为工作日，这里却按工作日计算；应当写 days({length.amount}) [yifa.E030]"
    return None
