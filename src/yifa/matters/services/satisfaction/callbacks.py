"""Call-backs: a round asks everybody whose case was finished, and ends with exactly one record for each of them.

Law: 国办发〔2019〕51号 (bad ratings are called back) and 个人信息保护法 articles 14, 15 and 47 (who asks not to be called
is called no more; what is no longer needed is deleted). The opinion was not read in full; its steps are our reading.
"""

from yifa.people import CLERK, HEAD, LAW, SYSTEM
from yifa.procedure import (
    START,
    Balance,
    Case,
    Count,
    Funnel,
    Procedure,
    Register,
    Share,
    State,
    Step,
    Stock,
    Sum,
    stays,
)

from . import facts
from .statutes import opinion, personal

DIALLED, REACHED, FINISHED, GRADED = (facts.came_to(stage) for stage in (1, 2, 3, 4))


class CallBack(Procedure):
    """回访

    一人一条：呼叫没有、接通没有、怎样结束、怎样评价。不满意的，当即转为整改工单。
    """

    since = opinion.since
    subject = ("item", "number")
    number_from = "number"

    recorded = State("已记录", final=True)

    enter = Step("登记回访", START >> recorded, opinion(), by=CLERK, asks=facts.CalledBack, reading=True)
    ring = Step(
        "呼叫结束",
        START >> recorded,
        opinion(),
        by=LAW,
        asks=facts.Rung,
        collects="call_back_round",
        reading=True,
    )
    put_down = Step(
        "批次登记回访", START >> recorded, opinion(), by=SYSTEM, asks=facts.CalledBack, reading=True
    )

    due = Count(
        "应回访",
        of=(enter, ring, put_down),
        where={"drill": False},
        by=("result", "means"),
        unit="人",
        cite=opinion(),
    )
    dialled = Count(
        "回访（已呼叫的，每人计一次）",
        of=(enter, ring, put_down),
        where={"drill": False, "result": DIALLED},
        by="result",
        unit="次",
        cite=opinion(),
    )
    reached = Count(
        "接通", of=(enter, ring, put_down), where={"drill": False, "result": REACHED}, by="result", unit="人"
    )
    finished = Count(
        "问答完成或者已评价",
        of=(enter, ring, put_down),
        where={"drill": False, "result": FINISHED},
        unit="人",
    )
    graded = Count(
        "作出评价",
        of=(enter, ring, put_down),
        where={"drill": False, "result": GRADED},
        by="grade",
        unit="人",
    )
    satisfied = Count(
        "回访满意（含基本满意）",
        of=(enter, ring, put_down),
        where={"drill": False, "result": GRADED, "grade": facts.SATISFIED},
        by="grade",
        unit="人",
    )
    content = Count(
        "回访满意（不含基本满意）",
        of=(enter, ring, put_down),
        where={"drill": False, "result": GRADED, "grade": facts.BEST},
        unit="人",
    )
    bad = Count(
        "回访不满意",
        of=(enter, ring, put_down),
        where={"drill": False, "result": GRADED, "grade": facts.WORST},
        by="grade",
        unit="人",
    )
    satisfaction = Share(
        "回访满意度（含基本满意，占作出评价的）", part=satisfied, whole=graded, cite=opinion()
    )
    contentment = Share(
        "回访满意度（不含基本满意，占作出评价的）", part=content, whole=graded, cite=opinion()
    )
    reach = Share("回访接通率（占应回访的）", part=reached, whole=due)
    response = Share("回访评价率（占应回访的）", part=graded, whole=due)

    path = Funnel("回访漏斗", stages=(due, dialled, reached, finished, graded, satisfied))


class CallBackRound(Procedure):
    """回访批次

    名单、话术、重呼计划和时段先定，再呼叫；名单上人人都有了结果才能结束。要求过不再回访的不呼叫，仍计入应回访。
    """

    since = personal.since
    subject = ("about",)

    running = State("正在回访")
    done = State("回访结束", final=True)

    begin = Step(
        "发起回访", START >> running, opinion(), by=CLERK, asks=facts.Round, trial=True, reading=True
    )
    call_by_hand = Step(
        "人工回访", stays(running), opinion(), by=CLERK, asks=facts.ByHand, aside=True, reading=True
    )
    stop = Step(
        "终止呼叫",
        stays(running),
        opinion(),
        by=HEAD,
        asks=facts.Stopped,
        aside=True,
        trial=True,
        reading=True,
    )
    finish = Step(
        "结束回访",
        running >> done,
        personal(47, para=1, item=1),
        by=CLERK,
        asks=facts.Ended,
        trial=True,
        reading=True,
    )

    path = Funnel("本批次回访漏斗", stages=CallBack.path.stages, due="due")

    begun = Count("回访批次", of=begin, where={"drill": False}, unit="批")
    listed = Sum("列入批次的", of=begin, field="due", where={"drill": False}, unit="人")
    under_way = Stock("正在进行的回访批次", within=(running,), where={"drill": False}, unit="批")


class OptOut(Register):
    """不再回访名册

    要求不再接到回访的人。只留号码的摘要来认，号码本身密封；名册上的不呼叫，仍计入应回访。
    """

    since = personal.since
    subject = ("how",)

    there = State("不再回访")
    back = State("已恢复", final=True)

    enter = Step(
        "登记不再回访", START >> there, personal(15, para=1), by=CLERK, asks=facts.OptedOut, reading=True
    )
    leave = Step("恢复回访", there >> back, personal(14, para=1), by=CLERK, asks=facts.OptedIn, reading=True)

    standing = Stock("不再回访的号码", within=(there,), unit="个")
    came = Count("登记不再回访", of=enter, by="how", unit="个")
    went = Count("恢复回访", of=leave, unit="个")
    flow = Balance("期初不再回访+登记−恢复=期末不再回访", standing, plus=(came,), minus=(went,))


# On what conditions


@CallBack.enter.requires("结果写明已评价的，应当填写评价；没有评价的，不得填写", opinion(), reading=True)
def a_grade_where_there_is_one(case: Case, back: facts.CalledBack) -> bool:
    return (back.grade is not None) is (back.result.stage == 4)


@CallBack.enter.requires("未呼叫的呼叫次数为零，呼叫过的至少一次", opinion(), reading=True)
def dials_agree(case: Case, back: facts.CalledBack) -> bool:
    return back.dials > 0 if back.result.stage else back.dials == 0


@CallBackRound.begin.requires("从办结登记取的，起止日期都要填写，止日不早于起日", opinion(), reading=True)
def a_stretch_of_days(case: Case, round: facts.Round) -> bool:
    first, last = round.finished_from, round.finished_until
    return (first is None) is (last is None) and (first is None or last is None or first <= last)


@CallBackRound.call_by_hand.requires(
    "结果写明已评价的，应当填写评价；没有评价的，不得填写", opinion(), reading=True
)
def a_grade_by_hand_where_there_is_one(case: Case, hand: facts.ByHand) -> bool:
    return (hand.grade is not None) is (hand.result.result.stage == 4)


@CallBackRound.finish.requires("名单上还有人没有结果的，不得结束", opinion(), reading=True)
def nobody_is_left(case: Case, ended: facts.Ended) -> bool:
    return ended.open == 0
