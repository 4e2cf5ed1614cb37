"""One contestant in a process of its own: `python -m benchmarks.peers NAME GROUND`, then orders on standard input.

An order is a line of JSON, {"seconds": 0.2, "every": 2, "place": 0, "batch": 1}: act so long, on every second case from
the first on, one to a commit. The answer is a line too: acts, seconds, processor seconds of an act, median and 99th
percentile of one commit in seconds, and how many met a locked database. {"round_trips": true} asks for their number instead.
"""

from __future__ import annotations

import json
import random
import sys
import time
from importlib import import_module
from typing import Any

from .contest import STEPS, Contestant, Ground

CONTESTANTS = {
    "raw": "raw.Raw",
    "disk": "disk.Disk",
    "cte": "cte.Cte",
    "orm": "orm.Orm",
    "fsm": "fsm.Fsm",
    "spiff": "spiff.Spiff",
    "viewflow": "flows.Flows",
    "door": "door.Door",
}


class Walk:
    """Chooses cases by chance, and remembers where each of them stands."""

    def __init__(self, contestant: Contestant) -> None:
        self.contestant = contestant
        self.stands = [0] * (contestant.ground.cases + 1)
        self.chance = random.Random(7)

    def choose(self, every: int, place: int, batch: int) -> list[tuple[int, int]]:
        cases = self.chance.sample(range(1 + place, len(self.stands), every), batch)
        return [(case, self.stands[case]) for case in cases]

    def turn(self, seconds: float, every: int = 1, place: int = 0, batch: int = 1) -> dict[str, Any]:
        took, locked = [], 0
        worked = time.process_time()
        start = now = time.perf_counter()
        while now < start + seconds:
            chosen = self.choose(every, place, batch)
            begun = time.perf_counter()
            try:
                self.commit(chosen)
            except Exception as error:
                if "locked" not in str(error):
                    raise
                locked += 1
            now = time.perf_counter()
            took.append(now - begun)
        worked = time.process_time() - worked
        took.sort()
        acts = (len(took) - locked) * batch
        p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
        cpu = worked / max(acts, 1)
        return {"acts": acts, "seconds": now - start, "cpu": cpu, "p50": p50, "p99": p99, "locked": locked}

    def commit(self, chosen: list[tuple[int, int]]) -> None:
        if len(chosen) == 1:
            self.contestant.act(*chosen[0])
        else:
            self.contestant.acts(chosen)
        for case, n in chosen:
            self.stands[case] = (n + 1) % len(STEPS)


def main() -> int:
    name, ground = sys.argv[1], Ground(**json.loads(sys.argv[2]))
    module, own = CONTESTANTS[name].split(".")
    contestant = getattr(import_module(f"benchmarks.peers.{module}"), own)(ground)
    walk = Walk(contestant)
    print("{}", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if order.pop("round_trips", False):
            answer = {"round_trips": contestant.round_trips(walk.choose(1, 0, 12))}
        else:
            answer = walk.turn(**order)
        print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
