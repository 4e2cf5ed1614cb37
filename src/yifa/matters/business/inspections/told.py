"""What must be told of the yearly plan, of a draw, and of an inspection."""

from datetime import date
from decimal import Decimal

from yifa.draws.told import CHANCE, SECOND, Disclosure, Scheme
from yifa.procedure import Among, Facts, Outcome, ask

from .facts import Grade, Kind, Sort
from .statutes import business as law
from .statutes import henan, penalty

DEPARTMENT = Among("office", states=("department",))
ITEMS = Among("supervision_item", value="{number} {name}", states=("published", "covered"))
OFFICERS = Among("certificate", value="{holder}（{number}）", states=("in_force",), own=True)

# ── The rules a county publishes ─────────────────────────────────────────────


class Rule(Facts):
    """How many of a kind may be drawn in a year, and how often one of them."""

    on_label = "公布日期"

    name: str = ask("名称", aliases=("文件名称",))
    kind: Kind = ask("检查对象", law(54, para=1))
    percent: Decimal = ask("一般检查事项每年至多抽取", law(54, para=1), unit="%")
    most_a: int = ask("A级每年至多检查", default=1, unit="次")
    most_b: int = ask("B级每年至多检查", default=1, unit="次")
    most_c: int = ask("C级每年至多检查", default=2, unit="次")
    most_d: int = ask("D级每年至多检查", default=4, unit="次")
    basis: str = ask("依据", default="", long=True)


class Ending(Facts):
    on_label = "废止日期"

    reason: str = ask("废止依据", long=True)


class QuietDays(Facts):
    """Days on which nobody calls on a business."""

    on_label = "公布日期"

    name: str = ask("名称", help="如“2023年4月企业无扰日”")
    first: date = ask("起始日期", aliases=("起",))
    last: date = ask("截止日期", aliases=("止",))


# ── The task ─────────────────────────────────────────────────────────────────


class Scope(Outcome):
    """Who inspects: one department, or several on one visit."""

    SINGLE = "部门抽查", law(54, para=1)
    JOINT = "跨部门联合抽查", law(54, para=1)


class Plan(Facts):
    """A task of the yearly plan."""

    on_label = "列入计划日期"

    name: str = ask("任务名称", law(54, para=1), aliases=("抽查任务", "抽查任务名称"))
    scope: Scope = ask("抽查类型", law(54, para=1), aliases=("任务类型",))
    partners: tuple[str, ...] = ask(
        "联合部门",
        law(54, para=1),
        default=(),
        aliases=("配合部门",),
        help="联合抽查填写，部门抽查留空",
        among=DEPARTMENT,
    )
    items: tuple[str, ...] = ask(
        "抽查事项",
        law(51),
        aliases=("抽查事项编码", "事项编码"),
        help="监管事项清单中已经公布的事项，写编码或者编码加名称",
        among=ITEMS,
    )
    sort: Sort = ask("检查类别", law(54), default=Sort.GENERAL)
    objects: Kind = ask("检查对象", law(54, para=1), aliases=("对象类型",))
    trade: str = ask("行业", default="", help="只在这一行业中抽取；全部行业的留空")
    until: date = ask("计划完成日期", aliases=("完成时限",))

    unlisted: tuple[str, ...] = ask("清单中没有的事项", found=True, default=())


class Cancelling(Facts):
    on_label = "取消日期"

    because: str = ask("取消理由", long=True)


HOW_MANY, WHO, LEFT_OUT = "抽取多少", "派谁去", "不列入和回避"


class Sampling(Scheme):
    """How many, of which, by whom."""

    sections = (HOW_MANY, WHO, CHANCE, SECOND, LEFT_OUT)
    folded = (SECOND, LEFT_OUT)

    wanted: int | None = ask("抽取户数", default=None, unit="户", help="户数和比例填一项", section=HOW_MANY)
    percent: Decimal | None = ask("抽取比例", default=None, unit="%", section=HOW_MANY)
    least: int = ask("每个信用等级至少抽取", law(53), default=0, unit="户", section=HOW_MANY)
    weighted: bool = ask(
        "是否按信用等级加权", law(53), default=True, help="A、B、C、D级的权重是1、2、4、8", section=HOW_MANY
    )
    send: int = ask(
        "每个部门派出",
        henan(24),
        default=1,
        unit="人",
        help="联合抽查合计、部门抽查每户不少于两人",
        section=WHO,
    )
    away: str = ask(
        "不列入的对象", default="", long=True, help="每行一个，写成“统一社会信用代码：理由”", section=LEFT_OUT
    )
    apart: str = ask(
        "回避",
        default="",
        long=True,
        help="每行一个，写成“检查人员执法证号：统一社会信用代码”",
        section=LEFT_OUT,
    )

    most: int = ask("这一类对象今年还可以抽取", found=True, default=0, unit="户")


class Closing(Disclosure):
    outstanding: tuple[str, ...] = ask("尚未公示检查结果的对象", found=True, default=())


class Invitation(Facts):
    """What a department that comes along is told: who of it goes where, and with whom."""

    on_label = "通知日期"

    name: str = ask("任务名称", law(54, para=1))
    leader: str = ask("牵头部门", law(54, para=1))
    number: str = ask("抽取编号", default="")
    visits: str = ask("检查对象和本部门人员", henan(24), long=True)
    replaces: bool = ask("是否因递补重新通知", default=False)


# ── The inspection ───────────────────────────────────────────────────────────


class Source(Outcome):
    """Why this business is inspected."""

    RANDOM = "双随机抽查", law(54, para=1)
    SPECIAL = "专项检查", law(54, para=2)
    CASE = "个案检查", law(54, para=2)


class Assignment(Facts):
    """Whom to inspect, for what, and who goes."""

    on_label = "派发日期"

    code: str = ask(
        "统一社会信用代码", default="", aliases=("信用代码",), help="名称、类型、信用等级从名录中取"
    )
    unlisted: str = ask(
        "没有代码的检查对象", default="", help="无照经营等没有统一社会信用代码的，写名称（字号）和地址"
    )
    source: Source = ask("检查来源", law(54))
    sort: Sort = ask("检查类别", law(54), default=Sort.GENERAL)
    items: tuple[str, ...] = ask("检查事项", law(51), among=ITEMS)
    officers: tuple[str, ...] = ask(
        "检查人员", henan(24), help="姓名和执法证号，如“张三（豫S1234）”", among=OFFICERS
    )
    departments: tuple[str, ...] = ask(
        "检查部门", default=(), help="一次进门的其他部门；只有本部门的留空", among=DEPARTMENT
    )
    ground: str = ask(
        "检查缘由", default="", long=True, help="投诉举报、转办交办、数据监测等；双随机抽查填任务名称"
    )

    object: str = ask("检查对象", found=True, default="")
    kind: Kind = ask("类型", found=True, default=Kind.ENTERPRISE)
    grade: Grade = ask("信用等级", law(53), found=True, default=Grade.B)


class Reassignment(Facts):
    on_label = "更换日期"

    officers: tuple[str, ...] = ask("检查人员", henan(24))
    because: str = ask("更换理由", long=True)


class Approval(Facts):
    """When they will come; found: what speaks against that day."""

    on_label = "批准日期"

    visit_on: date = ask("拟检查日期")
    way: str = ask("检查方式", default="现场检查")
    although: str = ask(
        "仍须检查的理由", default="", long=True, help="遇企业无扰日、与其他检查相撞或者超过年度频次时填写"
    )

    nth: int = ask("本年度第几次检查", found=True, default=0, unit="次")
    most: int = ask("年度频次上限", found=True, default=0, unit="次")
    quiet: str = ask("遇企业无扰日", found=True, default="")
    clash: tuple[str, ...] = ask("同期的其他检查", found=True, default=())


class Finding(Outcome):
    """What an inspection came to. The list follows the practice of the field and is still to be checked (mark U)."""

    NOTHING = "未发现问题"
    RECTIFY = "发现问题，责令改正"
    FILED = "发现问题，立案查处"
    TRANSFERRED = "发现问题，移送处理"
    UNREACHABLE = "通过登记的住所无法联系"
    OBSTRUCTED = "拒绝配合检查"

    @property
    def problem(self) -> bool:
        return self in (Finding.RECTIFY, Finding.FILED, Finding.TRANSFERRED)


class Visit(Facts):
    """The record made on the spot."""

    on_label = "检查日期"

    shown: bool = ask("是否出示执法证", henan(24))
    absent: tuple[str, ...] = ask(
        "未到场的检查人员", default=(), help="全部到场的留空", among=Among(fact="officers")
    )
    present: str = ask("在场的当事人或者有关人员", penalty(55, para=1), default="", sealed=True)
    record: str = ask("检查情况", penalty(55, para=2), long=True, help="逐项记录看到的情况")
    finding: Finding = ask("检查结果", law(54, para=1))
    problems: str = ask("发现的问题", default="", long=True)
    remarks: str = ask("当事人意见", default="", long=True)

    expired: tuple[str, ...] = ask("执法证已失效的检查人员", found=True, default=())


class Order(Facts):
    on_label = "责令改正日期"

    demand: str = ask("改正要求", long=True)
    until: date = ask("改正期限至")


class Recheck(Facts):
    on_label = "复查日期"

    state: str = ask("复查情况", long=True)


class Transfer(Facts):
    on_label = "移送日期"

    to: str = ask("移送至", help="本机关的办案机构，或者有管辖权的机关")
    matter: str = ask("涉嫌违法的事实", long=True)
    file: str = ask("案件文号", default="", help="已经立案的，填写立案文号")


class Result(Facts):
    """What everyone may read."""

    on_label = "公示日期"

    public_title: str = ask("公示标题", found=True, default="")
    public_result: str = ask("公示内容", found=True, default="", long=True)
    note: str = ask("补充说明", default="", long=True)


class Finish(Facts):
    on_label = "办结日期"

    note: str = ask("说明", default="")
