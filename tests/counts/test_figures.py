"""Figures are read from the cube, and open on exactly as many records as they say."""

from datetime import date

import pytest

from yifa.counts import NoSuchFigure, Span, figure, figures, months_of, records, year
from yifa.counts.grid import by_office

pytestmark = pytest.mark.django_db
Y = year(2023)


def all_records(key, span=Y, part=None, offices=None, limit=3):
    found, after = [], None
    while True:
        page = records(key, span, part, offices, after, limit)
        found += page.records
        after = page.after
        if after is None:
            return found


@pytest.fixture
def studied(acted):
    """Sixteen sessions of 2023, as six bodies hold them, and one of 2022."""
    held = (
        [("STANDING_COMMITTEE", "BEFORE_MEETING")] * 2
        + [("EXECUTIVE_MEETING", "BEFORE_MEETING")] * 4
        + [("LAW_COMMITTEE", "TOPIC")] * 2
        + [("PARTY_GROUP", "TOPIC")] * 3
        + [("STUDY_GROUP", "STUDY_GROUP")] * 4
        + [("OTHER", "LECTURE")]
    )
    for n, (body, form) in enumerate(held):
        acted("study", "hold", date(2023, 1 + n % 12, 10), body=body, form=form, office="A" if n % 2 else "B")
    acted("study", "hold", date(2022, 6, 1), body="STUDY_GROUP", form="STUDY_GROUP")


@pytest.mark.usefixtures("studied")
def test_a_count_keeps_only_what_its_conditions_ask():
    found = figures(["study.collective", "study.study_group", "study.standing_committee"], Y)
    assert [f.value for f in found.values()] == [11, 4, 2]
    assert found["study.collective"].written == "11次"
    assert found["study.collective"].period == "2023年"


@pytest.mark.usefixtures("studied")
def test_a_figure_opens_on_as_many_records_as_it_says():
    for key in ("study.collective", "study.study_group", "study.sessions"):
        told = figure(key, Y)
        assert len(all_records(key)) == told.records == told.value


@pytest.mark.usefixtures("studied")
def test_records_come_in_the_order_they_happened_and_none_twice():
    found = all_records("study.sessions", limit=4)
    assert [r.on for r in found] == sorted(r.on for r in found)
    assert len({r.entry for r in found}) == 16


@pytest.mark.usefixtures("studied")
def test_a_record_says_what_it_was_counted_by_in_the_forms_own_words():
    record = all_records("study.standing_committee")[0]
    assert record.told == (("学习主体", "县委常委会"), ("学习形式", "会前学法"))
    assert record.label == "登记学法"


@pytest.mark.usefixtures("studied")
def test_an_office_sees_its_own_part():
    both = [figure("study.sessions", Y, [office]).value for office in "AB"]
    assert both == [8, 8]
    assert len(all_records("study.sessions", offices=["A"])) == 8


@pytest.mark.usefixtures("studied")
def test_a_breakdown_stands_in_the_order_of_the_form_and_adds_up():
    body, form = figure("study.sessions", Y).breakdowns
    assert body.label == "学习主体"
    assert [g.label for g in body.groups][:2] == ["县委常委会", "县委理论学习中心组"]
    assert sum(g.n for g in body.groups) == sum(g.n for g in form.groups) == 16


@pytest.mark.usefixtures("studied")
def test_months_add_up_to_the_year():
    assert sum(n for _, n in months_of("study.sessions", Y)) == 16
    assert months_of("study.sessions", Y)[0][0] == 202301


@pytest.mark.usefixtures("studied")
def test_a_span_that_cuts_a_month_counts_its_days():
    assert figure("study.sessions", Span(date(2023, 1, 11), date(2023, 2, 9))).value == 0
    assert figure("study.sessions", Span(date(2023, 1, 10), date(2023, 1, 31))).value == 2
    assert figure("study.sessions", Span(date(2023, 1, 5), date(2023, 3, 10))).value == 6


def test_a_sum_of_money_is_kept_in_fen_and_told_in_yuan(acted):
    acted("disclosure", "pay", date(2023, 5, 4), amounts={"fee": 10_000})
    acted("disclosure", "pay", date(2023, 6, 20), amounts={"fee": 2_050})
    told = figure("disclosure.fees", Y)
    assert (told.written, told.records) == ("120.5元", 2)
    assert figure("disclosure.fees", Span(date(2023, 6, 2), date(2023, 6, 30))).written == "20.5元"


def test_a_share_keeps_numerator_and_denominator_and_their_records(acted):
    for n in range(3):
        acted(
            "disclosure",
            "answer",
            date(2023, 5, n + 1),
            answer="GRANTED",
            kind="PERSON",
            **{"in:answer_in": "1"},
        )
    acted("disclosure", "answer", date(2023, 5, 9), answer="GRANTED", kind="PERSON", **{"in:answer_in": "0"})
    told = figure("disclosure.in_time", Y)
    assert (told.numerator, told.denominator, told.written) == (3, 4, "75%")
    assert len(all_records("disclosure.in_time", part="part")) == 3
    assert len(all_records("disclosure.in_time")) == 4 == told.records


def test_a_share_of_nothing_is_not_a_hundred_percent(db):
    told = figure("disclosure.in_time", Y)
    assert (told.value, told.written, told.denominator) == (None, "不适用", 0)


def test_a_stock_is_what_stood_at_the_end_of_the_day(acted):
    acted("certificate", "issue", date(2022, 5, 1), case=1)
    acted("certificate", "issue", date(2023, 2, 1), case=2)
    acted("certificate", "issue", date(2023, 3, 1), case=3)
    acted("certificate", "suspend", date(2023, 4, 1), case=3)
    acted("certificate", "cancel", date(2023, 6, 15), case=1, cause="RETIRED")
    assert figure("certificate.held", Y).value == 2
    assert figure("certificate.held", Span(date(2023, 1, 1), date(2023, 6, 14))).value == 3
    assert figure("certificate.held", Y).period == "截至2023年12月31日"
    assert [r.case for r in all_records("certificate.held")] == [2, 3]
    assert dict(months_of("certificate.held", Y))[202304] == 3


def test_an_unknown_figure_is_refused_by_name(db):
    with pytest.raises(NoSuchFigure, match="E551"):
        figure("study.nothing", Y)


@pytest.mark.usefixtures("studied")
def test_the_definition_names_step_conditions_period_and_level():
    told = str(figure("study.standing_committee", Y).definition)
    assert "“登记学法”的次数" in told
    assert "“学习主体”为“县委常委会”" in told
    assert told.startswith("2023年内，全县各单位")


def test_the_definition_of_a_share_names_the_period_and_both_sides(db):
    told = dict(figure("disclosure.in_time", Y).definition.points)
    assert "答复期限" in told["分子"]
    assert "不适用" in told["分母"]
    assert "第三十三条第二款" in told["依据"]


@pytest.mark.usefixtures("studied")
def test_all_figures_of_a_family_are_read_at_once(django_assert_num_queries):
    keys = ["study.collective", "study.study_group", "study.executive_meeting", "study.sessions"]
    with django_assert_num_queries(1):
        figures(keys, Y)


@pytest.mark.usefixtures("studied")
def test_the_table_by_office_says_what_each_office_says_for_itself(acted):
    acted("disclosure", "pay", date(2023, 5, 4), amounts={"fee": 10_000}, office="B")
    acted("certificate", "issue", date(2022, 5, 1), office="A")
    acted("disclosure", "answer", date(2023, 5, 9), answer="GRANTED", kind="PERSON", **{"in:answer_in": "0"})
    keys = ["study.collective", "study.sessions", "disclosure.fees", "disclosure.in_time", "certificate.held"]
    table = by_office(keys, Y)
    for key in keys:
        for office, value in table[key].items():
            assert figure(key, Y, [office]).value == value
    assert table["study.sessions"] == {"A": 8, "B": 8}
    assert table["disclosure.in_time"] == {"A": 0}
