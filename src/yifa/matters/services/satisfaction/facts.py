"""What must be told of a finished case, of what people think of it, and of putting right what they think ill of."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from yifa.procedure import Facts, Outcome, ask

from .statutes import opinion, personal

# ── Ratings ──────────────────────────────────────────────────────────────────


class Grade(Outcome):
    """The five grades; every one of them can be given, through every door."""

    VERY_GOOD = "非常满意"
    GOOD = "满意"
    FAIR = "基本满意"
    BAD = "不满意"
    VERY_BAD = "非常不满意"

    @property
    def bad(self) -> bool:
        return self in WORST


WORST = (Grade.BAD, Grade.VERY_BAD)
BEST = (Grade.VERY_GOOD, Grade.GOOD)
SATISFIED = (*BEST, Grade.FAIR)


class Channel(Outcome):
    COUNTER = "办事窗口"
    ONLINE = "政务服务网"
    MOBILE = "手机应用"
    TERMINAL = "自助终端"
    OTHER = "其他"


class Finished(Facts):
    """A case some system of the office has finished; it is kept there, and only named here."""

    on_label = "办结日期"
    on_aliases = ("办结时间", "办件完成日期")

    number: str = ask("办件编号", aliases=("办件号", "受理编号", "流水号"))
    item: str = ask("事项", aliases=("事项名称", "办理事项"))
    channel: Channel = ask("办理渠道", default=Channel.COUNTER, aliases=("渠道", "办件来源"))
    telephone: str = ask(
        "联系电话", default="", sealed=True, aliases=("手机号", "手机号码", "电话"), help="用于差评回访"
    )


class Rating(Facts):
    """What somebody thinks of how their case was dealt with."""

    on_label = "评价日期"

    grade: Grade = ask("满意程度", help="五个等级都可以选，选哪个都能提交")
    words: str = ask("意见", default="", long=True, sealed=True, help="可以不写；只有经办机关看得到")
    named: bool = ask("是否实名", default=False, help="实名的差评，机关必须回访")
    receipt: str = ask("评价回执", found=True, default="", help="凭它可以在公布的评价里找到这一条")


class CounterRating(Rating):
    """The same, given at a counter: whose device it was is part of it."""

    device: str = ask("窗口或者评价器编号", help="如“3号窗口评价器”；代为录入的如实填写")


class Excluded(Facts):
    """An appeal was upheld; the rating stays, and stays counted."""

    on_label = "剔除日期"

    ground: str = ask("理由", default="")


class Invited(Facts):
    """What was wrong has been put right: the person may say once more."""

    on_label = "反馈日期"


# ── Putting right ────────────────────────────────────────────────────────────


class Source(Outcome):
    RATING = "办件评价"
    CALL_BACK = "电话回访"


class Order(Facts):
    """A bad rating, handed to the office it is about."""

    on_label = "转办日期"

    source: Source = ask("来源")
    number: str = ask("办件编号", default="")
    item: str = ask("事项", default="")
    grade: Grade = ask("评价", opinion())
    named: bool = ask("是否实名", default=False)
    words: str = ask("原话", default="", long=True, sealed=True)
    telephone: str = ask("联系电话", default="", sealed=True)
    rating: int = ask("办件评价案卷", default=0)
    until: date | None = ask("整改期限至", opinion(), found=True, default=None)
    rule: str = ask("期限依据", found=True, default="")


class Finding(Outcome):
    TRUE = "属实"
    PARTLY = "部分属实"
    NOT_TRUE = "不属实"


class Verified(Facts):
    on_label = "核实日期"

    finding: Finding = ask("核实结果", opinion())
    note: str = ask("核实情况", long=True, help="向谁了解、看了什么；不写评价人的姓名电话")


class Ground(Outcome):
    MALICIOUS = "恶意评价"
    MISTAKEN = "误评"


class Appeal(Facts):
    """The office holds that the rating was malicious or a slip; it does not decide on that itself."""

    on_label = "申诉日期"

    ground: Ground = ask("申诉理由")
    why: str = ask("事实和证据", long=True)


class Appealed(Appeal):
    """The appeal as it lies before the bureau."""

    order: int = ask("工单案卷", default=0)
    number: str = ask("办件编号", default="")
    item: str = ask("事项", default="")


class Ruling(Facts):
    on_label = "裁定日期"

    reason: str = ask("裁定理由", long=True)


class Rectified(Facts):
    on_label = "整改日期"

    measures: str = ask("整改措施", long=True, help="不属实的，写明怎样解释")
    responsible: str = ask("责任人员处理", default="", long=True)


class Way(Outcome):
    PHONE = "电话"
    VISIT = "上门"
    MESSAGE = "短信"
    ONLINE = "网上"


class FedBack(Facts):
    on_label = "反馈日期"

    way: Way = ask("反馈方式")
    reached: bool = ask("是否联系到本人", default=False)
    content: str = ask("反馈内容", long=True)


class Second(Facts):
    """What the person says now."""

    on_label = "再次评价日期"

    grade: Grade = ask("再次评价", opinion())


class SecondHeard(Second):
    how: str = ask("怎样得到的", help="如“6月3日电话回访，本人口述”")


class NoSecond(Facts):
    on_label = "结案日期"

    reason: str = ask("未能再次评价的原因", long=True, help="联系了几次、什么时间；不写姓名电话")


# ── The county's own rule ────────────────────────────────────────────────────


class Rule(Facts):
    on_label = "公布日期"

    name: str = ask("规则名称", help="如“新县政务服务差评整改办法”")
    days: int = ask("整改期限", opinion(), unit="个工作日", help="各地规定不一，五个或者十五个工作日都有")
    basis: str = ask("依据", help="文件名称和文号")


class RuleEnd(Facts):
    on_label = "废止日期"

    reason: str = ask("废止原因")


# ── Call-backs ───────────────────────────────────────────────────────────────


class Asked(Outcome):
    """How it was asked that somebody be called no more."""

    ON_CALL = "回访中提出", personal(15, para=1)
    OTHERWISE = "另行提出", personal(15, para=1)


class OptedOut(Facts):
    on_label = "提出日期"

    telephone: str = ask("电话号码", personal(15, para=1), sealed=True)
    how: Asked = ask("怎样提出", personal(15, para=1), default=Asked.OTHERWISE)
    digest: str = ask("号码摘要", found=True, default="", help="带本县密钥的摘要，用来认出号码，推不回号码")


class OptedIn(Facts):
    on_label = "恢复日期"

    how: str = ask("本人怎样表示同意", personal(14, para=1))


class Means(Outcome):
    ROBOT = "智能语音"
    PERSON = "人工"


class Result(Outcome):
    """What became of one person of a round. How far it came: 0 not dialled, 1 dialled, 2 reached, 3 finished, 4 graded."""

    GRADED = "完成，已评价", None, 4
    GRADED_EARLY = "已评价，随后提前结束", None, 4
    GRADED_OPTED_OUT = "已评价，要求不再回访", None, 4
    FINISHED = "完成，没有评价", None, 3
    DECLINED = "拒访", None, 2
    OPTED_OUT = "接通，要求不再回访", None, 2
    LATER = "改日", None, 2
    HUNG_UP = "中途挂断", None, 2
    UNCLEAR = "未听清", None, 2
    SILENT = "无人说话", None, 2
    BROKEN = "接通，设备故障", None, 2
    BUSY = "占线", None, 1
    NO_ANSWER = "无人接听", None, 1
    WRONG_NUMBER = "空号、错号或者没有送出", None, 1
    UNKNOWN = "呼出，结果不明", None, 1
    LEFT_OUT = "已登记不再回访，未呼叫", None, 0
    NO_NUMBER = "没有可以呼叫的号码", None, 0
    STOPPED = "批次终止，未呼叫", None, 0

    @property
    def stage(self) -> int:
        return int(self.more[0])

    @property
    def opted_out(self) -> bool:
        return self in (Result.GRADED_OPTED_OUT, Result.OPTED_OUT)


def came_to(stage: int) -> tuple[Result, ...]:
    """Every result that came so far at least."""
    return tuple(result for result in Result if result.stage >= stage)


class CalledBack(Facts):
    """One person of a round, and what became of it: exactly one record for each."""

    on_label = "回访日期"
    on_aliases = ("回访时间",)

    number: str = ask("办件编号", aliases=("办件号", "受理编号"))
    item: str = ask("事项", aliases=("事项名称",))
    result: Result = ask("结果", aliases=("回访结果", "接通情况"))
    grade: Grade | None = ask("评价", opinion(), default=None, aliases=("满意度", "满意程度"))
    means: Means = ask("方式", default=Means.ROBOT, aliases=("回访方式",))
    round: str = ask("批次", default="", aliases=("回访批次",))
    dials: int = ask("呼叫次数", default=1, unit="次")
    seconds: int = ask("通话时长", default=0, unit="秒")
    script: str = ask("话术", default="", help="名称和版本")
    drill: bool = ask("是否演练", default=False)
    words: str = ask("原话", default="", long=True, sealed=True)
    telephone: str = ask("电话号码", default="", sealed=True)


class Rung(Facts):
    """A calling that is over; all of it is found in the delivery table."""

    on_label = "回访日期"

    calling: int = ask("呼叫编号")
    number: str = ask("办件编号", found=True, default="")
    item: str = ask("事项", found=True, default="")
    result: Result = ask("结果", found=True, default=Result.UNKNOWN)
    grade: Grade | None = ask("评价", opinion(), found=True, default=None)
    means: Means = ask("方式", found=True, default=Means.ROBOT)
    round: str = ask("批次", found=True, default="")
    dials: int = ask("呼叫次数", found=True, default=0, unit="次")
    seconds: int = ask("通话时长", found=True, default=0, unit="秒")
    script: str = ask("话术", found=True, default="")
    drill: bool = ask("是否演练", found=True, default=False)
    words: str = ask("原话", found=True, default="", long=True, sealed=True)
    telephone: str = ask("电话号码", found=True, default="", sealed=True)


PLAN = "回访电话，本人，3次，间隔2小时，限2天，接听也算，听完也算"
HOURS = "工作日 09:00-12:00，14:30-18:00"


WHO, HOW = "回访谁", "怎样呼叫"


class Round(Facts):
    """Whom to ask about which finished cases, in what words, how often and when."""

    on_label = "发起日期"
    sections: ClassVar[tuple[str, ...]] = (WHO, HOW)
    folded: ClassVar[tuple[str, ...]] = (HOW,)

    about: str = ask("批次名称", help="如“2026年7月办结件回访”")
    people_list: str = ask(
        "回访名单",
        default="",
        sealed=True,
        long=True,
        most=4_000_000,
        help="一行一件：办件编号，事项，电话，机关（机关可以没有）；可以从表格里直接粘贴",
        section=WHO,
    )
    finished_from: date | None = ask(
        "从办结登记取：自", default=None, help="填写起止日期的，这段时间办结登记的也列入", section=WHO
    )
    finished_until: date | None = ask("从办结登记取：至", default=None, section=WHO)
    script: str = ask("话术", default="办件满意度回访", section=HOW)
    plan: str = ask(
        "重呼计划", default=PLAN, long=True, help="一行一级：渠道，对象，次数，间隔，时限", section=HOW
    )
    hours: str = ask(
        "呼叫时段", default=HOURS, help="时段之外不呼叫；写“工作日”的，只在工作日呼叫", section=HOW
    )
    drill: bool = ask("是否演练", default=False, help="演练单独标记，不计入任何真实数字")

    version: int = ask("话术版本", found=True, default=0)
    due: int = ask("应回访", found=True, default=0, unit="人")
    left_out: int = ask("其中已登记不再回访", found=True, default=0, unit="人")
    no_number: int = ask("其中没有可以呼叫的号码", found=True, default=0, unit="人")
    salt: str = ask("名单密数", found=True, default="", sealed=True)
    roster: str = ask("名单摘要", found=True, default="")


class Stopped(Facts):
    on_label = "终止日期"

    reason: str = ask("终止原因", long=True)
    count: int = ask("终止呼叫", found=True, default=0, unit="人")


class HandResult(Outcome):
    """What may come of ringing somebody oneself; the names are those of `Result`."""

    GRADED = "作出评价"
    FINISHED = "接通，没有评价"
    DECLINED = "拒访"
    GRADED_OPTED_OUT = "作出评价，要求不再回访"
    OPTED_OUT = "要求不再回访"
    LATER = "改日"
    BUSY = "占线"
    NO_ANSWER = "无人接听"
    WRONG_NUMBER = "空号或者错号"

    @property
    def result(self) -> Result:
        return Result[self.name]


class ByHand(Facts):
    """Somebody at the desk rang instead of the machine."""

    on_label = "回访日期"

    calling: int = ask("呼叫编号", help="见本批次页面")
    result: HandResult = ask("结果")
    grade: Grade | None = ask("评价", default=None, help="作出评价的填写")
    words: str = ask("原话", default="", long=True, sealed=True)


class Ended(Facts):
    on_label = "结束日期"

    remarks: str = ask("说明", default="", long=True)
    open: int = ask("仍无结果", found=True, default=0, unit="人")
    due: int = ask("应回访", found=True, default=0, unit="人")
    dialled: int = ask("已呼叫", found=True, default=0, unit="人")
    reached: int = ask("接通", found=True, default=0, unit="人")
    graded: int = ask("已评价", found=True, default=0, unit="人")
    satisfied: int = ask("满意（含基本满意）", found=True, default=0, unit="人")
