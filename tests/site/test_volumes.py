"""A file of volumes is followed exactly or refused with the key that is wrong."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from yifa.law.folders import library_folder
from yifa.people.county import read_county
from yifa.site.invent.year import read_volumes
from yifa.site.volumes import VolumesError

XINXIAN = library_folder() / "counties" / "xinxian"
FILE = XINXIAN / "years" / "2023.toml"
OFFICES = {o.code: o.name for o in read_county(XINXIAN).offices}


def test_the_year_of_xin_county_can_be_read() -> None:
    volumes = read_volumes(FILE, OFFICES)
    assert volumes.year == 2023
    assert sum(a.n for a in volumes.of["disclosure"]) == 10
    assert all(s.office in OFFICES for s in volumes.of["certificate"].opening)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (r"^year = 2023", 'year = "2023"', r"year 应当是整数.*E734"),
        (r"^year = 2023", "", r"year 没有写.*E732"),
        (r"^year = 2023", "yaer = 2023", r"year 没有写.*E732"),
        (r"^year = 2023", "year = 2023\nextra = 1", r"extra 这里没有这一项，可以写：year、disclosure.*E733"),
        (r"\A", "[", r"不是合格的 TOML.*E731"),
        (
            r"^received = 9",
            "received = 10",
            r"disclosure\.total\.received 写的是 10，本年收到的合计是 9.*E738",
        ),
        (r"^finished = 8", "finished = 7", r"disclosure\.total\.finished 写的是 7，本年办结的合计是 8.*E738"),
        (
            r"^carried_in = 1",
            "carried_in = -1",
            r"disclosure\.total\.carried_in 应当在 0 至 .*现在是 -1.*E734",
        ),
        (r"^issued = 171", "issued = 170", r"certificate\.total\.issued 写的是 170，各机关合计是 171.*E738"),
        (r"^issued = 171", "issued = 171.0", r"certificate\.total\.issued 应当是整数.*E734"),
        (r'received = "2022-12"', 'received = "2022-13"', r"application\[1\]\.received 没有“13”月.*E735"),
        (r'received = "2022-12"', "received = 2022", r"application\[1\]\.received 应当写成“2023-04”.*E735"),
        (r'closed = "2023-01"', 'closed = "2022-11"', r"application\[1\]\.closed 早于收到的月份.*E735"),
        (r'closed = "2023-01"\n', "", r"application\[1\]\.closed 没有写：办结的既写结果.*E732"),
        (r'kind = "自然人"', 'kind = "外星人"', r"application\[1\]\.kind 没有“外星人”这一项.*E737"),
        (r'outcome = "予以公开"', 'outcome = "公开"', r"application\[1\]\.outcome 没有“公开”这一项.*E737"),
        (
            r'course = \["补正"\]\noutcome = "视为放弃"',
            'outcome = "视为放弃"',
            r"\.course “视为放弃”须先告知补正.*E738",
        ),
        (r"late = true", 'late = "yes"', r"application\[4\]\.late 应当是 true 或者 false.*E733"),
        (
            r'office = "xinxian-housing"',
            'office = "xinxian-moon"',
            r"application\[4\]\.office 没有代码为“xinxian-moon”.*E736",
        ),
        (r"^month = 3$", "month = 13", r"study\.session\[1\]\.month 应当在 1 至 12 之间，现在是 13.*E734"),
        (r"^total = 15", "total = 14", r"study\.total 写的是 14，各次学法合计是 15.*E738"),
        (r"^\[study\]$", "[sturdy]", r"sturdy 这里没有这一项|study 没有写"),
        (r'"退休" = 31', '"退休" = 30', r"certificate\.cause 合计是 91，与注销总数不符.*E738"),
        (r'"退休" = 31', '"飞升" = 31', r"certificate\.cause\.飞升 这里没有这一项.*E733"),
        (
            r"xinxian-market = \{ 2018 = 22",
            "xinxian-market = { 1999 = 22",
            r"1999 不是 2017 至 2022 之间的年份.*E735",
        ),
        (
            r"\{ 4 = 1, 9 = 1 \}",
            "{ 4 = 1, 13 = 1 }",
            r"certificate\.suspended\.xinxian-city-management 没有“13”月.*E735",
        ),
        (
            r"^xinxian-transport = \{ 7 = 1 \}$",
            "xinxian-transport = { 5 = 1 }",
            r"returned\.xinxian-transport 5月发还的多于暂扣的.*E738",
        ),
        (
            r"^xinxian-market = \{ 10 = 1 \}",
            "xinxian-police = { 10 = 1 }",
            r"suspended\.xinxian-police 10月暂扣的多于在手的.*E738",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_key(tmp_path: Path, was: str, now: str, told: str) -> None:
    text, changed = re.subn(was, now, FILE.read_text("utf-8"), count=1, flags=re.M)
    assert changed
    file = tmp_path / "年.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(VolumesError, match=told) as wrong:
        read_volumes(file, OFFICES)
    assert str(file) in str(wrong.value)


@pytest.mark.parametrize("matter", ["disclosure", "study", "certificate"])
def test_a_matter_that_is_missing_is_named(tmp_path: Path, matter: str) -> None:
    lines = FILE.read_text("utf-8").splitlines()
    kept, keep = [], True
    for line in lines:
        if line.startswith("["):
            keep = not line.lstrip("[").startswith(matter)
        if keep:
            kept.append(line)
    file = tmp_path / "2023.toml"
    file.write_text("\n".join(kept), "utf-8")
    assert matter not in tomllib.loads(file.read_text("utf-8"))
    with pytest.raises(VolumesError, match=rf"{matter} 没有写.*E732"):
        read_volumes(file, OFFICES)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(VolumesError, match=r"没有数量文件 .*nowhere\.toml.*E730"):
        read_volumes(tmp_path / "nowhere.toml", OFFICES)
