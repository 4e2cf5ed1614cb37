"""What is wrong with an entry that does not fit, told from what stands around it."""

from __future__ import annotations

import json
from itertools import islice

from django.db import connection

from . import entries
from .chain import ALGORITHMS, GENESIS
from .checkpoints import levels
from .entries import Raw
from .models import Checkpoint
from .tree import LEAF, Files


def of_entry(row: Raw) -> str:
    """What is wrong with an entry whose hash, link, number or case does not fit."""
    _, case, seq, algo, _, hash, text = row
    if not isinstance(case, int) or not isinstance(seq, int):
        return "案号或者序号被改动，已不是数字"
    name = bytes(algo).decode("ascii", "replace")
    if name not in ALGORITHMS:
        return f"摘要算法名称被改动，现为“{name}”"
    before = entries.find(case, seq - 1)
    expected = before[5] if before else GENESIS.encode() if seq == 1 else None
    true = ALGORITHMS[name](text).hexdigest().encode()
    if true != hash:
        return _altered(row, true, expected)
    if moved := renamed(row):
        return moved
    if expected is None:
        return f"之前缺少第{_last_before(case, seq) + 1}条记录"
    if seq == 1:
        return "所记上一条的校验值被改动：首条之前没有记录"
    return (
        f"与上一条不衔接：所记上一条的校验值不是第{before[0] if before else '？'}号记录的，两条之一被整条改写"
    )


def renamed(row: Raw) -> str | None:
    """The case or the number that the table gives an entry, where its own text says another."""
    _, case, seq, _, prev, _, text = row
    body = json.loads(text[len(prev) :])
    if body.get("case") != case:
        return f"案号被改动，正文所记为案件{body.get('case')}"
    if body.get("seq") != seq:
        return f"序号被改动，正文所记为第{body.get('seq')}条"
    return None


def _altered(row: Raw, true: bytes, expected: bytes | None) -> str:
    """The hash is not that of the text: which of its parts was changed?"""
    _, case, seq, algo, prev, hash, text = row
    H = ALGORITHMS[algo.decode()]
    if expected and prev != expected and H(expected + text[len(prev) :]).hexdigest().encode() == hash:
        return "所记上一条的校验值被改动"
    for name, other in ALGORITHMS.items():
        if name.encode() != algo and other(text).hexdigest().encode() == hash:
            return f"摘要算法名称被改动，应为“{name}”"
    witness = _kept_elsewhere(case, seq)
    if witness == true:
        return "校验值被改动"
    if witness == hash:
        return "正文被改动"
    return "正文与校验值不符，其中之一被改动"


def _kept_elsewhere(case: int, seq: int) -> bytes | None:
    """The entry's hash as the entry after it, or the case's row, has it."""
    if following := entries.find(case, seq + 1):
        return following[4]
    if entries.has_cases():
        with connection.cursor() as cursor:
            cursor.execute("SELECT head FROM cases_case WHERE id = %s AND seq = %s", [case, seq])
            if row := cursor.fetchone():
                return str(row[0]).encode()
    return None


def _last_before(case: int, seq: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM ledger_entry WHERE case_id = %s AND seq < %s", [case, seq])
        return int(cursor.fetchone()[0] or 0)


def of_checkpoint(point: Checkpoint, good: Checkpoint | None, root: str | None) -> tuple[int | None, str]:
    """Which entry is not the one that a checkpoint was made over, and what happened to it.

    The stored levels tell, where they still give the checkpoint's root; else only the days between can be named.
    """
    since = f"{good.day}校验点之后、" if good else ""
    with levels(point.algo) as tree:
        if tree.size >= point.size:
            stored = tree.root(point.size).hex()
            if stored == point.root != root:
                return _first_other(tree, point, good)
            if stored == root != point.root:
                return None, f"{point.day}校验点的根被改动（记录本身与当日封存时一致）"
    if root == point.root:
        return point.last_entry, f"{point.day}校验点所记的末条编号与台账不符"
    gap = _gap()
    return None, f"{since}{point.day}校验点之前的记录与封存时不符" + (f"：{gap}" if gap else "")


def _first_other(tree: Files, point: Checkpoint, good: Checkpoint | None) -> tuple[int | None, str]:
    H, at = ALGORITHMS[point.algo], good.size if good else 0
    now = [
        (row[0], H(LEAF + bytes.fromhex(row[5].decode())).digest())
        for batch in entries.raw(good.last_entry if good else 0)
        for row in batch
    ]
    then = [tree.node(0, index) for index in range(at, tree.size)]
    pairs = zip(now, then, strict=False)
    place = next((n for n, ((_, leaf), was) in enumerate(pairs) if leaf != was), len(now))
    if place == len(now):
        return (now[-1][0] if now else None), f"之后缺少记录：{_gap() or f'应有{point.size}条'}"
    id, leaf = now[place]
    here, later = then[place], {leaf for _, leaf in islice(now, place + 1, None)}
    if here in later:
        moved = leaf in then[place + 1 :]
        return id, "先后次序被调换：封存时此处是另一条记录" if moved else "封存之后被插入台账"
    gap = _gap()
    if gap or leaf in then[place + 1 :]:
        return id, f"之前缺少记录：{gap or '封存时此处另有一条'}"
    return id, "被整条改写：正文与校验值一并换过，与封存时不符"


def _gap() -> str:
    """A case that lacks an entry, if one can be found."""
    with connection.cursor() as cursor:
        if entries.has_cases():
            cursor.execute(
                "SELECT c.id, c.seq FROM cases_case c WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e"
                " WHERE e.case_id = c.id AND e.seq = c.seq) ORDER BY c.id LIMIT 1"
            )
            if row := cursor.fetchone():
                return f"案件{row[0]}缺少第{_last_before(row[0], row[1]) + 1}条"
        cursor.execute(
            "SELECT case_id, max(seq) FROM ledger_entry GROUP BY case_id HAVING count(*) <> max(seq) LIMIT 1"
        )
        if not (row := cursor.fetchone()):
            return ""
        case = row[0]
        cursor.execute("SELECT seq FROM ledger_entry WHERE case_id = %s ORDER BY seq", [case])
        lacking = next(n for n, (seq,) in enumerate([*cursor.fetchall(), (0,)], 1) if seq != n)
    return f"案件{case}缺少第{lacking}条"
