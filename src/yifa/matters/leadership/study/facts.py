"""What a study session must be told."""

from yifa.procedure import Facts, Outcome, ask

from .statutes import duty


class Body(Outcome):
    """Who met to study."""

    STANDING_COMMITTEE = "县委常委会"
    STUDY_GROUP = "县委理论学习中心组"
    LAW_COMMITTEE = "县委全面依法治县委员会"
    PARTY_GROUP = "县政府党组"
    EXECUTIVE_MEETING = "县政府常务会议"
    OTHER = "其他单位"


class Form(Outcome):
    """In what form."""

    BEFORE_MEETING = "会前学法"
    TOPIC = "专题学习"
    STUDY_GROUP = "中心组集体学习"
    LECTURE = "法治专题讲座"


class Session(Facts):
    on_label = "学习日期"
    on_aliases = ("日期", "时间", "学习时间", "会议时间")

    body: Body = ask("学习主体", duty(6), aliases=("主体", "会议", "会议名称", "学习单位"))
    form: Form = ask("学习形式", duty(6), aliases=("形式", "方式"))
    topic: str = ask("学习内容", duty(6), aliases=("内容", "学习主题", "题目", "主题"))
    leader: str = ask("主持人", default="", aliases=("主持", "主持领导", "领学人"))
    attendees: int | None = ask("参加人数", default=None, unit="人", aliases=("人数", "参学人数", "出席人数"))
    material: str = ask("材料", default="", aliases=("学习材料", "佐证材料", "备注材料"))
