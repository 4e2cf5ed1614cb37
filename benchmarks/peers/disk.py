"""The limit of durability: one write of 8 kB into a file that is already that long, and `fdatasync`."""

from __future__ import annotations

import os

from .contest import Contestant, Ground

PAGES, BLOCK = 512, b"\x55" * 8192
sync = getattr(os, "fdatasync", os.fsync)


class Disk(Contestant):
    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.handle = os.open(ground.file, os.O_RDWR | os.O_CREAT)
        os.write(self.handle, BLOCK * PAGES)
        os.fsync(self.handle)
        self.at = 0

    def act(self, case: int, n: int) -> None:
        os.pwrite(self.handle, BLOCK, self.at * len(BLOCK))
        self.at = (self.at + 1) % PAGES
        sync(self.handle)
