"""Who may be drawn, who may be sent, what may be inspected: the three directories every inspection starts from.

Law: 优化营商环境条例, articles 51, 53, 54 and 56, in force 2020-01-01.
"""

from stdnum.cn import uscc

from yifa.people import CLERK
from yifa.procedure import START, Balance, Case, Count, Growth, Register, Share, State, Step, Stock, stays

from . import facts
from .statutes import business as law


class Entity(Register):
    """市场主体

    检查对象名录库：企业、个体工商户、农民专业合作社，登记入库，评定信用等级，注销、吊销的退出。
    """

    since = law.since
    subject = ("name", "code")
    number_from = "code"

    listed = State("在册")
    left = State("已退出", final=True)

    enter = Step("入库", START >> listed, law(54, para=1), by=CLERK, asks=facts.Business, reading=True)
    regrade = Step("评定信用等级", stays(listed), law(53), by=CLERK, asks=facts.Grading, reading=True)
    leave = Step("退出", listed >> left, law(54, para=1), by=CLERK, asks=facts.Departure, reading=True)

    newly = Count(
        "新登记市场主体", of=enter, where={"way": facts.Way.NEW}, by="kind", unit="户", cite=law(54, para=1)
    )
    growth = Growth("新登记市场主体同比增长", of=newly)
    enterprises = Stock("在册企业", within=(listed,), where={"kind": facts.Kind.ENTERPRISE}, unit="户")
    individuals = Stock("在册个体工商户", within=(listed,), where={"kind": facts.Kind.INDIVIDUAL}, unit="户")
    everyone = Stock("在册市场主体", within=(listed,), unit="户")
    entered = Count("入库市场主体", of=enter, by="way", unit="户")
    gone = Count("退出市场主体", of=leave, by="why", unit="户")
    flow = Balance("期初在册+入库−退出=期末在册", everyone, plus=(entered,), minus=(gone,))


class Supervisor(Register):
    """“互联网+监管”系统用户

    在线监管系统的注册用户：注册、停用。抽取检查人员以在用、执法证有效的为限。
    """

    since = law.since
    subject = ("holder", "login")
    number_from = "login"

    active = State("在用")
    closed = State("已停用", final=True)

    register = Step("注册", START >> active, law(56), by=CLERK, asks=facts.Registration, reading=True)
    close = Step("停用", active >> closed, law(56), by=CLERK, asks=facts.Closing, reading=True)

    registered = Stock("“互联网+监管”系统注册人数", within=(active,), unit="人", cite=law(56))
    came = Count("新注册人数", of=register, unit="人")
    went = Count("停用人数", of=close, unit="人")
    flow = Balance("期初注册+新注册−停用=期末注册", registered, plus=(came,), minus=(went,))


class SupervisionItem(Register):
    """监管事项

    监管事项目录清单：主项、子项公布之后方可实施检查；有了监管行为的为已覆盖，依据废止的取消。
    """

    since = law.since
    subject = ("name", "number")
    number_from = "number"

    published = State("已公布")
    covered = State("已覆盖")
    removed = State("已取消", final=True)

    publish = Step("公布", START >> published, law(51), by=CLERK, asks=facts.Item, reading=True)
    cover = Step("记录首次监管", published >> covered, law(51), by=CLERK, asks=facts.FirstUse, reading=True)
    remove = Step("取消", covered >> removed, law(51), by=CLERK, asks=facts.Removal, reading=True)
    drop = Step("取消未用事项", published >> removed, law(51), by=CLERK, asks=facts.Removal, reading=True)

    main_items = Stock(
        "监管事项主项", within=(published, covered), where={"level": facts.Level.MAIN}, unit="项"
    )
    main_covered = Stock("已覆盖主项", within=(covered,), where={"level": facts.Level.MAIN}, unit="项")
    main_coverage = Share("事项主项覆盖率", part=main_covered, whole=main_items, cite=law(51))
    sub_items = Stock(
        "监管事项子项", within=(published, covered), where={"level": facts.Level.SUB}, unit="项"
    )
    sub_covered = Stock("已覆盖子项", within=(covered,), where={"level": facts.Level.SUB}, unit="项")
    sub_coverage = Share("事项子项覆盖率", part=sub_covered, whole=sub_items, cite=law(51))
    there = Stock("监管事项", within=(published, covered), unit="项")
    came = Count("公布监管事项", of=publish, by="level", unit="项")
    went = Count("取消监管事项", of=(remove, drop), unit="项")
    flow = Balance("期初事项+公布−取消=期末事项", there, plus=(came,), minus=(went,))


# On what conditions


@Entity.enter.requires(
    "随机抽取的对象应当可以唯一识别：统一社会信用代码为18位，校验位应当相符", law(54, para=1), reading=True
)
def code_is_right(case: Case, business: facts.Business) -> bool:
    return uscc.is_valid(business.code)


@SupervisionItem.publish.requires("子项应当写明所属主项，主项没有所属主项", law(51), reading=True)
def sub_item_has_a_main_one(case: Case, item: facts.Item) -> bool:
    return bool(item.belongs_to) is (item.level is facts.Level.SUB)
