"""What must be told of those who answer when it matters, of dangers found, of drills, and of people moved."""

from datetime import date

from yifa.procedure import Facts, Outcome, ask

from .statutes import flood, geology, weather


class Duty(Outcome):
    """For what somebody answers."""

    PERSUADER = "安全劝导员"
    INFORMER = "灾害信息员"
    FLOOD_CHIEF = "防汛抗旱行政责任人", flood(4)
    FLOOD = "防汛责任人", flood(4)


class Level(Outcome):
    COUNTY = "县级"
    TOWNSHIP = "乡镇级"
    VILLAGE = "村级"


class Appointment(Facts):
    on_label = "明确日期"
    on_aliases = ("任职日期", "聘任日期")

    name: str = ask("姓名", flood(4))
    duty: Duty = ask("岗位", flood(4), aliases=("责任类别", "职务"))
    level: Level = ask("层级", default=Level.VILLAGE)
    area: str = ask(
        "责任区域", flood(4), help="村（社区）、水库、山塘、河段或者隐患点", aliases=("责任范围", "工程名称")
    )
    hazard: str = ask("对应的隐患", default="", help="山洪沟、滑坡体、低洼处等；没有的留空")
    substitute: str = ask("替补人员", default="", aliases=("替补", "B岗"))
    superior: str = ask("上级责任人", default="", aliases=("上级",))
    telephone: str = ask("联系电话", default="", sealed=True, aliases=("手机号码", "电话"))
    substitute_telephone: str = ask("替补电话", default="", sealed=True, aliases=("替补联系电话",))
    superior_telephone: str = ask("上级电话", default="", sealed=True, aliases=("上级联系电话",))
    loudspeaker: str = ask(
        "广播终端编号",
        default="",
        help="村村响等终端的编号；叫应规则里有“广播”一级时用",
        aliases=("终端编号",),
    )
    mail: str = ask("电子邮箱", default="", sealed=True, aliases=("邮箱",))


class Confirmation(Facts):
    """The person says that they still answer, and how to reach them."""

    on_label = "确认日期"

    way: str = ask("确认方式", help="本人签字、电话、叫应演练等")


class Leaving(Facts):
    on_label = "卸任日期"

    reason: str = ask("卸任原因")
    successor: str = ask("接任人", default="")


class Danger(Outcome):
    FLOOD = "防汛", flood(15, para=1)
    GEOLOGY = "地质灾害", geology(29)
    FIRE = "火灾"
    OTHER = "其他"


class Finding(Facts):
    on_label = "排查日期"

    place: str = ask("隐患地点", flood(15, para=1), aliases=("地点", "隐患点"))
    kind: Danger = ask("隐患类别", default=Danger.FLOOD)
    what: str = ask("隐患情况", flood(15, para=1), long=True)
    unit: str = ask("责任单位", flood(15, para=1))
    finder: str = ask("排查人", default="")


class Letter(Facts):
    on_label = "交办日期"

    to: str = ask("交办单位", flood(15, para=1))
    demand: str = ask("整改要求", flood(15, para=1), long=True)
    until: date = ask("整改期限至", flood(15, para=1))


class Reply(Facts):
    on_label = "回复日期"

    done: str = ask("整改情况", long=True)


class Check(Facts):
    on_label = "验收日期"

    result: str = ask("验收意见", long=True)


class Exercise(Outcome):
    COMPREHENSIVE = "防汛综合演练"
    FLASH_FLOOD = "山洪地质灾害防御演练"
    FIRE = "消防演练"
    RESCUE = "救援队伍联演联训"
    CALL = "叫应演练"
    OTHER = "其他演练"


class Drill(Facts):
    on_label = "演练日期"

    unit: str = ask("组织单位", weather(17), aliases=("单位", "主办单位"))
    kind: Exercise = ask("演练类型", weather(17), aliases=("类型",))
    place: str = ask("地点", default="")
    people: int = ask("参加人数", default=0, unit="人", aliases=("人数",))
    review: str = ask("总结评估", default="", long=True)


class Move(Facts):
    on_label = "转移日期"

    event: str = ask("事由", flood(18, para=1), help="如“2023年7月21日强降雨”")
    village: str = ask("转出的村（社区）", flood(18, para=1))
    households: int = ask("户数", flood(18, para=1), unit="户")
    people: int = ask("人数", flood(18, para=1), unit="人")
    shelter: str = ask("安置地点", geology(29))
    leader: str = ask("带队责任人", default="")


class Return(Facts):
    on_label = "返回日期"

    safe: str = ask("安全确认", long=True, help="谁、凭什么确认险情已经解除")
