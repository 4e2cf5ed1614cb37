"""Adds up what pytest's runs said, and refuses a test that was skipped without saying why it cannot run there."""

import os
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

AT_HAND = os.environ.get("YIFA_STATUTES")  # without statute texts their tests cannot run, and say so
EXPECTED = re.compile(
    "only on (SQLite|PostgreSQL)|an official document is Chinese" + ("" if AT_HAND else "|YIFA_STATUTES")
)


def main(files: list[str]) -> int:
    passed = failed = 0
    silent = []
    for file in map(Path, files):
        if not file.is_file():
            continue
        for suite in ET.parse(file).getroot().iter("testsuite"):
            total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
            wrong = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            print(
                f"{suite.get('name')}: {total - skipped - wrong} passed, {wrong} failed, {skipped} skipped, {suite.get('time')} s"
            )
            passed, failed = passed + total - skipped - wrong, failed + wrong
            for case in suite.iter("testcase"):
                for skip in case.iter("skipped"):
                    if skip.get("type") != "pytest.xfail" and not EXPECTED.search(skip.get("message", "")):
                        silent.append(
                            f"{suite.get('name')}: {case.get('classname')}.{case.get('name')}: {skip.get('message')}"
                        )
    if silent:
        print("Skipped, and should not have been:", *silent, sep="\n  ")
    if passed + failed:
        print(f"{passed} passed, {failed + len(silent)} failed")
    return 1 if failed or silent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
