"""yifa law changed: what became of each article of an amended statute, what cites it, and the tasks that come of it."""

import argparse
import json
from collections import Counter
from datetime import date

from yifa.law import numeral, statutes
from yifa.law.texts import Text
from yifa.matters.decisions.lawchange.opening import list_all
from yifa.site.commands.law import said
from yifa.site.errors import stop
from yifa.tables.cli import actor_for
from yifa.tables.errors import SheetError
from yifa.texts.citing.amendment import (
    Became,
    Change,
    Task,
    compare,
    edition_at_hand,
    everything,
    tasks,
)
from yifa.texts.citing.running import in_cases


def changed(given: argparse.Namespace) -> int:
    """Compare two editions, find what cites an article that changed; list the tasks if so asked."""
    old, new = (edition_at_hand(given.key, edition) for edition in (given.old, given.new))
    changes = compare(old, new)
    citing = [*everything(given.key, given.old, given.new), *in_cases(given.key, given.old)]
    found = tasks(given.key, given.old, given.new, changes, citing)
    if given.format == "json":
        print(as_rows(changes, found))
    else:
        print(as_text(old, new, changes, found))
    return _list(given, new.title, found) if given.open else 0


def _list(given: argparse.Namespace, title: str, found: list[Task]) -> int:
    try:
        actor = actor_for(given.by or "", "law_change_check")
    except SheetError:
        if given.by:
            raise
        stop(
            "还没有人能列入核对：请先安排“法规清理经办人”，或者用 --by 写明用户或者职务 · Nobody may list. [yifa.E744]"
        )
    known = next((s for s in statutes() if s.key == given.key and s.edition == given.new), None)
    listed = list_all(
        found,
        title,
        given.old,
        given.new,
        date.today(),
        actor,
        in_force=given.since or (known.since if known else None),
    )
    lines = [f"列入核对{listed.opened}处，此前已经列入{listed.before}处。"]
    lines += [f"没有列入 {task.citing.where}：{refused}" for task, refused in listed.refused]
    return said(1 if listed.refused else 0, "\n".join(lines))


def as_text(old: Text, new: Text, changes: list[Change], found: list[Task]) -> str:
    """How many articles became what; each that changed; each thing that cites one."""
    counts = Counter(change.became for change in changes)
    lines = [f"《{new.title}》{old.version}版→{new.version}版：" + "，".join(
        f"{became.value}{counts[became]}条" for became in Became if counts[became]
    ) + "。"]  # fmt: skip
    for change in changes:
        if change.became in {Became.SAME, Became.NEW}:
            continue
        moved = f"→第{numeral(change.new)}条" if change.new and change.new != change.old else ""
        lines.append(f"  第{numeral(change.old)}条{moved}\t{change.became.value}")
        lines += [f"      {task.citing.what}\t{task.citing.where}" for task in found if task.change == change]
    lines.append(f"引用变动条文的共{len(found)}处。")
    return "\n".join(lines)


def as_rows(changes: list[Change], found: list[Task]) -> str:
    """The same for programs."""
    told = {
        "articles": [{"old": c.old, "new": c.new, "became": c.became.name} for c in changes],
        "citing": [
            {
                "article": t.change.old,
                "what": t.citing.what,
                "where": t.citing.where,
                "case": t.citing.case,
                "office": t.citing.office,
                "mark": t.mark,
            }
            for t in found
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
