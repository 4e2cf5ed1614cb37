"""A small county, and workbooks as officials make them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from yifa.people.actor import Actor
from yifa.procedure import Procedure
from yifa.tables.headings import Vocabulary, vocabulary

COMMITTEE, GOVERNMENT, JUSTICE = "xinxian-party-committee", "xinxian-gov-office", "xinxian-justice"


@pytest.fixture
def county(db: None) -> None:
    from yifa.people import offices, posts

    offices.forget()
    posts.forget()
    for code, name, short, mark in (
        (COMMITTEE, "中共新县县委办公室", "县委办", "新办"),
        (GOVERNMENT, "新县人民政府办公室", "县政府办", "新政办"),
        (JUSTICE, "新县司法局", "司法局", "新司"),
    ):
        offices.found(code, date(2010, 1, 1), name=name, short=short, kind="department", mark=mark)


def actor(office: str, *roles: str, scope: frozenset[str] | str | None = "own", person: int = 7) -> Actor:
    reach = frozenset({office}) if scope == "own" else scope
    return Actor(person, "李某", f"{office}.{roles[0]}", office, frozenset(roles), reach, "经办人")  # type: ignore[arg-type]


@pytest.fixture
def clerk() -> Actor:
    return actor(GOVERNMENT, "clerk")


@pytest.fixture
def registrar() -> Actor:
    """A clerk who records for every office of the county."""
    return actor(JUSTICE, "clerk", scope=None)


def workbook(
    rows: Iterable[Sequence[Any]] = (),
    *,
    name: str = "Sheet1",
    merged: Sequence[str] = (),
    more: Callable[[openpyxl.Workbook, Worksheet], None] | None = None,
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    if more:
        more(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def words_of(procedure: type[Procedure], step: str) -> Vocabulary:
    return vocabulary(procedure, procedure.steps[step])


STUDY_HEADING = ("序号", "时间", "主体", "形式", "学习内容", "主持人", "参加人数（人）", "备注")


def study_workbook() -> bytes:
    """A 学法台账 as it comes from an office: title, odd dates, a total, notes, and four wrong rows."""
    return workbook(
        [
            ("新县2023年领导干部学法台账",),
            ("填报单位：县委依法治县办", "", "", "", "", "", "2023年12月"),
            STUDY_HEADING,
            (1, "2023年1月6日", "县委常委会", "会前学法", "中华人民共和国宪法", "张某", "32人", ""),
            (2, date(2023, 2, 10), "县政府常务会议", "会前学法", "行政处罚法", "李某", 28, ""),
            (3, "2023.3.9", "县委理论学习中心组", "中心组集体学习", "民法典", "张某", "三十五", ""),
            (4, "2023年2月30日", "县委常委会", "会前学法", "行政许可法", "张某", 30, "日期写错"),
            (5, "二〇二三年五月十二日", "县政府党组", "专题学习", "优化营商环境条例", "李某", "２６", ""),
            (),
            (6, "20230616", "县委全面依法治县委员会", "专题学习", "习近平法治思想", "张某", 41, ""),
            (7, "2023/7/7", "县政府常务会", "会前学法", "行政复议法", "李某", 29, "主体写错"),
            (8, "", "县政府常务会议", "会前学法", "信访工作条例", "李某", 27, "没有日期"),
            (9, "2023-09-08", "县委常委会", "会前学法", "安全生产法", "张某", "约30人", "人数不确切"),
            (10, 45219, "县委常委会", "会前学法", "法治宣传教育法（草案）", "张某", "1,032", ""),
            ("合计", "", "", "", "10期", "", 300, ""),
            ("注：参加人数以签到表为准。",),
            ("填表人：王某", "", "", "审核人：赵某"),
        ],
        name="2023年学法",
        merged=("A1:H1", "A2:F2"),
    )


DISCLOSURE_TOP = ("序号", "收到日期", "申请人", "", "", "", "申请内容", "承办单位", "答复", "", "", "")
DISCLOSURE_LEAVES = (
    "", "", "类型", "姓名或名称", "证件号码", "联系电话", "", "", "日期", "类型", "理由", "提供的信息或者获取的途径",
)  # fmt: skip
DISCLOSURE_MERGES = ("A1:L1", "A2:A3", "B2:B3", "C2:F2", "G2:G3", "H2:H3", "I2:L2")


def disclosure_workbook() -> bytes:
    """A disclosure register with a heading of two rows; answers stand in the same row as applications."""
    own, other = "县政府办", "新县司法局"
    return workbook(
        [
            ("新县政府信息公开申请登记簿（2023年）",),
            DISCLOSURE_TOP,
            DISCLOSURE_LEAVES,
            (1, "2023年3月6日", "自然人", "王某甲", "411523199001010011", "13900000001", "2022年村级公路预算", own,
             "2023年3月20日", "予以公开", "", "预算表一份"),
            (2, "2023年3月7日", "自然人", "王某乙", "411523199001010022", "13900000002", "征地补偿标准", own,
             "2023年4月3日", "信息不存在", "", ""),
            (3, "2023年3月8日", "商业企业", "某公司", "91411523MA00000001", "13900000003", "某招标会议纪要", own,
             "2023年3月28日", "属于三类内部事务信息", "", ""),
            (4, "2023年3月9日", "自然人", "王某丙", "411523199001010033", "13900000004", "低保名单", other, "", "", "", ""),
            (5, "2023年3月10日", "自然人", "王某丁", "411523199001010044", "13900000005", "财政决算", own,
             "", "予以公开", "", "见网站"),
            (6, "2023年3月13日", "个人", "王某戊", "411523199001010055", "13900000006", "拆迁公告", own, "", "", "", ""),
            (7, "2023年3月14日", "自然人", "王某己", 411523199001010066, "13900000007", "规划图", own, "", "", "", ""),
            (8, "2023年3月15日", "自然人", "王某庚", "411523199001010077", "13900000008", "学校招生方案", "新县某某局", "", "", "", ""),
        ],
        name="登记簿",
        merged=DISCLOSURE_MERGES,
    )  # fmt: skip
