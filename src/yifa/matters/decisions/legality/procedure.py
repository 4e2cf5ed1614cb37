"""Legality review: no document goes to a meeting, and no contract is signed, before somebody has read it against the law.

Law: 地方组织法, article 75; 优化营商环境条例, article 63; 重大行政决策程序暂行条例, articles 25 to 28. 国办发〔2018〕115号 was not
read: what rests on it is our reading and carries its mark.
"""

from yifa.clock import working_days
from yifa.people import CLERK, HEAD
from yifa.procedure import START, Case, Count, Paper, Period, Share, Step, Stock
from yifa.texts.procedure import Review

from . import facts
from .statutes import decision, opinion, organisation


class LegalityReview(Review):
    """合法性审查

    行政规范性文件、重大行政决策草案、政府合同在集体讨论或者签订之前送审。系统逐处提示引用、内容、重复三类问题，审查人逐处采纳或者不采纳并说明理由，据此出具意见。
    """

    since = organisation.since
    subject = ("name",)

    opinion_paper = Paper("合法性审查意见书", organisation(75), series="法审")

    submit = Step(
        "收到送审",
        START >> Review.reviewing,
        organisation(75),
        by=CLERK,
        asks=facts.Received,
        trial=True,
    )
    conclude = Step(
        "出具审查意见",
        Review.reviewing >> Review.concluded,
        organisation(75),
        by=HEAD,
        asks=facts.Concluded,
        gives=opinion_paper,
        trial=True,
    )

    review_in = Period(
        "审查期限",
        working_days(15),
        opinion(),
        runs_from=submit,
        met_by=conclude,
        paused_in=Review.returned,
        reading=True,
    )

    documents = Count(
        "审核的文件", of=conclude, where={"kind": facts.DOCUMENTS}, by="kind", cite=organisation(75)
    )
    contracts = Count("审核的合同", of=conclude, where={"kind": facts.Kind.CONTRACT})
    conclusions = Count("合法性审查结论", of=conclude, by=("kind", "conclusion"))
    received = Count("收到的送审件", of=submit, by="kind")
    under_way = Stock("正在审查的送审件", within=(Review.reviewing, Review.returned))
    in_time = Share("按期审查率", of=conclude, within=review_in)


@LegalityReview.conclude.requires(
    "采纳了修改意见的，结论应当是修改后可以提请审议或者不合法", organisation(75), reading=True
)
def agrees_with_itself(case: Case, told: facts.Concluded) -> bool:
    return told.conclusion is not facts.Conclusion.LAWFUL or not told.accepted


@LegalityReview.conclude.requires("要求修改或者认为不合法的，应当写明意见", organisation(75), reading=True)
def says_what_is_wrong(case: Case, told: facts.Concluded) -> bool:
    said = bool(told.accepted or told.summary.strip())
    return told.conclusion is facts.Conclusion.LAWFUL or said


@LegalityReview.conclude.requires("应当组织法律顾问、公职律师提出法律意见", decision(28))
def counsel_was_heard(case: Case, told: facts.Concluded) -> bool:
    opened = case.opening
    major = isinstance(opened, facts.Received) and opened.kind is facts.Kind.DECISION
    return not major or bool(told.counsel.strip())
