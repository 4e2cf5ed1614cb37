"""yifa draw verify, yifa draw script."""

import argparse

from yifa.draws import cli
from yifa.site.commands.law import said


def verify(given: argparse.Namespace) -> int:
    """Run a published draw again."""
    return said(*cli.check(given.file, given.published or "", given.name or ""))


def script(given: argparse.Namespace) -> int:
    """The program for those who would rather not trust ours."""
    return said(*cli.script(given.folder))
