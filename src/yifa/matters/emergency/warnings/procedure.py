"""When it rains: warnings passed on as they were issued, and everyone who answers for a place called until they answer.

Law: 气象灾害防御条例, articles 30, 31 and 34; 河南省气象灾害防御条例, article 24; 突发事件应对法 (2024), articles 64 and 70.
"""

from yifa.calls.procedure import CallOut
from yifa.calls.told import Rule, RuleEnd, Summary
from yifa.people import CLERK, HEAD, LAW, SYSTEM
from yifa.procedure import (
    START,
    Balance,
    Board,
    Case,
    Count,
    Paper,
    Period,
    Procedure,
    Register,
    State,
    Step,
    Stock,
    Sum,
    stays,
    told,
)

from . import facts
from .statutes import henan, personal, weather


class Warning(Procedure):
    """预警

    气象、水利等有权发布的单位发出的预警，原样转发，不改级别，不另行发布；更新的接上，解除的解除，期满的自动失效。
    """

    since = henan.since
    subject = ("event", "colour", "issuer")

    in_force = State("生效中")
    updated = State("已更新", final=True)
    lifted = State("已解除", final=True)
    expired = State("已期满", final=True)

    receive = Step(
        "收到预警", START >> in_force, weather(34, para=1), by=CLERK, asks=facts.Notice, reading=True
    )
    spread = Step(
        "登记传播条数",
        stays(in_force, updated, lifted, expired),
        henan(24, para=2),
        by=CLERK,
        asks=facts.Spread,
        aside=True,
    )
    replace = Step(
        "被更新", in_force >> updated, weather(34, para=1), by=SYSTEM, asks=facts.Replaced, reading=True
    )
    lift = Step(
        "解除预警", in_force >> lifted, weather(34, para=1), by=CLERK, asks=facts.Lifting, reading=True
    )

    stands_until = Period(
        "预警期",
        told("until"),
        weather(34, para=1),
        runs_from=receive,
        met_by=(lift, replace),
        duty=False,
        reading=True,
    )
    expire = Step(
        "预警期满",
        in_force >> expired,
        weather(34, para=1),
        by=LAW,
        asks=facts.Expired,
        after=stands_until,
        reading=True,
    )

    on_board = Board(
        "生效中的预警",
        within=(in_force,),
        says=("area", "issued", "until", "measures"),
        tone="colour",
        drill="exercise",
    )

    standing = Stock("生效中的预警", within=(in_force,), where={"exercise": False}, unit="份")
    received = Count("收到的预警", of=receive, by=("kind", "colour"), where={"exercise": False}, unit="份")
    ended = Count("更新、解除和期满的预警", of=(replace, lift, expire), where={"exercise": False}, unit="份")
    weather_messages = Sum(
        "气象预警信息",
        of=spread,
        field="messages",
        where={"kind": facts.Kind.WEATHER, "exercise": False},
        unit="条",
        cite=henan(24, para=2),
    )
    flash_flood_messages = Sum(
        "山洪灾害预警信息",
        of=spread,
        field="messages",
        where={"kind": facts.Kind.FLASH_FLOOD, "exercise": False},
        unit="条",
        cite=henan(24, para=2),
    )
    flow = Balance("期初生效+收到−更新、解除和期满=期末生效", standing, plus=(received,), minus=(ended,))


class CallLadder(Register):
    """叫应规则

    谁先叫、叫几次、间隔多久、限多久，叫不应再叫谁：一行一级，公布后照此执行。
    """

    since = henan.since
    subject = ("name",)

    in_force = State("现行有效")
    repealed = State("已废止", final=True)

    lay_down = Step("公布叫应规则", START >> in_force, henan(24, para=2), by=HEAD, asks=Rule, reading=True)
    repeal = Step(
        "废止叫应规则", in_force >> repealed, henan(24, para=2), by=HEAD, asks=RuleEnd, reading=True
    )

    there = Stock("现行叫应规则", within=(in_force,), unit="项")
    came = Count("公布的叫应规则", of=lay_down, unit="项")
    went = Count("废止的叫应规则", of=repeal, unit="项")
    flow = Balance("期初规则+公布−废止=期末规则", there, plus=(came,), minus=(went,))


class Rousing(CallOut):
    """临灾叫应

    预警发出后，逐级叫应责任人：听到最后、按键或者回复才算叫应；叫不应的叫替补、叫上级，再不应的派人上门。
    """

    since = personal.since
    subject = ("about",)
    destroyed_by = personal(47, para=1, item=1)

    begin = Step(
        "发起叫应",
        START >> CallOut.calling,
        henan(24, para=2),
        by=CLERK,
        asks=facts.Rouse,
        trial=True,
        reading=True,
    )
    after_action = Paper("叫应情况报告", henan(24, para=2))

    begun = Count("临灾叫应", of=begin, where={"drill": False}, unit="次")
    called = Sum("叫应对象", of=begin, field="people", where={"drill": False}, unit="人次")
    drills = Count("叫应演练", of=begin, where={"drill": True}, unit="次")
    running = Stock("正在进行的叫应", within=(CallOut.calling,), where={"drill": False}, unit="次")


# On what conditions


@Warning.receive.requires(
    "登记的类别、级别、发布单位和预警期应当与报文一致", weather(30, para=1), reading=True
)
def as_issued(case: Case, notice: facts.Notice) -> bool:
    return notice.same


@Warning.receive.requires("同一份报文只登记一次", weather(34, para=1), reading=True)
def only_once(case: Case, notice: facts.Notice) -> bool:
    return not notice.known


@Warning.receive.requires("预警期至不得早于收到之日", weather(34, para=1), reading=True)
def not_over_before_it_came(case: Case, notice: facts.Notice) -> bool:
    return notice.until >= notice.on


@Warning.spread.requires("发送条数不得为负", henan(24, para=2), reading=True)
def messages_count(case: Case, spread: facts.Spread) -> bool:
    return spread.messages >= 0


@Warning.lift.requires("解除的应当是这一份预警", weather(34, para=1), reading=True)
def lifts_this_one(case: Case, lifting: facts.Lifting) -> bool:
    return lifting.same


@Rousing.begin.requires("应当写明叫应内容", henan(24, para=2), reading=True)
def something_is_said(case: Case, rouse: facts.Rouse) -> bool:
    return bool(rouse.words.strip())


@Rousing.begin.requires("名单上至少一人有联系方式", henan(24, para=2), reading=True)
def somebody_can_be_called(case: Case, rouse: facts.Rouse) -> bool:
    return not rouse.people or rouse.people > rouse.unreachable


@Rousing.finish.requires(
    "还有人没有应答、没有转人工上门、也没有写明理由终止的，不得结束", henan(24, para=2), reading=True
)
def nobody_is_left(case: Case, summary: Summary) -> bool:
    return summary.open == 0
