"""yifa due, yifa law import, audit, citations: what the law floor and the reader of texts answer, printed."""

import argparse
import sys
from datetime import date

from yifa.clock.cli import due as reckoned
from yifa.law.cli import audit as audited
from yifa.law.cli import import_folder as imported
from yifa.texts.citing.cli import citations as cited


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


def citations(given: argparse.Namespace) -> int:
    """Every citation of some texts, resolved or with its reason."""
    return said(*cited(given.path, given.on or date.today(), as_json=given.format == "json"))
