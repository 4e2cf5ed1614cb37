"""What 政府信息公开条例 says about an application, sentence by sentence; no database."""

from datetime import date
from decimal import Decimal

import pytest

from yifa.clock import national
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.people import CLERK, HEAD
from yifa.procedure import Case, Refused


def application(on: date) -> f.Registration:
    return f.Registration(
        on=on,
        kind=f.Applicant.PERSON,
        name="王某",
        identity="411523199001010011",
        contact="县城某路1号",
        wanted="2022年村级公路预算",
    )


def received(on: date) -> Case:
    return Case(D, national()).do(D.receive, application(on))


def consulted(on: date, asked: date) -> Case:
    return received(on).do(D.consult, f.Consultation(on=asked, party="某公司"))


def granted(on: date) -> f.Reply:
    return f.Reply(on=on, answer=f.Answer.GRANTED, content="随信寄送")


def test_an_answer_is_due_twenty_working_days_after_receipt() -> None:
    assert received(date(2025, 3, 3)).due(D.answer_in) == date(2025, 3, 31)


def test_a_public_holiday_does_not_count() -> None:
    assert received(date(2025, 3, 10)).due(D.answer_in) == date(2025, 4, 8)


def test_an_application_by_internet_is_received_when_both_sides_confirm() -> None:
    asked = f.Application(
        on=date(2025, 3, 1),
        kind=f.Applicant.PERSON,
        name="王某",
        identity="x",
        contact="x",
        wanted="预算",
    )
    case = Case(D, national()).do(D.submit, asked)
    assert case.due(D.answer_in) is None
    assert case.do(D.confirm, f.Receipt(on=date(2025, 3, 3))).due(D.answer_in) == date(2025, 3, 31)


def test_correction_starts_the_answer_period_anew() -> None:
    case = received(date(2025, 3, 3)).do(
        D.request_correction, f.Gap(on=date(2025, 3, 5), missing="年份", until=date(2025, 3, 14))
    )
    case = case.do(D.correct, f.Supplement(on=date(2025, 3, 10), wanted="2024年村级公路预算"))
    assert case.due(D.answer_in) == date(2025, 4, 8)


def test_correction_is_asked_for_once() -> None:
    case = received(date(2025, 3, 3)).do(
        D.request_correction, f.Gap(on=date(2025, 3, 5), missing="年份", until=date(2025, 3, 14))
    )
    case = case.do(D.correct, f.Supplement(on=date(2025, 3, 10), wanted="2024年村级公路预算"))
    with pytest.raises(Refused, match="已经告知补正，只能一次"):
        case.do(D.request_correction, f.Gap(on=date(2025, 3, 11), missing="x", until=date(2025, 3, 20)))


def test_an_application_lapses_only_when_the_correction_is_overdue() -> None:
    case = received(date(2025, 3, 3)).do(
        D.request_correction, f.Gap(on=date(2025, 3, 5), missing="年份", until=date(2025, 3, 14))
    )
    with pytest.raises(
        Refused, match="申请人无正当理由逾期不补正的，视为放弃申请（《政府信息公开条例》第三十条）"
    ):
        case.do(D.lapse, f.Lapse(on=date(2025, 3, 14)))
    assert case.do(D.lapse, f.Lapse(on=date(2025, 3, 17))).state is D.lapsed


def test_hearing_a_third_party_stops_the_clock() -> None:
    case = consulted(date(2025, 3, 3), date(2025, 3, 10))
    assert case.due(D.answer_in) is None
    case = case.do(D.hear, f.Opinion(on=date(2025, 3, 24), agrees=False, reason="商业秘密"))
    assert case.due(D.answer_in) == date(2025, 4, 15)


def test_a_silent_third_party_leaves_the_decision_to_the_office() -> None:
    case = consulted(date(2025, 3, 3), date(2025, 3, 10))
    assert case.due(D.opinion_in) == date(2025, 3, 31)
    with pytest.raises(Refused, match="第三方意见期限尚未届满"):
        case.do(D.silence, f.Silence(on=date(2025, 3, 31)))
    assert case.do(D.silence, f.Silence(on=date(2025, 4, 1))).state is D.handling


def test_against_the_third_party_only_with_a_reason() -> None:
    case = consulted(date(2025, 3, 3), date(2025, 3, 10))
    case = case.do(D.hear, f.Opinion(on=date(2025, 3, 24), agrees=False, reason="商业秘密"))
    with pytest.raises(Refused, match="第三方不同意公开且有合理理由的，行政机关不予公开"):
        case.do(D.answer, granted(date(2025, 3, 28)))


def test_the_head_may_extend_once_by_at_most_twenty_working_days() -> None:
    case = received(date(2025, 3, 3))
    with pytest.raises(
        Refused, match="延长的期限最长不得超过20个工作日（《政府信息公开条例》第三十三条第二款）"
    ):
        case.do(D.extend, f.Extension(on=date(2025, 3, 20), days=30, reason="数量大"))
    case = case.do(D.extend, f.Extension(on=date(2025, 3, 20), days=10, reason="数量大"))
    assert case.due(D.answer_in) == date(2025, 4, 15)
    with pytest.raises(Refused, match="已经延期答复，只能一次"):
        case.do(D.extend, f.Extension(on=date(2025, 3, 21), days=5, reason="数量大"))


def test_an_extension_comes_before_the_period_runs_out() -> None:
    with pytest.raises(Refused, match="延期应当在答复期限届满前作出"):
        received(date(2025, 3, 3)).do(D.extend, f.Extension(on=date(2025, 4, 1), days=5, reason="x"))


def test_a_refusal_must_say_why() -> None:
    with pytest.raises(Refused) as refused:
        received(date(2025, 3, 3)).do(D.answer, f.Reply(on=date(2025, 3, 20), answer=f.Answer.STATE_SECRET))
    assert str(refused.value) == "告知申请人不予公开并说明理由（《政府信息公开条例》第三十六条第（三）项）"


def test_information_granted_is_provided_or_its_place_told() -> None:
    with pytest.raises(Refused, match="向申请人提供该政府信息"):
        received(date(2025, 3, 3)).do(D.answer, f.Reply(on=date(2025, 3, 20), answer=f.Answer.GRANTED))


def test_a_late_answer_is_recorded_and_counted_late() -> None:
    case = received(date(2025, 3, 3)).do(D.answer, granted(date(2025, 4, 10)))
    assert case.state is D.answered
    dims = D.tallies["answer"].dims(granted(date(2025, 4, 10)), received(date(2025, 3, 3)))
    assert '"in:answer_in":"0"' in dims


def test_nobody_is_offered_a_step_that_would_be_refused() -> None:
    case = received(date(2025, 3, 3))
    assert [s.label for s in case.open_steps(CLERK)] == [
        "告知补正", "征求第三方意见", "征求其他机关意见", "答复", "撤回申请", "更正登记申请",
    ]  # fmt: skip
    assert [s.label for s in case.open_steps(HEAD)] == ["延期答复", "确定延迟答复期限", "通知缴费"]


@pytest.mark.parametrize(
    ("method", "amount", "yuan"),
    [
        (f.Method.BY_ITEM, 10, 0),
        (f.Method.BY_ITEM, 30, 2000),
        (f.Method.BY_ITEM, 40, 4000),
        (f.Method.BY_PAGE, 30, 0),
        (f.Method.BY_PAGE, 200, 2700),
        (f.Method.BY_PAGE, 210, 3100),
    ],
)
def test_the_handling_fee_follows_the_published_scale(method: f.Method, amount: int, yuan: int) -> None:
    assert f.fee(method, amount) == Decimal(yuan)


def test_no_fee_is_asked_off_the_scale() -> None:
    with pytest.raises(Refused, match="应缴信息处理费应当与收费标准一致"):
        received(date(2025, 3, 3)).do(
            D.charge, f.Charge(on=date(2025, 3, 5), method=f.Method.BY_ITEM, amount=12, fee=Decimal(500))
        )


def test_since_2024_a_refusal_goes_to_reconsideration_first() -> None:
    secret = f.Answer.STATE_SECRET
    assert "先自收到" in secret.remedy(date(2024, 1, 2))
    assert "先自收到" not in secret.remedy(date(2023, 12, 29))
    assert "先自收到" not in f.Answer.OTHER_LAW.remedy(date(2024, 1, 2))


def test_every_answer_belongs_to_a_group_of_the_national_form() -> None:
    assert {a.group for a in f.Answer} == {"予以公开", "部分公开", "不予公开", "无法提供", "不予处理"}
