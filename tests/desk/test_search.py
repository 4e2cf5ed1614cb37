"""Search at the desk: one box, within the scope of the post, and a page for every answer."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from yifa.cases.kernel import act
from yifa.law import texts
from yifa.matters.leadership.study import facts as s
from yifa.matters.leadership.study.procedure import Study
from yifa.people import posts
from yifa.texts.lookup import follow

from .conftest import CLERK, TODAY

LAW = "中华人民共和国行政处罚法"
WITH_TEXTS = pytest.mark.skipif(
    (LAW, "2021-01-22") not in texts.at_hand(), reason="no statute texts at hand (YIFA_STATUTES)"
)


@pytest.fixture
def no_statutes(monkeypatch):
    monkeypatch.setattr("yifa.law.texts.at_hand", dict)
    follow.forget()
    yield
    follow.forget()


@pytest.fixture
def studied(wang, no_statutes):
    """A session of the government office, on record."""

    def make(topic: str = "村级公路<养护>条例", **told):
        facts = s.Session(on=TODAY, body=s.Body.OTHER, form=s.Form.LECTURE, topic=topic, **told)
        return act(Study.hold, facts, posts.actor_in(CLERK, TODAY, wang)).case

    return make


def search(client: Client, query: str, **more: str) -> str:
    answer = client.get("/desk/search/", {"q": query, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_page_of_the_desk_has_the_box(clerk):
    page = clerk.get("/desk/").content.decode()
    assert 'action="/desk/search/"' in page
    assert 'aria-keyshortcuts="/"' in page


def test_what_was_just_recorded_is_found_marked_and_opens(clerk, studied):
    case = studied()
    page = search(clerk, "公路")
    assert f"/desk/case/{case}/" in page
    assert "村级<mark>公路</mark>&lt;养护&gt;条例" in page
    assert "<养护>" not in page
    assert "学法台账" in page


def test_another_office_finds_nothing_and_learns_no_number(clerk, stranger, studied):
    studied()
    assert 'class="hit"' in search(clerk, "公路")
    page = search(stranger, "公路")
    assert 'class="hit"' not in page
    assert "没有找到" in page
    assert "案件<span" not in page


def test_who_holds_no_post_and_who_is_nobody_search_nothing(idle, db):
    assert idle.get("/desk/search/?q=公路").status_code == 403
    assert Client().get("/desk/search/?q=公路").status_code == 302
    assert Client().get("/desk/law/").status_code == 302


def test_sealed_words_are_not_found(clerk, application, no_statutes):
    application(name="贾宝玥", wanted="饕餮坝预算")
    for query in ("贾宝玥", "饕餮", "411523199001010011", "13900000000"):
        assert 'class="hit"' not in search(clerk, query)


def test_filters_narrow_and_say_so(clerk, studied):
    studied()
    assert 'class="hit"' in search(clerk, "公路", **{"from": TODAY.isoformat(), "office": "x-gov"})
    page = search(clerk, "公路", to="2001-01-01")
    assert 'class="hit"' not in page
    assert "不限范围再找" in page
    assert 'class="hit"' not in search(clerk, "公路", kind="answer")
    assert 'class="hit"' in search(clerk, "公路", kind="nonsense")


def test_the_next_page_goes_on(clerk, studied):
    for n in range(23):
        studied(f"第{n}期讲座")
    first = search(clerk, "期讲座")
    assert first.count('class="hit"') == 20
    assert "下一页" in first
    after = first.split("after=")[1].split('"')[0].replace("&amp;", "&")
    assert search(clerk, "期讲座", after=after).count('class="hit"') == 3


def test_an_empty_search_says_what_can_be_found_and_how(clerk, no_statutes):
    page = search(clerk, "")
    assert "怎样写" in page
    assert "yifa law import" in page


@pytest.mark.parametrize(
    "query", ['"', "'", "AND OR NOT", "NEAR(", "*", "\0", "，。", "<script>alert(1)</script>", "%", "a" * 200, "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")],
)  # fmt: skip
def test_whatever_is_typed_is_looked_for(clerk, studied, query):
    studied()
    assert "<script>alert" not in search(clerk, query)


@pytest.mark.parametrize("query", ["行" * 10_000, "-预算", "一 二 三 四 五 六 七 八 九"])
def test_what_cannot_be_answered_is_explained(clerk, no_statutes, query):
    answer = clerk.get("/desk/search/", {"q": query})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


@WITH_TEXTS
def test_an_article_is_found_and_opens_in_its_statute(clerk):
    follow.catch_up(None)  # as `yifa serve` does before the first page
    page = search(clerk, "较大数额罚款 听证", kind="statute")
    assert "第六十三条" in page
    assert "#a63" in page
    address = f"/desk/law/{quote(LAW)}/2021-01-22/"
    law = clerk.get(address, {"q": "听证"}).content.decode()
    assert 'id="a63"' in law
    assert "第四节 听证程序" in law
    assert "<mark>听证</mark>" in law
    assert "现行有效" in law
    assert "自2021年7月15日起施行" in law
    assert LAW in clerk.get("/desk/law/").content.decode()


@pytest.mark.parametrize("address", ["无此法/2020-01-01", f"{LAW}/1900-01-01", "%00/x", "../x/y"])
def test_a_statute_that_is_not_here_is_a_404(clerk, no_statutes, address):
    assert clerk.get(f"/desk/law/{address}/").status_code == 404


def test_in_english_the_page_is_english(clerk, studied):
    studied()
    clerk.post("/language/", {"language": "en"})
    page = search(clerk, "公路")
    assert "Narrow" in page
    assert "缩小范围" not in page
