"""What `yifa verify`, `checkpoint`, `export` and `erase` do and say: an exit code and a sentence."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from . import checkpoints
from . import export as exporting
from .entries import Acting
from .erase import BASIS
from .erase import erase as destroy
from .verify import Progress
from .verify import verify as examine

Answer = tuple[int, str]


def verify(*, full: bool = True, progress: Progress | None = None) -> Answer:
    verdict = examine(progress, full=full)
    return 0 if verdict.ok else 1, verdict.sentence()


def checkpoint(day: date | None = None) -> Answer:
    """Seal a day; yesterday if none is named, for that is over."""
    made = checkpoints.make(day or timezone.localdate() - timedelta(days=1))
    return 0, f"{made.day}已封存：{made.size:,}条记录，根为{made.root}（{made.algo}）。"


def export(folder: Path, *, case: int | None = None) -> Answer:
    """Write the ledger, or one case of it, with its checkpoints, proofs, and the program that checks them."""
    written = exporting.write(folder, case=case)
    return (
        0,
        f"已导出{written:,}条记录到 {folder}。核验：python3 {folder / 'verify.py'} {folder / 'ledger.jsonl'}",
    )


def erase(case: int, actor: Acting, reason: str, *, basis: str = BASIS) -> Answer:
    done = destroy(case, actor, reason, basis=basis)
    return 0 if done.settled else 1, done.sentence()
