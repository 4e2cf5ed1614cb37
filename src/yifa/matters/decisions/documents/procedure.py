"""The normative documents in force: what may be a ground for administration, in full text, and what has ceased to be one.

Law: 地方组织法, article 75; 优化营商环境条例, article 64. How long a document is valid and where it is filed, the rules of the
province say; those in force since 2024 were not read beyond article 7, so nothing here rests on them.
"""

from yifa.people import CLERK
from yifa.procedure import START, Balance, Case, Count, Register, State, Step, Stock

from . import facts
from .statutes import organisation


class NormativeDocument(Register):
    """行政规范性文件库

    公布施行的行政规范性文件全文入库，停止施行的注明怎样停止。新送审的稿子与库中现行有效的文件逐条比对。
    """

    since = organisation.since
    subject = ("name", "number")
    number_from = "number"

    in_force = State("现行有效")
    ended = State("已停止施行", final=True)

    enter = Step("公布入库", START >> in_force, organisation(75), by=CLERK, asks=facts.Issued)
    end = Step("停止施行", in_force >> ended, organisation(75), by=CLERK, asks=facts.Ended, reading=True)

    there = Stock("现行有效的规范性文件", within=(in_force,), cite=organisation(75))
    issued = Count("公布入库的规范性文件", of=enter, by="level", cite=organisation(75))
    gone = Count("停止施行的规范性文件", of=end, by="end")
    flow = Balance("期初有效+公布−停止=期末有效", there, plus=(issued,), minus=(gone,))


@NormativeDocument.enter.requires("有效期应当在施行之后届满", organisation(75), reading=True)
def ends_after_it_begins(case: Case, told: facts.Issued) -> bool:
    return told.until is None or told.until > told.in_force
