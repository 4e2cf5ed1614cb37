"""A day's seal on the ledger: the Merkle root over the hashes of all entries so far, in the order of their numbers.

Roots are published. Whoever kept one can later have it proved that an entry was under it (inclusion) and that today's
ledger still begins with that day's (consistency); neither proof shows anything else that the ledger holds.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from . import entries
from .errors import LedgerError
from .models import Checkpoint
from .tree import Files

TRIES, WAIT = 40, 2  # on PostgreSQL, for a moment in which nobody is writing: seconds


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry is the `index`-th leaf under a checkpoint's root."""

    entry: int
    hash: str
    index: int
    size: int
    root: str
    path: tuple[str, ...]
    algo: str
    day: date


def make(day: date) -> Checkpoint:
    """Seal the ledger as it stands, in the name of a day. A day is sealed once: asked again, the same seal is given."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        with transaction.atomic():
            return _make(day)
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _make(day)
        except OperationalError as error:  # lock_timeout
            if "lock" not in str(error) or not left:
                raise
            time.sleep(WAIT / 2)
    raise AssertionError


def latest(day: date | None = None) -> Checkpoint | None:
    """The last checkpoint, or the last one made in the name of this day or an earlier one."""
    made = Checkpoint.objects.order_by("-day")
    return (made.filter(day__lte=day) if day else made).first()


def every() -> list[Checkpoint]:
    return list(Checkpoint.objects.order_by("day"))


@contextmanager
def levels(algo: str) -> Iterator[Files]:
    """The tree's stored levels, for one at a time. They can be lost: they are made anew from the entries when needed."""
    folder = Path(settings.YIFA_HOME) / "ledger" / algo
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Files(folder, algo) as tree:
            yield tree


def consistency(old: Checkpoint, new: Checkpoint) -> list[bytes]:
    """The proof that the ledger at the newer checkpoint begins with the ledger at the older one."""
    _same_algorithm(old, new)
    with levels(new.algo) as tree:
        _hold(tree, new)
        return tree.consistency_proof(old.size, new.size)


def inclusion(entry: int, under: Checkpoint | None = None) -> Proof:
    """The proof that an entry is under a checkpoint: the given one, or the first one that covers it."""
    found = Checkpoint.objects.filter(last_entry__gte=entry).order_by("day").first()
    under = under or found
    if found is None or under is None or under.last_entry < entry:
        raise LedgerError(f"第{entry}号记录还没有校验点，最早在当日封存之后才能出具证明。", "E303")
    hash, index = _place(entry)
    with levels(under.algo) as tree:
        _hold(tree, under)
        path = tree.inclusion_proof(index, under.size)
    return Proof(
        entry, hash, index, under.size, under.root, tuple(n.hex() for n in path), under.algo, under.day
    )


def _place(entry: int) -> tuple[str, int]:
    """An entry's hash, and how many entries stand before it: counted from the checkpoint before, a day's worth."""
    before = Checkpoint.objects.filter(last_entry__lt=entry).order_by("-day").first()
    start, size = (before.last_entry, before.size) if before else (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM ledger_entry WHERE id = %s", [entry])
        row = cursor.fetchone()
        if row is None:
            raise LedgerError(f"没有第{entry}号记录。", "E303")
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE id > %s AND id < %s", [start, entry])
        return row[0], size + cursor.fetchone()[0]


def _make(day: date) -> Checkpoint:
    _stand_still()
    last = latest()
    if last and last.day >= day:
        if made := Checkpoint.objects.filter(day=day).first():
            return made
        raise LedgerError(f"{last.day}已经封存，不能再补{day}的校验点。", "E302")
    algo = last.algo if last else entries.algorithm()
    with levels(algo) as tree:
        if last:
            _hold(tree, last)
        tree.truncate(last.size if last else 0)  # what a failed attempt left behind
        end = _grow(tree, last.last_entry if last else 0)
        root = tree.root().hex()
        size = tree.size
    return Checkpoint.objects.create(
        day=day, size=size, last_entry=end, root=root, algo=algo, made_at=timezone.now()
    )


def _stand_still() -> None:
    """No entry may later appear with a smaller number than the last one seen.

    SQLite: the transaction began with the writer's lock. PostgreSQL: wait for those who are writing, keep others out.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}s'")
            cursor.execute("LOCK TABLE ledger_entry IN SHARE ROW EXCLUSIVE MODE")


def _hold(tree: Files, point: Checkpoint) -> None:
    """Make the stored levels those under a checkpoint: check its root, and if it differs, read the entries again."""
    if tree.size >= point.size and tree.root(point.size).hex() == point.root:
        return
    tree.truncate(0)
    _grow(tree, 0, point.last_entry)
    if (tree.size, tree.root().hex()) != (point.size, point.root):
        raise LedgerError(
            f"台账与{point.day}的校验点不符，不能再往下封存。请运行 yifa verify，查明是哪一条。", "E303"
        )


def _grow(tree: Files, after: int, until: int | None = None) -> int:
    """Append the hashes of the entries after a number; the last entry's number is returned."""
    bounds, params = ("", [after]) if until is None else (" AND id <= %s", [after, until])
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT id, hash FROM ledger_entry WHERE id > %s{bounds} ORDER BY id", params)
        while rows := cursor.fetchmany(10_000):
            try:
                tree.extend([bytes.fromhex(hash) for _, hash in rows])
            except ValueError:
                raise LedgerError("台账中有校验值不是十六进制数，请运行 yifa verify。", "E303") from None
            after = rows[-1][0]
    return after


def _same_algorithm(old: Checkpoint, new: Checkpoint) -> None:
    if old.algo != new.algo:
        raise LedgerError(f"{old.day}与{new.day}的校验点用了不同的摘要算法，不能相互证明。", "E303")
