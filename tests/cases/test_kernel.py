"""The one door: what it writes, what it refuses, and that it refuses everywhere alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from yifa.cases import kernel, loaded, read
from yifa.cases.decide import today
from yifa.cases.kernel import Do, RefusedAt, act, act_many, check
from yifa.cases.rebuild import compare, rebuild
from yifa.cases.sweep import recount, sweep
from yifa.ledger.chain import GENESIS, digest
from yifa.matters.enforcement.certificate import facts as cf
from yifa.matters.enforcement.certificate.procedure import Certificate as C
from yifa.matters.leadership.study import facts as sf
from yifa.matters.leadership.study.procedure import Study as S
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.people.actor import Actor
from yifa.procedure import Refused

from .conftest import GOVERNMENT, JUSTICE

pytestmark = pytest.mark.usefixtures("county")
Make = Callable[..., f.Registration]


def rows(sql: str, *params: object) -> list[tuple[object, ...]]:
    with connection.cursor() as c:
        c.execute(sql, params)
        return list(c.fetchall())


def session(on: date, **told: object) -> sf.Session:
    given = {"body": sf.Body.EXECUTIVE_MEETING, "form": sf.Form.BEFORE_MEETING, "topic": "行政处罚法"}
    return sf.Session(on=on, **(given | told))  # type: ignore[arg-type]


def holder(on: date, number: str = "16110001", **told: object) -> cf.Holder:
    given = {"holder": "赵某", "number": number, "passed": on - timedelta(days=30)}
    return cf.Holder(on=on, **(given | told))  # type: ignore[arg-type]


def test_an_act_leaves_an_entry_a_case_an_act_row_terms_and_a_cell(clerk: Actor, application: Make) -> None:
    done = act(D.receive, application(), clerk)
    ((prev, hash, body),) = rows("SELECT prev, hash, body FROM ledger_entry")
    assert prev == GENESIS
    assert hash == done.hash == digest(GENESIS, str(body))
    told = json.loads(str(body))
    assert told["step"] == "receive"
    assert told["print"] == D.fingerprint()
    assert set(told["sealed"]) == {"name", "identity", "contact", "wanted", "paper:receipt"}
    assert "王某甲" not in str(body)
    assert done.number == "新政办信息公开申请〔2023〕1号"
    assert [r[0] for r in rows("SELECT period FROM cases_term ORDER BY period")] == [
        "answer_in",
        "request_correction_in",
    ]
    assert rows("SELECT step, month, n FROM cases_cell") == [("receive", 202303, 1)]


def test_the_chain_goes_on_from_entry_to_entry(clerk: Actor, application: Make) -> None:
    first = act(D.receive, application(), clerk)
    reply = f.Reply(on=date(2023, 3, 20), answer=f.Answer.GRANTED, content="随函附上")
    second = act(D.answer, reply, clerk, case=first.case)
    assert rows("SELECT prev FROM ledger_entry WHERE seq = 2") == [(first.hash,)]
    assert second.state == "answered"
    assert rows("SELECT late, state FROM cases_term WHERE period = 'answer_in'") in (
        [(False, "met")],
        [(0, "met")],
    )


def test_the_law_refuses_and_nothing_is_written(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    with pytest.raises(
        Refused, match="告知申请人不予公开并说明理由（《政府信息公开条例》第三十六条第（三）项）"
    ):
        act(D.answer, f.Reply(on=date(2023, 3, 20), answer=f.Answer.STATE_SECRET), clerk, case=case)
    assert rows("SELECT count(*) FROM ledger_entry") == [(1,)]


def test_only_the_right_post_in_the_right_office_may_act(
    clerk: Actor, head: Actor, stranger: Actor, application: Make
) -> None:
    case = act(D.receive, application(), clerk).case
    extension = f.Extension(on=date(2023, 3, 20), days=10, reason="数量大")
    with pytest.raises(
        Refused, match="“延期答复”应当由机构负责人办理（《政府信息公开条例》第三十三条第二款）"
    ):
        act(D.extend, extension, clerk, case=case)
    with pytest.raises(Refused, match="不在您的管辖范围内"):
        act(D.lapse, f.Lapse(on=date(2023, 3, 20)), stranger, case=case)
    assert act(D.extend, extension, head, case=case).state == "handling"


def test_what_has_not_happened_yet_cannot_be_recorded(clerk: Actor, application: Make) -> None:
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(Refused, match="还没有到，不能登记尚未发生的事"):
        act(D.receive, application(on=tomorrow), clerk)


def test_a_matter_before_the_rule_is_refused_in_its_words(clerk: Actor, application: Make) -> None:
    with pytest.raises(Refused, match="自2021年9月26日起施行，不能登记此前的事项"):
        act(D.receive, application(on=date(2020, 1, 2)), clerk)


def test_a_person_outside_opens_a_case_and_holds_its_receipt(clerk: Actor) -> None:
    asked = f.Application(
        on=date(2023, 3, 6), kind=f.Applicant.PERSON, name="王某", identity="1", contact="1", wanted="预算"
    )
    done = act(D.submit, asked, Actor.applicant(), office=GOVERNMENT)
    assert len(done.receipt) == 16
    spaced = " ".join(done.receipt[i : i + 4] for i in range(0, 16, 4)).lower()
    assert read.by_receipt(spaced) == done.case
    assert read.by_receipt("A" * 16) is None
    act(D.confirm, f.Receipt(on=date(2023, 3, 7)), clerk, case=done.case)
    with pytest.raises(Refused):
        act(D.waive, f.Waiver(on=date(2023, 3, 8)), Actor.applicant(), case=done.case)
    assert (
        act(D.waive, f.Waiver(on=date(2023, 3, 8)), Actor.applicant(), case=done.case, own=True).state
        == "waived"
    )


def test_a_step_of_another_matter_is_refused_though_the_case_knows_one_of_that_name(
    registrar: Actor, clerk: Actor, application: Make
) -> None:
    case = act(S.hold, session(date(2023, 5, 4)), registrar, office=JUSTICE).case
    wrong = C.withdraw.asks(on=date(2023, 5, 5), why="误登记")
    with pytest.raises(Refused, match="本案适用的规定没有“撤回登记”这一步"):
        act(C.withdraw, wrong, registrar, case=case)
    assert [r.id for r in check(C.withdraw, wrong, registrar, case=case)] == ["yifa.R012"]


def test_checking_says_what_acting_would_and_writes_nothing(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    late = f.Lapse(on=date(2023, 3, 20))
    assert [str(r) for r in check(D.lapse, late, clerk, case=case)] == [
        "案件办理中，不能认定视为放弃（《政府信息公开条例》第三十条）"
    ]
    assert check(D.receive, application(), clerk) == ()
    assert rows("SELECT count(*) FROM ledger_entry") == [(1,)]


def test_a_stream_is_all_or_nothing_and_names_the_act_refused(registrar: Actor) -> None:
    good = [Do(C.issue, holder(date(2023, 5, 4), f"1611{n:04}"), registrar) for n in range(5)]
    bad = Do(C.issue, holder(date(2023, 5, 4), "x", standing=cf.Standing.TEMPORARY), registrar)
    with pytest.raises(RefusedAt, match="工勤人员、劳动合同工、临时工不得申请取得行政执法资格") as refused:
        act_many([*good, bad])
    assert refused.value.n == 5
    assert rows("SELECT count(*) FROM ledger_entry") == [(0,)]
    tally = act_many([*good, bad], keep_going=True)
    assert (tally.acts, tally.cases, [n for n, _ in tally.refused]) == (5, 5, [5])


@pytest.mark.parametrize("batch", [1, 2000])
def test_a_name_in_a_stream_gives_no_other_office_the_case(
    clerk: Actor, stranger: Actor, application: Make, batch: int
) -> None:
    waiver = f.Waiver(on=date(2023, 3, 8))
    acts = [Do(D.receive, application(), clerk, ref="a"), Do(D.waive, waiver, stranger, ref="a")]
    with pytest.raises(RefusedAt, match="“撤回申请”不在您的管辖范围内") as refused:
        act_many(acts, batch=batch)
    assert kernel.rehearse(acts) == (1, refused.value.reasons)
    assert act_many([acts[0], Do(D.waive, waiver, Actor.applicant(), ref="a")], batch=batch).acts == 2


def test_a_stream_and_single_acts_leave_the_same_rows(clerk: Actor, application: Make) -> None:
    reply = f.Reply(on=date(2023, 4, 20), answer=f.Answer.GRANTED, content="x")
    act_many([Do(D.receive, application(), clerk, ref="a"), Do(D.answer, reply, clerk, ref="a")])
    case = act(D.receive, application(), clerk).case
    act(D.answer, reply, clerk, case=case)
    cells = "SELECT step, n FROM cases_cell WHERE measure = 'n' ORDER BY step"
    assert rows(cells) == [("answer", 2), ("receive", 2)]
    assert rows("SELECT count(DISTINCT standing) FROM cases_case") == [(1,)]
    assert compare() == []


def test_a_correction_moves_what_was_counted(registrar: Actor) -> None:
    case = act(S.hold, session(date(2023, 5, 4)), registrar, office=JUSTICE).case
    fixed = S.correct.asks(
        on=date(2023, 6, 1),
        body=sf.Body.PARTY_GROUP,
        form=sf.Form.TOPIC,
        topic="行政复议法",
        dated=date(2023, 4, 28),
        why="登记有误",
    )
    act(S.correct, fixed, registrar, case=case)
    cells = rows("SELECT month, dims FROM cases_cell WHERE step = 'hold' AND n <> 0")
    assert cells == [(202304, '{"body":"PARTY_GROUP","form":"TOPIC"}')]
    assert compare() == []
    (as_of,) = read.as_of("study", date(2023, 4, 30), registrar)
    assert as_of.facts["topic"] == "行政复议法"


@pytest.mark.parametrize(
    ("dated", "why"),
    [
        (date(2023, 3, 9), "更正后的日期2023-03-09晚于征求第三方意见的日期2023-03-08"),
        (date(2021, 9, 25), "更正后的日期2021-09-25早于政府信息公开申请的规定施行之日2021-09-26"),
    ],
)
def test_a_case_cannot_be_corrected_to_have_begun_before_its_rule_or_after_what_followed(
    clerk: Actor, application: Make, dated: date, why: str
) -> None:
    case = act(D.receive, application(), clerk).case
    act(D.consult, f.Consultation(on=date(2023, 3, 8), party="某公司"), clerk, case=case)
    act(D.hear, f.Opinion(on=date(2023, 3, 20), agrees=True), clerk, case=case)
    told = {a: getattr(application(), a) for a in ("kind", "name", "identity", "contact", "wanted")}
    right = D.rectify.asks(on=date(2023, 3, 21), dated=dated, why="登记有误", **told)
    assert [r.sentence for r in check(D.rectify, right, clerk, case=case)] == [why]


def test_a_correction_names_no_day_that_has_not_come(registrar: Actor) -> None:
    case = act(S.hold, session(date(2023, 5, 4)), registrar, office=JUSTICE).case
    told = {a: getattr(session(date(2023, 5, 4)), a) for a in ("body", "form", "topic")}
    fixed = S.correct.asks(on=date(2023, 5, 8), dated=date(2023, 5, 9), why="登记有误", **told)
    with pytest.raises(Refused, match="更正后的日期2023-05-09晚于更正的日期2023-05-08"):
        act(S.correct, fixed, registrar, case=case)


def test_an_entry_corrected_to_a_later_day_is_not_on_the_list_before_it(registrar: Actor) -> None:
    case = act(S.hold, session(date(2023, 5, 4)), registrar, office=JUSTICE).case
    told = {a: getattr(session(date(2023, 5, 4)), a) for a in ("body", "form", "topic")}
    for on, dated in ((date(2023, 5, 8), date(2023, 5, 5)), (date(2023, 6, 1), date(2023, 5, 11))):
        act(S.correct, S.correct.asks(on=on, dated=dated, why="登记有误", **told), registrar, case=case)
    assert read.as_of("study", date(2023, 5, 10), registrar) == []
    assert [a.since for a in read.as_of("study", date(2023, 5, 11), registrar)] == [date(2023, 5, 11)]


def test_a_withdrawn_entry_is_kept_but_no_longer_counted(registrar: Actor) -> None:
    case = act(S.hold, session(date(2023, 5, 4)), registrar, office=JUSTICE).case
    act(S.withdraw, S.withdraw.asks(on=date(2023, 5, 5), why="重复登记"), registrar, case=case)
    assert rows("SELECT n FROM cases_cell WHERE step = 'hold'") == [(0,)]
    assert rows("SELECT count(*) FROM ledger_entry") == [(2,)]
    assert compare() == []


def test_the_applicants_kind_corrected_follows_into_the_answer(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    told = {a: getattr(application(), a) for a in ("name", "identity", "contact", "wanted")}
    right = D.rectify.asks(
        on=date(2023, 3, 8), kind=f.Applicant.BUSINESS, dated=date(2023, 3, 7), why="营业执照", **told
    )
    act(D.rectify, right, clerk, case=case)
    reply = f.Reply(on=date(2023, 3, 20), answer=f.Answer.GRANTED, content="x")
    act(D.answer, reply, clerk, case=case)
    (dims,) = rows("SELECT dims FROM cases_act WHERE step = 'answer'")[0]
    assert json.loads(str(dims))["kind"] == "BUSINESS"
    start = rows("SELECT start FROM cases_term WHERE period = 'answer_in'")[0][0]
    assert str(start) == "2023-03-07"
    assert compare() == []


def test_the_law_takes_its_own_step_when_the_period_has_run_out(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    act(D.consult, f.Consultation(on=date(2023, 3, 10), party="某公司"), clerk, case=case)
    assert sweep(date(2023, 3, 31)) == []
    (done,) = sweep(date(2023, 4, 20))
    assert (done.step, done.state) == ("silence", "handling")
    assert rows("SELECT body FROM ledger_entry WHERE seq = 3")[0][0].find('"post":"law"') > 0  # type: ignore[attr-defined]


def test_the_law_takes_its_step_though_the_entry_was_put_right_after_the_period_ran_out(
    clerk: Actor, application: Make
) -> None:
    case = act(D.receive, application(), clerk).case
    act(D.consult, f.Consultation(on=date(2023, 3, 10), party="某公司"), clerk, case=case)
    told = {a: getattr(application(), a) for a in ("kind", "name", "identity", "contact", "wanted")}
    right = D.rectify.asks(on=date(2023, 4, 6), dated=date(2023, 3, 6), why="补记", **told)
    act(D.rectify, right, clerk, case=case)
    (done,) = sweep(date(2023, 4, 20))
    assert (done.step, done.state) == ("silence", "handling")
    assert rows("SELECT changed_on FROM cases_case")[0][0] in ("2023-04-06", date(2023, 4, 6))


def test_money_is_added_up_in_fen(clerk: Actor, head: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    fee = f.fee(f.Method.BY_PAGE, 45)
    charge = f.Charge(on=date(2023, 3, 8), method=f.Method.BY_PAGE, amount=45, fee=fee)
    act(D.charge, charge, head, case=case)
    act(D.pay, f.Payment(on=date(2023, 3, 9), fee=Decimal("150.00")), clerk, case=case)
    assert rows("SELECT n FROM cases_cell WHERE measure = 'fee'") == [(15000,)]


def test_the_rows_can_be_lost_and_come_back_from_the_ledger(
    clerk: Actor, registrar: Actor, application: Make
) -> None:
    act(D.receive, application(), clerk)
    act(C.issue, holder(date(2023, 5, 4)), registrar)
    with connection.cursor() as c:
        c.execute("DELETE FROM cases_cell")
        c.execute("UPDATE cases_case SET state = 'answered' WHERE family = 'disclosure'")
    found = rebuild()
    assert {d.table for d in found} == {"cases_case", "cases_cell"}
    assert compare() == []


def test_the_list_shows_only_what_the_actor_may_see(clerk: Actor, stranger: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    now = date(2023, 3, 31)
    (row,) = read.listing("disclosure", clerk, now).rows
    assert (row.id, row.subject, row.light, row.due_label) == (
        case,
        "2022年村级公路预算",
        "yellow",
        "答复期限",
    )
    assert read.listing("disclosure", stranger, now).rows == ()
    assert read.inbox(stranger, now).rows == ()
    assert [r.id for r in read.inbox(clerk, now).rows] == [case]
    with pytest.raises(read.Unseen):
        read.case(case, stranger, now)


def test_the_case_page_says_what_can_be_done_and_why_not(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    page = read.case(case, clerk, date(2023, 3, 7))
    assert [s.label for s in page.can][:2] == ["告知补正", "征求第三方意见"]
    closed = {s.label: str(s.reasons[0]) for s in page.cannot}
    assert closed["收到第三方意见"] == "案件办理中，不能收到第三方意见（《政府信息公开条例》第三十二条）"
    answer = next(t for t in page.terms if t.key == "answer_in")
    assert answer.due == date(2023, 4, 3)
    assert any("20个工作日" in s for s in answer.sentences)
    assert [p.label for p in page.papers] == ["登记回执"]
    assert "登记回执" in read.paper_text(case, page.papers[0].entry, clerk) or page.papers[0].number


def test_pages_go_by_key_and_miss_nothing(registrar: Actor) -> None:
    on = date(2023, 5, 4)
    act_many([Do(C.issue, holder(on, f"{n:04}"), registrar) for n in range(23)])
    seen, after = [], None
    while True:
        page = read.listing("certificate", registrar, on, after=after, limit=10)
        seen += [r.number for r in page.rows]
        if not (after := page.next):
            break
    assert sorted(seen) == [f"{n:04}" for n in range(23)]


def test_a_lost_race_is_a_plain_refusal(
    clerk: Actor, application: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = act(D.receive, application(), clerk).case
    stale = loaded.from_row

    def behind(*given: object) -> loaded.Loaded:
        taken = stale(*given)  # type: ignore[arg-type]
        taken.seq = 0
        return taken

    monkeypatch.setattr(loaded, "from_row", behind)
    with pytest.raises(Refused, match="案件刚刚被他人办理"):
        act(
            D.lapse if False else D.consult,
            f.Consultation(on=date(2023, 3, 8), party="某公司"),
            clerk,
            case=case,
        )


def test_a_provisional_day_is_reckoned_again_once_the_notice_is_out(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    with connection.cursor() as c:
        c.execute("UPDATE cases_term SET provisional = %s, due = %s", [True, "2023-04-28"])
    terms = {t.key: t for t in read.case(case, clerk, date(2023, 3, 7)).terms}
    assert recount() == [case]
    assert {str(due): bool(p) for due, p in rows("SELECT due, provisional FROM cases_term")} == {
        str(t.due): False for t in terms.values()
    }


def test_a_step_that_need_not_be_taken_never_makes_a_case_late(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    terms = {t.key: t for t in read.case(case, clerk, date(2023, 3, 20)).terms}
    assert terms["request_correction_in"].due == date(2023, 3, 15)
    assert (terms["request_correction_in"].light, terms["answer_in"].light) == ("grey", "green")
    (row,) = read.listing("disclosure", clerk, date(2023, 3, 20)).rows
    assert (row.due, row.due_label, row.light) == (date(2023, 4, 3), "答复期限", "green")


def test_while_a_correction_is_awaited_the_answer_period_does_not_run(
    clerk: Actor, application: Make
) -> None:
    case = act(D.receive, application(), clerk).case
    gap = f.Gap(on=date(2023, 3, 8), missing="年份", until=date(2023, 3, 20))
    act(D.request_correction, gap, clerk, case=case)
    (row,) = read.listing("disclosure", clerk, date(2023, 3, 10)).rows
    assert (row.due, row.due_label) == (date(2023, 3, 20), "补正期限")


def test_a_difference_names_the_row_and_only_what_is_odd_in_it(registrar: Actor) -> None:
    case = act(S.hold, session(date(2023, 5, 4)), registrar, office=JUSTICE).case
    with connection.cursor() as c:
        c.execute("UPDATE cases_case SET number = 'x'")
        c.execute("DELETE FROM cases_cell")
    assert sorted(map(str, compare())) == [
        f"cases_case {case}：number 现为x，应为",
        "cases_cell ('study', 'hold', 202305, 'xinxian-justice', "
        '\'{"body":"EXECUTIVE_MEETING","form":"BEFORE_MEETING"}\', \'n\')：台账有，表中没有',
    ]
