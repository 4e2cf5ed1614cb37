"""What is told at each step of a call-out, and what the machine finds there. No fact in the open names anybody who is called."""

from __future__ import annotations

from datetime import date

from yifa.procedure import Among, Facts, Outcome, ask

RULES = Among("call_ladder", value="{name}", label="{name}", states=("in_force",))


class Calling(Facts):
    """To whom what is said, by which ladder. A matter adds who is meant; the list is fixed when the call-out begins."""

    on_label = "发起日期"

    about: str = ask("事由", help="如“7月21日暴雨红色预警叫应”")
    words: str = ask(
        "叫应内容", long=True, help="逐字播报或发送的话：什么险情、什么时间、要做什么、收到后怎样回应"
    )
    ladder: str = ask("叫应规则", default="", among=RULES, help="不选的，用系统自带的规则")
    drill: bool = ask("是否演练", default=False, help="演练单独标记，不计入任何真实数字")

    rungs: str = ask("逐级叫应", found=True, default="", long=True)
    rungs_from: str = ask("规则出处", found=True, default="")
    people: int = ask("叫应对象", found=True, default=0, unit="人")
    places: str = ask("分布", found=True, default="", long=True)
    unreachable: int = ask("没有登记联系方式", found=True, default=0, unit="人")
    roster: str = ask("名单摘要", found=True, default="", help="名单连同密数的摘要；名单在销毁之前另行保存")
    salt: str = ask("名单密数", found=True, default="", sealed=True)


CALLEE = "呼叫编号"


class Answered(Facts):
    """Somebody at the desk heard it from the person."""

    on_label = "登记日期"

    callee: int = ask(CALLEE)
    how: str = ask("怎样确认", help="如“本人14:05来电，正在组织转移”")


class Sent(Facts):
    """Nobody answers: somebody goes there. 0 stands for everyone who has not answered."""

    on_label = "交办日期"

    callee: int = ask(CALLEE, default=0, help="填0，是指全部没有应答的")
    place: str = ask("只限这个乡镇或者单位", default="", help="呼叫编号填0时，可以只交一个乡镇的")
    to: str = ask("由谁上门", help="上级责任人、包村干部等")
    count: int = ask("转交人数", found=True, default=0, unit="人")


class Met(Outcome):
    TOLD = "已当面告知本人"
    PASSED_ON = "本人不在，已告知家属或者邻居"
    NOT_FOUND = "没有找到"


class Visit(Facts):
    """What became of going there."""

    on_label = "上门日期"

    callee: int = ask(CALLEE)
    met: Met = ask("结果")
    note: str = ask("情况", default="", long=True, help="不写姓名和电话")


class GivenUp(Facts):
    """Somebody in charge ends it without an answer, and says why."""

    on_label = "终止日期"

    callee: int = ask(CALLEE, default=0, help="填0，是指全部没有应答的")
    reason: str = ask("终止理由", long=True, help="如预警已解除、人员已随队转移")
    count: int = ask("终止人数", found=True, default=0, unit="人")


class Summary(Facts):
    """How it went, minute by minute; found from the delivery table."""

    on_label = "结束日期"

    remarks: str = ask("说明", default="", long=True)
    open: int = ask("仍在叫应", found=True, default=0, unit="人")
    answered: int = ask("已叫应", found=True, default=0, unit="人")
    handed: int = ask("转人工上门", found=True, default=0, unit="人")
    given_up: int = ask("已终止", found=True, default=0, unit="人")
    tries: int = ask("呼出", found=True, default=0, unit="次")
    messages: int = ask("送出的信息", found=True, default=0, help="只计网关或者线路确认收下的", unit="条")
    half: str = ask("半数应答用时", found=True, default="")
    longest: str = ask("最后一人用时", found=True, default="")
    minutes: str = ask("逐分钟", found=True, default="", long=True)


class Destruction(Facts):
    """What the emergency needed to know of people is destroyed."""

    on_label = "销毁日期"

    keep: str = ask(
        "为调查评估另行留存的", default="", long=True, help="没有的留空；留存的写明依据和安全评估"
    )
    people: int = ask("销毁名单", found=True, default=0, unit="人")
    tries: int = ask("销毁号码和应答原话", found=True, default=0, unit="条")


class Rule(Facts):
    """A ladder of the county's own."""

    on_label = "公布日期"

    name: str = ask("规则名称", help="如“红色预警”")
    rungs: str = ask(
        "逐级叫应",
        long=True,
        help="一行一级：渠道，对象，次数，间隔，时限。如“语音，本人，3次，间隔90秒，限5分钟”",
    )
    basis: str = ask("依据", help="文件名称和文号")


class RuleEnd(Facts):
    on_label = "废止日期"

    reason: str = ask("废止原因")
    until: date | None = ask("执行到", default=None)


__all__ = [
    "CALLEE", "Answered", "Calling", "Destruction", "GivenUp", "Met", "Rule", "RuleEnd", "Sent", "Summary", "Visit",
]  # fmt: skip
