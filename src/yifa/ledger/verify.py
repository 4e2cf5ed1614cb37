"""Is the ledger what was written? Reads every entry once, and names the first that does not fit.

Checked are: each hash, each link to the entry before, numbers without gaps, the case's own row, every checkpoint's
root, and the sealed facts of every case whose key still exists. What counts here is speed, so that it is done often:
texts stay bytes, digests and links of a batch are compared at once, and only a batch that does not fit is looked into.
"""

from __future__ import annotations

from binascii import hexlify
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from . import boxes, checkpoints, diagnosis, entries
from .chain import ALGORITHMS, GENESIS
from .entries import Raw
from .models import Checkpoint
from .tree import Frontier

Progress = Callable[[int], None]
TELL = 20_000  # entries between two calls of progress
FIRST = GENESIS.encode()


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first place that does not fit, and what is wrong there."""

    entry: int | None
    case: int | None
    seq: int | None
    what: str

    def sentence(self) -> str:
        place = f"第{self.entry}号记录" if self.entry is not None else ""
        if self.case is not None:
            which = f"案件{self.case}" + (f"第{self.seq}条" if self.seq is not None else "")
            place = f"{place}（{which}）" if place else which
        return f"{place}：{self.what}。" if place else f"{self.what}。"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verification found: how much was read, and what was wrong first, if anything."""

    ok: bool
    entries: int
    checkpoints: int
    first_wrong: Wrong | None
    full: bool = True

    def sentence(self) -> str:
        read = f"读了{self.entries:,}条记录，对了{self.checkpoints}个校验点"
        if self.first_wrong is None:
            since = "" if self.full else "（上一校验点以来）"
            return f"台账核验通过{since}：{read}，与写入时一致。"
        return f"台账核验不通过：{self.first_wrong.sentence()}{read}。"


def verify(progress: Progress | None = None, *, full: bool = True) -> Verdict:
    """All entries and all checkpoints; or, not `full`, only what was added since the last checkpoint, and its cases."""
    with entries.snapshot():
        walk = Walk(full=full)
        wrong = walk.through(progress) or walk.ends()
    return Verdict(wrong is None, walk.read, walk.checked, wrong, full)


class Walk:
    """One reading of the ledger in the order of the entries' numbers."""

    def __init__(self, *, full: bool) -> None:
        points = checkpoints.every()
        self.full, self.read, self.checked = full, 0, 0
        self.has_cases = entries.has_cases()
        self.good = (
            None if full or not points else points[-1]
        )  # the last checkpoint that the entries agree with
        self.waiting = deque(points if full else ())
        self.trees = {point.algo: Frontier(point.algo) for point in self.waiting}
        self.after = self.good.last_entry if self.good else 0
        self.last = self.after
        self.heads: dict[int, bytes] = {}
        self.seqs: dict[int, int] = {}

    def through(self, progress: Progress | None) -> Wrong | None:
        told = 0
        for rows in entries.raw(self.after):
            if wrong := self._batch(rows):
                return wrong
            self.read += len(rows)
            self.last = rows[-1][0]
            if progress and self.read - told >= TELL:
                told = self.read
                progress(told)
        if progress:
            progress(self.read)
        return None

    def ends(self) -> Wrong | None:
        """What can only be seen at the end: a checkpoint over more entries than there are, and the cases' own rows."""
        if self.waiting and (wrong := self._as_sealed([], [])):
            return wrong
        if self.waiting:
            return self._not_as_sealed(self.waiting[0], None)
        return self._rows_of_cases() if self.has_cases else None

    def chain(self, rows: Sequence[Raw]) -> tuple[int, list[bytes]]:
        """How many of the rows, from the first, have the right hash and link; and what their hashes should be."""
        _, cases, seqs, algos, prevs, hashes, texts = zip(*rows, strict=True)
        digests = _digests(algos, texts)
        return min(
            _as_hashed(hashes, digests), self._as_linked(rows, cases, seqs, prevs, hashes, texts)
        ), digests

    def _batch(self, rows: Sequence[Raw]) -> Wrong | None:
        if not self.full:
            self._heads_before(rows)
        fits, digests = self.chain(rows)
        opened = None
        if boxes.MARK in b"".join([row[6] for row in rows]):
            opened = boxes.wrong_with([row for row in rows[:fits] if boxes.MARK in row[6]])
        if self.waiting and (wrong := self._as_sealed(rows[:fits], digests[:fits])):
            return wrong
        if opened is not None:
            row = next(row for row in rows if row[0] == opened[0])
            return Wrong(*row[:3], opened[1])
        if fits < len(rows):
            return self._named(rows[fits])
        return None

    def _as_linked(
        self,
        rows: Sequence[Raw],
        cases: Sequence[Any],
        seqs: Sequence[Any],
        prevs: Sequence[bytes],
        hashes: Sequence[bytes],
        texts: Sequence[bytes],
    ) -> int:
        """How many of the rows, from the first, follow the entry before in their case."""
        heads, counts = self.heads, self.seqs
        head_of, count_of = heads.get, counts.get
        for case, seq, prev, hash, text in zip(cases, seqs, prevs, hashes, texts, strict=True):
            if head_of(case, FIRST) == prev and count_of(case, 0) + 1 == seq:
                heads[case] = hash
                counts[case] = seq
            elif not self._linked(rows[n := texts.index(text)]):
                return n
        return len(rows)

    def _heads_before(self, rows: Sequence[Raw]) -> None:
        """The heads of cases that began before this reading did."""
        begun: dict[int, int] = {}
        for _, case, seq, *_ in rows:
            if isinstance(seq, int) and seq > 1 and case not in self.heads:
                begun.setdefault(case, seq - 1)
        self.heads |= (found := entries.hashes([*begun.items()]))
        self.seqs |= {case: begun[case] for case in found}

    def _linked(self, row: Raw) -> bool:
        """The link by look-up: PostgreSQL may give out numbers out of turn."""
        _, case, seq, _, prev, hash, _ = row
        if not isinstance(case, int) or not isinstance(seq, int):
            return False
        before = entries.find(case, seq - 1)
        if prev != (before[5] if before else FIRST if seq == 1 else None):
            return False
        if seq > self.seqs.get(case, 0):
            self.heads[case], self.seqs[case] = hash, seq
        return True

    def _as_sealed(self, rows: Sequence[Raw], digests: Sequence[bytes]) -> Wrong | None:
        """Let the trees grow by these leaves, and compare at every checkpoint on the way."""
        start, have = 0, self.trees[self.waiting[0].algo].size
        while self.waiting and have + len(rows) - start >= self.waiting[0].size:
            point = self.waiting[0]
            stop = start + point.size - have
            self._grow(digests[start:stop])
            start, have = stop, point.size
            root = self.trees[point.algo].root().hex()
            last = rows[stop - 1][0] if stop else self.last
            if (root, last) != (point.root, point.last_entry):
                return self._not_as_sealed(point, root)
            self.good, self.checked = self.waiting.popleft(), self.checked + 1
        if self.waiting:
            self._grow(digests[start:])
        return None

    def _grow(self, digests: Sequence[bytes]) -> None:
        for tree in self.trees.values():
            tree.extend(digests)

    def _not_as_sealed(self, point: Checkpoint, root: str | None) -> Wrong:
        entry, what = diagnosis.of_checkpoint(point, self.good, root)
        case = seq = None
        with connection.cursor() as cursor:
            cursor.execute("SELECT case_id, seq FROM ledger_entry WHERE id = %s", [entry])
            if row := cursor.fetchone():
                case, seq = row
        return Wrong(entry, case, seq, what)

    def _named(self, row: Raw) -> Wrong:
        return Wrong(row[0], row[1], row[2], diagnosis.of_entry(row))

    def _rows_of_cases(self) -> Wrong | None:
        """Does the row of each case say what its last entry says?"""
        cases = self._cases()
        if strange := self.seqs.keys() - {id for id, _, _ in cases}:
            return self._without_row(min(strange))
        for id, seq, head in cases:
            have = self.seqs.get(id, 0)
            if have == seq and self.heads[id] == head.encode():
                continue
            last = entries.find(id, have)
            entry = last[0] if last else None
            if have < seq:
                return Wrong(
                    entry, id, have + 1, f"缺少记录：案件表所记末条为第{seq}条，台账中缺第{have + 1}条"
                )
            return Wrong(
                entry, id, have, "案件表所记的末条与台账不符；如记录无误，可用 yifa rebuild 重建案件表"
            )
        return None

    def _cases(self) -> list[tuple[int, int, str]]:
        if self.full:
            return _fetched("SELECT id, seq, head FROM cases_case ORDER BY id", [])
        ids, found = sorted(self.seqs), []
        for at in range(0, len(ids), 500):
            some = ids[at : at + 500]
            marks = ", ".join(["%s"] * len(some))
            found += _fetched(f"SELECT id, seq, head FROM cases_case WHERE id IN ({marks}) ORDER BY id", some)
        return found

    def _without_row(self, case: int) -> Wrong:
        first = entries.find(case, 1)
        if first and (renamed := diagnosis.renamed(first)):
            return Wrong(first[0], case, 1, renamed)
        return Wrong(
            first[0] if first else None, case, 1, "台账中有此案，案件表中没有；可用 yifa rebuild 重建案件表"
        )


def _fetched(sql: str, params: Sequence[int]) -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[int, int, str]] = cursor.fetchall()
    return rows


def _digests(algos: Sequence[bytes], texts: Sequence[bytes]) -> list[bytes]:
    """What each entry's hash should be. An unknown algorithm has none."""
    if len(set(algos)) == 1 and (H := ALGORITHMS.get(_name(algos[0]))):
        return [H(text).digest() for text in texts]
    names = map(_name, algos)
    return [
        ALGORITHMS[name](text).digest() if name in ALGORITHMS else b""
        for name, text in zip(names, texts, strict=True)
    ]


def _name(algo: bytes) -> str:
    return algo.decode("ascii", "replace")


def _as_hashed(hashes: Sequence[bytes], digests: Sequence[bytes]) -> int:
    """How many entries, from the first, have the hash that they should."""
    if hexlify(b"".join(digests)) == b"".join(hashes) and max(map(len, hashes)) == len(FIRST):
        return len(hashes)
    pairs = zip(digests, hashes, strict=True)
    return next(n for n, (digest, hash) in enumerate(pairs) if digest.hex().encode() != hash)
