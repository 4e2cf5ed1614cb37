"""A voice reads what is written as people read it."""

import pytest

from yifa.calls.speech.reading import in_words, phones, pieces


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("满意请按1", "满意请按一"), ("2024年", "二零二四年"), ("20个工作日", "二十个工作日"), ("12345", "一二三四五"), ("110", "一百一十"),
        ("1005", "一千零五"), ("1010", "一千零一十"), ("12", "十二"), ("0", "零"), ("05", "零五"), ("3.5%", "百分之三点五"), ("１０", "十"),
    ],
)  # fmt: skip
def test_numbers(written, read):
    assert in_words(written) == read


def test_breaths_end_at_signs_and_are_never_too_long():
    assert list(pieces("您好，请按1。ABC……好！")) == ["您好", "请按一", "好"]
    assert [len(piece) for piece in pieces("长" * 100)] == [40, 40, 20]


def test_sounds_have_the_names_of_the_corpus():
    assert phones("知字女学鱼我") == [
        "sil", "zh", "iii1", "#0", "z", "ii4", "#0", "n", "v3", "#0", "x", "ve2", "#0", "^", "v2", "#0", "^", "uo3", "sil",
    ]  # fmt: skip
