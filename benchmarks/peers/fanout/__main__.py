"""One contestant in a process of its own: `python -m benchmarks.peers.fanout NAME GROUND`, then orders on standard input.

An order is a line of JSON, {"do": "turn", "messages": 1000}: one of the contestant's methods and what it is given. The
answer is a line too, of what was measured.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module

from .contest import Ground
from .workers import GROUND

CONTESTANTS = {
    "yifa": "yifa.Yifa",
    "one": "yifa.YifaOne",
    "celery": "celery_tasks.Celery",
    "huey": "huey_tasks.Huey",
    "procrastinate": "procrastinate_tasks.Procrastinate",
    "django": "django_tasks.DjangoTasks",
}


def main() -> int:
    name, ground = sys.argv[1], Ground(**json.loads(sys.argv[2]))
    os.environ[GROUND] = ground.text()
    module, own = CONTESTANTS[name].split(".")
    contestant = getattr(import_module(f"benchmarks.peers.fanout.{module}"), own)(ground)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that its workers end too
    try:
        print("{}", flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            print(json.dumps(getattr(contestant, order.pop("do"))(**order)), flush=True)
    finally:
        contestant.end()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
