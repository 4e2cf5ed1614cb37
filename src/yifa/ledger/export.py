"""The ledger written out for somebody who does not trust this program: one file, and the program that checks it.

A line is a JSON object of a kind: `ledger` (what the file is), `checkpoint`, `entry`, `inclusion`, `consistency`. Sealed
words are not in it, only the commitments that stand in the bodies.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

from . import checkpoints, entries
from .chain import canonical
from .entries import Entry
from .models import Checkpoint
from .verifier import verifier_script


def write(folder: Path, *, case: int | None = None) -> int:
    """Put ledger.jsonl and verify.py into a folder; how many entries there were is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "verify.py").write_text(verifier_script(), encoding="utf-8")
    with (folder / "ledger.jsonl").open("w", encoding="utf-8", newline="\n") as out:
        return export(out, case=case)


def export(out: TextIO, *, case: int | None = None) -> int:
    """The whole ledger with its checkpoints; or one case with a proof for each of its entries."""
    with entries.snapshot():
        points = checkpoints.every()
        _line(out, "ledger", {"by": "yifa", "format": 1, "whole": case is None, "case": case})
        for point in points:
            _line(out, "checkpoint", _checkpoint(point))
        written = []
        count = 0
        for entry in entries.read(case=case):
            _line(out, "entry", entry._asdict())
            count += 1
            if case is not None:
                written.append(entry)
        for kind, row in _proofs(points, written) if case is not None else ():
            _line(out, kind, row)
    return count


def _proofs(points: list[Checkpoint], written: list[Entry]) -> Iterator[tuple[str, dict[str, Any]]]:
    for old, new in pairwise(points):
        if old.algo == new.algo:
            path = [node.hex() for node in checkpoints.consistency(old, new)]
            days = {"old_day": old.day.isoformat(), "day": new.day.isoformat()}
            yield "consistency", {"path": path, **days}
    covered = points[-1].last_entry if points else 0
    for entry in written:
        if entry.id <= covered:
            p = checkpoints.inclusion(entry.id)
            yield (
                "inclusion",
                {
                    "entry": p.entry,
                    "hash": p.hash,
                    "index": p.index,
                    "path": p.path,
                    "day": p.day.isoformat(),
                },
            )


def _checkpoint(point: Checkpoint) -> dict[str, Any]:
    return {
        "day": point.day.isoformat(),
        "size": point.size,
        "last_entry": point.last_entry,
        "root": point.root,
        "algo": point.algo,
    }


def _line(out: TextIO, kind: str, row: dict[str, Any]) -> None:
    out.write(canonical({"kind": kind, **row}) + "\n")
