"""Hours run from the moment itself (民法典第二百零一条第二款) and stop neither at night nor on holidays."""

from datetime import date, datetime, timedelta, timezone

import pytest

from yifa.clock import ClockError, Extension, Pause, before, due, hours, national, reckon


def test_twenty_four_hours_end_the_next_day_at_the_same_time_even_in_the_spring_festival():
    seized = datetime(2026, 2, 16, 16, 30)
    found = due(seized, hours(24), national())
    assert found.at == datetime(2026, 2, 17, 16, 30)
    assert found.day == date(2026, 2, 17)


def test_the_sum_of_hours_says_so():
    sum_ = reckon(datetime(2026, 2, 16, 16, 5), hours(24), national(), event="查封")
    assert sum_.at == datetime(2026, 2, 17, 16, 5)
    assert sum_.sentences() == [
        "期限为24小时。",
        "2026年2月16日16时05分查封，自此时起算，夜间和节假日连续计算（《民法典》第二百零一条第二款）。",
        "满24小时，期限至2月17日16时05分届满。",
    ]
    assert sum_.sentences("en")[-1] == "24 hours: the period ends at 17 Feb 2026 16:05."


def test_hours_need_a_moment():
    with pytest.raises(ClockError, match=r"只有日期2026-02-16不够 \[yifa\.E025\]"):
        due(date(2026, 2, 16), hours(24), national())
    with pytest.raises(ClockError, match=r"yifa\.E025"):
        before(date(2026, 2, 16), hours(24), national())


def test_a_pause_between_two_moments_is_left_out():
    start = datetime(2026, 3, 2, 8)
    stop = Pause(start + timedelta(hours=3), start + timedelta(hours=5), "现场勘验")
    assert due(start, hours(24), national(), [stop]).at == datetime(2026, 3, 3, 10)
    assert "暂停（现场勘验），不计。" in reckon(start, hours(24), national(), [stop]).sentences()[2]


def test_a_pause_between_two_days_leaves_those_days_out_whole():
    stop = Pause(date(2026, 3, 2), date(2026, 3, 4))
    assert due(datetime(2026, 3, 2, 20), hours(5), national(), [stop]).at == datetime(2026, 3, 5, 1)


def test_an_open_pause_leaves_the_moment_open():
    found = due(
        datetime(2026, 3, 2, 8),
        hours(24),
        national(),
        [Pause(datetime(2026, 3, 2, 9)), Pause(date(2026, 3, 2))],
    )
    assert (found.day, found.at) == (None, None)


def test_hours_may_be_extended_by_hours_and_keep_their_time_zone():
    beijing = timezone(timedelta(hours=8))
    start = datetime(2026, 3, 2, 8, tzinfo=beijing)
    found = due(
        start, hours(24), national(), [Pause(date(2026, 3, 1), date(2026, 3, 2))], [Extension(hours(24))]
    )
    assert found.at == datetime(2026, 3, 5, 0, tzinfo=beijing)


def test_hours_are_counted_backwards_from_the_moment():
    found = before(datetime(2026, 3, 2, 9), hours(72), national(), name="召开会议")
    assert found.at == datetime(2026, 2, 27, 9)
    assert found.sentences()[1] == "2026年3月2日9时00分召开会议，最迟应当在2月27日9时00分通知。"
    assert found.sentences("en")[1].endswith("The latest moment of notice is 27 Feb 2026 09:00.")
