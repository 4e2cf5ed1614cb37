"""The sender of calls beside the site: a process of its own, started again should it fall."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from yifa.calls.lines import FILE

PATIENCE = 10.0  # seconds for a sender to finish its round
AGAIN = 3.0  # seconds before one that fell is started again


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
    while not over.is_set():
        sender = subprocess.Popen([sys.executable, "-m", "yifa.site.cli", "call"])
        while sender.poll() is None and not over.wait(0.5):
            pass
        if sender.poll() is None:
            sender.terminate()
            try:
                sender.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                sender.kill()
            return
        if sender.returncode == 2:  # it was asked wrongly and has said so
            return
        over.wait(AGAIN)
