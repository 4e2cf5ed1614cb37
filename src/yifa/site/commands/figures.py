"""yifa import, yifa report: workbooks in, figures out."""

import argparse
import sys
from pathlib import Path

from yifa.report.cli import report as reported
from yifa.site.commands.law import said
from yifa.site.errors import stop
from yifa.site.progress import Progress
from yifa.tables.cli import import_file as imported


def import_file(given: argparse.Namespace) -> int:
    """Take a workbook in, or only look at it."""
    with Progress("读入", "行", quiet=not sys.stderr.isatty()) as tell:
        code, text = imported(
            given.file,
            given.procedure,
            given.by or "",
            office=given.office or "",
            dry_run=given.dry_run,
            again=given.again,
            year=given.year,
            sheet=given.sheet,
            refused_to=given.refused_to,
            progress=tell,
        )
    return said(code, text)


def report(given: argparse.Namespace) -> int:
    """The figures of a year, as a page or as data."""
    text = reported(given.year, given.format)
    if not given.out:
        sys.stdout.write(text)
        return 0
    out = Path(given.out)
    if not out.parent.is_dir():
        stop(f"没有文件夹 {out.parent} · There is no such folder. [yifa.E724]")
    out.write_text(text, "utf-8")
    return 0
