"""A procedure made for measuring: seven states in a circle, each step guarded by role, state and one condition.

It belongs to no county. Everybody who takes part in `benchmarks.transition` walks the same circle with the same facts.
"""

from __future__ import annotations

from yifa.law import statute
from yifa.people import CLERK
from yifa.procedure import START, Case, Count, Facts, Procedure, State, Step, ask

law = statute("disclosure-regulation")


class Told(Facts):
    pieces: int = ask("件数", law(29))
    remark: str = ask("说明", law(29))


class Circle(Procedure):
    """量度用的程序"""

    since = law.since

    received = State("已收到")
    registered = State("已登记")
    assigned = State("已分办")
    drafted = State("已拟稿")
    reviewed = State("已审核")
    signed = State("已签发")
    served = State("已送达")

    begin = Step("收到", START >> received, law(29), by=CLERK, asks=Told)
    register = Step("登记", received >> registered, law(29), by=CLERK, asks=Told)
    assign = Step("分办", registered >> assigned, law(29), by=CLERK, asks=Told)
    draft = Step("拟稿", assigned >> drafted, law(29), by=CLERK, asks=Told)
    review = Step("审核", drafted >> reviewed, law(29), by=CLERK, asks=Told)
    sign = Step("签发", reviewed >> signed, law(29), by=CLERK, asks=Told)
    serve = Step("送达", signed >> served, law(29), by=CLERK, asks=Told)
    receive_again = Step("再次收到", served >> received, law(29), by=CLERK, asks=Told)

    times = Count("登记次数", of=register)


ROUND = ("register", "assign", "draft", "review", "sign", "serve", "receive_again")


def some_pieces(case: Case, told: Told) -> bool:
    return told.pieces > 0


for name in ROUND:
    Circle.steps[name].requires("件数应当是正数", law(29), reading=True)(some_pieces)
