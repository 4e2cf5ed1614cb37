"""What must be told when something cites an article that was amended, and of what became of it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from yifa.procedure import Facts, Outcome, ask

from .statutes import legislation


class Became(Outcome):
    """What became of the article."""

    AMENDED = "文字有修改"
    MOVED = "条号改变，文字未变"
    MOVED_AMENDED = "条号改变，文字有修改"
    REMOVED = "删去"


class What(Outcome):
    """What kind of thing cites it."""

    PROCEDURE = "本系统的程序"
    RULE = "审查规则"
    STATUTE = "法规"
    DOCUMENT = "文件"
    CASE = "案件材料"


class Affected(Facts):
    """One thing that cites one article that is no longer what it was."""

    on_label = "列入日期"
    sections: ClassVar[tuple[str, ...]] = ("引用", "条文", "识别")

    title: str = ask("修改的法规", legislation(116), section="引用")
    place: str = ask("引用的条款", legislation(116), section="引用")
    what: What = ask("引用者类别", section="引用")
    where: str = ask("引用之处", section="引用")
    words: str = ask("引用的原文", default="", section="引用")
    document: int | None = ask("所在案件", default=None, section="引用")
    old_edition: str = ask("原版本", section="条文")
    new_edition: str = ask("新版本", section="条文")
    in_force: date | None = ask("新版本施行日期", default=None, section="条文")
    became: Became = ask("条文变化", section="条文")
    new_place: str = ask("新的条号", default="", section="条文", help="删去的不填")
    old_words: str = ask("原条文", default="", long=True, section="条文")
    new_words: str = ask("新条文", default="", long=True, section="条文")
    difference: str = ask(
        "改动之处", default="", long=True, section="条文", help="［删：…］是原条文有的，［增：…］是新条文有的"
    )
    mark: str = ask("识别码", section="识别", help="同一处引用的同一次修改只列入一次")
    listed_before: int = ask("此前列入次数", found=True, default=0, section="识别")


class Kept(Facts):
    """Nothing has to be changed."""

    on_label = "核对日期"

    why: str = ask("理由", legislation(116), long=True)


class ToMend(Facts):
    """Something has to be changed: what, by whom, until when."""

    on_label = "核对日期"

    what: str = ask("需要修改的内容", legislation(116), long=True)
    who: str = ask("由谁修改")
    until: date = ask("修改期限至")


class Mended(Facts):
    """It has been changed."""

    on_label = "修改日期"

    what: str = ask("修改结果", legislation(116), long=True, help="写明怎样改的、改在哪个文件里")
    why: str = ask("理由", long=True)


class Unneeded(Facts):
    """Listed by mistake."""

    on_label = "撤销日期"

    why: str = ask("撤销理由", long=True)
