"""`make bench`: every measurement in turn, each in a process of its own; at the end, which did not reach its goal.

python -m benchmarks                     all, small
python -m benchmarks --size full ledger  one, in full
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def measurements() -> list[str]:
    """The modules here that can be run."""
    return sorted(
        file.stem for file in HERE.glob("[a-z]*.py") if 'if __name__ == "__main__"' in file.read_text("utf-8")
    )


def main() -> int:
    words = argparse.ArgumentParser(description="Measure, each number beside its peer in the same run.")
    words.add_argument("which", nargs="*", help=f"of: {', '.join(measurements())}; all if none is named")
    words.add_argument("--size", choices=("small", "full"), default="small")
    given = words.parse_args()
    missed = []
    for name in given.which or measurements():
        print(f"\n—— {name} ——", flush=True)
        ran = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--size", given.size], check=False)
        if ran.returncode:
            missed.append(name)
    print(f"\nNot reached: {', '.join(missed)}" if missed else "\nEvery goal was reached.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
