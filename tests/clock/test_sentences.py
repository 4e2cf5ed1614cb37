"""The sum is read aloud at the counter."""

from datetime import date

from yifa.clock import (
    Calendar,
    Extension,
    Pause,
    before,
    days,
    months,
    national,
    reckon,
    short_days,
    working_days,
)

START = "当日不计，从次日起算（《民法典》第二百零一条第一款）。"


def test_twenty_working_days_across_the_spring_festival():
    sum_ = reckon(
        date(2026, 2, 9),
        working_days(20),
        national(),
        basis="《政府信息公开条例》第三十三条第二款",
        event="收到申请",
    )
    assert sum_.sentences() == [
        "依据《政府信息公开条例》第三十三条第二款，期限为20个工作日。",
        f"2026年2月9日（周一）收到申请，{START}",
        "2月10日至2月14日，计5个工作日，其中2月14日（周六）是调休上班日。",
        "2月15日至2月23日春节放假，9天不计。",
        "2月24日至3月13日，除周末3天外，计15个工作日，其中2月28日（周六）是调休上班日。",
        "合计20个工作日，期限至3月13日（周五）届满。",
    ]
    assert sum_.sentences("en")[2:4] == [
        "10 Feb 2026 to 14 Feb 2026: 5 working days counted; worked in exchange for a holiday: Sat 14 Feb 2026.",
        "15 Feb 2026 to 23 Feb 2026: Spring Festival holiday, 9 days not counted.",
    ]


def test_the_last_day_rolls_over_a_holiday_and_says_so():
    said = reckon(date(2026, 1, 5), days(90), national(), event="立案").sentences()
    assert said[2:] == [
        "1月6日至4月5日，计90日。",
        "最后一日4月5日（周日）清明节放假，顺延至其后第一个工作日（《民法典》第二百零三条第一款）。",
        "合计90日，期限至4月7日（周二）届满。",
    ]


def test_the_last_day_rolls_over_a_weekend():
    said = reckon(date(2026, 3, 6), days(15), national())
    assert (
        said.sentences()[-2]
        == "最后一日3月21日（周六）是周末，顺延至其后第一个工作日（《民法典》第二百零三条第一款）。"
    )
    assert "is a weekend; the next working day takes its place" in said.sentences("en")[-2]


def test_a_missing_corresponding_day_and_a_make_up_saturday():
    said = reckon(date(2025, 11, 30), months(3), national()).sentences()
    assert said[3:] == [
        "2月没有30日，满3个月之日是该月最后一日2月28日（《民法典》第二百零二条）。",
        "最后一日2月28日（周六）是调休上班日，不顺延。",
        "期限至2月28日（周六）届满。",
    ]


def test_a_pause_names_its_reason_and_an_extension_its_day():
    stop = Pause(date(2026, 8, 20), date(2026, 9, 3), "现场勘验")
    said = reckon(
        date(2026, 8, 5), days(60), national(), [stop], [Extension(days(30), date(2026, 9, 20), "情况复杂")]
    )
    assert said.sentences() == [
        "期限为60日，延长30日（2026年9月20日决定，情况复杂）。",
        f"2026年8月5日（周三）是起算事由发生之日，{START}",
        "8月6日至8月20日，计15日。",
        "8月21日至9月3日暂停（现场勘验），14天不计。",
        "9月4日至11月17日，计75日。",
        "合计90日，期限至11月17日（周二）届满。",
    ]


def test_an_open_pause_says_how_much_is_left():
    said = reckon(
        date(2026, 9, 21), working_days(20), national(), [Pause(date(2026, 9, 28), None, "征求第三方意见")]
    )
    assert said.day is None
    assert said.sentences()[-2:] == [
        "9月29日起暂停（征求第三方意见），恢复之前不计。",
        "暂停尚未结束，此前已计4个工作日，还剩16个工作日，恢复之后才能确定届满之日。",
    ]


def test_two_holidays_in_a_row_are_named_together():
    said = reckon(date(2023, 9, 28), working_days(3), national()).sentences()
    assert said[2] == "9月29日至10月6日中秋节、国庆节放假，8天不计。"


def test_days_that_mean_working_days_say_so():
    assert reckon(date(2026, 9, 30), short_days(5), national()).sentences()[0] == "期限为5日（指工作日）。"


def test_a_year_without_a_notice_makes_the_date_provisional():
    sum_ = reckon(date(2026, 12, 10), working_days(20), national())
    assert sum_.provisional
    assert sum_.unknown_years == (2027,)
    assert sum_.sentences()[-1].startswith(
        "2027年的放假安排尚未收录，暂按周一至周五上班推算，所得日期是暂定的"
    )
    assert "provisional" in sum_.sentences("en")[-1]


def test_notice_seven_working_days_ahead_is_marked_as_our_reading():
    sum_ = before(
        date(2026, 3, 20),
        working_days(7),
        national(),
        basis="《行政处罚法》第六十四条第（二）项",
        name="举行听证",
    )
    assert sum_.day == date(2026, 3, 10)
    assert sum_.sentences() == [
        "依据《行政处罚法》第六十四条第（二）项，应当提前7个工作日。",
        "2026年3月20日（周五）举行听证，当日和通知当日都不计。",
        "3月11日至3月19日，除周末2天外，计7个工作日。",
        "最迟应当在3月10日（周二）通知，使通知与举行听证之间足有7个工作日。",
        "倒推的期限法律没有规定算法，这里取足数的算法，属于本系统的理解。",
    ]


def test_a_latest_day_of_notice_on_a_weekend_names_the_working_day_before():
    said = before(date(2026, 3, 17), working_days(1), Calendar()).sentences()
    assert "最迟应当在3月15日（周日）通知" in said[3]
    assert said[4] == "该日不上班，宜在3月13日（周五）以前通知。"


def test_the_sum_is_plain_data_too():
    told = reckon(date(2026, 2, 9), working_days(20), national(), event="收到申请").as_dict()
    assert told["day"] == "2026-03-13"
    assert told["stretches"][0] == {
        "kind": "counted",
        "first": "2026-02-10",
        "last": "2026-02-14",
        "counted": 5,
        "why": "",
        "made_up": ["2026-02-14"],
    }
    assert told["stretches"][1]["why"] == "春节"
