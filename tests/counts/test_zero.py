"""Nothing happened, and everybody said so: before the last report is in there is no zero, however little is known of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from yifa.cases.kernel import act
from yifa.counts import compare, figure, records, year
from yifa.counts.grid import by_office
from yifa.counts.span import Span, month_end
from yifa.matters.emergency.response import facts as f
from yifa.matters.emergency.response.procedure import Incident, ZeroReport
from yifa.people import Actor, offices
from yifa.people.tree import Office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
KEY, GRAVE = "zero_report.no_casualties", "zero_report.no_grave_accident"
WATER, TIANPU, NEW = "x-water", "x-tianpu", "x-new"
BEGIN = date(2016, 1, 1)
QUARTER = Span(date(2023, 1, 1), date(2023, 3, 31))
Y = year(2023)


@pytest.fixture
def county() -> Iterator[None]:
    """A department and a township the whole year; another township from May; the county and a body that need not report."""
    offices.forget()
    told = (
        (WATER, "县水利局", "department", BEGIN), (TIANPU, "田铺乡", "township", BEGIN),
        (NEW, "新设乡", "township", date(2023, 5, 10)), ("x-library", "县图书馆", "body", BEGIN),
    )  # fmt: skip
    rows = [Office(code="x", since=BEGIN, name="新县", kind="county")]
    rows += [Office(code=code, since=on, name=name, parent="x", kind=kind) for code, name, kind, on in told]
    offices.record_all(rows)
    yield
    offices.forget()


def clerk(office: str) -> Actor:
    return Actor(7, "李某", f"{office}.clerk", office, frozenset({"clerk"}), frozenset({office}))


def report(office: str, *months: int, incidents: int = 0) -> None:
    for month in months:
        told = f.Month(on=month_end(date(2023, month, 1)), incidents=incidents, casualties=0)
        act(ZeroReport.file, told, clerk(office))


def incident(
    office: str = TIANPU, on: date = date(2023, 2, 3), sort: f.Sort = f.Sort.FLOOD, **told: object
) -> int:
    first = f.Incident(on=on, what="某事", sort=sort, place="某村", first="处置中")
    case = act(Incident.report, first, clerk(office)).case
    given = {"on": on, "grade": f.Grade.ORDINARY, "deaths": 0, "injured": 0, "summary": "完"} | told
    act(Incident.close, f.Final(**given), clerk(office), case=case)  # type: ignore[arg-type]
    return case


def everybody(*months: int, but: tuple[tuple[str, int], ...] = ()) -> None:
    for month in months:
        for office in (WATER, TIANPU, *([NEW] if month >= 5 else [])):
            if (office, month) not in but:
                report(office, month)


# ── The figure ───────────────────────────────────────────────────────────────


def test_where_nobody_reported_there_is_no_zero() -> None:
    told = figure(KEY, QUARTER)
    assert (told.value, told.written, told.numerator, told.denominator) == (None, "尚缺6份报告", 0, 6)
    assert told.lacking == tuple((o, 202300 + m) for o in (TIANPU, WATER) for m in (1, 2, 3))


def test_where_one_report_is_lacking_it_is_named_and_there_is_no_zero() -> None:
    everybody(1, 2, 3, but=((WATER, 2),))
    told = figure(KEY, QUARTER)
    assert (told.value, told.written, told.records) == (None, "尚缺1份报告", 5)
    assert told.lacking == ((WATER, 202302),)


def test_where_everybody_reported_every_month_it_is_zero() -> None:
    everybody(1, 2, 3)
    told = figure(KEY, QUARTER)
    assert (told.value, told.written, told.lacking) == (0, "0人", ())
    assert (told.records, told.denominator) == (6, 6)
    assert figure(GRAVE, QUARTER).written == "0起"


def test_what_happened_is_its_own_number_once_everybody_reported() -> None:
    incident(deaths=1, injured=2)
    incident(sort=f.Sort.SAFETY, injured=5, grade=f.Grade.MAJOR)
    incident(sort=f.Sort.SAFETY, grade=f.Grade.LARGER)
    everybody(1, 2, 3, but=((TIANPU, 2),))
    assert (figure(KEY, QUARTER).value, figure(KEY, QUARTER).numerator) == (None, 3)
    report(TIANPU, 2, incidents=3)
    assert (figure(KEY, QUARTER).written, figure(GRAVE, QUARTER).written) == ("3人", "1起")


def test_a_first_report_without_a_final_one_counts_nobody_yet() -> None:
    first = f.Incident(on=date(2023, 2, 3), what="某事", sort=f.Sort.FLOOD, place="某村", first="处置中")
    act(Incident.report, first, clerk(TIANPU))
    everybody(1, 2, 3, but=((TIANPU, 2),))
    report(TIANPU, 2, incidents=1)
    assert figure(KEY, QUARTER).value == 0


def test_an_office_owes_reports_from_the_month_it_is_set_up_in_and_others_owe_none() -> None:
    everybody(*range(1, 13))
    told = figure(KEY, Y)
    assert (told.value, told.denominator) == (0, 12 + 12 + 8)
    act(ZeroReport.file, f.Month(on=date(2023, 1, 31), incidents=0, casualties=0), clerk("x-library"))
    more = figure(KEY, Y)
    assert (more.value, more.denominator, more.records) == (0, 32, 33)


def test_a_report_withdrawn_or_moved_to_another_month_is_lacking_again() -> None:
    everybody(1, 2, but=((TIANPU, 1),))
    told = f.Month(on=date(2023, 3, 31), incidents=0, casualties=0)
    wrong = act(ZeroReport.file, told, clerk(TIANPU)).case
    both = Span(date(2023, 1, 1), date(2023, 2, 28))
    assert figure(KEY, both).lacking == ((TIANPU, 202301),)
    moved = ZeroReport.correct.asks(
        on=date(2023, 4, 3), dated=date(2023, 1, 31), incidents=0, casualties=0, why="月份写错"
    )
    act(ZeroReport.correct, moved, clerk(TIANPU), case=wrong)
    assert figure(KEY, both).value == 0
    act(
        ZeroReport.withdraw,
        ZeroReport.withdraw.asks(on=date(2023, 4, 4), why="误报"),
        clerk(TIANPU),
        case=wrong,
    )
    assert figure(KEY, both).lacking == ((TIANPU, 202301),)
    assert compare() == []


def test_one_office_alone_may_say_zero_for_itself() -> None:
    report(TIANPU, 1, 2, 3)
    assert figure(KEY, QUARTER, {TIANPU}).value == 0
    assert figure(KEY, QUARTER, {WATER}).value is None
    assert figure(KEY, QUARTER).value is None


# ── By office ────────────────────────────────────────────────────────────────


def test_by_office_each_has_a_value_once_it_has_reported_each_month_it_owes() -> None:
    assert by_office([KEY], QUARTER)[KEY] == {TIANPU: None, WATER: None}
    report(WATER, 1, 2, 3)
    incident(injured=4)
    assert by_office([KEY], QUARTER)[KEY] == {TIANPU: None, WATER: 0}
    report(TIANPU, 1, 3)
    report(TIANPU, 2, incidents=1)
    assert by_office([KEY], QUARTER)[KEY] == {TIANPU: 4, WATER: 0}


def test_by_office_agrees_with_the_figure_of_that_office_alone() -> None:
    everybody(*range(1, 13), but=((TIANPU, 6), (TIANPU, 7)))
    table = by_office([KEY, GRAVE], Y)
    assert table[KEY] == {o: figure(KEY, Y, {o}).value for o in (WATER, TIANPU, NEW)}
    assert table[KEY] == table[GRAVE] == {WATER: 0, TIANPU: None, NEW: 0}


# ── The page ─────────────────────────────────────────────────────────────────


def page(client: Client, key: str = KEY, query: str = "") -> str:
    return client.get(reverse("report:figure", args=[2023, key]) + query).content.decode()


def test_the_page_names_who_is_lacking_and_on_which_months(client: Client) -> None:
    everybody(*range(1, 13), but=((TIANPU, 6), (TIANPU, 7), (NEW, 12)))
    text = page(client)
    assert "还没有报告的，写不出“零”" in text
    assert "尚缺3份报告" in text
    assert "<b>29 / 32</b>" in text
    lines = text.split('<ul class="papers">')[1].split("</ul>")[0]
    assert "田铺乡" in lines
    assert "6月、7月" in lines
    assert "新设乡" in lines
    assert "县水利局" not in lines


def test_the_page_of_a_zero_says_that_everybody_reported_and_opens_on_both_sides(client: Client) -> None:
    incident(injured=7)
    everybody(*range(1, 13), but=((TIANPU, 2),))
    report(TIANPU, 2, incidents=1)
    text = page(client)
    assert "应当报告的单位每月都报告了。" in text
    assert '<p class="headline-value">7人</p>' in text
    assert "共 32 条" in text
    assert "共 1 条" in page(client, query="?part=part"), "one record, of seven casualties"


def test_what_it_opens_on_are_the_reports_and_on_the_other_side_what_happened() -> None:
    case = incident(injured=7)
    report(WATER, 1, 2)
    assert [r.case for r in records(KEY, Y, "part").records] == [case]
    assert len(records(KEY, Y).records) == 2


def test_a_zero_means_what_its_definition_says() -> None:
    told = figure(KEY, Span(date(2023, 1, 1), date(2023, 12, 31))).definition
    assert "应当报告的单位每月都报告了才写得出来" in told.sentence
    assert "第三十二条第二款" in told.sentence
    points = dict(told.points)
    assert "县直部门" in points["报告"]
    assert "每月一份" in points["报告"]
