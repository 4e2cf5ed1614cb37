"""An invented register that uses every word of the notation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yifa.clock import days, working_days
from yifa.law import statute
from yifa.people import APPLICANT, CLERK, HEAD, LAW
from yifa.procedure import (
    START,
    Balance,
    Brought,
    Case,
    Count,
    Distinct,
    Facts,
    Growth,
    Outcome,
    Overlap,
    Paper,
    Period,
    Readout,
    Register,
    Scene,
    Share,
    State,
    Step,
    Stock,
    Sum,
    Zero,
    ask,
    stays,
    told,
)

law = statute("disclosure-regulation")


class Size(Outcome):
    SMALL = "小型"
    LARGE = "大型", law(36, item=2)


class Entry(Facts):
    name: str = ask("名称")
    owner: str = ask("负责人", sealed=True)
    size: Size = ask("规模")
    licensed: bool = ask("是否许可", default=False)
    until: date = ask("有效期至")


class Pause(Facts):
    note: str = ask("说明", default="", long=True)


class Days(Facts):
    days: int = ask("延长天数")


class Weighed(Facts):
    weight: int = ask("重量", found=True, default=0)


class Until(Facts):
    until: date = ask("至")


class Fee(Facts):
    fee: Decimal = ask("金额")
    more: Decimal | None = ask("另收", default=None)
    staff: int = ask("人数", default=0, unit="人")
    inspector: str = ask("检查人", default="")


class Everything(Register):
    """万象登记"""

    since = date(2021, 1, 1)
    subject = ("name",)
    number_from = "name"

    held = State("在册")
    asked = State("待答复")
    resting = State("歇业")
    left = State("退出", final=True)

    card = Paper("登记卡", law(31), series="登", to=APPLICANT)

    enter = Step("登记", START >> held, law(29), by=CLERK | APPLICANT, asks=Entry, gives=card, public=True)
    question = Step("询问", held >> asked, law(30), by=CLERK, asks=Until)
    reply = Step("答复询问", asked >> held, law(30), by=APPLICANT | CLERK, asks=Facts)
    rest = Step("歇业", (held | asked) >> resting, law(30), by=CLERK, asks=Pause)
    resume = Step("复业", resting >> held, law(30), by=CLERK, asks=Pause)
    longer = Step("延期", stays(held, resting), law(33), by=HEAD, asks=Days, reading=True)
    fix_day = Step("定期限", stays(held), law(35), by=HEAD, asks=Until, once=True)
    again = Step("重新检查", stays(held), law(33), by=CLERK, asks=Facts)
    inspect = Step("检查", stays(held, resting), law(33), by=CLERK, asks=Fee)
    weigh = Step("过磅", stays(held), law(33), by=CLERK, asks=Weighed, afield=True, trial=True)
    post = Step("公示", stays(held), law(44), by=HEAD, asks=Pause, publishes=True, aside=True)
    leave = Step("退出", (held | resting) >> left, law(30), by=CLERK, asks=Facts)

    inspect_in = Period(
        "检查期限", working_days(9), law(33), enter, met_by=inspect, anew_from=again, paused_in=(asked, resting),
        longer_by=longer, until_by=fix_day, reading=True,
    )  # fmt: skip
    reply_in = Period("答复询问期限", told("until"), law(30), question, met_by=reply)
    rest_in = Period("歇业期限", days(40), law(30), rest, met_by=resume, duty=False, reading=True)
    drop = Step("视为退出", resting >> left, law(30), by=LAW, asks=Facts, after=rest_in, reading=True)

    entered = Count("登记件数", of=enter, by=("size", "licensed"))
    large = Count("大型登记", of=enter, where={"size": Size.LARGE})
    gone = Count("退出件数", of=(leave, drop), by="size")
    inspections = Count("检查次数", of=inspect, by="size", unit="次", rounds_down_to=10)
    fees = Sum("收费", of=inspect, field="fee")
    more = Sum("另收", of=inspect, field="more")
    staff = Sum("检查人次", of=inspect, field="staff", unit="人次")
    inspectors = Distinct("检查人数", of=inspect, field="inspector")
    stock = Stock("在册数", within=(held, asked, resting))
    idle = Stock("在册大型数", within=(held, asked, resting), where={"size": Size.LARGE})
    part = Share("大型占比", part=large, whole=entered)
    in_time = Share("按期检查率", of=inspect, within=inspect_in)
    growth = Growth("登记增长", of=entered)
    none = Zero("大型登记为零", of=large, reports=inspections, among=("department",))
    flow = Balance("期初+登记−退出=期末", stock, plus=(entered,), minus=(gone,))
    two_ways = Overlap("两种口径", one=entered, many=(large,), because="后者只计大型")


@Everything.weigh.finds
def on_the_scale(case: Case, weighed: Weighed, scene: Scene) -> dict[str, int]:
    return {"weight": 7 * len(scene.office)}


@Everything.weigh.brings
def weighed_again(case: Case, weighed: Weighed, scene: Scene) -> list[Brought[Facts]]:
    return [Brought(Everything.again, Facts(on=weighed.on), case=scene.case)] if weighed.weight > 100 else []


@Everything.enter.reads
def on_the_card(data: bytes, scene: Scene) -> Readout | None:
    return Readout({"name": data.decode()}) if data else None


@Everything.enter.writes("登记卡数据", "card.txt")
def as_a_card(case: Case, scene: Scene) -> bytes:
    return case.opening.name.encode()  # type: ignore[attr-defined]


@Everything.enter.drafts("everything")
def like_the_other(case: Case, scene: Scene) -> dict[str, str]:
    return {"name": f"{case.opening.name}之二"}  # type: ignore[attr-defined]


@Everything.fix_day.requires("期限应当在以后", law(35), reading=True)
def is_ahead(case: Case, fixed: Until) -> bool:
    return fixed.until > fixed.on
