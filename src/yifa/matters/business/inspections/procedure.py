"""Inspections by random selection: who is inspected and who goes is drawn, in a way that nobody can steer and anyone can repeat.

Law: 优化营商环境条例, articles 51, 53 and 54; 行政处罚法, article 55; 河南省行政执法条例, article 24.
"""

from yifa.clock import working_days
from yifa.draws.procedure import Draw
from yifa.people import CLERK, HEAD, SYSTEM
from yifa.procedure import (
    START,
    Balance,
    Case,
    Count,
    Journal,
    Paper,
    Period,
    Procedure,
    Register,
    Share,
    State,
    Step,
    Stock,
    entry,
    stays,
    told,
)

from . import told as facts
from .directories import Entity
from .facts import Kind, Sort
from .statutes import business as law
from .statutes import henan, penalty


class SamplingRule(Register):
    """抽查比例和频次上限

    每类检查对象一般检查事项的年度抽取比例、一户一年至多检查的次数，公布后执行。
    """

    since = penalty.since
    subject = ("name",)

    in_force = State("现行有效")
    repealed = State("已废止", final=True)

    lay_down = Step(
        "公布上限", START >> in_force, law(54, para=1), by=HEAD, asks=facts.Rule, publishes=True, reading=True
    )
    repeal = Step("废止上限", in_force >> repealed, law(54, para=1), by=HEAD, asks=facts.Ending, reading=True)

    there = Stock("现行上限", within=(in_force,), unit="项")
    came = Count("公布的上限", of=lay_down, unit="项")
    went = Count("废止的上限", of=repeal, unit="项")
    flow = Balance("期初上限+公布−废止=期末上限", there, plus=(came,), minus=(went,))


class Quiet(Register):
    """企业无扰日

    除投诉举报等必须立即处理的以外，不进入企业检查的日子。
    """

    since = penalty.since
    subject = ("name",)

    kept = State("已公布")
    lifted = State("已取消", final=True)

    set = Step(
        "公布无扰日",
        START >> kept,
        law(54, para=1),
        by=HEAD,
        asks=facts.QuietDays,
        publishes=True,
        reading=True,
    )
    lift = Step("取消无扰日", kept >> lifted, law(54, para=1), by=HEAD, asks=facts.Ending, reading=True)

    there = Stock("公布的无扰日", within=(kept,), unit="次")
    came = Count("新公布的无扰日", of=set, unit="次")
    went = Count("取消的无扰日", of=lift, unit="次")
    flow = Balance("期初无扰日+公布−取消=期末无扰日", there, plus=(came,), minus=(went,))


class SamplingTask(Draw):
    """双随机抽查任务

    列入年度计划，拟定方案，公布抽取办法，待公开的号码开出后抽取检查对象和检查人员，检查、公示，最后公开抽取文件。
    """

    since = penalty.since
    subject = ("name",)

    planned = State("已列入计划")
    cancelled = State("计划已取消", final=True)

    corrected_in = (planned,)  # what is drawn from it afterwards must stay what it was

    plan = Step("列入年度计划", START >> planned, law(54, para=1), by=CLERK, asks=facts.Plan, reading=True)
    cancel = Step(
        "取消计划",
        planned >> cancelled,
        law(54, para=1),
        by=HEAD,
        asks=facts.Cancelling,
        aside=True,
        reading=True,
    )
    prepare = Step(
        "拟定抽取方案",
        planned >> Draw.prepared,
        law(54, para=1),
        by=CLERK,
        asks=facts.Sampling,
        trial=True,
        reading=True,
    )
    close = Step(
        "公开抽取结果", Draw.drawn >> Draw.closed, law(54, para=1), by=HEAD, asks=facts.Closing, reading=True
    )

    finish_in = Period(
        "计划完成期限", told("until"), law(54, para=1), runs_from=plan, met_by=close, reading=True
    )

    planned_tasks = Count("列入计划的抽查任务", of=plan, by="scope", unit="个")
    done = Count("完成的抽查任务", of=close, by="scope", unit="个")
    joint = Count(
        "跨部门联合抽查任务", of=close, where={"scope": facts.Scope.JOINT}, unit="个", cite=law(54, para=1)
    )


class JointVisit(Journal):
    """联合抽查通知

    抽取产生后由系统送到各联合部门：本部门谁去、查哪些对象；递补的重新送达。
    """

    since = penalty.since
    subject = ("name",)

    invite = entry("收到联合抽查通知", law(54, para=1), by=SYSTEM, asks=facts.Invitation, reading=True)

    invited = Count("收到的联合抽查通知", of=invite, unit="次")


class Inspection(Procedure):
    """入企检查

    一户一件：抽取产生或者因投诉举报等启动，批准、通知、检查、公示、改正、办结。
    """

    since = penalty.since
    subject = ("object",)

    assigned = State("待批准")
    approved = State("待检查")
    inspected = State("已检查")
    rectifying = State("改正中")
    closed = State("已办结", final=True)
    called_off = State("已取消", final=True)

    corrected_in = (assigned, approved)

    notice = Paper("行政检查通知书", law(54, para=1), series="行政检查")
    minutes = Paper("现场检查笔录", penalty(55, para=2))
    correction = Paper("责令改正通知书", law(54, para=1), series="责令改正")

    trigger = Step(
        "启动检查", START >> assigned, law(54, para=2), by=CLERK, asks=facts.Assignment, reading=True
    )
    assign = Step(
        "抽取派发", START >> assigned, law(54, para=1), by=SYSTEM, asks=facts.Assignment, reading=True
    )
    reassign = Step(
        "更换检查人员", stays(assigned, approved), henan(24), by=SYSTEM, asks=facts.Reassignment, reading=True
    )
    approve = Step(
        "批准检查",
        assigned >> approved,
        law(54, para=1),
        by=HEAD,
        asks=facts.Approval,
        gives=notice,
        reading=True,
    )
    visit = Step(
        "现场检查",
        approved >> inspected,
        henan(24),
        by=CLERK,
        asks=facts.Visit,
        gives=minutes,
        afield=True,
    )
    order = Step(
        "责令改正",
        inspected >> rectifying,
        law(54, para=1),
        by=CLERK,
        asks=facts.Order,
        gives=correction,
        reading=True,
    )
    recheck = Step(
        "复查合格", rectifying >> inspected, law(54, para=1), by=CLERK, asks=facts.Recheck, reading=True
    )
    fail = Step("复查不合格", stays(rectifying), law(54, para=1), by=CLERK, asks=facts.Recheck, reading=True)
    transfer = Step(
        "移送", stays(inspected, rectifying), law(54, para=1), by=CLERK, asks=facts.Transfer, reading=True
    )
    publish = Step(
        "公示检查结果",
        stays(inspected, rectifying),
        law(54, para=1),
        by=CLERK,
        asks=facts.Result,
        publishes=True,
        once=True,
    )
    finish = Step("办结", inspected >> closed, law(54, para=1), by=CLERK, asks=facts.Finish, reading=True)
    call_off = Step(
        "取消检查",
        (assigned | approved) >> called_off,
        law(54, para=1),
        by=HEAD | SYSTEM,
        asks=facts.Cancelling,
        aside=True,
        reading=True,
    )

    publish_in = Period(
        "公示期限", working_days(20), law(54, para=1), runs_from=visit, met_by=publish, reading=True
    )
    rectify_in = Period(
        "改正期限", told("until"), law(54, para=1), runs_from=order, met_by=recheck, reading=True
    )

    visits = Count("入企检查", of=visit, by=("source", "finding"), unit="户次", cite=law(54))
    problems = Count(
        "发现问题的检查",
        of=visit,
        where={"finding": (facts.Finding.RECTIFY, facts.Finding.FILED, facts.Finding.TRANSFERRED)},
        unit="户次",
    )
    problem_rate = Share("检查问题发现率", part=problems, whole=visits)
    published_in_time = Share("检查结果按期公示率", of=publish, within=publish_in, cite=law(54, para=1))
    enterprises_drawn = Count(
        "一般检查事项抽查的企业",
        of=visit,
        where={"source": facts.Source.RANDOM, "sort": Sort.GENERAL, "kind": Kind.ENTERPRISE},
        unit="户",
    )
    individuals_drawn = Count(
        "一般检查事项抽查的个体工商户",
        of=visit,
        where={"source": facts.Source.RANDOM, "sort": Sort.GENERAL, "kind": Kind.INDIVIDUAL},
        unit="户",
    )
    enterprise_ratio = Share(
        "一般检查事项的企业抽查比例", part=enterprises_drawn, whole=Entity.enterprises, cite=law(54, para=1)
    )
    individual_ratio = Share(
        "一般检查事项的个体工商户抽查比例",
        part=individuals_drawn,
        whole=Entity.individuals,
        cite=law(54, para=1),
    )
    running = Stock("在办检查", within=(assigned, approved, inspected, rectifying), unit="件")


# On what conditions


@SamplingRule.lay_down.requires("比例应当在0与100之间，次数不得为负", law(54, para=1), reading=True)
def limits_make_sense(case: Case, rule: facts.Rule) -> bool:
    return 0 < rule.percent <= 100 and min(rule.most_a, rule.most_b, rule.most_c, rule.most_d) >= 0


@Quiet.set.requires("止日不得早于起日", law(54, para=1), reading=True)
def days_in_order(case: Case, days: facts.QuietDays) -> bool:
    return days.first <= days.last


@SamplingTask.plan.requires(
    "跨部门联合抽查应当写明联合部门，部门抽查没有联合部门", law(54, para=1), reading=True
)
def joint_has_partners(case: Case, plan: facts.Plan) -> bool:
    return bool(plan.partners) is (plan.scope is facts.Scope.JOINT)


@SamplingTask.plan.requires("没有公布的检查事项不得实施检查", law(51), reading=True)
def items_are_published(case: Case, plan: facts.Plan) -> bool:
    return bool(plan.items) and not plan.unlisted


@SamplingTask.prepare.requires("抽取户数和抽取比例应当填写其中一项", law(54, para=1), reading=True)
def how_many(case: Case, scheme: facts.Sampling) -> bool:
    return (scheme.wanted is None) is not (scheme.percent is None)


@SamplingTask.prepare.requires("一般检查事项不得超过公布的年度抽查比例", law(54, para=1), reading=True)
def within_the_ratio(case: Case, scheme: facts.Sampling) -> bool:
    return plan_of(case).sort is Sort.KEY or scheme.quota <= scheme.most


@SamplingTask.close.requires("抽查事项及查处结果及时向社会公开", law(54, para=1))
def every_result_is_published(case: Case, closing: facts.Closing) -> bool:
    return not closing.outstanding


@Inspection.trigger.requires("双随机抽查的对象由抽取产生，不得自行指定", law(54, para=1), reading=True)
def not_by_hand(case: Case, assignment: facts.Assignment) -> bool:
    return assignment.source is not facts.Source.RANDOM


@Inspection.trigger.requires("检查对象应当写明代码，没有代码的写明名称和地址", law(54, para=2), reading=True)
def names_whom(case: Case, assignment: facts.Assignment) -> bool:
    return bool(assignment.code) is not bool(assignment.unlisted)


@Inspection.trigger.requires("有针对性地进行检查", law(54, para=2))
def says_what_for(case: Case, assignment: facts.Assignment) -> bool:
    return bool(assignment.ground)


@Inspection.trigger.requires("行政执法人员不得少于两人", henan(24))
def two_go(case: Case, assignment: facts.Assignment) -> bool:
    return len(set(assignment.officers)) >= 2


@Inspection.approve.requires(
    "企业无扰日不进入企业检查，确需检查的应当说明理由", law(54, para=1), reading=True
)
def not_on_a_quiet_day(case: Case, approval: facts.Approval) -> bool:
    return not approval.quiet or bool(approval.although)


@Inspection.approve.requires("针对同一检查对象的多个检查事项，应当尽可能合并", law(54, para=1))
def joined_with_others(case: Case, approval: facts.Approval) -> bool:
    return not approval.clash or bool(approval.although)


@Inspection.approve.requires("超过公布的年度检查频次的，应当说明理由", law(53), reading=True)
def not_too_often(case: Case, approval: facts.Approval) -> bool:
    return not approval.most or approval.nth <= approval.most or bool(approval.although)


@Inspection.approve.requires("拟检查日期不得早于批准日期", law(54, para=1), reading=True)
def approved_before(case: Case, approval: facts.Approval) -> bool:
    return approval.visit_on >= approval.on


@Inspection.visit.requires("主动向当事人或者相关人员出示行政执法证", henan(24))
def showed_the_certificate(case: Case, visit: facts.Visit) -> bool:
    return visit.shown or visit.finding is facts.Finding.UNREACHABLE


@Inspection.visit.requires("行政执法人员不得少于两人", henan(24))
def two_were_there(case: Case, visit: facts.Visit) -> bool:
    sent = officers_of(case)
    return len(sent - set(visit.absent)) >= 2


@Inspection.visit.requires("未到场的应当是派出的检查人员", henan(24), reading=True)
def absent_ones_were_sent(case: Case, visit: facts.Visit) -> bool:
    return set(visit.absent) <= officers_of(case)


@Inspection.visit.requires("检查人员应当持有有效的执法证", henan(24), reading=True)
def certificates_are_valid(case: Case, visit: facts.Visit) -> bool:
    return not visit.expired


@Inspection.visit.requires("发现问题的，应当写明问题", penalty(55, para=2), reading=True)
def names_the_problem(case: Case, visit: facts.Visit) -> bool:
    return bool(visit.problems) or not visit.finding.problem


@Inspection.order.requires("改正期限应当在责令之后", law(54, para=1), reading=True)
def leaves_time(case: Case, order: facts.Order) -> bool:
    return order.until > order.on


@Inspection.order.requires("检查没有发现问题的，不得责令改正", law(54, para=1), reading=True)
def there_is_a_problem(case: Case, order: facts.Order) -> bool:
    return case.last(Inspection.visit).finding.problem


@Inspection.finish.requires("查处结果及时向社会公开", law(54, para=1))
def published_first(case: Case, finish: facts.Finish) -> bool:
    return case.has(Inspection.publish)


@Inspection.finish.requires("应当责令改正、移送的，办结前应当责令改正、移送", law(54, para=1), reading=True)
def followed_up(case: Case, finish: facts.Finish) -> bool:
    finding = case.last(Inspection.visit).finding
    if finding is facts.Finding.RECTIFY:
        return case.has(Inspection.order)
    return finding not in (facts.Finding.FILED, facts.Finding.TRANSFERRED) or case.has(Inspection.transfer)


def plan_of(case: Case) -> facts.Plan:
    """The task as it was last told, corrections included."""
    return next(a.facts for a in reversed(case.acts) if isinstance(a.facts, facts.Plan))


def officers_of(case: Case) -> set[str]:
    """Who is to go, as it was last said."""
    for act in reversed(case.acts):
        if isinstance(act.facts, facts.Assignment | facts.Reassignment):
            return set(act.facts.officers)
    return set()
