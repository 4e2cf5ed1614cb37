"""A person's words in a case are destroyed: the key goes, the entries and every proof over them stay.

What remains of a sealed fact is a commitment blinded by the destroyed key: it fits any words equally well. On SQLite
what is deleted is overwritten and the write-ahead log is emptied. On PostgreSQL the table of keys is written anew; its
own log and its backups keep the wrapped key for as long as they are kept, worthless without the master key of the home,
which must therefore never be in the same backup.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import connection, transaction

from .boxes import ERASE
from .entries import Acting, append_entry
from .errors import LedgerError

# 个人信息保护法第四十七条第一款: the handler deletes of its own accord, or the person may ask for it.
BASIS = "《中华人民共和国个人信息保护法》第四十七条"
PATIENCE = 20.0  # seconds for other programs to finish reading


@dataclass(frozen=True, slots=True)
class Erased:
    """What was destroyed. `settled`: no copy is left in the log; else the next quiet moment of the database sees to it."""

    case: int
    entry: int
    facts: int
    settled: bool

    def sentence(self) -> str:
        done = f"案件{self.case}的个人信息已销毁（{self.facts}项），台账第{self.entry}号记录记明其事。"
        if self.settled:
            return done
        return done + "数据库正被其他程序读取，日志尚未清空；请稍后再运行一次 yifa erase。"


def erase(case_id: int, actor: Acting, reason: str, *, basis: str = BASIS) -> Erased:
    """Destroy the key of a case and what it sealed; say in the ledger who did it, why, and on which legal basis.

    Files stored under the case's key become unreadable with it. A second call only empties the log again.
    """
    if not reason.strip():
        raise LedgerError("请写明销毁的理由。", "E308")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    with transaction.atomic(durable=True):
        facts = _destroy(case_id)
        told = {"reason": reason.strip(), "basis": basis, "by": actor.name, "facts": facts}
        entry = append_entry(case_id, ERASE, actor, told).id if facts is not None else _told_before(case_id)
    return Erased(case_id, entry, facts or 0, _settle())


def _destroy(case: int) -> int | None:
    """Delete the key and the boxes; how many boxes there were, or None when there was no key."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_key WHERE case_id = %s", [case])
        if not cursor.rowcount:
            return None
        cursor.execute(
            "DELETE FROM ledger_sealed WHERE entry_id IN (SELECT id FROM ledger_entry WHERE case_id = %s)",
            [case],
        )
        return int(cursor.rowcount)


def _told_before(case: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT max(id) FROM ledger_entry WHERE case_id = %s AND body LIKE '%%"step":"{ERASE}"%%'""",
            [case],
        )
        found = cursor.fetchone()[0]
    if found is None:
        raise LedgerError(f"案件{case}没有封存的个人信息。", "E308")
    return int(found)


def _settle() -> bool:
    """Leave no older page behind: SQLite's write-ahead log, PostgreSQL's dead rows."""
    if connection.in_atomic_block:  # somebody else's transaction: it is not over yet
        return False
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (FULL) ledger_key")
        return True
    until = time.monotonic() + PATIENCE
    while not _log_emptied():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def _log_emptied() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy: int = cursor.fetchone()[0]
    return not busy
