"""A county's published facts, and what is said about a file that cannot be read."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from yifa.law.folders import library_folder
from yifa.people import CLERK, HEAD, offices, posts
from yifa.people.county import Loaded, load_county, read_county
from yifa.people.mistakes import PeopleError
from yifa.people.roles import ROLES

XINXIAN = library_folder() / "counties" / "xinxian"
TODAY = date(2023, 6, 1)

OFFICES = '[[office]]\ncode = "c"\nname = "某县"\nkind = "county"\n[[office]]\ncode = "o"\nname = "某局"\nparent = "c"\n'
POSTS = '[[post]]\ncode = "{office}.clerk"\neach = ["department"]\ntitle = "经办人"\nroles = ["clerk"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "county.toml").write_text('code = "c"\nname = "某县"\nsince = 2016-01-01\n', "utf-8")
    (tmp_path / "offices.toml").write_text(OFFICES, "utf-8")
    (tmp_path / "posts.toml").write_text(POSTS, "utf-8")
    return tmp_path


@pytest.fixture
def fresh(db: None) -> None:
    offices.forget()
    posts.forget()


# ── Xin County ───────────────────────────────────────────────────────────────


def test_xin_county_has_seventeen_townships_of_which_sixteen_have_a_code() -> None:
    townships = [o for o in read_county(XINXIAN).offices if o.kind == "township"]
    assert len(townships) == 17
    assert sorted(o.area for o in townships if o.area)[0] == "411523001"
    assert len({o.area for o in townships if len(o.area) == 9}) == 16
    assert [o.short for o in townships if not o.area] == ["香山湖管理区"]


def test_what_no_source_confirms_is_marked() -> None:
    told = read_county(XINXIAN).offices
    assert {o.note for o in told} == {"", "U"}
    confirmed = [o.short for o in told if o.kind == "department" and not o.note]
    assert confirmed == [
        "县司法局",
        "县卫健委",
        "县审计局",
        "县市场监管局",
        "县税务局",
    ]  # those the report names
    assert len([o for o in told if o.kind == "department"]) == 35


def test_every_department_and_township_answers_applications() -> None:
    told = read_county(XINXIAN)
    able = Counter(p.office for p in told.posts if "disclosure" in p.families)
    assert able == {o.code: 2 for o in told.offices if o.kind in ("department", "township")}
    assert {r for p in told.posts for r in p.roles} <= ROLES.keys()


def test_codes_and_marks_are_given_once() -> None:
    told = read_county(XINXIAN)
    for values in (
        [o.code for o in told.offices],
        [o.mark for o in told.offices if o.mark],
        [p.code for p in told.posts],
    ):
        assert max(Counter(values).values()) == 1


def test_every_office_of_xin_county_has_an_english_name() -> None:
    told = read_county(XINXIAN)
    assert all(o.name_en for o in told.offices)
    assert all(p.title_en for p in told.posts)


@pytest.mark.usefixtures("fresh")
def test_xin_county_loads_once_and_then_changes_nothing() -> None:
    first = load_county(XINXIAN)
    assert first.offices > 50
    assert first.posts > 100
    assert load_county(XINXIAN) == Loaded(0, 0)
    assert offices.county_name() == "新县"
    assert (
        len(posts.serving("disclosure", CLERK, TODAY)) == len(posts.serving("disclosure", HEAD, TODAY)) == 52
    )
    assert [p.code for p in posts.able("certificate", CLERK, TODAY, "xinxian-market")] == [
        "xinxian-justice.certificate-officer"
    ]


# ── Loading again ────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("fresh")
def test_what_a_file_tells_otherwise_is_recorded_and_the_earlier_row_kept(folder: Path) -> None:
    load_county(folder)
    (folder / "offices.toml").write_text(OFFICES.replace("某局", "某某局"), "utf-8")
    assert load_county(folder) == Loaded(1, 0)
    assert offices.office_name("o") == "某某局"
    assert load_county(folder) == Loaded(0, 0)


@pytest.mark.usefixtures("fresh")
def test_a_change_from_a_day_on_is_a_further_row_of_the_file(folder: Path) -> None:
    later = OFFICES + '[[office]]\ncode = "o"\nname = "新局"\nparent = "c"\nsince = 2023-07-01\n'
    (folder / "offices.toml").write_text(later, "utf-8")
    load_county(folder)
    assert (offices.office_name("o", TODAY), offices.office_name("o")) == ("某局", "新局")
    assert load_county(folder) == Loaded(0, 0)


@pytest.mark.usefixtures("fresh")
def test_an_office_closed_here_is_not_opened_again_by_its_file(folder: Path) -> None:
    load_county(folder)
    offices.close("o", TODAY)
    offices.change("c", TODAY, name="某市")
    assert load_county(folder) == Loaded(0, 0)
    assert [o.name for o in offices.offices(date(2024, 1, 1))] == ["某市"]


@pytest.mark.usefixtures("fresh")
def test_what_begins_later_can_be_left_out(folder: Path) -> None:
    later = OFFICES + '[[office]]\ncode = "n"\nname = "新局"\nparent = "c"\nsince = 2025-01-01\n'
    (folder / "offices.toml").write_text(later, "utf-8")
    load_county(folder, TODAY)
    assert "n" not in offices.tree()


# ── What is wrong with a file ────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "was", "now", "told"),
    [
        ("county.toml", 'name = "某县"', "", "county.toml的 name 应当是一段文字.*E222"),
        ("county.toml", "2016-01-01", '"2016"', "county.toml的 since 应当是一个日期.*E222"),
        ("county.toml", "2016-01-01", "2016-01-01T08:00:00", "county.toml的 since 应当是一个日期.*E222"),
        ("offices.toml", "[[office]]", "[[office", "offices.toml 不是合格的 TOML.*E221"),
        ("offices.toml", "[[office]]", "[[offices]]", "offices.toml写了不认识的“offices”.*E222"),
        ("offices.toml", 'name = "某局"', "", "offices.toml 第2个机关的 name 应当是一段文字.*E222"),
        (
            "offices.toml",
            'name = "某局"',
            "name = 7",
            "offices.toml 第2个机关的 name 应当是一段文字，现在是 7.*E222",
        ),
        (
            "offices.toml",
            'kind = "county"',
            'kind = "planet"',
            "offices.toml 第1个机关的 kind“planet”不存在.*E223",
        ),
        ("offices.toml", 'parent = "c"', 'parent = "z"', "“某局”的上级“z”不存在.*E224"),
        ("offices.toml", 'parent = "c"', 'boss = "c"', "offices.toml 第2个机关写了不认识的“boss”.*E222"),
        (
            "offices.toml",
            'parent = "c"',
            "until = 2015-01-01",
            "offices.toml 第2个机关到2015-01-01为止.*E227",
        ),
        ("posts.toml", "{office}", "", "posts.toml 第1个职务用了 each.*E225"),
        (
            "posts.toml",
            'each = ["department"]',
            'office = "z"',
            "posts.toml 第1个职务所在的机关“z”不在.*E226",
        ),
        (
            "posts.toml",
            'roles = ["clerk"]',
            'roles = ["king"]',
            "posts.toml 第1个职务的 roles“king”不存在.*E223",
        ),
        (
            "posts.toml",
            'roles = ["clerk"]',
            'roles = "clerk"',
            "posts.toml 第1个职务的 roles 应当是一个列表.*E222",
        ),
        (
            "posts.toml",
            'roles = ["clerk"]',
            'scope = "world"',
            "posts.toml 第1个职务的 scope“world”不存在.*E223",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_key(
    folder: Path, file: str, was: str, now: str, told: str
) -> None:
    path = folder / file
    path.write_text(path.read_text("utf-8").replace(was, now), "utf-8")
    with pytest.raises(PeopleError, match=told):
        read_county(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(PeopleError, match=r"没有文件 .*county\.toml.*E220"):
        read_county(folder)
