"""The review sheet on the desk: places beside the text, an answer with a reason and one click, and on to the next place."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from yifa.cases import read
from yifa.cases.kernel import act
from yifa.cases.scene import files
from yifa.matters.decisions.documents import facts as d
from yifa.matters.decisions.documents.procedure import NormativeDocument
from yifa.matters.decisions.legality import facts as f
from yifa.matters.decisions.legality.procedure import LegalityReview
from yifa.people import posts
from yifa.people.duties import Post
from yifa.people.models import User
from yifa.texts.machine import Row, Sheet, sheet
from yifa.texts.told import Return, Revision, Verdict

from ..matters.legality.conftest import DRAFT, MENDED, kept
from .conftest import BEGIN, GOVERNMENT, JUSTICE, OTHER, TODAY

REVIEWER, CHIEF, ELSEWHERE = "justice.reviewer", "justice.chief", "gov.reviewer"
FAMILY = frozenset({"legality_review"})


@pytest.fixture
def zhou(county: None, settings: Any, tmp_path: Any) -> User:
    settings.YIFA_HOME = tmp_path
    for code, office, role in (
        (REVIEWER, JUSTICE, "clerk"),
        (CHIEF, JUSTICE, "head"),
        (ELSEWHERE, GOVERNMENT, "clerk"),
    ):
        roles = frozenset({role})
        posts.record(Post(code=code, since=BEGIN, office=office, title=code, roles=roles, families=FAMILY))
    user = posts.person("zhou", "周某")
    posts.give(REVIEWER, user, BEGIN)
    return user


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reviewer(zhou: User) -> Client:
    return at_desk(zhou)


def handed_in(user: User, text: str = DRAFT, **told: Any) -> int:
    given: dict[str, Any] = {
        "on": TODAY,
        "draft": kept(text),
        "name": "新县城区停车管理办法",
        "kind": f.Kind.NORMATIVE,
        "level": f.Level.COUNTY,
        "drafter": "新县司法局",
    }
    received = f.Received(**(given | told))
    return act(LegalityReview.submit, received, posts.actor_in(REVIEWER, TODAY, user)).case


def now(case: int) -> Sheet:
    found = sheet(read.live(case).acts, lambda sha: files().open(sha).decode())
    assert found is not None
    return found


def row(case: int, id: str) -> Row:
    return next(r for r in now(case).rows if r.id == id)


def answer(client: Client, case: int, place: str, verdict: str = "ACCEPTED", **more: str) -> Any:
    told = {"place": place, "verdict": verdict, "reason": "改为现行条文"}
    return client.post(f"/desk/case/{case}/review/", told | more)


def test_the_sheet_shows_the_text_with_its_places_marked_and_numbered(reviewer: Client, zhou: User) -> None:
    page = reviewer.get(f"/desk/case/{handed_in(zhou)}/review/").content.decode()
    marked = re.findall(r'<mark class="rv-mark tone-red">([^<]*)</mark><a class="rv-ref" id="t-(1-\d)"', page)
    assert marked == [("第一百条", "1-1"), ("第七十条", "1-2"), ("第九十九条", "1-3")]
    assert page.count('<article class="rv-card') == 3
    assert "共86条，没有第一百条" in page


def test_the_case_leads_to_the_sheet_and_not_to_a_form_of_numbers(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou)
    page = reviewer.get(f"/desk/case/{case}/").content.decode()
    assert f'href="/desk/case/{case}/review/"' in page
    assert f"/desk/case/{case}/do/settle/" not in page


def test_an_answer_is_an_act_and_the_next_place_is_next(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou)
    sent = answer(reviewer, case, "1-1", "DISMISSED", reason="按旧版条号引用，另有说明")
    assert sent.url == f"/desk/case/{case}/review/#p-1-2"
    assert (row(case, "1-1").verdict, row(case, "1-1").reason) == (
        Verdict.DISMISSED,
        "按旧版条号引用，另有说明",
    )
    assert read.live(case).acts[-1].step == "settle"


def test_to_accept_without_words_is_to_say_what_the_rule_says(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou)
    answer(reviewer, case, "1-1", reason="")
    assert row(case, "1-1").reason == row(case, "1-1").finding.why


def test_to_dismiss_without_a_reason_is_refused_on_the_page(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou)
    sent = answer(reviewer, case, "1-1", "DISMISSED", reason="  ")
    assert sent.status_code == 409
    assert "不采纳的要写明理由" in sent.content.decode()
    assert row(case, "1-1").verdict is None


def test_all_under_one_rule_can_be_answered_at_once(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou)
    sent = answer(reviewer, case, "1-2", alike="1")
    assert sent.url.endswith("#progress")
    assert [r.verdict for r in now(case).rows] == [Verdict.ACCEPTED] * 3
    assert len(read.live(case).acts) == 2


@pytest.mark.parametrize("place", ["1-9", "", "<script>", "1-1\x00", "x" * 5000])
def test_what_no_sheet_has_is_refused_and_nothing_is_entered(
    reviewer: Client, zhou: User, place: str
) -> None:
    case = handed_in(zhou)
    assert answer(reviewer, case, place).status_code in (400, 409)
    assert len(read.live(case).acts) == 1


def test_an_answer_of_no_known_kind_changes_nothing(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou)
    assert answer(reviewer, case, "1-1", "MAYBE").status_code == 302
    assert len(read.live(case).acts) == 1


def test_the_second_draft_offers_the_answers_to_the_first(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou)
    actor = posts.actor_in(REVIEWER, TODAY, zhou)
    answer(reviewer, case, "1-2", "DISMISSED", reason="拟删去本条")
    act(LegalityReview.send_back, Return(on=TODAY, why="请改"), actor, case=case)
    act(LegalityReview.resubmit, Revision(on=TODAY, draft=kept(MENDED)), actor, case=case)
    page = reviewer.get(f"/desk/case/{case}/review/").content.decode()
    assert "上一稿：" in page
    assert "1 处上一稿已经处理过" in page
    reviewer.post(f"/desk/case/{case}/review/", {"as_before": "1"})
    assert (row(case, "2-1").verdict, row(case, "2-1").reason) == (Verdict.DISMISSED, "拟删去本条")


@pytest.mark.parametrize(
    ("show", "n"), [("all", 3), ("left", 2), ("ACCEPTED", 1), ("DISMISSED", 0), ("x'", 3)]
)
def test_one_may_look_at_some_places_only(reviewer: Client, zhou: User, show: str, n: int) -> None:
    case = handed_in(zhou)
    answer(reviewer, case, "1-1")
    page = reviewer.get(f"/desk/case/{case}/review/", {"show": show})
    assert page.status_code == 200
    assert page.content.decode().count('<article class="rv-card') == n


def test_another_office_sees_no_sheet_and_answers_nothing(zhou: User) -> None:
    case = handed_in(zhou)
    stranger = posts.person("qian", "钱某")
    posts.give(ELSEWHERE, stranger, BEGIN)
    client = at_desk(stranger)
    assert client.get(f"/desk/case/{case}/review/").status_code == 404
    assert answer(client, case, "1-1").status_code == 404
    assert len(read.live(case).acts) == 1


def test_a_head_reads_the_sheet_and_does_not_answer_for_the_reviewer(zhou: User) -> None:
    case = handed_in(zhou)
    chief = posts.person("chief", "吴某")
    posts.give(CHIEF, chief, BEGIN)
    client = at_desk(chief)
    page = client.get(f"/desk/case/{case}/review/").content.decode()
    assert page.count('<article class="rv-card') == 3
    assert 'name="verdict"' not in page
    assert answer(client, case, "1-1").status_code == 409
    assert row(case, "1-1").verdict is None


def test_what_stands_in_a_draft_is_text_on_the_page(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou, "<script>alert(1)</script>依照《中华人民共和国行政处罚法》第一百条<b>处理</b>。\n")
    page = reviewer.get(f"/desk/case/{case}/review/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_text_with_nothing_to_point_at_says_what_that_means(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou, "新县茶园保护工作方案\n各单位按照职责做好有关工作。\n")
    page = reviewer.get(f"/desk/case/{case}/review/").content.decode()
    assert "没有提示不等于没有问题" in page


def test_other_cases_have_no_sheet(reviewer: Client, zhou: User, application: Any) -> None:
    assert reviewer.get(f"/desk/case/{application().case}/review/").status_code == 404


OLD = """新县城区停车管理暂行办法
第一条 占用道路设置临时停车泊位的，应当在三十日前向社会公告位置、数量和使用时段。
"""
NEW = """新县城区停车管理办法
第一条 占用道路设置临时停车泊位的，应当在五日前向社会公告位置、数量和使用时段。
"""


def test_a_clause_stands_side_by_side_with_the_one_it_may_contradict(
    reviewer: Client, zhou: User, li: User
) -> None:
    issued = d.Issued(
        on=TODAY,
        name="新县城区停车管理暂行办法",
        number="新政〔2023〕9号",
        level=d.Level.COUNTY,
        body=kept(OLD),
        in_force=TODAY,
    )
    act(NormativeDocument.enter, issued, posts.actor_in(OTHER, TODAY, li))
    case = handed_in(zhou, NEW)
    place = next(r.id for r in now(case).rows if r.finding.code == "A3")
    sheet = reviewer.get(f"/desk/case/{case}/review/").content.decode()
    assert f'href="/desk/case/{case}/review/{place}/"' in sheet
    page = reviewer.get(f"/desk/case/{case}/review/{place}/").content.decode()
    assert re.findall(r'<mark class="rv-differs">([^<]*)</mark>', page) == ["五", "三十"]
    assert "《新县城区停车管理暂行办法》（新政〔2023〕9号）第一条" in page


@pytest.mark.parametrize("place", ["1-1", "1-9", "x"])
def test_what_has_nothing_beside_it_has_no_such_page(reviewer: Client, zhou: User, place: str) -> None:
    assert reviewer.get(f"/desk/case/{handed_in(zhou)}/review/{place}/").status_code == 404


def test_what_stands_in_a_draft_is_found_and_opens_at_the_words(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou, NEW)
    page = reviewer.get("/desk/search/", {"q": "临时停车泊位", "kind": "file"}).content.decode()
    (address,) = set(re.findall(r'href="(/desk/case/\d+/document/[0-9a-f]{64}/\?q=[^"]*#found)"', page))
    assert address.startswith(f"/desk/case/{case}/document/")
    text = reviewer.get(address.partition("#")[0]).content.decode()
    assert "<mark>临时停车泊位</mark>" in text
    assert text.count('id="found"') == 1


def test_a_document_is_shown_whatever_is_looked_for_in_it(reviewer: Client, zhou: User) -> None:
    case = handed_in(zhou, NEW)
    sha = read.live(case).opening.draft  # type: ignore[attr-defined]
    for query in ("", "没有的话", "\x00", "，", "x" * 5000, '"<script>'):
        answered = reviewer.get(f"/desk/case/{case}/document/{sha}/", {"q": query})
        assert answered.status_code == 200
        assert "<script>" not in answered.content.decode().partition('class="read-text"')[2]
