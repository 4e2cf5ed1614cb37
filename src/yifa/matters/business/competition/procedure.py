"""Fair competition review: a measure that touches business is held to nineteen items before it goes out.

Law: 公平竞争审查条例 (2024-08-01), articles 8 to 18. It sets no time limits; the ministry's implementing rules of 2025 were read in part.
"""

from yifa.people import CLERK, HEAD
from yifa.procedure import START, Case, Count, Paper, Step, Stock, stays
from yifa.texts.procedure import Review

from . import facts
from .statutes import law


class FairCompetitionReview(Review):
    """公平竞争审查

    起草涉及经营者经济活动的政策措施，出台前对照十九项标准逐项审查；适用例外规定的，三个条件缺一不可，并且在结论中详细说明。
    """

    since = law.since
    subject = ("name",)

    conclusion_paper = Paper("公平竞争审查结论", law(17, para=1), series="公竞审")

    submit = Step(
        "收到政策措施草案",
        START >> Review.reviewing,
        law(13),
        by=CLERK,
        asks=facts.Measure,
        trial=True,
    )
    remark = Step(
        "补充意见",
        stays(Review.reviewing),
        law(17, para=1),
        by=CLERK,
        asks=facts.ItemRemark,
        aside=True,
        reading=True,
    )
    conclude = Step(
        "作出审查结论",
        Review.reviewing >> Review.concluded,
        law(17, para=1),
        by=HEAD,
        asks=facts.Concluded,
        gives=conclusion_paper,
        trial=True,
    )

    reviewed = Count("公平竞争审查的政策措施", of=conclude, by=("kind", "conclusion"), cite=law(17, para=1))
    refused = Count(
        "经审查不得出台的政策措施", of=conclude, where={"conclusion": facts.Conclusion.BREACH}, cite=law(18)
    )
    excepted = Count(
        "适用例外规定的政策措施", of=conclude, where={"conclusion": facts.Conclusion.EXCEPTION}, cite=law(12)
    )
    under_way = Stock("正在进行公平竞争审查的政策措施", within=(Review.reviewing, Review.returned))


@FairCompetitionReview.submit.requires("起草单位应当开展初审", law(14))
def drafter_looked_first(case: Case, told: facts.Measure) -> bool:
    ours = told.kind in (facts.Kind.DEPARTMENT, facts.Kind.JOINT)
    return ours or bool(told.first.strip())


@FairCompetitionReview.conclude.requires(
    "有违反审查标准的内容，不能得出符合审查标准的结论", law(18), reading=True
)
def fine_only_without_breach(case: Case, told: facts.Concluded) -> bool:
    return told.conclusion is not facts.Conclusion.FINE or not told.breaches


@FairCompetitionReview.conclude.requires(
    "认为违反审查标准的，应当指明违反哪一项", law(17, para=1), reading=True
)
def breach_is_named(case: Case, told: facts.Concluded) -> bool:
    return told.conclusion is not facts.Conclusion.BREACH or bool(told.breaches)


@FairCompetitionReview.conclude.requires("没有对公平竞争影响更小的替代方案", law(12))
def nothing_milder(case: Case, told: facts.Concluded) -> bool:
    return told.conclusion is not facts.Conclusion.EXCEPTION or (
        told.ground is not None and told.no_alternative
    )


@FairCompetitionReview.conclude.requires("能够确定合理的实施期限或者终止条件", law(12))
def it_ends(case: Case, told: facts.Concluded) -> bool:
    within = told.until is not None and told.until >= told.on
    return told.conclusion is not facts.Conclusion.EXCEPTION or within or bool(told.ends.strip())


@FairCompetitionReview.conclude.requires("应当在审查结论中详细说明", law(17, para=2))
def exception_is_explained(case: Case, told: facts.Concluded) -> bool:
    return told.conclusion is not facts.Conclusion.EXCEPTION or bool(told.explained.strip())
