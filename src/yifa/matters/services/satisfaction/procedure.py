"""Ratings of finished cases, and what a bad one sets going.

Law: 国办发〔2019〕51号 (the five grades, one rating for each case, bad ones verified, rectified and called back) — known
from several local papers that carry it out, not read in full; so every step is marked as our reading.
"""

from yifa.people import APPLICANT, CLERK, HEAD, SYSTEM
from yifa.procedure import (
    START,
    Balance,
    Case,
    Count,
    Paper,
    Period,
    Procedure,
    Receipts,
    Register,
    Share,
    State,
    Step,
    Stock,
    told,
)

from . import facts
from .statutes import opinion


class ServiceRating(Procedure):
    """办件评价

    办结一件登记一件，办事人凭评价码在网上评价；五个等级哪个都能提交。窗口代为录入的单独记、单独数。
    """

    since = opinion.since
    subject = ("item", "number")
    number_from = "number"

    awaiting = State("待评价")
    rated = State("已评价")
    again = State("已整改，待再次评价")
    settled = State("已再次评价", final=True)
    excluded = State("差评申诉成立", final=True)

    register = Step("登记办结", START >> awaiting, opinion(), by=CLERK, asks=facts.Finished, reading=True)
    rate = Step(
        "评价", awaiting >> rated, opinion(), by=APPLICANT, asks=facts.Rating, public=True, reading=True
    )
    rate_at_counter = Step(
        "窗口录入评价",
        awaiting >> rated,
        opinion(),
        by=CLERK,
        asks=facts.CounterRating,
        aside=True,
        reading=True,
    )
    invite_again = Step("请再次评价", rated >> again, opinion(), by=SYSTEM, asks=facts.Invited, reading=True)
    rate_again = Step(
        "再次评价", again >> settled, opinion(), by=APPLICANT, asks=facts.Rating, public=True, reading=True
    )
    rate_again_at_counter = Step(
        "窗口录入再次评价",
        again >> settled,
        opinion(),
        by=CLERK,
        asks=facts.CounterRating,
        aside=True,
        reading=True,
    )
    exclude = Step("差评申诉成立", rated >> excluded, opinion(), by=SYSTEM, asks=facts.Excluded, reading=True)

    published = Receipts(
        "办件评价公示",
        of=(rate, rate_at_counter, rate_again, rate_again_at_counter),
        code="receipt",
        shows=("grade",),
    )

    finished = Count("登记办结的办件", of=register, by="channel")
    ratings = Count("收到的评价", of=(rate, rate_at_counter), by="grade", cite=opinion())
    own = Count("办事人自己作的评价", of=rate, by="grade")
    entered = Count("窗口录入的评价", of=rate_at_counter, by="grade")
    satisfied = Count(
        "满意的评价（含基本满意）", of=(rate, rate_at_counter), where={"grade": facts.SATISFIED}
    )
    content = Count("满意的评价（不含基本满意）", of=(rate, rate_at_counter), where={"grade": facts.BEST})
    bad = Count("差评", of=(rate, rate_at_counter), where={"grade": facts.WORST}, by="grade", cite=opinion())
    dropped = Count("申诉成立的差评（仍计入评价）", of=exclude)
    second = Count("整改后的再次评价", of=(rate_again, rate_again_at_counter), by="grade")
    taken_part = Share("评价率", part=ratings, whole=finished)
    satisfaction = Share("好差评满意率（含基本满意）", part=satisfied, whole=ratings, cite=opinion())
    contentment = Share("好差评满意率（不含基本满意）", part=content, whole=ratings, cite=opinion())
    by_own_hand = Share("自己作的评价占比", part=own, whole=ratings)


class BadRatingOrder(Procedure):
    """差评整改工单

    不满意、非常不满意的评价当即转给经办机关：核实、整改、反馈、再次评价、结案。来自办件评价，也来自电话回访。
    """

    since = opinion.since
    subject = ("item", "number")
    number_from = "number"

    verifying = State("待核实")
    appealed = State("申诉中")
    rectifying = State("整改中")
    feeding = State("待反馈")
    waiting = State("待再次评价")
    closed = State("已结案", final=True)
    unrated = State("未再次评价，已结案", final=True)
    excluded = State("申诉成立", final=True)

    reply = Paper("差评整改反馈函", opinion(), series="差评反馈")

    assign = Step("转办差评", START >> verifying, opinion(), by=SYSTEM, asks=facts.Order, reading=True)
    verify = Step("核实", verifying >> rectifying, opinion(), by=CLERK, asks=facts.Verified, reading=True)
    appeal = Step(
        "申诉",
        verifying >> appealed,
        opinion(),
        by=CLERK,
        asks=facts.Appeal,
        once=True,
        aside=True,
        reading=True,
    )
    go_on = Step("申诉不成立", appealed >> verifying, opinion(), by=SYSTEM, asks=facts.Ruling, reading=True)
    exclude = Step("申诉成立", appealed >> excluded, opinion(), by=SYSTEM, asks=facts.Ruling, reading=True)
    rectify_it = Step("整改", rectifying >> feeding, opinion(), by=CLERK, asks=facts.Rectified, reading=True)
    feed_back = Step(
        "反馈",
        feeding >> waiting,
        opinion(),
        by=CLERK,
        asks=facts.FedBack,
        gives=reply,
        reading=True,
    )
    second_given = Step(
        "本人再次评价", waiting >> closed, opinion(), by=SYSTEM, asks=facts.Second, reading=True
    )
    second_heard = Step(
        "登记再次评价", waiting >> closed, opinion(), by=CLERK, asks=facts.SecondHeard, reading=True
    )
    close_unrated = Step(
        "未再次评价结案",
        waiting >> unrated,
        opinion(),
        by=CLERK,
        asks=facts.NoSecond,
        aside=True,
        reading=True,
    )

    rectify_in = Period(
        "整改期限", told("until"), opinion(), runs_from=assign, met_by=(rectify_it, exclude), reading=True
    )

    orders = Count("差评整改工单", of=assign, by=("source", "grade"), cite=opinion())
    under_way = Stock("正在核实和整改的差评", within=(verifying, appealed, rectifying))
    rectified = Count("完成整改的差评", of=rectify_it)
    in_time = Share("差评按期整改率", of=rectify_it, within=rectify_in, cite=opinion())
    dropped = Count("申诉成立的工单", of=exclude, by="source")
    second = Count("工单的再次评价", of=(second_given, second_heard), by="grade")
    mended = Count(
        "再次评价满意（含基本满意）",
        of=(second_given, second_heard),
        where={"grade": facts.SATISFIED},
    )
    won_back = Share("再次评价满意率（含基本满意）", part=mended, whole=second)
    given_named = Count("实名差评工单", of=assign, where={"named": True})
    told_named = Count("已反馈到本人的实名差评", of=feed_back, where={"named": True, "reached": True})
    called_back = Share("实名差评回访率", part=told_named, whole=given_named, cite=opinion())


class RatingAppeal(Procedure):
    """差评申诉

    经办机关认为评价是恶意的或者误点的，由公布好差评规则的机关负责人裁定；成立的另记另数，原评价不删除。
    """

    since = opinion.since
    subject = ("item", "number")

    pending = State("待裁定")
    upheld = State("申诉成立", final=True)
    dismissed = State("申诉不成立", final=True)

    file = Step("受理申诉", START >> pending, opinion(), by=SYSTEM, asks=facts.Appealed, reading=True)
    uphold = Step("裁定申诉成立", pending >> upheld, opinion(), by=HEAD, asks=facts.Ruling, reading=True)
    dismiss = Step(
        "裁定申诉不成立", pending >> dismissed, opinion(), by=HEAD, asks=facts.Ruling, reading=True
    )

    filed = Count("差评申诉", of=file, by="ground")
    granted = Count("成立的差评申诉", of=uphold)
    refused = Count("不成立的差评申诉", of=dismiss)


class RatingRule(Register):
    """好差评规则

    整改期限各地规定不一，由本县公布的规则定，不写在程序里；公布规则的机关受理差评申诉。
    """

    since = opinion.since
    subject = ("name",)

    in_force = State("现行有效")
    repealed = State("已废止", final=True)

    lay_down = Step("公布好差评规则", START >> in_force, opinion(), by=HEAD, asks=facts.Rule, reading=True)
    repeal = Step(
        "废止好差评规则", in_force >> repealed, opinion(), by=HEAD, asks=facts.RuleEnd, reading=True
    )

    there = Stock("现行好差评规则", within=(in_force,), unit="项")
    came = Count("公布的好差评规则", of=lay_down, unit="项")
    went = Count("废止的好差评规则", of=repeal, unit="项")
    flow = Balance("期初规则+公布−废止=期末规则", there, plus=(came,), minus=(went,))


# On what conditions. None stands between a grade and its being submitted.


@BadRatingOrder.second_heard.requires(
    "办件评价的再次评价在该办件评价中作出，这里只登记电话回访的", opinion(), reading=True
)
def only_of_call_backs(case: Case, second: facts.SecondHeard) -> bool:
    order = case.opening
    return not isinstance(order, facts.Order) or order.source is facts.Source.CALL_BACK


@RatingRule.lay_down.requires("整改期限应当在一至六十个工作日之间", opinion(), reading=True)
def days_make_sense(case: Case, rule: facts.Rule) -> bool:
    return 0 < rule.days <= 60
