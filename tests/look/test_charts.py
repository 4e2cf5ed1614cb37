"""Charts are pictures with a name and a description, and carry whatever text they are given unharmed."""

from xml.etree import ElementTree

import pytest
from django.utils import translation

from yifa.look import charts
from yifa.look.charts import Series, Tile

EVIL = "<script>&\"'乡镇"
PAIRS = [("受理", 12.0), (EVIL, 3.0), ("无", 0.0)]
DRAWN = [
    charts.bars(PAIRS, EVIL, "件"),
    charts.columns(PAIRS, EVIL),
    charts.line(["1月", "2月", EVIL], [Series(EVIL, (1, 2, 3)), Series("办结", (3, 2, 1))], EVIL),
    charts.shares(PAIRS, EVIL, "件"),
    charts.stacked(["1月", EVIL], [Series(EVIL, (1, 0)), Series("乙", (2, 2))], EVIL),
    charts.sparkline([1, 5, 2], EVIL),
    charts.tiles([Tile(EVIL, 0, 0, 3), Tile("沙窝镇", 1, 1, 0)], EVIL),
    charts.meter(0.4, EVIL),
]


@pytest.mark.parametrize("picture", DRAWN, ids=lambda p: p.split('class="')[1].split('"')[0])
def test_a_chart_is_well_formed_named_and_described(picture):
    svg = ElementTree.fromstring(picture)
    assert svg.get("role") == "img"
    title, desc = svg[0], svg[1]
    assert (title.tag, title.text) == ("title", EVIL)
    assert desc.tag == "desc"
    assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


@pytest.mark.parametrize("picture", DRAWN, ids=lambda p: p.split('class="')[1].split('"')[0])
def test_a_chart_wraps_no_link_and_carries_no_style_of_its_own(picture):
    tags = {e.tag for e in ElementTree.fromstring(picture).iter()}
    assert not tags & {"a", "script", "style", "foreignObject"}
    assert " style=" not in picture


def test_nothing_to_draw_is_drawn_as_nothing():
    for picture in (
        charts.bars([], "空"),
        charts.line([], [], "空"),
        charts.shares([], "空"),
        charts.tiles([], "空"),
    ):
        assert ElementTree.fromstring(picture).get("role") == "img"


def test_the_description_says_the_numbers():
    assert "受理 12件" in charts.bars(PAIRS, "件数", "件")


def test_a_scale_of_tens_of_thousands_is_written_as_it_is_spoken():
    with translation.override("zh-hans"):
        drawn = charts.columns([("1月", 18_000), ("2月", 3_000)], "信息处理费", "元")
    assert ">2万</text>" in drawn
    assert "1月 18,000元" in drawn, "what is counted stays exact"
