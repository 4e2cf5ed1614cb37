"""The sender of calls beside the site: a process of its own, started again should it fall, gone when the site is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from yifa.calls.lines import FILE

PATIENCE = 10.0  # seconds for a sender to finish its round
AGAIN, MOST = 3.0, 60.0  # seconds before one that fell is started again: first, and at most
STEADY = 60.0  # seconds a sender has run after which its fall is a new one
WRONG = 2  # how a command ends that was asked wrongly: at once again would be no better


@contextmanager
def calling(wanted: bool) -> Iterator[None]:
    """Run a sender while the site runs; none where nobody wants one, or where there are no lines."""
    if not wanted or not (settings.YIFA_HOME / FILE).exists():
        yield
        return
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(over,), name="calling", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join(PATIENCE + 1)


def _watch(over: threading.Event) -> None:
    """One sender after the other; each that falls soon is waited for twice as long as the one before."""
    wait = AGAIN
    while not over.is_set():
        begun = time.monotonic()
        code = _one(over)
        if code is None:
            return
        wait = _wait(wait, code, time.monotonic() - begun)
        print(
            f"呼叫程序退出了（代码 {code}），{wait:.0f} 秒后重新启动；在此之前没有人被呼叫 · "
            f"The sender ended with code {code}; nobody is called until it is started again in {wait:.0f} s. [yifa.E743]",
            file=sys.stderr,
            flush=True,
        )
        over.wait(wait)
        wait *= 2


def _wait(wait: float, code: int, ran: float) -> float:
    """How long until the next: `wait` as it has grown, unless the fall is a new one, or nothing will be better soon."""
    return MOST if code == WRONG else AGAIN if ran >= STEADY else min(wait, MOST)


def _one(over: threading.Event) -> int | None:
    """Run a sender until it falls, and say how; None when the site is over."""
    command = [sys.executable, "-m", "yifa.site.cli", "call", "--beside", str(os.getpid())]
    sender = subprocess.Popen(command)
    while sender.poll() is None and not over.wait(0.5):
        pass
    if sender.poll() is None:
        sender.terminate()
        try:
            sender.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            sender.kill()
            sender.wait()
    return None if over.is_set() else sender.returncode
