"""The fingerprint names the exact rules a step was taken under: it changes with them, and with nothing else."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yifa.law import statute
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.people import CLERK
from yifa.procedure import Facts, Journal, Procedure, ask, entry, registry
from yifa.site.sheets import markdown

SOURCE = '''\
"""A procedure of everything."""

from datetime import date

from yifa.clock import working_days
from yifa.law import statute
from yifa.people import APPLICANT, CLERK, LAW
from yifa.procedure import (
    START, Balance, Case, Count, Facts, Growth, Outcome, Paper, Period, Procedure, Share, State, Step, Stock, Sum, ask,
)

law = statute("disclosure-regulation")


class Kind(Outcome):
    PERSON = "个人", law(27)
    FIRM = "企业"


class Asked(Facts):
    kind: Kind = ask("类别", law(29))
    wanted: str = ask("所需信息", long=True)
    name: str = ask("姓名", sealed=True)


class Days(Facts):
    days: int = ask("延长天数")


class Fee(Facts):
    fee: int = ask("金额")


class Matter(Procedure):
    """事项"""

    since = law.since

    open = State("在办")
    late = State("搁置")
    done = State("办结", final=True)

    letter = Paper("告知书", law(33), series="告", to=APPLICANT)

    begin = Step("受理", START >> open, law(29), by=CLERK | APPLICANT, asks=Asked, public=True)
    extend = Step("延期", open >> late, law(33), by=CLERK, asks=Days, once=True, reading=True)
    end = Step("办结", (open | late) >> done, law(33), by=CLERK, asks=Fee, gives=letter)
    answer_in = Period("答复期限", working_days(20), law(33), begin, met_by=end, longer_by=extend, reading=True)
    lapse = Step("视为撤回", late >> done, law(30), by=LAW, asks=Facts, after=answer_in, reading=True)

    received = Count("受理件数", of=begin, by="kind", unit="件")
    firms = Count("企业件数", of=begin, where={"kind": Kind.FIRM})
    fees = Sum("收费", of=end, field="fee", unit="元")
    running = Stock("在办件数", within=(open, late))
    rate = Share("按期率", of=end, within=answer_in)
    growth = Growth("增长", of=received)
    flow = Balance("期初+受理−办结=期末", running, plus=(received,), minus=(Count("办结件数", of=(end, lapse)),))


@Matter.begin.requires("不得空白", law(29), reading=True)
def not_empty(case: Case, asked: Asked) -> bool:
    return asked.wanted != ""
'''

MATTERS = [
    ('"""事项"""', '"""事务"""'),
    ("since = law.since", "since = date(2021, 1, 1)"),
    ('"在办"', '"办理中"'),
    ('State("搁置")', 'State("暂停")'),
    ('series="告"', 'series="复"'),
    (", to=APPLICANT)", ")"),
    ("START >> open, law(29)", "START >> open, law(30)"),
    ("by=CLERK | APPLICANT", "by=APPLICANT"),
    ("asks=Asked, public=True", "asks=Asked"),
    ("once=True, reading=True", "reading=True"),
    ("once=True, reading=True", "once=True"),
    (", gives=letter)", ")"),
    ("working_days(20)", "working_days(15)"),
    ("met_by=end, ", ""),
    (", longer_by=extend", ""),
    (
        ", met_by=end, longer_by=extend, reading=True",
        ", met_by=end, longer_by=extend, reading=True, duty=False",
    ),
    ('"个人", law(27)', '"个人"'),
    ('FIRM = "企业"', 'FIRM = "公司"'),
    ('ask("类别", law(29))', 'ask("申请人类别", law(29))'),
    ('ask("姓名", sealed=True)', 'ask("姓名")'),
    ('ask("所需信息", long=True)', 'ask("所需信息", default="", long=True)'),
    ('by="kind", unit="件"', 'unit="件"'),
    ('unit="件")', 'unit="宗")'),
    ('where={"kind": Kind.FIRM}', 'where={"kind": Kind.PERSON}'),
    ('unit="元"', 'unit="万元"'),
    ('Share("按期率", of=end', 'Share("按期率", digits=2, of=end'),
    ('Growth("增长", of=received)', 'Growth("增长", of=firms)'),
    ("plus=(received,)", "plus=(firms,)"),
    ('"不得空白"', '"不能空白"'),
    ("law(29), reading=True)\ndef", "law(30), reading=True)\ndef"),
    ('asked.wanted != ""', "len(asked.wanted) > 3"),
]
DOES_NOT = [
    ('"""A procedure of everything."""', '"""Another word about it."""\n\nIDLE = 1'),
    ("    open = State", "    # the first state\n    open = State"),
    ("from datetime import date", "import datetime\nfrom datetime import date"),
    ("\n\n\nclass Days", "\n\n\n\n\nclass Days"),
    ('(\n    START, Balance', "(START,\n    Balance"),
]  # fmt: skip


def made(folder: Path, source: str) -> type[Procedure]:
    file = folder / "procedure.py"
    file.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location(f"everything_{folder.name}", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    procedure: type[Procedure] = module.Matter
    return procedure


def changed(tmp_path: Path, was: str, now: str) -> tuple[str, str]:
    assert was in SOURCE
    folders = [tmp_path / name for name in ("was", "now")]
    for folder in folders:
        folder.mkdir()
    sources = (SOURCE, SOURCE.replace(was, now, 1))
    before, after = (made(folder, source) for folder, source in zip(folders, sources, strict=True))
    return before.fingerprint(), after.fingerprint()


@pytest.mark.parametrize(("was", "now"), MATTERS)
def test_what_matters_changes_the_fingerprint(tmp_path: Path, was: str, now: str) -> None:
    before, after = changed(tmp_path, was, now)
    assert before != after


@pytest.mark.parametrize(("was", "now"), DOES_NOT)
def test_what_does_not_matter_leaves_it(tmp_path: Path, was: str, now: str) -> None:
    before, after = changed(tmp_path, was, now)
    assert before == after


def test_another_program_with_other_hashes_finds_the_same() -> None:
    code = (
        "from yifa.procedure.registry import use, registry; from yifa.site.matters import matters; use(matters());"
        "print(*(p.fingerprint() for p in registry().families()))"
    )
    env = os.environ | {"PYTHONHASHSEED": "4711"}
    told = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert told.split() == [p.fingerprint() for p in registry().families()]


def test_the_sheet_can_be_read_by_a_lawyer_and_says_what_is_a_reading() -> None:
    text = markdown(Disclosure)
    sheet = Disclosure.sheet()
    for part in ("states", "steps", "papers", "periods", "counts"):
        for word in sheet[part].values():
            assert word["label"] in text
    for step in sheet["steps"].values():
        for demand in step["requires"]:
            assert demand["says"] in text
            assert demand["cite"] in text


def test_a_document_is_another_question_than_a_text() -> None:
    law = statute("disclosure-regulation")

    def asking(**about: Any) -> type[Procedure]:
        class Draft(Facts):
            text: str = ask("送审稿", **about)

        class Review(Journal):
            """审查台账"""

            since = law.since
            note = entry("登记", law(1), by=CLERK, asks=Draft)

        return Review

    a, b = asking(), asking(document=True)
    assert "document" not in a.sheet()["steps"]["note"]["asks"]["text"]
    assert b.sheet()["steps"]["note"]["asks"]["text"]["document"] is True
    assert a.fingerprint() != b.fingerprint()
    assert "送审稿（文件）" in markdown(b)
