"""A draft handed in for review; a procedure for tests, under an article that any office knows."""

from yifa.law import statute
from yifa.people import CLERK
from yifa.procedure import START, Facts, Paper, Procedure, State, Step, ask, stays

law = statute("disclosure-regulation")


class HandedIn(Facts):
    title: str = ask("标题")
    draft: str = ask("送审稿", document=True)
    contact: str = ask("联系人", sealed=True, default="")
    basis: str = ask("起草说明", document=True, default="")


class Said(Facts):
    opinion: str = ask("意见", long=True)


class Drafts(Procedure):
    """送审稿试验

    只在测试里。
    """

    key = "drafts"
    since = law.since
    subject = ("title",)

    waiting = State("待审")
    done = State("已审", final=True)

    advice = Paper("审查意见书", law(1))
    hand_in = Step("送审", START >> waiting, law(1), by=CLERK, asks=HandedIn)
    hand_in_again = Step("重新送审", stays(waiting), law(1), by=CLERK, asks=HandedIn)
    review = Step("出具意见", waiting >> done, law(1), by=CLERK, asks=Said, gives=advice)
