"""Before it rains: who answers for which place, which dangers were found and mended, what was rehearsed, who was moved.

Law: 防汛条例, articles 4, 15 and 18; 气象灾害防御条例, article 17; 地质灾害防治条例, article 29.
"""

from yifa.clock import months
from yifa.people import CLERK, HEAD
from yifa.procedure import (
    START,
    Balance,
    Board,
    Case,
    Count,
    Journal,
    Paper,
    Period,
    Procedure,
    Register,
    State,
    Step,
    Stock,
    Sum,
    entry,
    stays,
    told,
)

from . import facts
from .statutes import flood as law
from .statutes import geology, weather


class EmergencyPost(Register):
    """应急责任人

    安全劝导员、灾害信息员、防汛抗旱行政责任人和防汛责任人：按区域明确，每年由本人确认，有替补、有上级。
    """

    since = weather.since
    subject = ("name", "area")

    serving = State("在岗")
    left = State("已卸任", final=True)

    appoint = Step("明确", START >> serving, law(4), by=CLERK, asks=facts.Appointment, reading=True)
    confirm = Step("本人确认", stays(serving), law(4), by=CLERK, asks=facts.Confirmation, reading=True)
    leave = Step("卸任", serving >> left, law(4), by=CLERK, asks=facts.Leaving, reading=True)

    confirm_in = Period(
        "确认期限", months(12), law(4), runs_from=appoint, anew_from=confirm, met_by=confirm, reading=True
    )

    persuaders = Stock("安全劝导员", within=(serving,), where={"duty": facts.Duty.PERSUADER}, unit="人")
    informers = Stock("灾害信息员", within=(serving,), where={"duty": facts.Duty.INFORMER}, unit="人")
    flood = Stock(
        "防汛抗旱行政责任人和防汛责任人",
        within=(serving,),
        where={"duty": (facts.Duty.FLOOD_CHIEF, facts.Duty.FLOOD)},
        unit="人",
        cite=law(4),
    )
    everyone = Stock("在岗应急责任人", within=(serving,), unit="人")
    appointed = Count("新明确的责任人", of=appoint, by="duty", unit="人")
    gone = Count("卸任的责任人", of=leave, unit="人")
    confirmed = Count("本人确认", of=confirm, unit="人次")
    flow = Balance("期初在岗+明确−卸任=期末在岗", everyone, plus=(appointed,), minus=(gone,))


class Hazard(Procedure):
    """隐患排查整改

    汛前和汛中排查的隐患：现场整改，或者下发交办函，限期回复、验收。
    """

    since = weather.since
    subject = ("place",)

    open = State("待整改")
    assigned = State("已交办")
    replied = State("待验收")
    closed = State("已整改", final=True)

    letter = Paper("隐患整改交办函", law(15, para=1), series="隐患交办")

    find = Step("登记隐患", START >> open, law(15, para=1), by=CLERK, asks=facts.Finding, reading=True)
    mend = Step("现场整改", open >> closed, law(15, para=1), by=CLERK, asks=facts.Reply, reading=True)
    assign = Step(
        "下发交办函",
        open >> assigned,
        law(15, para=1),
        by=HEAD,
        asks=facts.Letter,
        gives=letter,
        reading=True,
    )
    reply = Step(
        "回复整改情况", assigned >> replied, law(15, para=1), by=CLERK, asks=facts.Reply, reading=True
    )
    accept = Step("验收合格", replied >> closed, law(15, para=1), by=CLERK, asks=facts.Check, reading=True)
    send_back = Step(
        "退回整改", replied >> assigned, law(15, para=1), by=CLERK, asks=facts.Check, reading=True
    )

    mend_in = Period("整改期限", told("until"), law(15, para=1), runs_from=assign, met_by=reply, reading=True)

    found = Count("排查隐患", of=find, by="kind", unit="处", cite=law(15, para=1))
    found_flood = Count("排查防汛隐患", of=find, where={"kind": facts.Danger.FLOOD}, unit="处")
    letters = Count("下发交办函", of=assign, unit="份", cite=law(15, para=1))
    mended = Count("完成整改的隐患", of=(mend, accept), unit="处")
    pending = Stock("待整改隐患", within=(open, assigned, replied), unit="处")
    flow = Balance("期初待整改+排查−完成=期末待整改", pending, plus=(found,), minus=(mended,))


class EmergencyDrill(Journal):
    """应急演练

    各级各单位组织的演练，逐场登记，写明总结评估。
    """

    since = weather.since
    subject = ("unit",)

    hold = entry("登记演练", weather(17), by=CLERK, asks=facts.Drill, reading=True)

    held = Count("应急演练", of=hold, unit="场", cite=weather(17), rounds_down_to=10)
    by_kind = Count("应急演练，按类型", of=hold, by="kind", unit="场")
    attendance = Sum("参加演练人次", of=hold, field="people", unit="人次")


class Relocation(Procedure):
    """转移安置

    险情征兆明显的地区，及时把群众撤离险区；险情解除、确认安全后返回。
    """

    since = weather.since
    subject = ("village",)

    away = State("安置中")
    back = State("已返回", final=True)

    move = Step("转移安置", START >> away, law(18, para=1), by=CLERK, asks=facts.Move)
    bring_back = Step("返回", away >> back, geology(29), by=CLERK, asks=facts.Return, reading=True)

    on_board = Board("安置在外的群众", within=(away,), says=("households", "people", "shelter"))

    households = Sum("转移安置户数", of=move, field="households", unit="户", cite=law(18, para=1))
    people = Sum("转移安置人数", of=move, field="people", unit="人", cite=law(18, para=1))
    still_away = Stock("仍在安置的批次", within=(away,), unit="批")


# On what conditions


@Hazard.assign.requires("责成责任单位在规定的期限内处理", law(15, para=1))
def leaves_time(case: Case, letter: facts.Letter) -> bool:
    return letter.until > letter.on


@EmergencyDrill.hold.requires("参加人数不得为负", weather(17), reading=True)
def people_count(case: Case, drill: facts.Drill) -> bool:
    return drill.people >= 0


@Relocation.move.requires("转移的户数、人数应当大于零，人数不少于户数", law(18, para=1), reading=True)
def somebody_moved(case: Case, move: facts.Move) -> bool:
    return 0 < move.households <= move.people
