"""Search for everybody: statutes and what is published, and nothing of any case."""

from __future__ import annotations

from datetime import date

import pytest

from yifa.cases.kernel import act
from yifa.law import texts
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.texts.lookup import follow

DAY = date(2023, 3, 6)


@pytest.fixture
def no_statutes(monkeypatch):
    monkeypatch.setattr("yifa.law.texts.at_hand", dict)
    follow.forget()
    yield
    follow.forget()


@pytest.fixture
def published(clerk, no_statutes):
    who = {"name": "贾宝玥", "identity": "411523199001010011", "contact": "13900000000"}
    told = f.Registration(on=DAY, kind=f.Applicant.PERSON, wanted="饕餮坝预算", **who)
    case = act(D.receive, told, clerk).case
    act(D.answer, f.Reply(on=date(2023, 3, 20), answer=f.Answer.GRANTED, content="见附件"), clerk, case=case)
    told = f.Publication(
        on=date(2023, 3, 22), headline="农村公路养护台账", summary="全县二百一十条农村公路。"
    )
    return act(D.publish, told, clerk, case=case)


def page(client, query: str, status: int = 200, **more: str) -> str:
    answer = client.get("/search/", {"q": query, **more})
    assert answer.status_code == status
    return answer.content.decode()


def test_a_published_answer_is_found_and_opens_where_it_stands(client, published):
    found = page(client, "养护台账")
    assert "农村公路<mark>养护台账</mark>" in found
    address = f"/answers/?after={published.entry + 1}#a{published.entry}"
    assert address in found
    assert f'id="a{published.entry}"' in client.get(address).content.decode()


def test_nothing_of_a_case_is_found_by_a_stranger(client, published):
    for query in ("贾宝玥", "饕餮", "予以公开", "411523199001010011", "〔2023〕1号"):
        assert 'class="hit"' not in page(client, query)
    assert 'class="hit"' not in page(client, "公开", kind="case")


def test_punctuation_alone_and_much_too_much_are_refused_kindly(client, no_statutes):
    assert "只有标点" in page(client, "，。", 422)
    assert "太长" in page(client, "行" * 5000, 422)
    assert 'class="hit"' not in page(client, "\0")


def test_every_page_has_the_way_to_it_and_an_empty_search_shows_others(client, no_statutes):
    assert 'href="/search/"' in client.get("/").content.decode()
    assert "/law/" in page(client, "")


@pytest.mark.skipif(not texts.at_hand(), reason="no statute texts at hand (YIFA_STATUTES)")
def test_the_statutes_are_to_be_read_by_everybody(client):
    shelf = client.get("/law/").content.decode()
    assert "中华人民共和国行政处罚法" in shelf
    law = client.get("/law/中华人民共和国行政处罚法/2021-01-22/?q=听证").content.decode()
    assert 'id="a63"' in law
    assert "<mark>听证</mark>" in law
    assert client.get("/law/无此法/2020-01-01/").status_code == 404
