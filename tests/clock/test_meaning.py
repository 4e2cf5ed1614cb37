"""What 日 means differs statute by statute."""

import pytest

from yifa.clock import days, misread, months, short_days, working_days
from yifa.law import statute

penalty = statute("penalty-law")
coercion = statute("coercion-law")
review = statute("reconsideration-law", "2023-09-01")
disclosure = statute("disclosure-regulation")


@pytest.mark.parametrize(
    ("length", "cite"),
    [
        (short_days(7), penalty(61, para=1)),
        (days(15), penalty(67)),
        (days(90), penalty(60)),
        (short_days(10), coercion(54)),
        (days(30), coercion(25)),
        (short_days(5), review(30)),
        (days(60), review(62)),
        (working_days(20), disclosure(33, para=2)),
        (months(3), coercion(53)),
        (short_days(20), statute("licence-law")(42)),
        (days(30), statute("licence-law")(50)),
    ],
)
def test_days_read_as_their_statute_means_them(length, cite):
    assert misread(length, cite) is None


def test_five_days_of_reconsideration_are_working_days():
    assert misread(days(5), review(30)) == (
        "《行政复议法》第八十八条规定“五日”是指工作日，这里却按自然日计算；应当写 short_days(5) [yifa.E030]"
    )
    assert "第六十九条" in (misread(days(10), coercion(54)) or "")


def test_fifteen_days_to_pay_a_fine_are_calendar_days():
    assert misread(short_days(15), penalty(67)) == (
        "《行政处罚法》第八十五条没有把“十五日”规定为工作日，这里却按工作日计算；应当写 days(15) [yifa.E030]"
    )
