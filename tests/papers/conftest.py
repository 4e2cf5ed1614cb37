"""Two papers that hold everything a paper may hold, and eyes to read a PDF with."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from yifa.papers.document import Document, Heading, Item, Paragraph, Run, Table


@dataclass(frozen=True)
class Word:
    page: int
    left: float
    top: float
    right: float
    text: str


def run_(text: str) -> tuple[Run, ...]:
    return (Run(text),)


@pytest.fixture
def letter() -> Document:
    """A 信函 to a citizen."""
    return Document(
        title="政府信息公开告知书",
        issuer="新县人民政府办公室",
        number="新政办信公开〔2023〕5号",
        addressee="王某",
        blocks=(
            Paragraph(
                run_("你提交的政府信息公开申请，本机关已于2023年1月3日收到。浉河、喆、堃、昇四处均已核对。")
            ),
            Paragraph((Run("经审查，"), Run("予以公开", strong=True), Run("。"))),
        ),
        signature="新县人民政府办公室",
        on=date(2023, 1, 30),
        note="联系方式：0376-0000000",
    )


@pytest.fixture
def document() -> Document:
    """A 文件 with every element of GB/T 9704."""
    return Document(
        form="document",
        title="新县人民政府关于进一步规范行政检查行为的通知",
        issuer="新县人民政府",
        number="新政〔2026〕12号",
        addressee="各乡镇人民政府，县政府有关部门",
        blocks=(
            Paragraph(run_("现就有关事项通知如下。")),
            Heading(1, "一、", run_("严格检查主体")),
            Heading(2, "（一）", run_("公告检查主体")),
            Paragraph((Run("县司法局应当于"), Run("12月31日前", strong=True), Run("公告。"))),
            Item("1.", run_("清理检查事项。")),
            Table(
                "clr",
                (run_("序号"), run_("单位"), run_("次数")),
                tuple((run_(str(n)), run_(f"新县第{n}局"), run_(str(n * 37))) for n in range(1, 4)),
            ),
            Paragraph(run_("执行情况于年底前报县司法局。")),
        ),
        attachments=("行政检查事项清单", "行政检查标准"),
        signature="新县人民政府",
        on=date(2026, 3, 5),
        note="此件公开发布",
        copy_to=("县委各部门", "县人民法院"),
        printed_by="新县人民政府办公室",
        copy_number="000001",
        secrecy="机密★1年",
        urgency="特急",
    )


@pytest.fixture(scope="session")
def words() -> Callable[[bytes], list[Word]]:
    """Every word of a PDF with its place in points, as poppler reads it."""
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed: no second program to read the PDF with")

    def read(pdf: bytes) -> list[Word]:
        page, found = 0, []
        shown = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
        for line in shown.splitlines():
            if "<page " in line:
                page += 1
            if at := re.search(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax=".*?">(.*?)</word>', line):
                left, top, right = map(float, at.groups()[:3])
                found.append(Word(page, left, top, right, at[4]))
        return found

    return read


@pytest.fixture(scope="session")
def text() -> Callable[[bytes], str]:
    """The text of a PDF without blanks, pages parted by a form feed."""
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed: no second program to read the PDF with")

    def read(pdf: bytes) -> str:
        shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout
        return re.sub("[^\\S\f]+|\u200b", "", shown.decode())

    return read
