"""A county's plan of its report, and the sentences written by hand."""

from pathlib import Path

import pytest

from yifa.report.plan import PlanError, read_plan
from yifa.report.prose import blocks, same_section


def plan(tmp_path: Path, text: str):
    file = tmp_path / "report.toml"
    file.write_text(text, "utf-8")
    return read_plan(file)


def test_a_number_of_the_report_is_data(tmp_path):
    read = plan(
        tmp_path,
        '[[section]]\nnumber = "二（八）"\ntitle = "透明"\nfigures = { F117 = "disclosure.received" }',
    )
    assert read.number_of("disclosure.received") == "F117"
    assert read.sections[0].inner == "（八）"


def test_a_figure_told_since_a_year_counts_from_its_first_day(tmp_path):
    read = plan(
        tmp_path,
        '[[section]]\nfigures = { F048 = { key = "entity.growth", since = 2022 }, F1 = "entity.newly" }',
    )
    assert str(read.span_of("entity.growth", 2023)) == "2022年1月至2023年12月"
    assert str(read.span_of("entity.newly", 2023)) == "2023年"
    assert str(read.span_of("entity.growth", 2021)) == "2021年", "before that year, the year itself"
    assert read.number_of("entity.growth") == "F048"


@pytest.mark.parametrize("since", ['"2022"', "22", "true"])
def test_a_year_nobody_can_count_from_is_refused(tmp_path, since):
    with pytest.raises(PlanError, match="E568"):
        plan(tmp_path, f'[[section]]\nfigures = {{ F048 = {{ key = "entity.growth", since = {since} }} }}')


def test_a_line_that_names_no_figure_is_refused(tmp_path):
    with pytest.raises(PlanError, match="E569"):
        plan(tmp_path, "[[section]]\nfigures = { F048 = { since = 2022 } }")


def test_a_figure_nobody_declares_is_refused(tmp_path):
    with pytest.raises(PlanError, match="E561"):
        plan(tmp_path, '[[section]]\nfigures = { F001 = "study.nothing" }')


def test_the_same_number_twice_is_refused(tmp_path):
    text = '[[section]]\nfigures = [{ id = "F1", key = "study.collective" }, { id = "F1", key = "study.sessions" }]'
    with pytest.raises(PlanError, match="E562"):
        plan(tmp_path, text)


def test_what_is_not_toml_is_refused_by_name(tmp_path):
    with pytest.raises(PlanError, match="E560"):
        plan(tmp_path, "[[section")


def test_without_a_plan_each_matter_has_its_section(tmp_path):
    read = read_plan(tmp_path / "none.toml")
    assert [s.title for s in read.sections][:1] == ["学法台账"]


def test_headings_paragraphs_and_lists_are_told_apart():
    found = list(blocks("## 一（一）\n\n甲。\n\n- 乙\n- 丙"))
    assert [(b.kind, b.section) for b in found] == [
        ("heading", "一（一）"),
        ("paragraph", "一（一）"),
        ("list", "一（一）"),
    ]


def test_brackets_of_any_width_name_the_same_section():
    assert same_section("一(三)", "一（三）", "加强能力建设")
    assert not same_section("一（一）", "一（三）", "加强能力建设")
