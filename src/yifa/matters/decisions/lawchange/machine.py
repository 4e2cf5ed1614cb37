"""What the machine finds when something is listed, and how a task of the reader of texts is told to the procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from yifa.law import numeral
from yifa.procedure import Case, Scene
from yifa.texts.citing.amendment import Became, Task

from . import facts
from .procedure import LawChangeCheck

LONGEST = 6_000  # characters of an article kept in a task
KINDS = {
    "程序": facts.What.PROCEDURE,
    "规则": facts.What.RULE,
    "法规": facts.What.STATUTE,
    "文件": facts.What.DOCUMENT,
    "案件": facts.What.CASE,
}
BECAME = {
    Became.AMENDED: facts.Became.AMENDED,
    Became.MOVED: facts.Became.MOVED,
    Became.MOVED_AMENDED: facts.Became.MOVED_AMENDED,
    Became.REMOVED: facts.Became.REMOVED,
}


@LawChangeCheck.open.finds
def listed_before(case: Case, affected: facts.Affected, scene: Scene) -> dict[str, Any]:
    """How often this place was listed for this change; the case's own correction does not count."""
    rows = scene.listed("law_change_check", ("mark",), where={"mark": (affected.mark,)})
    return {"listed_before": sum(row[0] != scene.case and row[2] != "dropped" for row in rows)}


def told(task: Task, title: str, old: str, new: str, on: date, in_force: date | None) -> facts.Affected:
    """A task as the procedure asks for it."""
    change, citing = task.change, task.citing
    return facts.Affected(
        on=on,
        title=title,
        place="".join(_place(citing.cite.article, citing.cite.para, citing.cite.item)),
        what=KINDS.get(citing.what, facts.What.DOCUMENT),
        where=citing.where[:500],
        words=citing.words[:500],
        document=citing.case,
        old_edition=old,
        new_edition=new,
        in_force=in_force,
        became=BECAME[change.became],
        new_place=f"第{numeral(change.new)}条" if change.new else "",
        old_words=change.old_words[:LONGEST],
        new_words=change.new_words[:LONGEST],
        difference=change.shown[:LONGEST] if change.new else "",
        mark=task.mark,
    )


def _place(article: int | None, para: int | None, item: int | None) -> Iterator[str]:
    yield f"第{numeral(article or 0)}条"
    if para:
        yield f"第{numeral(para)}款"
    if item:
        yield f"第（{numeral(item)}）项"
