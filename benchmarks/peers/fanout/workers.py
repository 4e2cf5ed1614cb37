"""Worker processes of a contestant: its ground stands in the environment; they are killed with all their children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field

from .contest import Ground

GROUND = "YIFA_BENCH_GROUND"


def ground() -> Ground:
    """The ground of this process, a worker or who started it."""
    return Ground(**json.loads(os.environ[GROUND]))


@dataclass
class Workers:
    """Each leads a process group of its own, so that nobody outlives the benchmark."""

    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> None:
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, *words]
        # Their chatter goes to where errors go: standard output carries the answers.
        self.running.append(
            subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True
            )
        )

    def sleep(self) -> None:
        """So that they take nothing from others in their turn."""
        self._all(signal.SIGSTOP)

    def wake(self) -> None:
        self._all(signal.SIGCONT)

    def _all(self, what: signal.Signals) -> None:
        for one in self.running:
            if one.poll() is not None:
                raise RuntimeError(f"a worker broke: {one.args!r}")
            os.killpg(one.pid, what)

    def end(self) -> None:
        for one in self.running:
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()
