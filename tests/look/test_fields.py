"""A form asks what the step must be told, no more and no less."""

from datetime import date

import pytest

from yifa.look.fields import CHOICE, DATE, LONG, MONEY, YES_NO, answers, field_of, fields_for
from yifa.procedure import Unreadable, asks_of, read, registry


@pytest.fixture
def disclosure():
    return registry().family("disclosure")


def by_name(fields):
    return {f.name: f for f in fields}


def test_the_legal_date_comes_first_under_the_steps_own_name(disclosure):
    first = fields_for(disclosure.answer, {"on": date(2023, 3, 1)})[0]
    assert (first.name, first.label, first.kind, first.value) == ("on", "答复日期", DATE, "2023-03-01")


def test_every_question_of_a_step_becomes_a_field(disclosure):
    for step in disclosure.steps.values():
        names = [f.name for f in fields_for(step)]
        assert names == ["on", *(a.name for a in asks_of(step.asks))]


def test_an_outcome_is_a_choice_with_the_article_beside_each(disclosure):
    answer = by_name(fields_for(disclosure.answer))["answer"]
    assert answer.kind == CHOICE
    assert {o.label: str(o.cite) for o in answer.options}[
        "予以公开"
    ] == "《政府信息公开条例》第三十六条第（二）项"
    assert [o.group for o in answer.options][:3] == ["予以公开", "予以公开", "部分公开"]


def test_each_kind_of_fact_has_its_own_input(disclosure):
    assert by_name(fields_for(disclosure.charge))["fee"].kind == MONEY
    assert by_name(fields_for(disclosure.charge))["fee"].unit == "元"
    assert by_name(fields_for(disclosure.hear))["agrees"].kind == YES_NO
    assert by_name(fields_for(disclosure.answer))["reason"].kind == LONG


def test_personal_facts_say_that_they_are(disclosure):
    fields = by_name(fields_for(disclosure.receive))
    assert fields["identity"].sealed
    assert "sealed" in fields["identity"].described_by
    assert not fields["kind"].sealed


def test_what_was_typed_stays_where_it_could_not_be_read(disclosure):
    typed = {"on": "下个月", "days": "十", "reason": "涉及多个机关"}
    with pytest.raises(Unreadable) as unreadable:
        read(disclosure.extend.asks, typed)
    fields = by_name(fields_for(disclosure.extend, typed, dict(unreadable.value.problems)))
    assert fields["reason"].value == "涉及多个机关"
    assert fields["days"].problem.startswith("延长的工作日数“十”")
    assert not fields["on"].iso


def test_a_form_typed_back_reads_as_the_same_facts(disclosure):
    facts = read(
        disclosure.charge.asks, {"on": "2023-03-01", "method": "按件计收", "amount": "31", "fee": "2,200元"}
    )
    typed = {f.name: f.value for f in fields_for(disclosure.charge, facts)}
    assert read(disclosure.charge.asks, typed) == facts


def test_nothing_else_that_came_with_the_form_is_taken(disclosure):
    assert answers(disclosure.extend, {"on": "2023-03-01", "_token": "x", "state": "answered"}) == {
        "on": "2023-03-01"
    }


def test_a_question_with_a_default_shows_it(disclosure):
    channel = next(a for a in asks_of(disclosure.confirm.asks) if a.name == "channel")
    assert by_name(fields_for(disclosure.confirm))["channel"].value == "INTERNET"
    assert field_of(channel, "互联网").options[3].chosen
