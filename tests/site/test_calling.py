"""The sender beside the site: started again when it falls, ever more slowly where it falls at once, gone when the site is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from yifa.calls.lines import simulate
from yifa.site import calling

ROOT = Path(__file__).parents[2]


class Over:
    """Notes how long was waited, and is set after so many times."""

    def __init__(self, times: int) -> None:
        self.left, self.waits = times, list[float]()

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return self.is_set()

    def is_set(self) -> bool:
        return len(self.waits) >= self.left


def watched(monkeypatch: pytest.MonkeyPatch, code: int, times: int, ran: float = 0.0) -> list[float]:
    """How long each time until the next, when every sender ends so after so long."""
    clock = [0.0]

    def one(_: Any) -> int:
        clock[0] += ran
        return code

    monkeypatch.setattr(calling, "_one", one)
    monkeypatch.setattr(calling.time, "monotonic", lambda: clock[0])
    over: Any = Over(times)
    calling._watch(over)
    found: list[float] = over.waits
    return found


def test_a_sender_that_falls_at_every_start_is_started_ever_more_slowly_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert watched(monkeypatch, 1, 7) == [3, 6, 12, 24, 48, 60, 60]
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 7
    assert "呼叫程序退出了（代码 1），3 秒后重新启动" in said[0]
    assert "[yifa.E743]" in said[0]


def test_one_that_ran_for_a_while_is_started_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watched(monkeypatch, 1, 3, ran=calling.STEADY) == [3, 3, 3]


def test_one_that_was_asked_wrongly_is_tried_again_when_somebody_may_have_put_it_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert watched(monkeypatch, calling.WRONG, 2) == [60, 60]


# ── The real one ─────────────────────────────────────────────────────────────


@pytest.fixture
def home(tmp_path: Path) -> Path:
    simulate(tmp_path)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIFA_", "DJANGO_", "PYTEST"))}
    return {**kept, "YIFA_HOME": str(home), "PYTHONPATH": os.pathsep.join([str(ROOT / "src")])}


def yifa(home: Path, *words: str, **how: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "yifa.site.cli", *words]
    return subprocess.Popen(command, env=environment(home), stderr=subprocess.PIPE, text=True, **how)


def made(home: Path) -> None:
    setup = yifa(home, "setup", stdout=subprocess.DEVNULL)
    assert setup.wait(120) == 0, setup.stderr


def started(sender: subprocess.Popen[str]) -> None:
    assert sender.stderr
    while "已启动" not in (line := sender.stderr.readline()):
        assert line, "it ended"


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_a_sender_ends_well(home: Path, sign: signal.Signals) -> None:
    made(home)
    sender = yifa(home, "call")
    started(sender)
    sender.send_signal(sign)
    _, said = sender.communicate(timeout=30)
    assert (sender.returncode, said) == (0, "")


@pytest.mark.slow
def test_a_sender_ends_when_the_site_beside_it_was_killed(home: Path) -> None:
    made(home)
    site = "import subprocess, sys, os\nsubprocess.Popen([sys.executable, '-m', 'yifa.site.cli', 'call', '--beside', str(os.getpid())]).wait()"
    process = subprocess.Popen(
        [sys.executable, "-c", site], env=environment(home), stderr=subprocess.PIPE, text=True
    )
    started(process)
    process.kill()
    before = time.monotonic()
    assert process.stderr
    process.stderr.read()  # until the last who could write there is gone
    assert time.monotonic() - before < 30
    process.communicate()


@pytest.mark.slow
def test_without_its_tables_it_says_so_and_ends(home: Path) -> None:
    sender = yifa(home, "call")
    _, said = sender.communicate(timeout=60)
    assert sender.returncode == calling.WRONG
    assert "[yifa.E714]" in said
