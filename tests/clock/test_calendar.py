"""Which days are worked, and from which notice we know."""

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from yifa.clock import Calendar, ClockError, due, national, working_days
from yifa.clock.published import load


def test_every_day_from_2018_to_2026_agrees_with_another_package():
    other = holidays.country_holidays("CN", years=range(2018, 2027))
    day = date(2018, 1, 1)
    while day.year < 2027:
        assert national().is_working(day) == other.is_working_day(day), day
        day += timedelta(days=1)


def test_a_day_has_the_name_of_its_holiday():
    assert national().name(date(2026, 2, 17)) == "春节"
    assert national().name(date(2026, 4, 6)) == "清明节"
    assert national().name(date(2026, 2, 14)) == "春节调休上班"
    assert national().name(date(2026, 3, 3)) == ""
    assert national().name(date(2026, 3, 7)) == ""


def test_a_year_is_published_when_its_notice_is_known():
    assert national().published(2026)
    assert not national().published(2027)
    assert not national().published(1999)


def test_a_due_date_in_a_year_not_published_is_provisional():
    assert not due(date(2026, 12, 1), working_days(20), national()).provisional
    found = due(date(2026, 12, 10), working_days(20), national())
    assert (found.day, found.provisional) == (date(2027, 1, 7), True)
    assert due(date(1998, 12, 10), working_days(2), national()).provisional


def test_the_index_grows_with_what_is_asked_and_never_shrinks():
    calendar = Calendar(years=[2025])
    early, late = date(1900, 1, 1), date(2300, 1, 1)
    first = due(early, working_days(5), calendar).day
    assert due(late, working_days(5), calendar).day == late + timedelta(days=7)
    assert due(early, working_days(5), calendar).day == first
    low, high, _, _ = calendar.index(early.toordinal(), late.toordinal())
    assert low <= early.toordinal()
    assert high >= late.toordinal()


def test_no_period_leaves_the_calendar():
    with pytest.raises(ClockError, match=r"yifa\.E022"):
        due(date(9999, 12, 1), working_days(50), Calendar())


def test_a_day_cannot_be_off_and_worked():
    with pytest.raises(ClockError, match=r"既登记为放假又登记为上班.*yifa\.E023"):
        Calendar([date(2026, 1, 3)], [date(2026, 1, 3)])


INVENTED = """
year = 2027
notice = "国办发明电〔2026〕0号（虚构，供测试）"
date = 2026-11-01
[[off]]
name = "元旦"
from = 2026-12-31
to = 2027-01-03
[[off]]
name = "国庆节"
from = 2027-10-01
to = 2027-10-07
[[work]]
name = "元旦"
day = 2027-01-09
"""


def calendar_with(folder: Path, text: str) -> Calendar:
    (folder / "2027.toml").write_text(text, "utf-8")
    return load(folder)


def test_a_notice_written_into_the_library_ends_the_provisional_state(tmp_path):
    calendar = calendar_with(tmp_path, INVENTED)
    assert calendar.published(2027)
    assert not calendar.is_working(date(2026, 12, 31))  # a notice may reach into the old year
    assert calendar.name(date(2027, 1, 9)) == "元旦调休上班"
    found = due(date(2026, 12, 30), working_days(5), calendar)
    assert (found.day, found.provisional) == (date(2027, 1, 8), False)
    assert calendar.is_working(date(2026, 2, 14)), "other years stay as the package has them"


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("year = 2027\ndate = 2026-11-01\n", "notice（通知文号）"),
        (INVENTED.replace("2027-10-01", "2027-10-02"), "没有国庆节"),
        (INVENTED.replace("day = 2027-01-09", "day = 2027-01-08"), "不是周末"),
        (INVENTED.replace("day = 2027-01-09", "day = 2027-01-02"), "同时登记为放假"),
        (INVENTED.replace("day = 2027-01-09", "day = 2028-02-05"), "不在2027年"),
        (INVENTED.replace("to = 2027-10-07", "to = 2027-09-07"), "起止不对"),
        (INVENTED.replace('name = "元旦"\nday', "day"), "要有 name"),
        ("year = = 2027", "读不懂"),
    ],
)
def test_a_notice_entered_wrongly_is_refused_with_its_file(tmp_path, wrong, what):
    with pytest.raises(ClockError, match=rf"2027\.toml：.*{what}.*\[yifa\.E027\]"):
        calendar_with(tmp_path, wrong)


def test_a_notice_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "2027.toml").write_bytes(INVENTED.encode("gb18030"))
    with pytest.raises(ClockError, match=r"文件读不懂.*yifa\.E027"):
        load(tmp_path)


def test_a_year_is_entered_once(tmp_path):
    (tmp_path / "again.toml").write_text(INVENTED, "utf-8")
    with pytest.raises(ClockError, match=r"2027年已经登记在2027\.toml"):
        calendar_with(tmp_path, INVENTED)
