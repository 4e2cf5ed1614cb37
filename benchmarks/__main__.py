"""`make bench`: every measurement in turn, each in a process of its own; at the end, which goals were not reached.

python -m benchmarks                     all, small
python -m benchmarks --size full ledger  one, in full

Exits with 0 when every goal was reached, or missed by no more than noise; with 1 when one was not reached (a busy
machine may do that by itself); with 2 when a measurement broke: it crashed, or found something untrue.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.harness import CODES, LEFT_OUT, MISSED, NOISE

HERE = Path(__file__).parent
WELL, SHORT, BROKEN = 0, 1, 2


def measurements() -> list[str]:
    """The modules here that can be run."""
    return sorted(
        file.stem for file in HERE.glob("[a-z]*.py") if 'if __name__ == "__main__"' in file.read_text("utf-8")
    )


def run(name: str, size: str) -> tuple[int, list[str]]:
    """Its exit code, and the lines of its report that are not plainly good."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--size", size]
    noted = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            if line.rstrip().endswith((NOISE, MISSED)) or line.strip().startswith(LEFT_OUT):
                noted.append(line.rstrip())
    return running.returncode, noted


def main() -> int:
    words = argparse.ArgumentParser(description="Measure, each number beside its peer in the same run.")
    words.add_argument("which", nargs="*", help=f"of: {', '.join(measurements())}; all if none is named")
    words.add_argument("--size", choices=("small", "full"), default="small")
    given = words.parse_args()
    codes: dict[str, int] = {}
    noted: list[str] = []
    for name in given.which or measurements():
        print(f"\n—— {name} ——", flush=True)
        codes[name], lines = run(name, given.size)
        noted += lines
    broken = [name for name, code in codes.items() if code not in CODES.values()]
    if noted:
        print("\nNot plainly reached:", *noted, sep="\n")
    elif not broken:
        print("\nEvery goal was reached.")
    if broken:
        print(f"\nBroke: {', '.join(broken)}")
        return BROKEN
    return SHORT if CODES[MISSED] in codes.values() else WELL


if __name__ == "__main__":
    sys.exit(main())
