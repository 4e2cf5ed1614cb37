"""What each step of a disclosure application must be told."""

from datetime import date
from decimal import Decimal

from yifa.procedure import Facts, Outcome, ask

from .statutes import fee_rules, reconsideration, report_form
from .statutes import regulation as law


class Applicant(Outcome):
    """Who asks: the columns of the national report form."""

    PERSON = "自然人", report_form()
    BUSINESS = "商业企业", report_form()
    RESEARCH = "科研机构", report_form()
    CHARITY = "社会公益组织", report_form()
    LEGAL = "法律服务机构", report_form()
    OTHER = "其他组织", report_form()


class Channel(Outcome):
    """How the application came; it decides which day counts as the day of receipt."""

    COUNTER = "当面提交", law(31, item=1)
    SIGNED_MAIL = "邮寄（签收）", law(31, item=2)
    PLAIN_MAIL = "平常信函", law(31, item=2)
    INTERNET = "互联网", law(31, item=3)
    FAX = "传真", law(31, item=3)
    SPOKEN = "口头（代为填写）", law(29, para=1)


class Form(Outcome):
    """In what form the information is wanted."""

    ELECTRONIC = "电子文档", law(40)
    PAPER = "纸质复制件", law(40)
    READING = "查阅、抄录", law(40)


class Group:
    """The groups of the national report form."""

    OPEN, PART, WITHHELD, UNABLE, UNTREATED = "予以公开", "部分公开", "不予公开", "无法提供", "不予处理"


class Answer(Outcome):
    """The ways an application may be answered: the rows of the national report form, and their group."""

    GRANTED = "予以公开", law(36, item=2), Group.OPEN
    ALREADY_PUBLIC = "已主动公开，告知获取途径", law(36, item=1), Group.OPEN
    PARTLY = "部分公开（区分处理）", law(37), Group.PART
    STATE_SECRET = "属于国家秘密", law(14), Group.WITHHELD
    FORBIDDEN = "其他法律、行政法规禁止公开", law(14), Group.WITHHELD
    SAFETY = "危及“三安全一稳定”", law(14), Group.WITHHELD
    THIRD_PARTY = "保护第三方合法权益", law(15), Group.WITHHELD
    INTERNAL = "属于三类内部事务信息", law(16, para=1), Group.WITHHELD
    IN_PROCESS = "属于四类过程性信息", law(16, para=2), Group.WITHHELD
    ENFORCEMENT_FILE = "属于行政执法案卷", law(16, para=2), Group.WITHHELD
    OTHER_LAW = "属于行政查询事项", law(36, item=7), Group.WITHHELD
    NOT_HELD = "本机关不掌握：信息不存在", law(36, item=4), Group.UNABLE
    NOT_OURS = "本机关不掌握：不属于本机关负责公开", law(36, item=5), Group.UNABLE
    NEEDS_MAKING = "没有现成信息需要另行制作", law(38), Group.UNABLE
    STILL_UNCLEAR = "补正后申请内容仍不明确", law(30), Group.UNABLE
    PETITION = "信访举报投诉类申请", law(39, para=1), Group.UNTREATED
    REPEATED = "重复申请", law(36, item=6), Group.UNTREATED
    PUBLICATION = "要求提供公开出版物", law(39, para=2), Group.UNTREATED
    EXCESSIVE = "无正当理由大量反复申请", law(35), Group.UNTREATED
    CONFIRMATION = "要求确认或者重新出具已获取信息", report_form(), Group.UNTREATED

    @property
    def group(self) -> str:
        return str(self.more[0])

    @property
    def needs_reason(self) -> bool:
        return self.group in (Group.PART, Group.WITHHELD) or self in (Answer.NOT_OURS, Answer.EXCESSIVE)

    @property
    def withholds(self) -> bool:
        """Is something kept back under articles 14 to 16? (最高人民法院 2025 reading of “不予公开”)"""
        return self.group in (Group.PART, Group.WITHHELD) and self is not Answer.OTHER_LAW

    def remedy(self, on: date) -> str:
        """The line every answer carries: where the applicant may turn.

        Since the 2023 Act came into force a refusal to disclose must go to reconsideration first
        (行政复议法第二十三条第一款第（四）项), and the letter must say so (第二款).
        """
        sixty = "自收到本告知书之日起六十日内向本级人民政府申请行政复议"
        if self.withholds and on >= reconsideration.since:
            cite = reconsideration(23, para=1, item=4)
            return f"如对本答复中不予公开的部分不服，应当依照{cite}，先{sixty}；对行政复议决定不服的，再依法提起行政诉讼。"
        return f"如对本答复不服，可以{sixty}，也可以自知道之日起六个月内依法提起行政诉讼。"


class Method(Outcome):
    """How the handling fee is reckoned; one method for each application."""

    BY_ITEM = "按件计收", fee_rules()
    BY_PAGE = "按量计收", fee_rules()


def fee(method: Method, amount: int) -> Decimal:
    """The handling fee in yuan for `amount` items or pages (国办函〔2020〕109号).

    >>> [fee(Method.BY_ITEM, n) for n in (10, 11, 30, 31, 41)]
    [Decimal('0.00'), Decimal('100.00'), Decimal('2000.00'), Decimal('2200.00'), Decimal('4300.00')]
    >>> [fee(Method.BY_PAGE, n) for n in (30, 31, 100, 101, 201)]
    [Decimal('0.00'), Decimal('10.00'), Decimal('700.00'), Decimal('720.00'), Decimal('2740.00')]
    """
    if method is Method.BY_PAGE:
        steps = ((30, 0), (70, 10), (100, 20), (None, 40))
        return _stepped(amount, steps)
    total, price, left = 0, 100, amount - 10
    if left > 0:
        total += min(left, 20) * 100
        left -= 20
    while left > 0:
        price += 100
        total += min(left, 10) * price
        left -= 10
    return Decimal(total).quantize(Decimal("0.01"))


def _stepped(amount: int, steps: tuple[tuple[int | None, int], ...]) -> Decimal:
    total = 0
    for size, price in steps:
        here = amount if size is None else min(amount, size)
        total += max(here, 0) * price
        amount -= here
    return Decimal(total).quantize(Decimal("0.01"))


class Application(Facts):
    on_label = "收到日期"
    on_aliases = ("申请日期", "收到申请日期", "登记日期", "收件日期", "收到时间", "申请时间")

    kind: Applicant = ask("申请人类型", report_form(), aliases=("申请人类别", "类型"))
    name: str = ask(
        "申请人姓名或者名称",
        law(29, item=1),
        sealed=True,
        aliases=("申请人", "姓名", "名称", "姓名或名称", "申请人姓名", "申请人名称", "申请人姓名或名称"),
    )
    identity: str = ask(
        "身份证明",
        law(29, item=1),
        sealed=True,
        help="身份证号码或者统一社会信用代码",
        aliases=("证件号码", "身份证号", "统一社会信用代码"),
    )
    contact: str = ask(
        "联系方式",
        law(29, item=1),
        sealed=True,
        help="电话、电子邮箱或者通信地址，答复将送到这里",
        aliases=("联系电话", "电话", "通信地址"),
    )
    wanted: str = ask(
        "所需信息的名称、文号或者特征性描述",
        law(29, item=2),
        sealed=True,
        long=True,
        help="写得越具体，找得越快：什么文件、哪一年、关于什么事",
        aliases=("申请内容", "所需信息", "申请公开内容"),
    )
    form: Form = ask(
        "获取信息的形式", law(29, item=3), default=Form.ELECTRONIC, aliases=("获取方式", "获取信息的方式")
    )


class Registration(Application):
    channel: Channel = ask(
        "提交方式",
        law(31),
        default=Channel.COUNTER,
        help="收到日期依提交方式确定：当面提交之日、签收之日，或者双方确认之日",
        aliases=("申请渠道", "渠道"),
    )


class Receipt(Facts):
    on_label = "双方确认收到之日"

    channel: Channel = ask("提交方式", law(31), default=Channel.INTERNET)


class Gap(Facts):
    on_label = "告知日期"

    missing: str = ask("需要补正的事项", law(30), long=True)
    until: date = ask("补正期限", law(30), help="给申请人留出合理的时间")


class Supplement(Facts):
    on_label = "收到补正之日"

    wanted: str = ask("补正后的描述", law(30), sealed=True, long=True)


class Consultation(Facts):
    on_label = "征求意见书送达之日"

    party: str = ask("第三方名称", law(32), sealed=True)


class Opinion(Facts):
    on_label = "收到意见之日"

    agrees: bool = ask("是否同意公开", law(32))
    reason: str = ask("理由", law(32), default="", sealed=True, long=True)


class Silence(Facts):
    """The period ran out without a word."""


class Inquiry(Facts):
    on_label = "征求意见书送达之日"

    office_asked: str = ask("被征求意见的机关", law(34))


class Consent(Facts):
    on_label = "收到意见之日"

    agrees: bool = ask("是否同意公开", law(34))
    reason: str = ask("意见", law(34), default="", long=True)


class Extension(Facts):
    on_label = "批准延期之日"

    days: int = ask("延长的工作日数", law(33, para=2), unit="个工作日")
    reason: str = ask("延长理由", law(33, para=2), long=True)


class Deferral(Facts):
    on_label = "告知日期"

    until: date = ask("延迟答复至", law(35))
    reason: str = ask("申请人说明的理由及本机关的认定", law(35), long=True)


class Charge(Facts):
    on_label = "收费通知送达之日"

    method: Method = ask("计收方式", fee_rules())
    amount: int = ask("件数或者页数", fee_rules(), help="按自然月累计")
    fee: Decimal = ask("应缴信息处理费", fee_rules(), unit="元")


class Payment(Facts):
    on_label = "缴费日期"

    fee: Decimal = ask("实缴信息处理费", fee_rules(), unit="元")


class Reply(Facts):
    on_label = "答复日期"
    on_aliases = ("答复时间", "办结日期")

    answer: Answer = ask("答复类型", law(36), aliases=("答复结果", "办理结果"))
    reason: str = ask("理由", law(36, item=3), default="", long=True, help="不予公开、部分公开的必须说明理由")
    content: str = ask(
        "提供的信息或者获取的途径",
        law(36, item=2),
        default="",
        sealed=True,
        long=True,
        help="提供的信息内容，或者在哪里、怎样取得",
    )


class Publication(Facts):
    on_label = "公开日期"

    headline: str = ask("标题", law(44, para=2), help="公众能看懂的一句话")
    summary: str = ask("公开的内容", law(44, para=2), long=True, help="不得含有个人信息")


class Lapse(Facts):
    on_label = "认定日期"


class Waiver(Facts):
    on_label = "撤回日期"

    reason: str = ask("撤回理由", default="", long=True, sealed=True)
