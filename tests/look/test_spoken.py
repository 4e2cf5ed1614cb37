"""What stays Chinese on an English page is marked; dates and quantities are said in English."""

import pytest
from django.utils import translation
from markupsafe import Markup

from yifa.clock import months, working_days
from yifa.look.spoken import figure, long, spoken
from yifa.procedure import told


@pytest.fixture(autouse=True)
def in_chinese():
    """A request of another test may have left its language behind."""
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023年3月5日", "5 Mar 2023"),
        ("截至2023年12月31日", "as of 31 Dec 2023"),
        ("2023年", "2023"),
        ("25人", "25 persons"),
        ("1,404个", "1,404"),
        ("1.5万", "1.5 × 10,000"),
        ("是", "Yes"),
        ("plain & simple", "plain &amp; simple"),
        ("新政办〔2023〕1号", '<span lang="zh-CN">新政办〔2023〕1号</span>'),
        ("<b>王某", '&lt;b&gt;<span lang="zh-CN">王某</span>'),
        ("Under 《条例》第 3 条 it is <7.", 'Under <span lang="zh-CN">《条例》第 3 条</span> it is &lt;7.'),
        (None, ""),
    ],
)
def test_a_records_words_in_english_or_marked_as_chinese(text, said):
    with translation.override("en"):
        assert spoken(text) == said


def test_in_chinese_a_text_stays_as_it_is_and_is_escaped_once():
    assert spoken("25人") == "25人"
    assert spoken("<b>") == "&lt;b&gt;"
    assert spoken(Markup("<i>已经写好</i>")) == "<i>已经写好</i>"


def test_a_digest_takes_little_room_and_is_there_whole():
    digest = "87b838f7" * 8
    assert spoken(digest) == f'<span class="digest" title="{digest}">{digest}</span>'
    assert spoken(digest[:-1]) == digest[:-1]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("11次", "11 times"), ("510余场", "over 510 sessions"), ("99.9%", "99.9%"), ("+8件", "+8 cases"),
        ("−0.5个百分点", "−0.5 percentage points"), ("不适用", "not applicable"), ("持平", "unchanged"),
        ("58份", "58"), ("尚缺24份报告", "24 reports lacking"), ("3起", "3"),
    ],
)  # fmt: skip
def test_a_figure_keeps_its_unit_in_english(written, said):
    assert figure(written) == written
    with translation.override("en"):
        assert figure(written) == said


def test_a_period_says_how_long_it_is():
    assert [long(working_days(20)), long(told("until"))] == ["20个工作日", "由机关在文书中写明"]
    with translation.override("en"):
        assert [long(months(1)), long(told("until"))] == ["1 month", "named by the office in its notice"]
