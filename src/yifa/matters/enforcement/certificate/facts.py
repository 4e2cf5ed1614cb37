"""What must be told about a certificate and what becomes of it."""

from datetime import date

from yifa.procedure import Facts, Outcome, ask

from .statutes import henan


class Standing(Outcome):
    """On what footing the officer serves; only the first may hold a certificate."""

    ESTABLISHED = "在编在职", henan(20, para=1, item=1)
    LABOURER = "工勤人员", henan(20, para=2)
    CONTRACT = "劳动合同工", henan(20, para=2)
    TEMPORARY = "临时工", henan(20, para=2)


class Cause(Outcome):
    """Why a certificate ends."""

    TRANSFERRED = "调离执法岗位"
    RETIRED = "退休"
    RESIGNED = "辞职、辞退或者开除"
    EXPIRED = "有效期届满未换发"
    REVOKED = "吊销"
    DIED = "死亡"
    DUPLICATE = "机构改革换证"


class Holder(Facts):
    on_label = "发证日期"
    on_aliases = ("发证时间", "领证日期")

    holder: str = ask("持证人", henan(21, para=1), aliases=("姓名", "执法人员"))
    number: str = ask("执法证号", henan(21, para=2), aliases=("证号", "证件编号", "证件号码"))
    identity: str = ask("身份证号码", default="", sealed=True, aliases=("身份证号", "公民身份号码"))
    standing: Standing = ask(
        "人员身份", henan(20), default=Standing.ESTABLISHED, aliases=("编制情况", "人员性质")
    )
    field: str = ask("执法领域", default="", aliases=("执法类别", "执法范围"))
    passed: date = ask("考试合格日期", henan(21, para=1), aliases=("考试日期", "培训考试合格日期"))
    valid_until: date | None = ask("有效期至", default=None, aliases=("有效期", "到期日期"))


class Suspension(Facts):
    on_label = "暂扣日期"

    reason: str = ask("暂扣事由", henan(42, item=6), long=True)


class Return(Facts):
    on_label = "发还日期"

    reason: str = ask("发还说明", default="", long=True)


class Cancellation(Facts):
    on_label = "注销日期"
    on_aliases = ("注销时间",)

    cause: Cause = ask("注销原因", aliases=("原因",))
    note: str = ask("说明", default="")
