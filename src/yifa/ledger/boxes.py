"""Are the sealed facts still the ones the entries committed to? Asked of every case whose key still exists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from .entries import Raw
from .errors import LedgerError
from .vault import Vault, blind, commitment

MARK = b'"sealed":{"'  # in the text of an entry that has sealed facts
ERASE = "~erase"


def wrong_with(rows: Sequence[Raw]) -> tuple[int, str] | None:
    """The first of these entries whose sealed facts are not what it says, as (number, what is wrong)."""
    boxes = _boxes([row[0] for row in rows])
    keys = dict(_within("SELECT case_id, wrapped FROM ledger_key WHERE case_id", {row[1] for row in rows}))
    emptied = {row[1] for row in rows if row[0] not in boxes}
    erased = dict(
        _within(
            f"""SELECT case_id, max(seq) FROM ledger_entry WHERE body LIKE '%%"step":"{ERASE}"%%' AND case_id""",
            emptied,
            " GROUP BY case_id",
        )
    )
    opened: dict[int, bytes] = {}
    for row in rows:
        if row[0] not in boxes and erased.get(row[1], 0) > row[2]:
            continue
        try:
            if row[1] not in opened:
                opened[row[1]] = _key(keys.get(row[1]))
            what = _compared(row, opened[row[1]], boxes.get(row[0], {}))
        except LedgerError as error:
            what = error.sentence.rstrip("。")
        if what:
            return row[0], what
    return None


def _key(wrapped: Any) -> bytes:
    if wrapped is None:
        raise LedgerError("案件密钥不在，封存内容打不开，而台账中没有销毁记录", "E305")
    home = Path(settings.YIFA_HOME)
    if not (home / "keys" / "master.key").exists():
        raise LedgerError(f"主密钥文件不在 {home / 'keys'}，封存内容打不开", "E304")
    return Vault.open(home).unwrap(bytes(wrapped))


def _compared(row: Raw, key: bytes, boxes: dict[str, tuple[bytes, bytes]]) -> str:
    sealed = json.loads(row[6][len(row[4]) :])["sealed"]
    if lacking := sorted(sealed.keys() - boxes.keys()):
        return f"封存的“{lacking[0]}”不见了，而台账中没有销毁记录"
    if added := sorted(boxes.keys() - sealed.keys()):
        return f"多出一项封存的“{added[0]}”，正文中没有"
    vault = Vault.open(settings.YIFA_HOME)
    for name, (salt, box) in sorted(boxes.items()):
        text = vault.unseal(key, name, salt, box)
        if commitment(blind(key, salt), name, text, row[3].decode()) != sealed[name]:
            return f"封存的“{name}”与正文中的承诺值不符，被换过"
    return ""


def _boxes(ids: Sequence[int]) -> dict[int, dict[str, tuple[bytes, bytes]]]:
    found: dict[int, dict[str, tuple[bytes, bytes]]] = {}
    for id, name, salt, box in _within(
        "SELECT entry_id, name, salt, box FROM ledger_sealed WHERE entry_id", ids
    ):
        found.setdefault(id, {})[name] = bytes(salt), bytes(box)
    return found


def _within(sql: str, ids: Sequence[int] | set[int], rest: str = "") -> list[tuple[Any, ...]]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(ids))
        cursor.execute(f"{sql} IN ({marks}){rest}", list(ids))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
