"""A statute was amended: everything that cites an article that changed is looked at by somebody, once, and the outcome kept.

Law: 立法法 article 116, whoever made a rule or a normative document cleans up what the law has overtaken. That our own
procedures, rules and case documents are gone through one by one is our reading of how this is done.
"""

from yifa.people import CLERK, HEAD
from yifa.procedure import START, Balance, Case, Count, Period, Procedure, State, Step, Stock, told

from . import facts
from .statutes import legislation


class LawChangeCheck(Procedure):
    """法规修改影响核对

    法规修改后，引用了变动条文的程序、规则、法规、文件和案件材料逐处核对：新旧条文并列，核对的人写明无需修改、需要修改或者已经修改，并说明理由。
    """

    since = legislation.since
    subject = ("title", "place", "where")

    pending = State("待核对")
    to_mend = State("待修改")
    kept = State("无需修改", final=True)
    mended = State("已修改", final=True)
    dropped = State("已撤销", final=True)

    open = Step(
        "列入核对",
        START >> pending,
        legislation(116),
        by=CLERK,
        asks=facts.Affected,
        aside=True,
        reading=True,
    )
    keep = Step(
        "认定无需修改", pending >> kept, legislation(116), by=CLERK | HEAD, asks=facts.Kept, reading=True
    )
    plan = Step(
        "认定需要修改", pending >> to_mend, legislation(116), by=CLERK | HEAD, asks=facts.ToMend, reading=True
    )
    mend = Step(
        "登记已修改",
        (pending | to_mend) >> mended,
        legislation(116),
        by=CLERK | HEAD,
        asks=facts.Mended,
        reading=True,
    )
    drop = Step(
        "撤销列入",
        (pending | to_mend) >> dropped,
        legislation(116),
        by=HEAD,
        asks=facts.Unneeded,
        aside=True,
        reading=True,
    )

    mend_in = Period("修改期限", told("until"), legislation(116), plan, met_by=mend, reading=True)

    opened = Count("列入核对", of=open, by=("title", "what", "became"), unit="处")
    without_change = Count("认定无需修改", of=keep, by=("title",), unit="处")
    changed = Count("已修改", of=mend, by=("title",), unit="处")
    withdrawn = Count("撤销列入", of=drop, unit="处")
    waiting = Stock("尚未核对或者修改", within=(pending, to_mend), unit="处")
    flow = Balance(
        "期初+列入−无需修改−已修改−撤销=期末",
        waiting,
        plus=(opened,),
        minus=(without_change, changed, withdrawn),
    )


@LawChangeCheck.open.requires("同一处引用的同一次修改只列入一次", legislation(116), reading=True)
def listed_once(case: Case, affected: facts.Affected) -> bool:
    return affected.listed_before == 0


@LawChangeCheck.plan.requires("修改期限不得早于核对日期", legislation(116), reading=True)
def not_in_the_past(case: Case, planned: facts.ToMend) -> bool:
    return planned.until >= planned.on
