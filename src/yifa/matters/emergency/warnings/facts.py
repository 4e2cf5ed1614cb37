"""What must be told of a warning that reached the county, of spreading it, and of calling those who answer for a place."""

from datetime import date
from typing import ClassVar

from yifa.calls.told import Calling
from yifa.procedure import Among, Facts, Outcome, ask

from .statutes import henan, weather


class Colour(Outcome):
    """The four levels of a warning; a response has levels of its own, and so has a withdrawal of people."""

    RED = "红色"
    ORANGE = "橙色"
    YELLOW = "黄色"
    BLUE = "蓝色"

    @property
    def tone(self) -> str:
        return self.name.lower()


class Kind(Outcome):
    """Who has the power to issue it follows from this."""

    WEATHER = "气象", weather(30, para=1)
    FLASH_FLOOD = "山洪"
    GEOLOGY = "地质灾害"
    OTHER = "其他"


class Notice(Facts):
    """A warning somebody with the power to has issued; the county passes it on as it is."""

    on_label = "收到日期"
    on_aliases = ("发布日期", "接收日期")

    event: str = ask(
        "预警名称", weather(30, para=2), help="如“暴雨”“山洪灾害气象风险”", aliases=("类型", "预警类型")
    )
    kind: Kind = ask("预警类别", weather(30, para=1), default=Kind.WEATHER, aliases=("类别",))
    colour: Colour = ask("级别", weather(30, para=2), aliases=("颜色", "预警级别"))
    issuer: str = ask("发布单位", weather(30, para=1), aliases=("发布机关",))
    issued: str = ask("发布时间", help="年月日和时分，如“2026-07-21 14:05”")
    since: str = ask("起始时间", default="", help="同发布时间的可以不填")
    until: date = ask("预警期至", help="报文没有写明的，填预计解除之日")
    area: str = ask("可能影响的范围", weather(34, para=1), aliases=("影响区域",))
    warns: str = ask("警示事项", default="", long=True)
    measures: str = ask("应当采取的措施", default="", long=True)
    exercise: bool = ask("是否演练", default=False, help="演练报文单独标记，不计入任何真实数字")
    cap: str = ask("报文全文", default="", long=True, most=500_000, carried=True)

    identity: str = ask("报文标识", found=True, default="")
    sender: str = ask("报文发送方", found=True, default="")
    sent_at: str = ask("报文时间", found=True, default="")
    codes: tuple[str, ...] = ask("行政区域编码", found=True, default=())
    references: tuple[str, ...] = ask("所更新的报文", found=True, default=())
    updates: int | None = ask("所更新的预警", found=True, default=None)
    same: bool = ask("与报文一致", found=True, default=True)
    known: bool = ask("已经登记过", found=True, default=False)


class Spread(Facts):
    """Passed on by a system that is not ours; its own count of messages is entered, with where it is from."""

    on_label = "传播日期"

    channel: str = ask("渠道", henan(24, para=1), help="如“预警短信平台”“应急广播”“工作群”")
    messages: int = ask("发送条数", henan(24, para=2), unit="条", aliases=("条数",))
    source: str = ask("数据来源", help="平台导出表、运营商回执等", aliases=("依据",))


class Lifting(Facts):
    on_label = "解除日期"

    lifted: str = ask("解除时间", default="", help="年月日和时分")
    issuer: str = ask("宣布解除的单位")
    cap: str = ask("报文全文", default="", long=True, most=500_000, carried=True)
    same: bool = ask("与报文一致", found=True, default=True)


class Replaced(Facts):
    """A newer message updates this one."""

    on_label = "更新日期"

    by: str = ask("由哪一份更新", default="")


class Expired(Facts):
    on_label = "期满日期"


class Level(Outcome):
    """The names are those of the register of posts."""

    ALL = "全部", None, ()
    TOWN = "乡镇级和村级", None, ("TOWNSHIP", "VILLAGE")
    VILLAGE = "村级", None, ("VILLAGE",)
    HEADS = "县级和乡镇级", None, ("COUNTY", "TOWNSHIP")

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(self.more[0]) if self.more else ()


class Answering(Outcome):
    """The names are those of the register of posts."""

    ALL = "全部岗位", None, ()
    FLOOD = "防汛责任人", None, ("FLOOD_CHIEF", "FLOOD")
    INFORMER = "灾害信息员", None, ("INFORMER",)
    PERSUADER = "安全劝导员", None, ("PERSUADER",)

    @property
    def duties(self) -> tuple[str, ...]:
        return tuple(self.more[0]) if self.more else ()


TOWNSHIPS = Among("office", states=("township",))
WHO = "叫应谁"


class Rouse(Calling):
    """Whoever holds a post for the places named, as the register stands now, and whoever is listed besides."""

    sections: ClassVar[tuple[str, ...]] = (WHO,)

    townships: tuple[str, ...] = ask(
        "乡镇", henan(24, para=2), default=(), among=TOWNSHIPS, help="不选的，叫应全县", section=WHO
    )
    level: Level = ask("层级", default=Level.ALL, section=WHO)
    duty: Answering = ask("岗位", default=Answering.ALL, section=WHO)
    more: str = ask(
        "另行名单",
        default="",
        sealed=True,
        long=True,
        most=2_000_000,
        help="登记在册的以外还要叫应的人（如受威胁住户），一行一人：姓名，电话，替补电话，上级电话",
        section=WHO,
    )
    only_more: bool = ask("只叫应另行名单", default=False, section=WHO)
