"""Who may enforce the law: every certificate, from the day it is issued to the day it ends.

Law: 河南省行政执法条例, articles 20, 21 and 42, in force 2016-06-01.
"""

from yifa.people import CLERK
from yifa.procedure import START, Balance, Case, Count, Register, State, Step, Stock

from . import facts
from .statutes import henan as law


class Certificate(Register):
    """行政执法证件

    行政执法人员的资格证件：新申办发证、暂扣、发还、注销。
    """

    since = law.since
    subject = ("holder", "number")
    number_from = "number"

    in_force = State("有效")
    suspended = State("暂扣中")
    cancelled = State("已注销", final=True)

    issue = Step("发证", START >> in_force, law(21), by=CLERK, asks=facts.Holder)
    suspend = Step("暂扣", in_force >> suspended, law(42, item=6), by=CLERK, asks=facts.Suspension)
    give_back = Step(
        "发还", suspended >> in_force, law(42, item=6), by=CLERK, asks=facts.Return, reading=True
    )
    cancel = Step(
        "注销", (in_force | suspended) >> cancelled, law(21), by=CLERK, asks=facts.Cancellation, reading=True
    )

    issued = Count("新申办行政执法证件", of=issue, unit="个", cite=law(21))
    ended = Count("注销行政执法证件", of=cancel, by="cause", unit="个", cite=law(21))
    held = Stock("持证总数", within=(in_force, suspended), unit="个", cite=law(21))
    flow = Balance("期初持证+新申办−注销=期末持证", held, plus=(issued,), minus=(ended,))


# On what conditions


@Certificate.issue.requires("工勤人员、劳动合同工、临时工不得申请取得行政执法资格", law(20, para=2))
def on_the_establishment(case: Case, holder: facts.Holder) -> bool:
    return holder.standing is facts.Standing.ESTABLISHED


@Certificate.issue.requires("经考试合格，取得行政执法证后，方可上岗执法", law(21, para=1))
def passed_before(case: Case, holder: facts.Holder) -> bool:
    return holder.passed <= holder.on
