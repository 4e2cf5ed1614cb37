"""Shops and the visits paid to them, to be counted: two procedures of one matter."""

from datetime import date

from yifa.law import statute
from yifa.people import CLERK
from yifa.procedure import (
    START,
    Count,
    Facts,
    Growth,
    Journal,
    Outcome,
    Register,
    Share,
    State,
    Step,
    Stock,
    ask,
    entry,
)

law = statute("business-environment-regulation")


class Kind(Outcome):
    FIRM = "企业"
    STALL = "个体工商户"


class Opening(Facts):
    name: str = ask("名称")
    kind: Kind = ask("类型")


class Closing(Facts):
    why: str = ask("原因", default="")


class Visit(Facts):
    kind: Kind = ask("类型")


class Shop(Register):
    """店铺"""

    since = date(2020, 1, 1)
    subject = ("name",)

    open = State("在册")
    closed = State("已注销", final=True)

    enter = Step("登记", START >> open, law(54), by=CLERK, asks=Opening)
    close = Step("注销", open >> closed, law(54), by=CLERK, asks=Closing)

    entered = Count("新登记", of=enter, unit="户")
    firms = Stock("在册企业", within=(open,), where={"kind": Kind.FIRM}, unit="户")
    everyone = Stock("在册", within=(open,), unit="户")
    share_of_firms = Share("企业占比", part=firms, whole=everyone)
    growth = Growth("新登记同比增长", of=entered)
    stock_growth = Growth("在册同比增长", of=everyone, digits=1)


class Visited(Journal):
    """走访"""

    since = date(2020, 1, 1)

    visit = entry("走访", law(54), by=CLERK, asks=Visit)

    firms_visited = Count("走访企业", of=visit, where={"kind": Kind.FIRM}, unit="次")
    reached = Share("企业走访比例", part=firms_visited, whole=Shop.firms, digits=2)
