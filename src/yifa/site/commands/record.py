"""yifa verify, checkpoint, rebuild, export, erase, sweep: what is done to the record as a whole."""

import argparse
import sys
from datetime import date
from pathlib import Path

from django.utils import timezone

from yifa.cases import documents
from yifa.cases.rebuild import compare
from yifa.cases.rebuild import rebuild as rebuilt
from yifa.cases.sweep import sweep as swept
from yifa.ledger import cli as ledger
from yifa.people import Actor
from yifa.site.commands.law import said
from yifa.site.errors import ANSWER_NO, stop
from yifa.site.progress import Progress
from yifa.tables.staging import forget_old
from yifa.texts.lookup import follow

SHOWN = 20


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        stop(f"看不懂日期“{text}”，请写成 2026-02-09 · Write a day as 2026-02-09. [yifa.E725]")


def verify(given: argparse.Namespace) -> int:
    """Has anything been changed?"""
    with Progress("核对台账", "条", quiet=given.quiet) as tell:
        code, text = ledger.verify(full=not given.recent, progress=tell)
    return said(code, text)


def checkpoint(given: argparse.Namespace) -> int:
    """Seal a day."""
    return said(*ledger.checkpoint(_day(given.day)))


def rebuild(given: argparse.Namespace) -> int:
    """The rows again from the ledger; only compared, if so asked."""
    with Progress("依台账重建", "条", quiet=given.quiet) as tell:
        found = compare(tell) if given.compare else rebuilt(tell)
    with Progress("核对搜索索引" if given.compare else "重建搜索索引", "条", quiet=given.quiet) as tell:
        found += follow.compare() if given.compare else follow.rebuild(tell)
    for difference in found[:SHOWN]:
        print(difference)
    if len(found) > SHOWN:
        print(f"……共{len(found):,}处")
    if not found:
        print("各表与台账一致 · The rows agree with the ledger.")
    elif not given.compare:
        print(f"已依台账改正{len(found):,}处 · Written anew from the ledger.")
    return ANSWER_NO if found and given.compare else 0


def export(given: argparse.Namespace) -> int:
    """Write the ledger out, with its proofs and the program that checks them."""
    return said(*ledger.export(Path(given.folder), case=given.case))


def erase(given: argparse.Namespace) -> int:
    """Destroy what is personal in a case. It cannot be taken back, so it is asked."""
    if not given.yes and not _sure(given.case):
        print("没有销毁 · Nothing was erased.", file=sys.stderr)
        return ANSWER_NO
    code, text = ledger.erase(given.case, Actor.system("erase"), given.reason)
    follow.catch_up(None)  # the texts of its files leave the index
    return said(code, text)


def _sure(case: int) -> bool:
    if not sys.stdin.isatty():
        stop(
            "销毁不能撤回；确实要做，请加 --yes · This cannot be taken back; add --yes to do it. [yifa.E726]"
        )
    return input(
        f"案件{case}的个人信息将被销毁，不能撤回。输入案件号确认 · Type the number again: "
    ).strip() == str(case)


def sweep(given: argparse.Namespace) -> int:
    """Take the steps the law takes by itself; uploads nobody came back for are deleted too."""
    today = timezone.localdate()
    day = _day(given.day) or today
    if day > today:
        stop(f"{day} 还没有到 · That day has not come yet. [yifa.E727]")
    forget_old()
    documents.sweep()
    done = swept(day)
    follow.catch_up(None)  # so that the first who searches in the morning does not wait
    for one in done:
        print(f"{one.case}：{one.step} → {one.state}")
    print(f"办理{len(done)}件 · {len(done)} steps taken.")
    return 0
