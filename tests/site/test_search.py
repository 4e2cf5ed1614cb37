"""yifa search: what the index holds, on the command line."""

from __future__ import annotations

import argparse
from datetime import date

import pytest

from tests.cases.conftest import clerk, county
from yifa.cases.kernel import act
from yifa.matters.leadership.study import facts as s
from yifa.matters.leadership.study.procedure import Study
from yifa.people.actor import Actor
from yifa.site.commands.search import search
from yifa.site.errors import ANSWER_NO, Plain
from yifa.texts.lookup import follow

__all__ = ["clerk", "county"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


@pytest.fixture(autouse=True)
def no_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yifa.law.texts.at_hand", dict)
    follow.forget()


def asked(*words: str) -> argparse.Namespace:
    return argparse.Namespace(words=list(words), kind=None, limit=10)


def test_what_is_found_is_printed_with_its_case(clerk: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    told = s.Session(on=date(2023, 3, 6), body=s.Body.OTHER, form=s.Form.LECTURE, topic="民法典物权编")
    case = act(Study.hold, told, clerk).case
    assert search(asked("物权编")) == 0
    said = capsys.readouterr().out
    assert f"案件{case}" in said
    assert "民法典物权编" in said
    assert "共1条（案件1）" in said


def test_nothing_found_is_a_no_and_a_bad_query_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert search(asked("没有这样的话")) == ANSWER_NO
    assert "没有找到" in capsys.readouterr().out
    with pytest.raises(Plain, match="E850"):
        search(asked("行" * 300))
