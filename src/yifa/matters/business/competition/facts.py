"""What a fair competition review must be told; the nineteen items of articles 8 to 11."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from yifa.procedure import Among, Outcome, ask
from yifa.texts.told import Opinion, Remark, Submission

from .statutes import law

OFFICES = Among("office", states=("department", "township"))


class Kind(Outcome):
    """Whose measure it is: that says who reviews it."""

    DEPARTMENT = "部门的政策措施", law(13, para=1)
    JOINT = "多个部门联合的政策措施", law(13, para=2)
    GOVERNMENT = "县政府的政策措施", law(14)
    CONGRESS = "提请县人大及其常委会审议的政策措施", law(14)


class Item(Outcome):
    """What a measure may not contain, in the order of the regulation."""

    ENTRY_APPROVAL = "对负面清单以外的领域设置审批程序", law(8, item=1)
    FRANCHISE = "违法设置或者授予特许经营权", law(8, item=2)
    DESIGNATED = "限定经营、购买、使用特定经营者的商品服务", law(8, item=3)
    ENTRY_CONDITIONS = "不合理或者歧视性的准入、退出条件", law(8, item=4)
    ENTRY_OTHER = "其他限制市场准入和退出的内容", law(8, item=5)
    GOODS = "限制商品、要素进出或者经营者迁出", law(9, item=1)
    BRANCHES = "排斥、限制、强制外地经营者在本地投资设点", law(9, item=2)
    TENDERS = "排斥、限制外地经营者参加采购和招标投标", law(9, item=3)
    CHARGES = "对外地商品、要素的歧视性收费、价格、补贴", law(9, item=4)
    STANDARDS = "对外地经营者在资质、监管上的歧视性要求", law(9, item=5)
    MOVEMENT_OTHER = "其他限制商品、要素自由流动的内容", law(9, item=6)
    TAX = "给予特定经营者税收优惠", law(10, item=1)
    SUBSIDY = "给予特定经营者选择性、差异化的奖补", law(10, item=2)
    FACTORS = "给予特定经营者要素、收费、社保费等优惠", law(10, item=3)
    COST_OTHER = "其他影响生产经营成本的内容", law(10, item=4)
    MONOPOLY = "强制实施垄断行为或者为其提供便利", law(11, item=1)
    GUIDED_PRICE = "超越权限定价或者为特定经营者提供优惠价", law(11, item=2)
    PRICES = "违法干预市场调节价", law(11, item=3)
    CONDUCT_OTHER = "其他影响生产经营行为的内容", law(11, item=4)

    @property
    def code(self) -> str:
        """8-3: the third item of article 8."""
        assert self.cite is not None
        return f"{self.cite.article}-{self.cite.item}"


class Measure(Submission):
    """A measure that touches what businesses do, handed in while it is being drafted."""

    name: str = ask("政策措施名称")
    kind: Kind = ask("政策措施类别", law(13))
    drafter: str = ask("起草单位", law(13), among=OFFICES)
    first: str = ask(
        "起草单位初审意见", law(14), default="", long=True, help="县政府出台、提请人大审议的，由起草单位初审"
    )


class ItemRemark(Remark):
    """What the reviewer points at, and under which of the nineteen items."""

    item: Item | None = ask("属于哪一项", default=None)

    @property
    def code(self) -> str:
        return self.item.code if self.item else ""


class Conclusion(Outcome):
    FINE = "符合公平竞争审查标准，可以出台", law(17, para=1)
    EXCEPTION = "具有排除、限制竞争效果，但适用例外规定，可以出台", law(12)
    BREACH = "违反公平竞争审查标准，不得出台", law(18)


class Ground(Outcome):
    """For what a measure may restrict competition all the same."""

    SECURITY = "维护国家安全和发展利益", law(12, item=1)
    SCIENCE = "促进科学技术进步、增强国家自主创新能力", law(12, item=2)
    PUBLIC = "节约能源、保护环境、救灾救助等社会公共利益", law(12, item=3)
    STATUTE = "法律、行政法规规定的其他情形", law(12, item=4)


EXCEPTION = "适用例外规定"


class Concluded(Opinion):
    sections: ClassVar[tuple[str, ...]] = (EXCEPTION,)
    folded: ClassVar[tuple[str, ...]] = (EXCEPTION,)

    conclusion: Conclusion = ask("审查结论", law(17, para=1))
    heard: str = ask(
        "听取意见情况",
        law(16),
        long=True,
        help="听取了哪些经营者、行业协会商会的意见，怎样采纳；涉及社会公众利益的，怎样听取公众意见",
    )
    ground: Ground | None = ask("例外情形", law(12), default=None, section=EXCEPTION)
    no_alternative: bool = ask("没有对公平竞争影响更小的替代方案", law(12), default=False, section=EXCEPTION)
    until: date | None = ask("实施期限至", law(12), default=None, section=EXCEPTION)
    ends: str = ask("终止条件", law(12), default="", section=EXCEPTION)
    explained: str = ask("适用例外规定的详细说明", law(17, para=2), default="", long=True, section=EXCEPTION)

    breaches: tuple[str, ...] = ask("采纳的违反项目", found=True, default=())
    answers: tuple[str, ...] = ask("十九项审查结果", law(17, para=1), found=True, default=())
