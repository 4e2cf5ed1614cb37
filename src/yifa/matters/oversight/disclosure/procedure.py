"""A citizen asks a county office for a record it holds; the office must answer.

Law: 政府信息公开条例, chapter four (articles 27 to 45), in force 2019-05-15.
"""

from yifa.clock import working_days
from yifa.people import APPLICANT, CLERK, HEAD, LAW
from yifa.procedure import (
    START,
    Balance,
    Case,
    Count,
    Paper,
    Period,
    Procedure,
    Share,
    State,
    Step,
    Stock,
    Sum,
    stays,
    told,
)

from . import facts
from .statutes import fee_rules, report_form
from .statutes import regulation as law


class Disclosure(Procedure):
    """政府信息公开申请

    公民、法人或者其他组织向行政机关申请获取政府信息（第二十七条）。
    """

    since = report_form.since  # the youngest of the three documents it follows
    subject = ("wanted",)

    # Where a case can stand
    submitted = State("待确认")
    handling = State("办理中")
    correcting = State("待补正")
    consulting = State("征求第三方意见中")
    inquiring = State("征求机关意见中")
    paying = State("待缴费")
    answered = State("已答复", final=True)
    lapsed = State("视为放弃", final=True)
    unpaid = State("逾期不缴费", final=True)
    waived = State("申请人已撤回", final=True)

    # What the office hands over
    receipt = Paper("登记回执", law(31), series="信息公开申请", to=APPLICANT)
    correction_notice = Paper("补正告知书", law(30), series="信息公开告知", to=APPLICANT)
    consultation_letter = Paper("第三方意见征询书", law(32), series="信息公开告知")
    inquiry_letter = Paper("征求意见函", law(34), series="信息公开告知")
    extension_notice = Paper("延期答复告知书", law(33, para=2), series="信息公开告知", to=APPLICANT)
    fee_notice = Paper("信息处理费缴费通知书", fee_rules(), series="信息公开告知", to=APPLICANT)
    reply_letter = Paper("政府信息公开告知书", law(36), series="信息公开告知", to=APPLICANT)

    # How it begins
    submit = Step("提交申请", START >> submitted, law(29), by=APPLICANT, asks=facts.Application, public=True)
    confirm = Step(
        "确认收到",
        submitted >> handling,
        law(31, item=3),
        by=CLERK,
        asks=facts.Receipt,
        gives=receipt,
    )
    receive = Step("登记申请", START >> handling, law(29), by=CLERK, asks=facts.Registration, gives=receipt)

    # What may happen
    request_correction = Step(
        "告知补正",
        handling >> correcting,
        law(30),
        by=CLERK,
        asks=facts.Gap,
        gives=correction_notice,
        once=True,
    )
    correct = Step(
        "补正",
        correcting >> handling,
        law(30),
        by=APPLICANT | CLERK,
        asks=facts.Supplement,
        public=True,
    )
    lapse = Step("认定视为放弃", correcting >> lapsed, law(30), by=CLERK, asks=facts.Lapse)
    consult = Step(
        "征求第三方意见",
        handling >> consulting,
        law(32),
        by=CLERK,
        asks=facts.Consultation,
        gives=consultation_letter,
    )
    hear = Step("收到第三方意见", consulting >> handling, law(32), by=CLERK, asks=facts.Opinion)
    inquire = Step(
        "征求其他机关意见",
        handling >> inquiring,
        law(34),
        by=CLERK,
        asks=facts.Inquiry,
        gives=inquiry_letter,
    )
    agree = Step("收到机关意见", inquiring >> handling, law(34), by=CLERK, asks=facts.Consent)
    extend = Step(
        "延期答复",
        handling >> handling,
        law(33, para=2),
        by=HEAD,
        asks=facts.Extension,
        gives=extension_notice,
        once=True,
    )
    defer = Step("确定延迟答复期限", handling >> handling, law(35), by=HEAD, asks=facts.Deferral, once=True)
    charge = Step(
        "通知缴费",
        handling >> paying,
        law(42, para=1),
        by=HEAD,
        asks=facts.Charge,
        gives=fee_notice,
        once=True,
    )
    pay = Step("缴费", paying >> handling, fee_rules(), by=CLERK, asks=facts.Payment)
    not_pay = Step("认定逾期不缴费", paying >> unpaid, fee_rules(), by=CLERK, asks=facts.Lapse)
    answer = Step("答复", handling >> answered, law(36), by=CLERK, asks=facts.Reply, gives=reply_letter)
    waive = Step(
        "撤回申请",
        (handling | correcting | consulting | inquiring | paying) >> waived,
        law(27),
        by=APPLICANT | CLERK,
        asks=facts.Waiver,
        public=True,
        reading=True,
    )
    retract = Step(
        "取消提交",
        submitted >> waived,
        law(27),
        by=APPLICANT | CLERK,
        asks=facts.Waiver,
        public=True,
        reading=True,
    )
    publish = Step(
        "转为主动公开",
        stays(answered),
        law(44, para=2),
        by=HEAD,
        asks=facts.Publication,
        publishes=True,
        once=True,
    )

    # How long each may take
    request_correction_in = Period(
        "补正告知期限",
        working_days(7),
        law(30),
        runs_from=receive,
        anew_from=confirm,
        met_by=(request_correction, answer),
        duty=False,
    )
    correct_in = Period("补正期限", told("until"), law(30), runs_from=request_correction, met_by=correct)
    opinion_in = Period("第三方意见期限", working_days(15), law(32), runs_from=consult, met_by=hear)
    consent_in = Period("机关意见期限", working_days(15), law(34), runs_from=inquire, met_by=agree)
    pay_in = Period("缴费期限", working_days(20), fee_rules(), runs_from=charge, met_by=pay, reading=True)
    answer_in = Period(
        "答复期限",
        working_days(20),
        law(33, para=2),
        runs_from=receive,
        anew_from=(confirm, correct),
        paused_in=(correcting, consulting, inquiring, paying),
        longer_by=extend,
        until_by=defer,
        met_by=answer,
    )

    # What the law does by itself
    silence = Step(
        "第三方逾期未提出意见", consulting >> handling, law(32), by=LAW, asks=facts.Silence, after=opinion_in
    )
    consent = Step(
        "逾期视为同意公开", inquiring >> handling, law(34), by=LAW, asks=facts.Silence, after=consent_in
    )

    # What the annual report counts
    received = Count("收到申请件数", of=(receive, confirm), by="kind", cite=law(50, item=2))
    answers = Count("答复件数，按答复类型", of=answer, by=("answer", "kind"), cite=law(50, item=2))
    lapses = Count("逾期不补正", of=lapse, by="kind", cite=law(50, item=2))
    defaults = Count("逾期不缴费", of=not_pay, by="kind", cite=law(50, item=2))
    waivers = Count("申请人撤回", of=waive, by="kind", cite=law(50, item=2))
    finished = Count("办理结果合计", of=(answer, lapse, not_pay, waive), by="kind", cite=law(50, item=2))
    in_time = Share("按期答复率", of=answer, within=answer_in, cite=law(33, para=2))
    fees = Sum("信息处理费", of=pay, field="fee", cite=law(42, para=1))
    pending = Stock(
        "在办申请", within=(handling, correcting, consulting, inquiring, paying), cite=law(50, item=2)
    )
    form = Balance("新收+上年结转=办理结果合计+结转下年", pending, plus=(received,), minus=(finished,))


# On what conditions


@Disclosure.lapse.requires("申请人无正当理由逾期不补正的，视为放弃申请", law(30))
def correction_overdue(case: Case, lapse: facts.Lapse) -> bool:
    return case.expired(Disclosure.correct_in, lapse.on)


@Disclosure.request_correction.requires("合理的补正期限", law(30))
def leaves_time(case: Case, gap: facts.Gap) -> bool:
    return gap.until > gap.on


@Disclosure.extend.requires("延长的期限最长不得超过20个工作日", law(33, para=2))
def at_most_twenty_days(case: Case, extension: facts.Extension) -> bool:
    return 0 < extension.days <= 20


@Disclosure.extend.requires("延期应当在答复期限届满前作出", law(33, para=2), reading=True)
def before_it_runs_out(case: Case, extension: facts.Extension) -> bool:
    return case.in_time(Disclosure.answer_in, extension.on)


@Disclosure.defer.requires("合理期限", law(35))
def later_than_the_statutory_day(case: Case, deferral: facts.Deferral) -> bool:
    return deferral.until > (case.due(Disclosure.answer_in) or deferral.on)


@Disclosure.charge.requires("应缴信息处理费应当与收费标准一致", fee_rules(), reading=True)
def by_the_scale(case: Case, charge: facts.Charge) -> bool:
    return charge.fee > 0 and charge.fee == facts.fee(charge.method, charge.amount)


@Disclosure.pay.requires("实缴数额应当与缴费通知书一致", fee_rules(), reading=True)
def what_was_asked(case: Case, payment: facts.Payment) -> bool:
    return payment.fee == case.last(Disclosure.charge).fee


@Disclosure.not_pay.requires("缴费期限届满未缴纳的，不再处理", fee_rules(), reading=True)
def payment_overdue(case: Case, lapse: facts.Lapse) -> bool:
    return case.expired(Disclosure.pay_in, lapse.on)


@Disclosure.answer.requires("告知申请人不予公开并说明理由", law(36, item=3))
def says_why(case: Case, reply: facts.Reply) -> bool:
    return bool(reply.reason) or not reply.answer.needs_reason


@Disclosure.answer.requires(
    "向申请人提供该政府信息，或者告知申请人获取该政府信息的方式、途径和时间", law(36, item=2)
)
def says_what_or_where(case: Case, reply: facts.Reply) -> bool:
    return bool(reply.content) or reply.answer.group not in (facts.Group.OPEN, facts.Group.PART)


@Disclosure.answer.requires("第三方不同意公开且有合理理由的，行政机关不予公开", law(32), reading=True)
def weighs_the_third_party(case: Case, reply: facts.Reply) -> bool:
    if reply.answer.group != facts.Group.OPEN or not case.has(Disclosure.hear):
        return True
    opinion = case.last(Disclosure.hear)
    return opinion.agrees or bool(reply.reason)
