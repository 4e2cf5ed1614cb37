"""What must be told of those who are inspected, of those who inspect, and of what is inspected."""

from datetime import date

from yifa.procedure import Facts, Outcome, ask

from .statutes import business as law


class Kind(Outcome):
    """What kind of business it is: each kind is drawn from for itself."""

    ENTERPRISE = "企业"
    INDIVIDUAL = "个体工商户"
    COOPERATIVE = "农民专业合作社"


class Way(Outcome):
    """How it came into the directory."""

    NEW = "新设登记"
    MOVED = "外地迁入"
    LISTED = "建库时已有"


class Grade(Outcome):
    """How it keeps its word: the higher the risk, the more often it is drawn."""

    A = "A级", law(53)
    B = "B级", law(53)
    C = "C级", law(53)
    D = "D级", law(53)


class Leaving(Outcome):
    """Why it leaves the directory."""

    DEREGISTERED = "注销"
    REVOKED = "吊销营业执照"
    MOVED = "迁出本县"
    DUPLICATE = "重复入库"


class Business(Facts):
    on_label = "入库日期"
    on_aliases = ("登记日期", "核准日期", "成立日期")

    name: str = ask("名称", law(54, para=1), aliases=("市场主体名称", "企业名称", "字号名称"))
    code: str = ask("统一社会信用代码", aliases=("信用代码", "社会信用代码"), help="18位，末位是校验位")
    kind: Kind = ask("类型", law(54, para=1), aliases=("市场主体类型", "主体类型"))
    way: Way = ask("入库方式", default=Way.NEW, aliases=("登记类型",))
    trade: str = ask("行业", default="", aliases=("行业门类", "所属行业"))
    grade: Grade = ask("信用等级", law(53), default=Grade.B, aliases=("信用风险等级",))
    place: str = ask("住所", default="", aliases=("经营场所", "地址"))
    contact: str = ask("联系方式", default="", sealed=True, aliases=("联系电话", "电话"))


class Grading(Facts):
    on_label = "评定日期"

    grade: Grade = ask("信用等级", law(53))
    reason: str = ask("评定依据", long=True)


class Departure(Facts):
    on_label = "退出日期"
    on_aliases = ("注销日期", "吊销日期")

    why: Leaving = ask("退出原因", aliases=("原因",))
    note: str = ask("说明", default="")


class Registration(Facts):
    on_label = "注册日期"
    on_aliases = ("开通日期", "启用日期")

    holder: str = ask("姓名", law(56), aliases=("用户姓名", "执法人员"))
    login: str = ask("账号", law(56), aliases=("用户名", "登录名"))
    certificate: str = ask("执法证号", default="", aliases=("证号", "执法证件号"))
    valid_until: date | None = ask("执法证有效期至", default=None, aliases=("有效期至",))
    contact: str = ask("联系方式", default="", sealed=True, aliases=("联系电话", "手机号码"))


class Closing(Facts):
    on_label = "停用日期"
    on_aliases = ("注销日期",)

    reason: str = ask("停用原因", default="", aliases=("原因",))


class Level(Outcome):
    """A main item of the catalogue, or one of its sub-items."""

    MAIN = "主项"
    SUB = "子项"


class Sort(Outcome):
    """How it is inspected: by random selection, or all of them because safety and health hang on it."""

    GENERAL = "一般检查事项", law(54, para=1)
    KEY = "重点检查事项", law(54, para=2)


class Item(Facts):
    on_label = "公布日期"
    on_aliases = ("认领日期",)

    name: str = ask("事项名称", law(51), aliases=("监管事项", "监管事项名称"))
    number: str = ask("事项编码", law(51), aliases=("事项代码", "编码"))
    level: Level = ask("事项级别", law(51), aliases=("主项子项",))
    belongs_to: str = ask("所属主项编码", default="", aliases=("主项编码",), help="子项填写，主项留空")
    sort: Sort = ask("检查类别", law(54), default=Sort.GENERAL, aliases=("事项类别",))
    basis: str = ask("依据", law(51), default="", long=True, aliases=("设定依据",))


class FirstUse(Facts):
    on_label = "首次监管日期"

    action: str = ask("监管行为", law(56), help="检查、处罚等行为的文书号或者记录号")


class Removal(Facts):
    on_label = "取消日期"

    reason: str = ask("取消依据", long=True)
