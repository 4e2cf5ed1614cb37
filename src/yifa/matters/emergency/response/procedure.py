"""When it happens: responses, orders, incidents, months without one, watches kept; who commands, and who is ready.

Law: 气象灾害防御条例, articles 32, 34 and 36; 防汛条例, articles 4 and 24. The Emergency Response Act of 2024 says the same
in its articles 61, 71 and 72.
"""

from yifa.people import CLERK, HEAD, SYSTEM
from yifa.procedure import (
    START,
    Balance,
    Board,
    Case,
    Count,
    Journal,
    Period,
    Procedure,
    Register,
    Share,
    State,
    Step,
    Stock,
    Sum,
    Zero,
    entry,
    stays,
    told,
)

from . import facts
from .statutes import flood as law
from .statutes import weather


class Instruction(Procedure):
    """应急指令

    指挥部下达给责任单位的要求：谁办、办什么、什么时候反馈，反馈后由指挥部销号。
    """

    since = weather.since
    subject = ("to", "what")

    given = State("待反馈")
    answered = State("已反馈")
    closed = State("已办结", final=True)

    give = Step("收到指令", START >> given, weather(36, para=1), by=SYSTEM, asks=facts.Order, reading=True)
    answer = Step(
        "反馈落实情况", given >> answered, weather(36, para=1), by=CLERK, asks=facts.Feedback, reading=True
    )
    again = Step(
        "退回再办",
        answered >> given,
        weather(36, para=1),
        by=HEAD,
        asks=facts.Closing,
        aside=True,
        reading=True,
    )
    close = Step("销号", answered >> closed, weather(36, para=1), by=HEAD, asks=facts.Closing, reading=True)

    answer_in = Period(
        "反馈期限", told("until"), weather(36, para=1), runs_from=give, met_by=answer, reading=True
    )

    on_board = Board("应急指令", within=(given, answered), says=("until", "hour"))

    issued = Count("下达应急指令", of=give, unit="条")
    on_time = Share("按时反馈率", of=answer, within=answer_in)
    done = Count("办结应急指令", of=close, unit="条")
    pending = Stock("未办结的应急指令", within=(given, answered), unit="条")
    flow = Balance("期初未办结+下达−办结=期末未办结", pending, plus=(issued,), minus=(done,))


class Response(Procedure):
    """应急响应

    预警不等于响应：按预案启动，写明事项、级别、预计期限和处置措施，随情况调整，危险解除后终止。
    """

    since = weather.since
    subject = ("subject",)

    running = State("响应中")
    over = State("已终止", final=True)

    launch = Step("启动响应", START >> running, weather(34, para=2), by=HEAD, asks=facts.Start, reading=True)
    adjust = Step(
        "调整响应",
        stays(running),
        weather(34, para=2),
        by=HEAD,
        asks=facts.Adjust,
        aside=True,
        reading=True,
    )
    order = Step(
        "下达指令",
        stays(running),
        weather(36, para=1),
        by=CLERK | HEAD,
        asks=facts.Order,
        aside=True,
        reading=True,
    )
    end = Step("终止响应", running >> over, weather(34, para=2), by=HEAD, asks=facts.Ending, reading=True)

    expected = Period(
        "预计期限",
        told("until"),
        weather(34, para=2),
        runs_from=launch,
        until_by=adjust,
        met_by=end,
        duty=False,
        reading=True,
    )

    on_board = Board(
        "应急响应", within=(running,), says=("level", "withdrawal", "until", "measures"), tone="level"
    )

    started = Count("启动应急响应", of=launch, by="level", unit="次", cite=weather(34, para=2))
    ended = Count("终止应急响应", of=end, unit="次")
    still = Stock("正在响应", within=(running,), unit="次")
    flow = Balance("期初响应中+启动−终止=期末响应中", still, plus=(started,), minus=(ended,))


class Incident(Procedure):
    """突发事件

    首报要快，续报要跟，终报要准：伤亡和等级以终报为准。
    """

    since = weather.since
    subject = ("what", "place")

    open = State("处置中")
    closed = State("已终报", final=True)

    report = Step("首报", START >> open, weather(32, para=2), by=CLERK, asks=facts.Incident, reading=True)
    follow = Step(
        "续报", stays(open), weather(32, para=2), by=CLERK, asks=facts.FollowUp, aside=True, reading=True
    )
    close = Step("终报", open >> closed, weather(32, para=2), by=CLERK, asks=facts.Final, reading=True)

    on_board = Board("处置中的突发事件", within=(open,), says=("sort", "place", "first"))

    reported = Count("突发事件", of=report, by="sort", unit="起")
    concluded = Count("终报的突发事件", of=close, by=("sort", "grade"), unit="起")
    flood_casualties = Sum(
        "汛情伤亡人数",
        of=close,
        field="casualties",
        where={"sort": (facts.Sort.FLOOD, facts.Sort.GEOLOGY)},
        unit="人",
    )
    grave_accidents = Count(
        "重大及以上生产安全事故",
        of=close,
        where={"sort": facts.Sort.SAFETY, "grade": (facts.Grade.MAJOR, facts.Grade.GRAVEST)},
        unit="起",
    )
    under_way = Stock("处置中的突发事件", within=(open,), unit="起")
    flow = Balance("期初处置中+首报−终报=期末处置中", under_way, plus=(reported,), minus=(concluded,))


class ZeroReport(Journal):
    """突发事件月报

    各单位每月都报，没有发生的报零：没有报告，不等于没有发生。
    """

    since = weather.since
    subject = ("month",)

    file = entry("报送月报", weather(32, para=2), by=CLERK, asks=facts.Month, reading=True)

    filed = Count("突发事件月报", of=file, unit="份")
    told_of = Sum("月报的突发事件", of=file, field="incidents", unit="起")
    no_casualties = Zero(
        "防汛伤亡人数",
        of=Incident.flood_casualties,
        reports=filed,
        among=("department", "township"),
        unit="人",
        cite=weather(32, para=2),
    )
    no_grave_accident = Zero(
        "重大及以上生产安全事故起数",
        of=Incident.grave_accidents,
        reports=filed,
        among=("department", "township"),
        unit="起",
        cite=weather(32, para=2),
    )


class DutyLog(Journal):
    """值班日志

    谁带班、谁值班、发生了什么、移交什么。
    """

    since = weather.since
    subject = ("shift", "leader")

    keep = entry("登记值班", law(24), by=CLERK, asks=facts.Watch)

    kept = Count("值班班次", of=keep, unit="班")


class CommandBody(Register):
    """应急指挥机构

    “1+N”：一个县应急指挥部，若干专项指挥部，各有指挥长、办公室和预案。
    """

    since = weather.since
    subject = ("name",)

    standing = State("运行中")
    gone = State("已撤销", final=True)

    set_up = Step("设立", START >> standing, law(4), by=CLERK, asks=facts.Body, reading=True)
    dissolve = Step("撤销", standing >> gone, law(4), by=CLERK, asks=facts.Gone, reading=True)

    bodies = Stock("应急指挥机构", within=(standing,), unit="个")
    came = Count("新设立的指挥机构", of=set_up, by="part", unit="个")
    went = Count("撤销的指挥机构", of=dissolve, unit="个")
    flow = Balance("期初机构+设立−撤销=期末机构", bodies, plus=(came,), minus=(went,))


class SixHaves(Journal):
    """“六有”应急管理办公室检查

    有机构、有人员、有场所、有装备、有经费、有制度，逐乡镇检查打勾。
    """

    since = weather.since

    check = entry("登记检查", weather(32, para=2), by=CLERK, asks=facts.Six, reading=True)

    checked = Count("检查应急管理办公室", of=check, unit="个")
    complete = Share(
        "“六有”达标率",
        part=Count("达标", of=check, where={"complete": True}, unit="个"),
        whole=Count("检查", of=check, unit="个"),
    )


class GuidanceStation(Register):
    """安全劝导站

    村级安全劝导站，一村一站。
    """

    since = weather.since
    subject = ("name",)

    there_now = State("运行中")
    gone = State("已撤销", final=True)

    set_up = Step(
        "设立劝导站", START >> there_now, weather(32, para=2), by=CLERK, asks=facts.Station, reading=True
    )
    close = Step(
        "撤销劝导站", there_now >> gone, weather(32, para=2), by=CLERK, asks=facts.Gone, reading=True
    )

    stations = Stock("安全劝导站", within=(there_now,), unit="个")
    came = Count("新设立的劝导站", of=set_up, unit="个")
    went = Count("撤销的劝导站", of=close, unit="个")
    flow = Balance("期初劝导站+设立−撤销=期末劝导站", stations, plus=(came,), minus=(went,))


# On what conditions


@Response.launch.requires("预计期限不得早于启动之日", weather(34, para=2), reading=True)
def ends_after_it_begins(case: Case, start: facts.Start) -> bool:
    return start.until >= start.on


@Response.adjust.requires("预计期限不得早于调整之日", weather(34, para=2), reading=True)
def still_ends_ahead(case: Case, adjust: facts.Adjust) -> bool:
    return adjust.until >= adjust.on


@Response.order.requires("反馈期限不得早于下达之日", weather(36, para=1), reading=True)
def answered_after_it_is_given(case: Case, order: facts.Order) -> bool:
    return order.until >= order.on


@Incident.close.requires("伤亡人数不得为负", weather(32, para=2), reading=True)
def people_counted(case: Case, final: facts.Final) -> bool:
    return min(final.deaths, final.missing, final.injured) >= 0


@ZeroReport.file.requires("报告月末日应当是当月最后一日", weather(32, para=2), reading=True)
def dated_at_the_months_end(case: Case, month: facts.Month) -> bool:
    return month.on.month != month.on.fromordinal(month.on.toordinal() + 1).month


@ZeroReport.file.requires("这个月已经报过，有误的更正原来的月报", weather(32, para=2), reading=True)
def once_a_month(case: Case, month: facts.Month) -> bool:
    return not month.already


@ZeroReport.file.requires("报告的起数、人数不得为负", weather(32, para=2), reading=True)
def nothing_less_than_nothing(case: Case, month: facts.Month) -> bool:
    return month.incidents >= 0 and month.casualties >= 0


@ZeroReport.file.requires(
    "报告的起数应当与本单位当月登记的突发事件一致，少登记的先登记", weather(32, para=2), reading=True
)
def as_registered(case: Case, month: facts.Month) -> bool:
    return month.registered is None or month.incidents == month.registered
