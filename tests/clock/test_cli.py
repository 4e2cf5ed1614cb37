"""`yifa due '20 working days' 2026-02-09`."""

import json

import pytest

from yifa.clock import cli


@pytest.mark.parametrize(
    ("spec", "length"),
    [
        ("20 working days", "20个工作日"),
        ("1 Working Day", "1个工作日"),
        ("20个工作日", "20个工作日"),
        ("二十个工作日", "20个工作日"),
        ("２０ 个工作日", "20个工作日"),
        ("7工作日", "7个工作日"),
        ("3 months", "3个月"),
        ("三个月", "3个月"),
        ("两年", "2年"),
        ("24小时", "24小时"),
        ("72 hours", "72小时"),
        ("15日", "15日"),
        ("15天", "15日"),
        ("60 days", "60日"),
        ("六十日", "60日"),
    ],
)
def test_a_length_is_read_as_people_write_it(spec, length):
    assert str(cli.length(spec)) == length


@pytest.mark.parametrize(
    "spec", ["", "20", "days", "20 weeks", "-3 days", "3.5 days", "二二十日", "20 days later", "日20"]
)
def test_what_is_no_length_is_refused_in_both_languages(spec):
    code, said = cli.due(spec, "2026-02-09", as_json=False)
    assert code == 2
    assert "看不懂期限" in said
    assert "Cannot read the length" in said
    assert said.endswith("[yifa.E028]")


@pytest.mark.parametrize(
    "start", ["", "tomorrow", "2026-02-30", "2026-13-01", "26-02-09", "2026-02-09 25:00"]
)
def test_what_is_no_date_is_refused_in_both_languages(start):
    code, said = cli.due("20 days", start, as_json=False)
    assert code == 2
    assert "看不懂日期" in said
    assert "Cannot read the date" in said


@pytest.mark.parametrize(
    "start", ["2026-02-09", "2026/2/9", "2026年2月9日", "２０２６年２月９日", "2026.2.9", "2026-02-09 16:30"]
)
def test_the_day_comes_first_and_the_sum_follows(start):
    code, said = cli.due("20 working days", start, as_json=False)
    assert code == 0
    assert said.splitlines()[0] == "2026-03-13"
    assert said.splitlines()[-1] == "合计20个工作日，期限至3月13日（周五）届满。"


def test_json_holds_the_day_and_the_stretches():
    code, said = cli.due("3个月", "2025-11-30", as_json=True)
    told = json.loads(said)
    assert code == 0
    assert told["day"] == "2026-02-28"
    assert told["provisional"] is False
    assert told["sentences"][0] == "期限为3个月。"
    code, said = cli.due("3", "2025-11-30", as_json=True)
    assert code == 2
    assert "看不懂期限" in json.loads(said)["error"]


def test_hours_need_and_give_a_moment():
    assert cli.due("24小时", "2026-02-16 16:30", as_json=False)[1].splitlines()[0] == "2026-02-17 16:30"
    code, said = cli.due("24小时", "2026-02-16", as_json=False)
    assert code == 2
    assert said.endswith("[yifa.E025] A period in hours starts from a moment: 2026-02-09 16:30.")


def test_a_provisional_date_is_marked_in_the_first_line():
    assert (
        cli.due("20个工作日", "2026-12-10", as_json=False)[1].splitlines()[0]
        == "2027-01-07（暂定 provisional）"
    )


def test_backwards():
    assert cli.due("七个工作日", "2026-03-20", as_json=False, back=True)[1].splitlines()[0] == "2026-03-10"


@pytest.mark.parametrize(
    ("spec", "start"),
    [
        ("0 days", "2026-01-01"),
        ("99999999 days", "2026-01-01"),
        ("50 years", "9990-01-01"),
        ("90 days", "0001-01-02"),
    ],
)
def test_lengths_out_of_range_are_refused_and_never_crash(spec, start):
    back = start.startswith("0001")
    code, said = cli.due(spec, start, as_json=False, back=back)
    assert code == 2
    assert "yifa.E02" in said
