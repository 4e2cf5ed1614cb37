"""The index gives the same day as a walk from day to day with a finger on the calendar."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from yifa.clock import Calendar, Due, Extension, Length, Pause, before, due, national, reckon
from yifa.clock.counting import add_months, legs_of

DAY = timedelta(days=1)
CALENDAR = national()

dates = some.dates(date(2018, 12, 1), date(2027, 6, 30))
reasons = some.sampled_from(["", "征求第三方意见", "鉴定"])


@some.composite
def lengths(draw, units=("working", "day", "month", "year")):
    unit = draw(some.sampled_from(units))
    most = {"working": 90, "day": 120, "month": 14, "year": 2}[unit]
    return Length(draw(some.integers(1, most)), unit)


@some.composite
def pauses(draw, near: date):
    since = near + timedelta(days=draw(some.integers(-20, 120)))
    open_ = draw(some.integers(0, 9)) == 0
    until = None if open_ else since + timedelta(days=draw(some.integers(0, 50)))
    return Pause(since, until, draw(reasons))


@some.composite
def periods(draw):
    start = draw(dates)
    extensions = draw(some.lists(some.builds(Extension, lengths()), max_size=2))
    return start, draw(lengths()), draw(some.lists(pauses(start), max_size=4)), extensions


def walk(
    start: date, length: Length, calendar: Calendar, stops: list[Pause], more: Iterable[Extension]
) -> Due:
    """The definition, said slowly."""

    def stuck(day: date) -> bool:
        return any(p.until is None and p.since < day for p in stops)

    def paused(day: date) -> bool:
        return any(p.until is not None and p.since < day <= p.until for p in stops)

    day, provisional = start, False
    for leg in legs_of(length, more):
        unit, left = leg.unit, leg.amount
        if unit in ("month", "year"):
            left = (add_months(day, left * (12 if unit == "year" else 1)) - day).days
        begun = day + DAY
        while left:
            day += DAY
            if stuck(day):
                return Due(None, provisional)
            left -= not paused(day) and (unit != "working" or calendar.is_working(day))
        if unit == "working":
            provisional |= any(not calendar.published(y) for y in range(begun.year, day.year + 1))
    if unit != "working":
        nominal = day
        while not calendar.is_working(day) or paused(day):
            day += DAY
            if stuck(day):
                return Due(None, provisional)
        provisional |= any(not calendar.published(y) for y in range(nominal.year, day.year + 1))
    return Due(day, provisional)


@given(dates, lengths())
@settings(max_examples=400)
def test_the_index_agrees_with_the_walk(start, length):
    assert due(start, length, CALENDAR) == walk(start, length, CALENDAR, [], [])


@given(periods())
@settings(max_examples=800)
def test_pauses_and_extensions_agree_with_the_walk(period):
    start, length, stops, more = period
    assert due(start, length, CALENDAR, stops, more) == walk(start, length, CALENDAR, stops, more)


@given(periods())
@settings(max_examples=800)
def test_the_sum_always_ends_where_the_due_date_is_and_leaves_no_day_out(period):
    start, length, stops, more = period
    found, sum_ = due(start, length, CALENDAR, stops, more), reckon(start, length, CALENDAR, stops, more)
    assert (sum_.day, sum_.provisional) == (found.day, found.provisional)
    day = start
    for stretch in sum_.stretches:
        assert stretch.first == day + DAY
        day = stretch.last
    if sum_.day:
        assert day == sum_.day
        assert start < sum_.nominal <= sum_.day
    for lang in ("zh", "en"):
        assert all(sum_.sentences(lang))
    assert sum_.as_dict()["day"] == (sum_.day.isoformat() if sum_.day else None)


@given(
    dates,
    lengths(units=("working", "day")),
    some.lists(some.builds(Extension, lengths(units=("working", "day"))), max_size=2),
)
@settings(max_examples=200)
def test_the_stretches_add_up_to_the_length(start, length, more):
    sum_ = reckon(start, length, CALENDAR, (), more)
    for unit in ("working", "day"):
        wanted = sum(leg.amount for leg in (length, *(x.length for x in more)) if leg.unit == unit)
        assert sum(s.counted for s in sum_.stretches if s.unit == unit) == wanted


@given(periods(), some.integers(-10, 60))
@settings(max_examples=200)
def test_suspending_and_resuming_on_one_day_changes_nothing(period, offset):
    start, length, stops, more = period
    that_day = start + timedelta(days=offset)
    blink = Pause(that_day, that_day, "中止")
    assert due(start, length, CALENDAR, [*stops, blink], more) == due(start, length, CALENDAR, stops, more)


@given(periods(), some.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_in_which_pauses_are_told_does_not_matter(period, random):
    start, length, stops, more = period
    shuffled = random.sample(stops, len(stops))
    assert due(start, length, CALENDAR, shuffled, more) == due(start, length, CALENDAR, stops, more)


@given(dates, lengths(units=("working", "day", "month")))
@settings(max_examples=200)
def test_counting_backwards_gives_the_latest_day_with_the_full_length_between(event, length):
    def enough(notice: date) -> bool:
        if length.unit == "month":
            return add_months(notice, length.amount) < event
        between = ((event - notice).days - 1) if length.unit == "day" else 0
        if length.unit == "working":
            between = sum(CALENDAR.is_working(notice + DAY * n) for n in range(1, (event - notice).days))
        return between >= length.amount

    found = before(event, length, CALENDAR).day
    assert enough(found)
    assert not any(enough(found + DAY * n) for n in range(1, 40) if found + DAY * n < event)
