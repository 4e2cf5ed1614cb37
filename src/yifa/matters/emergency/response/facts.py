"""What must be told of a response, an order, an incident, a month without one, a watch kept, and of who commands."""

from datetime import date

from yifa.procedure import Among, Facts, Outcome, ask

from .statutes import flood, weather

# ── Response ─────────────────────────────────────────────────────────────────


class Level(Outcome):
    """Of a response. It follows from the plan and from what happens, never from the colour of a warning."""

    ONE = "一级"
    TWO = "二级"
    THREE = "三级"
    FOUR = "四级"

    @property
    def tone(self) -> str:
        return {"ONE": "red", "TWO": "orange", "THREE": "yellow", "FOUR": "blue"}[self.name]


class Withdrawal(Outcome):
    """How far people are being moved: a third scale, not to be derived from the others."""

    NONE = "不转移"
    PREPARE = "准备转移"
    NOW = "立即转移"


class Start(Facts):
    on_label = "启动日期"

    subject: str = ask("响应事项", weather(34, para=2), help="如“防汛应急响应”")
    level: Level = ask("响应级别", weather(34, para=2))
    hour: str = ask("启动时间", default="", help="时分，如“14:30”")
    plan: str = ask("依据的预案", weather(34, para=2))
    until: date = ask("预计期限至", weather(34, para=2))
    measures: str = ask("应急处置措施", weather(36, para=1), long=True)
    withdrawal: Withdrawal = ask("人员转移", default=Withdrawal.NONE)
    reported: str = ask("向上一级报告的情况", weather(34, para=2), default="")


class Adjust(Facts):
    on_label = "调整日期"

    level: Level = ask("调整为", weather(34, para=2))
    withdrawal: Withdrawal = ask("人员转移", default=Withdrawal.NONE)
    until: date = ask("预计期限至", weather(34, para=2))
    why: str = ask("调整理由", long=True)


class Ending(Facts):
    on_label = "终止日期"

    why: str = ask("终止理由", long=True)


# ── Orders ───────────────────────────────────────────────────────────────────


OFFICES = Among("office", states=("department", "township"))


class Order(Facts):
    on_label = "下达日期"

    to: str = ask("责任单位", weather(36, para=1), among=OFFICES)
    what: str = ask("要求", weather(36, para=1), long=True)
    until: date = ask("反馈期限至")
    hour: str = ask("反馈时限", default="", help="时分，如“18:00”")


class Feedback(Facts):
    on_label = "反馈日期"

    done: str = ask("落实情况", long=True)


class Closing(Facts):
    on_label = "办结日期"

    opinion: str = ask("意见", default="", long=True)


# ── Incidents and months without one ─────────────────────────────────────────


class Sort(Outcome):
    FLOOD = "汛情险情"
    GEOLOGY = "地质灾害"
    SAFETY = "生产安全事故"
    FIRE = "火灾"
    HEALTH = "公共卫生事件"
    OTHER = "其他"


class Grade(Outcome):
    """The grades of an incident; those of an accident at work are of the same names."""

    ORDINARY = "一般"
    LARGER = "较大"
    MAJOR = "重大"
    GRAVEST = "特别重大"


class Incident(Facts):
    on_label = "发生日期"

    what: str = ask("事件", weather(32, para=2), help="如“某村村道塌方”；不写伤亡人员姓名")
    sort: Sort = ask("类型", weather(32, para=2))
    place: str = ask("地点", weather(32, para=2))
    hour: str = ask("发生时间", default="", help="时分")
    first: str = ask("初步情况", long=True)


class FollowUp(Facts):
    on_label = "续报日期"

    news: str = ask("续报内容", long=True)


class Final(Facts):
    on_label = "终报日期"

    grade: Grade = ask("等级", weather(32, para=2))
    deaths: int = ask("死亡", unit="人")
    missing: int = ask("失踪", default=0, unit="人")
    injured: int = ask("受伤", unit="人")
    casualties: int = ask("伤亡合计", found=True, default=0, unit="人")
    summary: str = ask("经过和处置", long=True)


class Month(Facts):
    """What an office reports of a month, dated on the month's last day: also when nothing happened."""

    on_label = "报告月末日"
    on_aliases = ("月份末日",)

    incidents: int = ask("发生突发事件", weather(32, para=2), unit="起", aliases=("起数",))
    casualties: int = ask("伤亡人数", weather(32, para=2), unit="人", aliases=("伤亡",))
    note: str = ask("说明", default="", long=True)

    month: str = ask("月份", found=True, default="")
    registered: int | None = ask("已登记的突发事件", found=True, default=None, unit="起")
    already: bool = ask("这个月已经报过", found=True, default=False)


# ── The watch, and who commands ──────────────────────────────────────────────


class Watch(Facts):
    on_label = "值班日期"

    shift: str = ask("班次", flood(24), help="如“白班 8:00—18:00”")
    leader: str = ask("带班领导", flood(24))
    officer: str = ask("值班员", flood(24))
    events: str = ask("值班记事", default="", long=True, help="来电来文、险情、处置，逐条写时刻")
    handed: str = ask("移交事项", default="", long=True)


class Part(Outcome):
    ONE = "县应急指挥部（1）"
    MANY = "专项指挥部（N）"


class Body(Facts):
    on_label = "设立日期"

    name: str = ask("指挥机构", flood(4))
    part: Part = ask("类别", flood(4), default=Part.MANY)
    chief: str = ask("指挥长", flood(4))
    office: str = ask("办公室设在", default="", among=OFFICES)
    plan: str = ask("对应的预案", default="")


class Gone(Facts):
    on_label = "撤销日期"

    why: str = ask("原因")


class Six(Facts):
    """The six things an emergency office of a township has to have; which six is the province's practice."""

    on_label = "检查日期"

    body: bool = ask("有机构")
    staff: bool = ask("有人员")
    place: bool = ask("有场所")
    equipment: bool = ask("有装备")
    funds: bool = ask("有经费")
    rules: bool = ask("有制度")
    gaps: str = ask("欠缺和整改", default="", long=True)
    complete: bool = ask("六项齐全", found=True, default=False)


class Station(Facts):
    on_label = "设立日期"

    name: str = ask("劝导站", weather(32, para=2), help="如“田铺村安全劝导站”")
    village: str = ask("村（社区）", weather(32, para=2))
    keeper: str = ask("负责人", default="")
