"""The machine points, a person answers each place with a reason, and only then an opinion is given; all of it is in the ledger."""

from __future__ import annotations

import pytest

from yifa.cases import read
from yifa.cases.kernel import act
from yifa.cases.scene import files
from yifa.matters.decisions.legality import facts as f
from yifa.matters.decisions.legality.procedure import LegalityReview
from yifa.procedure import Refused
from yifa.texts.finding import load
from yifa.texts.machine import Sheet, sheet
from yifa.texts.told import Remark, Return, Revision, Verdict

from .conftest import CLERK, DRAFT, HEAD, MENDED, ON, conclude, kept, received, settle

pytestmark = pytest.mark.django_db


def now(case: int) -> Sheet:
    found = sheet(read.live(case).acts, lambda sha: files().open(sha).decode())
    assert found is not None
    return found


def refused(step, told, by=CLERK, case=None) -> str:
    with pytest.raises(Refused) as caught:
        act(step, told, by, case=case)
    return " ".join(reason.sentence for reason in caught.value.reasons)


# ── What is handed in is examined in the same act ────────────────────────────


def test_a_draft_is_examined_when_it_is_handed_in_and_the_list_is_kept(county: None) -> None:
    case = received().case
    told = read.live(case).opening
    assert isinstance(told, f.Received)
    assert told.pointed == 3
    listed = load(files().open(told.findings).decode())
    assert [finding.words for finding in listed] == ["第一百条", "第七十条", "第九十九条"]


def test_every_place_stands_where_the_text_says(county: None) -> None:
    one = now(received().case)
    assert [row.id for row in one.rows] == ["1-1", "1-2", "1-3"]
    for row in one.rows:
        assert one.reading.text[row.finding.start : row.finding.end] == row.finding.words
    assert one.left == 3


def test_what_somebody_hands_in_as_findings_is_overwritten(county: None) -> None:
    case = received(findings="0" * 64, pointed=0).case
    assert read.live(case).opening.pointed == 3


# ── Each place is answered by a person, with a reason ────────────────────────


def test_an_answer_says_in_the_ledger_what_it_is_about(county: None) -> None:
    case = received().case
    settle(case, "1-1", verdict=Verdict.DISMISSED, reason="起草单位已另行说明")
    told = read.live(case).acts[-1].facts
    assert "1-1" in told.about
    assert "第一百条" in told.about
    row = now(case).rows[0]
    assert (row.verdict, row.reason) == (Verdict.DISMISSED, "起草单位已另行说明")


def test_several_places_are_answered_alike_in_one_act(county: None) -> None:
    case = received().case
    settle(case, "1-1", "1-3")
    assert [row.verdict is None for row in now(case).rows] == [False, True, False]


def test_the_last_answer_counts(county: None) -> None:
    case = received().case
    settle(case, "1-1")
    settle(case, "1-1", verdict=Verdict.DISMISSED, reason="引文无误，是旧版条号")
    assert now(case).rows[0].verdict is Verdict.DISMISSED


@pytest.mark.parametrize("place", ["1-4", "2-1", "0", "", "1-1'; DROP TABLE"])
def test_a_place_that_is_not_on_the_sheet_is_refused(county: None, place: str) -> None:
    case = received().case
    with pytest.raises(Refused) as caught:
        settle(case, place)
    assert "审查表上没有" in str(caught.value)


@pytest.mark.parametrize("reason", [" ", "\n\t"])
def test_no_answer_without_a_reason(county: None, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        settle(received().case, "1-1", reason=reason)
    assert "理由" in str(caught.value)


def test_no_opinion_while_a_place_is_unanswered(county: None) -> None:
    case = received().case
    settle(case, "1-1", "1-2")
    told = f.Concluded(on=ON, conclusion=f.Conclusion.CHANGES)
    assert "还有1处没有处理" in refused(LegalityReview.conclude, told, HEAD, case)


# ── What the machine did not see ─────────────────────────────────────────────


def test_the_reviewer_points_at_what_the_machine_did_not(county: None) -> None:
    case = received().case
    remark = Remark(on=ON, words="违反本办法的", opinion="应当写明违反哪一条", basis="《立法法》第六条")
    act(LegalityReview.remark, remark, CLERK, case=case)
    own = next(row for row in now(case).rows if row.own)
    assert own.id == "1-补1"
    assert own.verdict is Verdict.ACCEPTED
    assert now(case).reading.text[own.finding.start : own.finding.end] == "违反本办法的"


def test_a_remark_on_words_that_are_not_there_is_refused(county: None) -> None:
    told = Remark(on=ON, words="本县户籍", opinion="删去")
    assert "送审稿里没有“本县户籍”" in refused(LegalityReview.remark, told, CLERK, received().case)


def test_a_remark_on_the_whole_stands_at_the_end(county: None) -> None:
    case = received().case
    act(LegalityReview.remark, Remark(on=ON, opinion="没有公开征求意见"), CLERK, case=case)
    assert now(case).rows[-1].finding.why == "没有公开征求意见"


# ── The opinion ──────────────────────────────────────────────────────────────


def test_the_opinion_holds_what_was_accepted_and_what_was_dismissed_with_reasons(county: None) -> None:
    case = received().case
    settle(case, "1-1", "1-3", reason="改为现行条文")
    settle(case, "1-2", verdict=Verdict.DISMISSED, reason="拟删去本条")
    conclude(case)
    told = read.live(case).last(LegalityReview.conclude)
    assert ["第一百条" in told.accepted[0], "第九十九条" in told.accepted[1], len(told.accepted)] == [
        True,
        True,
        2,
    ]
    assert "改为现行条文（依据：" in told.accepted[0]
    (dismissed,) = told.dismissed
    assert "“第七十条”：拟删去本条" in dismissed
    assert told.answered == 3


def test_an_opinion_that_contradicts_its_own_sheet_is_refused(county: None) -> None:
    case = received().case
    settle(case, "1-1", "1-2", "1-3")
    told = f.Concluded(on=ON, conclusion=f.Conclusion.LAWFUL)
    assert "采纳了修改意见的" in refused(LegalityReview.conclude, told, HEAD, case)


def test_to_ask_for_changes_one_says_which(county: None) -> None:
    case = received().case
    settle(case, "1-1", "1-2", "1-3", verdict=Verdict.DISMISSED, reason="条号依据旧版，已说明")
    told = f.Concluded(on=ON, conclusion=f.Conclusion.UNLAWFUL)
    assert "应当写明意见" in refused(LegalityReview.conclude, told, HEAD, case)
    conclude(case, f.Conclusion.LAWFUL)


def test_a_major_decision_needs_the_opinion_of_counsel(county: None) -> None:
    case = received(kind=f.Kind.DECISION).case
    settle(case, "1-1", "1-2", "1-3")
    told = f.Concluded(on=ON, conclusion=f.Conclusion.CHANGES)
    assert "应当组织法律顾问、公职律师提出法律意见" in refused(LegalityReview.conclude, told, HEAD, case)
    conclude(case, counsel="某某律师3月2日书面意见：条号应当核对，已采纳")


# ── The next draft ───────────────────────────────────────────────────────────


def test_a_changed_draft_is_examined_anew_and_remembers_the_answers_to_the_same_words(county: None) -> None:
    case = received().case
    settle(case, "1-2", verdict=Verdict.DISMISSED, reason="拟删去本条")
    act(LegalityReview.send_back, Return(on=ON, why="条号核对后再送"), CLERK, case=case)
    act(LegalityReview.resubmit, Revision(on=ON, draft=kept(MENDED), changes="改了条号"), CLERK, case=case)
    second = now(case)
    assert second.draft == 2
    (row,) = second.rows
    assert (row.id, row.finding.words, row.verdict) == ("2-1", "第七十条", None)
    assert row.before is not None
    assert row.before.reason == "拟删去本条"


def test_answers_to_an_earlier_draft_are_not_answers_to_this_one(county: None) -> None:
    case = received().case
    settle(case, "1-1", "1-2", "1-3")
    act(LegalityReview.send_back, Return(on=ON, why="请改正"), CLERK, case=case)
    act(LegalityReview.resubmit, Revision(on=ON, draft=kept(DRAFT)), CLERK, case=case)
    assert now(case).left == 3
    with pytest.raises(Refused):
        settle(case, "1-1")
