"""What a legality review must be told."""

from yifa.procedure import Among, Outcome, ask
from yifa.texts.told import Opinion, Submission

from .statutes import decision, organisation

OFFICES = Among("office", states=("department", "township"))


class Kind(Outcome):
    """What is handed in for review."""

    NORMATIVE = "行政规范性文件", organisation(75)
    CONTRACT = "政府合同"
    DECISION = "重大行政决策草案", decision(25, para=1)
    OTHER = "其他文件"


DOCUMENTS = (Kind.NORMATIVE, Kind.DECISION, Kind.OTHER)


class Level(Outcome):
    """In whose name it is to go out."""

    COUNTY = "县政府（含县政府办公室）"
    DEPARTMENT = "县政府部门"
    TOWNSHIP = "乡镇"


class Received(Submission):
    """A draft handed in by whoever drew it up."""

    name: str = ask("文件名称")
    kind: Kind = ask("文件类别", organisation(75))
    level: Level = ask("以谁的名义")
    drafter: str = ask("起草单位", among=OFFICES)
    material: str = ask(
        "送审材料",
        decision(26, para=1),
        default="",
        long=True,
        help="起草说明、依据、征求意见情况、履行法定程序的说明等",
    )


class Conclusion(Outcome):
    """What the review comes to. How the opinion of 2018 words it was not read."""

    LAWFUL = "未发现违法内容"
    CHANGES = "修改后可以提请审议"
    UNLAWFUL = "不合法，不得提请审议"


class Concluded(Opinion):
    conclusion: Conclusion = ask("审查结论", decision(25, para=2))
    counsel: str = ask(
        "法律顾问、公职律师意见",
        decision(28),
        default="",
        long=True,
        help="何人何时提出、要点、是否采纳",
    )
