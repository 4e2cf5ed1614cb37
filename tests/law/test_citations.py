"""A citation of a place that does not exist does not import."""

from datetime import date

import pytest

from yifa.law import Citation, LawError, statute, statutes
from yifa.law.statutes import _library

law = statute("disclosure-regulation")


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ({"article": 33}, "《政府信息公开条例》第三十三条"),
        ({"article": 33, "para": 2}, "《政府信息公开条例》第三十三条第二款"),
        ({"article": 36, "item": 3}, "《政府信息公开条例》第三十六条第（三）项"),
        ({"article": 29, "item": 1}, "《政府信息公开条例》第二十九条第（一）项"),
        ({"article": 29, "para": 2, "item": 1}, "《政府信息公开条例》第二十九条第二款第（一）项"),
        ({}, "《政府信息公开条例》"),
    ],
)
def test_a_place_is_written_as_officials_write_it(place, written):
    article = place.pop("article", None)
    assert str(law(article, **place)) == written


@pytest.mark.parametrize(
    ("article", "place", "said"),
    [
        (136, {}, "《政府信息公开条例》共56条，没有第一百三十六条 [yifa.E001]"),
        (0, {}, "《政府信息公开条例》共56条，没有第零条 [yifa.E001]"),
        (33, {"para": 4}, "《政府信息公开条例》第三十三条共3款，没有第四款 [yifa.E002]"),
        (33, {"para": 0}, "《政府信息公开条例》第三十三条共3款，没有第零款 [yifa.E002]"),
        (29, {"item": 4}, "《政府信息公开条例》第二十九条共3项，没有第（四）项 [yifa.E003]"),
        (30, {"item": 1}, "《政府信息公开条例》第三十条不分项，没有第（一）项 [yifa.E003]"),
        (
            29,
            {"para": 1, "item": 1},
            "《政府信息公开条例》第二十九条第一款不分项，没有第（一）项 [yifa.E003]",
        ),
        (None, {"para": 1}, "《政府信息公开条例》：引用款、项时要写明第几条 [yifa.E004]"),
    ],
)
def test_a_place_that_does_not_exist_is_refused(article, place, said):
    with pytest.raises(LawError) as refused:
        law(article, **place)
    assert str(refused.value) == said


def test_an_item_must_name_its_paragraph_where_several_have_items():
    law = statute("litigation-law")
    with pytest.raises(LawError) as refused:
        law(74, item=1)
    assert str(refused.value) == (
        "《行政诉讼法》第七十四条的第一款、第二款都分项，引用第（一）项时要写明第几款 [yifa.E004]"
    )
    assert str(law(74, para=2, item=3)) == "《行政诉讼法》第七十四条第二款第（三）项"


def test_a_statute_nobody_entered_is_refused():
    with pytest.raises(LawError, match=r"没有“disclosure” \[yifa\.E005\]"):
        statute("disclosure")


def test_a_statute_of_two_editions_must_be_cited_by_edition():
    with pytest.raises(LawError, match=r"2个版本（2023-09-01、2017-09-01），引用时要写明版本 \[yifa\.E006\]"):
        statute("reconsideration-law")
    with pytest.raises(LawError, match=r"没有2020-01-01版.*\[yifa\.E006\]"):
        statute("reconsideration-law", "2020-01-01")
    old, new = statute("reconsideration-law", "2017-09-01"), statute("reconsideration-law", "2023-09-01")
    assert old != new
    assert old.in_force(date(2023, 12, 31))
    assert not old.in_force(date(2024, 1, 1))
    assert new.in_force(date(2024, 1, 1))


def test_an_edition_is_one_thing_wherever_it_is_asked_for():
    assert law(33).statute == law == statute("disclosure-regulation", "2019-04-03")
    assert hash(law(33).statute) == hash(law)
    assert law(33, para=2) == Citation("disclosure-regulation", "2019-04-03", 33, 2, None)
    assert law.since == date(2019, 5, 15)


def test_what_was_not_read_keeps_its_mark():
    assert law(33, para=2).mark == ""
    assert statute("first-responsibility-rules")(2).mark == ""
    assert statute("first-responsibility-rules")(6).mark == "U"
    assert statute("reconsideration-law", "2017-09-01")(31).mark == "U"
    assert statute("disclosure-fee-rules")().mark == ""
    assert statute("three-systems-opinion")().mark == "U"
    assert statute("civil-code")(1259).mark == "U", "beyond the part whose shape is known"


def test_a_document_without_articles_is_cited_by_its_number():
    assert (
        str(statute("disclosure-fee-rules")()) == "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"
    )
    assert statute("disclosure-fee-rules")().says("处理费") is None


def test_without_a_text_nobody_can_say(no_texts):
    assert law(33, para=2).text is None
    assert law(33, para=2).says("20个工作日") is None


def test_every_edition_in_the_library_holds_together():
    for one in statutes():
        assert one.title
        assert one.until is None or one.since < one.until
        assert one.mark in ("", "P", "S", "U")
        assert one.mark or len(one.shapes) in (one.articles, 204), (
            f"{one.key}: read in full, so every shape is known"
        )
        assert "《" not in one.short, "names inside a name are written 〈〉"
    assert sum(one.mark == "" for one in statutes()) == 56


def test_a_library_written_wrongly_is_refused(monkeypatch, tmp_path):
    entry = '[[statute]]\nkey = "a"\ntitle = "甲法"\nedition = "2020-01-01"\nsince = 2020-01-01\narticles = 1\nshape = "0"\n'
    monkeypatch.setenv("YIFA_LIBRARY", str(tmp_path))
    for wrong, said in [
        ("", "无法读取"),
        ("[[statute", "无法读取"),
        (entry + entry, "登记了两次"),
        (entry.replace('"0"', '"0 0"'), "不合规"),
        (entry.replace('"0"', '"x"'), "写错"),
        (entry.replace("title", "titel"), "写错"),
        (entry + 'mark = "X"\n', "不合规"),
    ]:
        (tmp_path / "statutes.toml").write_text(wrong, "utf-8")
        _library.cache_clear()
        with pytest.raises(LawError, match=rf"{said}.*\[yifa\.E007\]"):
            statutes()
    _library.cache_clear()
