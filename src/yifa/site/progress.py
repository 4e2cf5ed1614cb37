"""A line on stderr that says how far a long job has come."""

import sys
import time
from typing import Self, TextIO

EVERY = {True: 0.1, False: 5.0}
"""Seconds between two lines: on a terminal the line is rewritten, in a log it is repeated."""


class Progress:
    """`with Progress("核对", "条") as tell: tell(1200)`; `total` adds a percentage."""

    def __init__(
        self, what: str, unit: str, total: int = 0, *, out: TextIO | None = None, quiet: bool = False
    ) -> None:
        self.what, self.unit, self.total, self.quiet = what, unit, total, quiet
        self.out = out or sys.stderr
        self.terminal = self.out.isatty()
        self.begun = time.monotonic()
        self.last, self.told = self.begun, 0

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int) -> None:
        self.told = done
        now = time.monotonic()
        if not self.quiet and now - self.last >= EVERY[self.terminal]:
            self.last = now
            self._write(self.line(now - self.begun))

    def line(self, seconds: float) -> str:
        """依台账核对 1,200 条（40%），3 秒"""
        part = f"（{self.told * 100 // self.total}%）" if self.total else ""
        return f"{self.what} {self.told:,} {self.unit}{part}，{seconds:.0f} 秒"

    def _write(self, text: str) -> None:
        self.out.write(f"\r\x1b[K{text}" if self.terminal else f"{text}\n")
        self.out.flush()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.quiet:
            return
        if kind is None:
            self._write(self.line(time.monotonic() - self.begun))
        if self.terminal:
            self.out.write("\n")
            self.out.flush()
