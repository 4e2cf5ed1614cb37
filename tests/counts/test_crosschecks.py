"""Two figures that contradict each other are explained before anyone signs."""

from datetime import date

import pytest

from yifa.counts import finding_records, findings, year

pytestmark = pytest.mark.django_db
Y = year(2023)


def found(name):
    return next(f for f in findings(Y) if f.name == name)


def count(finding, part):
    return next(t.n for t in finding.terms if t.part == part)


@pytest.fixture
def studied(acted):
    held = (
        [("STANDING_COMMITTEE", "BEFORE_MEETING")] * 2
        + [("EXECUTIVE_MEETING", "BEFORE_MEETING")] * 4
        + [("LAW_COMMITTEE", "TOPIC")] * 2
        + [("PARTY_GROUP", "TOPIC")] * 3
        + [("STUDY_GROUP", "STUDY_GROUP")] * 4
    )
    for n, (body, form) in enumerate(held):
        acted("study", "hold", date(2023, 1 + n % 12, 10), body=body, form=form)


@pytest.mark.usefixtures("studied")
def test_eleven_against_four_and_two_and_four_is_explained():
    finding = found("study.two_ways")
    assert count(finding, "one") == 11
    assert [count(finding, f"many.{n}") for n in range(3)] == [4, 2, 4]
    assert (count(finding, "both"), count(finding, "only_one"), count(finding, "only_many")) == (6, 5, 4)
    told = "".join(finding.sentences)
    assert "3次，“学习主体”为“县政府党组”" in told
    assert "2次，“学习主体”为“县委全面依法治县委员会”" in told
    assert "4期，“学习主体”为“县委理论学习中心组”、“学习形式”为“中心组集体学习”" in told
    assert not finding.holds


@pytest.mark.usefixtures("studied")
def test_every_term_of_a_finding_opens_on_as_many_records_as_it_says():
    finding = found("study.two_ways")
    for term in finding.terms:
        assert len(finding_records(finding.name, term.part, Y).records) == term.n


def test_opening_stock_and_issued_less_cancelled_is_closing_stock(acted):
    for case in (1, 2, 3):
        acted("certificate", "issue", date(2022, 5, case), case=case)
    acted("certificate", "issue", date(2023, 2, 1), case=4)
    acted("certificate", "cancel", date(2023, 6, 15), case=1, cause="RETIRED")
    finding = found("certificate.flow")
    assert finding.holds
    assert [t.n for t in finding.terms] == [3, 1, 1, 3]
    assert "算得3，实有3，相符" in finding.sentences[-1]
    for term in finding.terms:
        assert len(finding_records(finding.name, term.part, Y).records) == term.n


def test_a_balance_that_fails_names_the_step_it_forgot(acted, monkeypatch):
    from yifa.procedure.registry import registry

    check = registry().family("certificate").checks["flow"]
    monkeypatch.setattr(check, "minus", ())
    acted("certificate", "issue", date(2023, 2, 1), case=1)
    acted("certificate", "cancel", date(2023, 6, 15), case=1, cause="RETIRED")
    finding = found("certificate.flow")
    assert not finding.holds
    assert "相差1，不相符" in finding.sentences[1]
    assert "1次“注销”使案卷离开这一存量，但没有列入等式" in finding.sentences[2]


def test_a_year_without_records_contradicts_nothing(db):
    assert all(f.holds for f in findings(Y))
