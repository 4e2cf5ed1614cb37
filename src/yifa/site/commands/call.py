"""yifa call."""

import argparse
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.utils import timezone

from yifa.calls import queue
from yifa.calls.collecting import collect
from yifa.calls.lines import FILE, answer_at, read_lines
from yifa.calls.sender import Sender
from yifa.calls.tokens import token
from yifa.cases.store import Store
from yifa.procedure import Lost
from yifa.site.errors import stop

ROUND = 1.0  # seconds from one look to the next


def call(given: argparse.Namespace) -> int:
    """Call whoever is due, hear who answers, move up whoever does not; until told to stop."""
    lines = read_lines(settings.YIFA_HOME, queue.cursors())
    if not lines:
        stop(
            f"这个县还没有接通任何线路：请写 {settings.YIFA_HOME / FILE}，写法见 docs/guides/channels.md · "
            "No lines; write channels.toml in the home. [yifa.E742]"
        )
    name = given.name or f"{socket.gethostname()}-{os.getpid()}"
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, _ending(over))
    with Sender(name, lines, over=over, address=_addresses()) as sender:
        if given.once:
            sender.tick()
            collect(timezone.localdate())
            return 0
        print(f"呼叫程序 {name} 已启动：{'、'.join(lines)}", file=sys.stderr, flush=True)
        while not over.is_set() and not _left_alone(given.beside):
            _round(sender)
            over.wait(ROUND)
    return 0


def _addresses() -> Callable[[int], str] | None:
    """Where each person may answer, if the county said at what address its pages are found."""
    before = answer_at(settings.YIFA_HOME)
    return (lambda calling: before + token(settings.SECRET_KEY, calling)) if before else None


def _left_alone(beside: int | None) -> bool:
    """Whether the site this sender was started by is gone, however it went: the next one brings its own."""
    return beside is not None and os.getppid() != beside


def _ending(over: threading.Event) -> Callable[[int, FrameType | None], None]:
    def end(_: int, __: FrameType | None) -> None:
        over.set()

    return end


def _round(sender: Sender) -> None:
    """A round of the sender, then what is over is entered on the record. A busy database is asked again: what was due is due still."""
    try:
        with Store().contested():
            sender.tick()
        collect(timezone.localdate())
    except Lost:
        print("数据库忙，稍后再试", file=sys.stderr, flush=True)
