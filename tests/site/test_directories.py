"""The invented directories are as many as the volumes say, and no code among them can be anybody's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from stdnum.cn import uscc

from yifa.law.folders import library_folder
from yifa.people.county import read_county
from yifa.site.invent.year import read_volumes, year
from yifa.site.volumes import VolumesError

XINXIAN = library_folder() / "counties" / "xinxian"
FILE = XINXIAN / "years" / "2023.toml"
OFFICES = {o.code: o.name for o in read_county(XINXIAN).offices}


@pytest.fixture(scope="module")
def acts():
    return [
        a
        for a in year(read_volumes(FILE, OFFICES))
        if a.step.family in ("entity", "supervisor", "supervision_item")
    ]


def taken(acts, family: str, step: str, **facts: object) -> int:
    return sum(
        a.step.family == family
        and a.step.key == step
        and all(getattr(a.facts, k) == v for k, v in facts.items())
        for a in acts
    )


def test_as_many_came_and_went_as_the_volumes_say(acts) -> None:
    assert taken(acts, "entity", "enter") == 1154 + 4330 + 300 + 7816
    assert taken(acts, "entity", "leave") == 300
    assert taken(acts, "supervisor", "register") == 1360
    assert taken(acts, "supervisor", "close") == 22
    assert taken(acts, "supervision_item", "publish") == taken(acts, "supervision_item", "cover") == 508


def test_every_code_is_well_formed_different_and_of_no_place(acts) -> None:
    codes = [a.facts.code for a in acts if a.step.key == "enter"]
    assert len(set(codes)) == len(codes)
    assert all(uscc.is_valid(code) and code[2:8] == "000000" for code in codes)


def test_every_name_says_that_it_is_invented(acts) -> None:
    for a in acts:
        told = getattr(a.facts, "name", "") or getattr(a.facts, "holder", "")
        assert not told or "虚构" in told


def test_whoever_leaves_had_come(acts) -> None:
    here: set[str] = set()
    for a in acts:
        if a.step.family == "entity":
            (here.add if a.step.key == "enter" else here.remove)(a.ref)
    assert len(here) == 13_300


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (
            r"^newly = 7816",
            "newly = 7815",
            r"entity\.total\.newly 写的是 7815，各年新登记的合计是 7816.*E738",
        ),
        (r'^"企业" = 3200', '"企业" = 3201', r"entity\.total\.企业 写的是 3201，.*合计是 3200.*E738"),
        (
            r"\[entity\.newly\.2020\]",
            "[entity.newly.2019]",
            r"newly\.2019 不是 2020 至 2023 之间的年份.*E735",
        ),
        (r'^"农民专业合作社" = 300', '"外资企业" = 300', r"外资企业 这里没有这一项.*E733"),
        (r"^total = 1338", "total = 1337", r"supervisor\.total 写的是 1337，.*合计是 1338.*E738"),
        (r"^main_covered = 96", "main_covered = 97", r"main_covered 应当在 0 至 96 之间.*E734"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(tmp_path: Path, was: str, now: str, told: str) -> None:
    text, changed = re.subn(was, now, FILE.read_text("utf-8"), count=1, flags=re.M)
    assert changed
    file = tmp_path / "2023.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(VolumesError, match=told):
        read_volumes(file, OFFICES)
