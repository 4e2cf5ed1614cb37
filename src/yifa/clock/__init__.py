"""When a legal period ends, and the sum that shows why."""

from zoneinfo import ZoneInfo

from .calendar import Calendar
from .counting import Due, Extension, Pause, due
from .lengths import ClockError, Length, days, hours, months, short_days, working_days, years
from .meaning import misread
from .published import national
from .sums import Stretch, Sum, before, reckon

SHANGHAI = ZoneInfo("Asia/Shanghai")  # the hour every office goes by

__all__ = [
    "SHANGHAI",
    "Calendar",
    "ClockError",
    "Due",
    "Extension",
    "Length",
    "Pause",
    "Stretch",
    "Sum",
    "before",
    "days",
    "due",
    "hours",
    "misread",
    "months",
    "national",
    "reckon",
    "short_days",
    "working_days",
    "years",
]
