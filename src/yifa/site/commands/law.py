"""yifa due, yifa law import, yifa law audit: the law floor's own answers, printed."""

import argparse
import sys

from yifa.clock.cli import due as reckoned
from yifa.law.cli import audit as audited
from yifa.law.cli import import_folder as imported


def said(code: int, text: str) -> int:
    """Print the answer; what was not understood goes to stderr."""
    print(text, file=sys.stderr if code == 2 else sys.stdout)
    return code


def due(given: argparse.Namespace) -> int:
    """When a period ends, and the sum."""
    code, text = reckoned(given.length, given.start, as_json=given.json, back=given.back)
    return said(code, text)


def import_folder(given: argparse.Namespace) -> int:
    """Keep a folder's statute texts in the home folder."""
    return said(*imported(given.folder))


def audit(given: argparse.Namespace) -> int:
    """Where the texts at hand and the library disagree."""
    return said(*audited())
