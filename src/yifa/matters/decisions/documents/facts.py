"""What must be told of a normative document, and of its end."""

from datetime import date

from yifa.procedure import Facts, Outcome, ask

from .statutes import organisation


class Level(Outcome):
    """In whose name it was issued."""

    COUNTY = "县政府（含县政府办公室）"
    DEPARTMENT = "县政府部门"
    TOWNSHIP = "乡镇"


class Issued(Facts):
    on_label = "公布日期"
    on_aliases = ("印发日期", "发布日期")

    name: str = ask("文件名称", aliases=("标题", "名称"))
    number: str = ask("发文字号", aliases=("文号",))
    level: Level = ask("以谁的名义", aliases=("制定层级", "发文层级"))
    body: str = ask("正文", organisation(75), document=True)
    in_force: date = ask("施行日期", aliases=("生效日期",))
    until: date | None = ask("有效期至", default=None, aliases=("失效日期",))
    review: str = ask("合法性审查意见文号", organisation(75), default="", help="系统启用以前公布的可以不填")


class End(Outcome):
    REPEALED = "废止"
    EXPIRED = "有效期届满失效"
    REPLACED = "被新文件替代"


class Ended(Facts):
    on_label = "停止施行日期"

    end: End = ask("怎样停止")
    why: str = ask("依据或者说明", long=True)
