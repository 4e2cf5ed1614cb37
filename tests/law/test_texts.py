"""Texts are read strictly: a bad one is named with its line, never half used."""

import sqlite3

import pytest

from yifa.law import statute, texts
from yifa.law.texts import BadText, parse, read_file


def test_paragraphs_and_items_are_told_apart(small):
    second = parse(small).articles[2]
    assert second.shape == (0, 2, 0)
    assert (
        second.text()
        == "第一款。\n第二款应当包括下列内容：\n（一）其一，20 个工作日；\n（二）其二。\n末款：自收到之日起十五日内。"
    )
    assert second.text(2) == "第二款应当包括下列内容：\n（一）其一，20 个工作日；\n（二）其二。"
    assert second.text(2, 2) == "（二）其二。"
    assert second.text(3) == "末款：自收到之日起十五日内。"
    assert second.text(4) is None


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (("# 中华", "中华"), 1, "第一行应当是"),
        (("- version: 2019-04-03\n", ""), 0, "不知道是哪一个版本"),
        (("**第二条**", "**第三条**"), 11, "条文不连续：这里应当是第二条，却是第三条"),
        (("**第三条**", "**第二条**"), 19, "第二条重复，第11行已经有一条"),
        (("**第三条**", "**第二条之一**"), 19, "第二条之一：还不能识别"),
        (("**第三条**", "**第三十十条**"), 19, "第三十十条的序号读不懂"),
        (("**第三条**", "第三条"), 0, "文件头写明共3条，实际只有2条"),
        (("末款：", "第三条 末款："), 15, "像是新的一条"),
        (("本条例自2019年5月15日起施行。", ""), 19, "第三条没有内容"),
        (("articles: 3", "articles: 4"), 0, "共4条，实际只有3条"),
    ],
)
def test_a_bad_text_is_named_with_its_line(small, change, line, what):
    with pytest.raises(BadText, match=what) as bad:
        parse(small.replace(*change))
    assert bad.value.line == line


@pytest.mark.parametrize("content", ["", "\n \n", "# 只有标题\n- version: 2020-01-01\n"])
def test_an_empty_text_is_refused(content):
    with pytest.raises(BadText, match=r"空的|没有找到任何条文"):
        parse(content)


def test_items_out_of_order_are_a_doubt_and_no_refusal(small):
    text = parse(small.replace("（二）其二", "（三）其二"))
    assert text.doubts == ((11, "第二条的项不连续：应当是（二），却是（三）"),)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (lambda s: s.encode("gb18030"), "第1行：不是UTF-8编码（看起来是GBK）"),
        (lambda s: s.encode("utf-16"), "第1行：不是UTF-8编码（看起来是UTF-16）"),
        (lambda s: s.encode() + b"\xff\xff", "第20行：不是UTF-8编码，请另存为UTF-8后再导入"),
        (lambda s: s.replace("末款", "\0").encode(), "第15行：含有空字符"),
        (lambda s: s.encode() + b" " * texts.LARGEST, "不像一部法规"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path, small, data, what):
    path = tmp_path / "a.md"
    path.write_bytes(data(small))
    with pytest.raises(BadText) as bad:
        read_file(path)
    assert what in str(bad.value)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    with pytest.raises(BadText, match="文件打不开"):
        read_file(tmp_path / "nowhere.md")


def test_windows_files_are_read_too(tmp_path, small):
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + small.replace("\n", "\r\n").encode())
    assert read_file(path).articles == parse(small).articles


# What a citation finds in a text


@pytest.fixture
def installed(no_texts, monkeypatch, tmp_path, small):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.md").write_text(small, "utf-8")
    monkeypatch.setenv("YIFA_STATUTES", str(folder))


def test_a_quotation_stands_word_for_word(installed):
    place = statute("disclosure-regulation")(2)
    assert place.says("20个工作日")
    assert place.says("（一） 其一,20个工作日;"), "spaces and the width of punctuation do not matter"
    assert not place.says("二十个工作日"), "nothing else is forgiven"
    assert not place.says("")
    assert statute("disclosure-regulation")(50).says("任何话") is None, "this text has no such article"


def test_a_number_is_whole_or_not_there(installed):
    place = statute("disclosure-regulation")(2)
    assert place.says("十五日")
    assert not place.says("五日")
    assert not place.says("0个工作日")
    assert not place.says("自收到之日起十")


def test_the_first_source_wins_and_an_edition_is_never_mistaken_for_another(installed, home, small):
    (home / "law").mkdir(parents=True)
    (home / "law" / "b.md").write_text(small.replace("其二", "另一"), "utf-8")
    assert "其二" in statute("disclosure-regulation")(2).text
    assert texts.find("中华人民共和国政府信息公开条例", "2007-04-05") is None


def test_a_file_gone_bad_counts_as_no_text(installed, tmp_path, small):
    (tmp_path / "texts" / "a.md").write_text(small.replace("**第二条**", "**第九条**"), "utf-8")
    assert statute("disclosure-regulation")(2).text is None


def test_the_data_file_of_the_extra_is_read_and_never_written(no_texts, monkeypatch, tmp_path):
    path = tmp_path / "laws.db"
    database = sqlite3.connect(path)
    database.executescript("""
        CREATE TABLE laws (law_id TEXT, law_name TEXT, version_date TEXT);
        CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id TEXT, article_no_arabic INTEGER, article_text TEXT);
        INSERT INTO laws VALUES ('x', '中华人民共和国行政复议法', '2023-09-01'), ('y', '中华人民共和国民法典', '2020-05-28');
        INSERT INTO articles (law_id, article_no_arabic, article_text) VALUES
            ('x', 2, '第一款：' || char(10) || '（一）其一。'), ('x', 1, '总则。'), ('y', 204, '末条。' || char(10) || '第二编 物 权');
    """)
    database.close()
    path.chmod(0o444)
    monkeypatch.setattr(texts, "package_data", lambda: path)
    law = statute("reconsideration-law", "2023-09-01")
    assert law(2).text == "第一款：\n（一）其一。"
    assert law(90).text is None
    assert statute("reconsideration-law", "2017-09-01")(2).text is None
    assert statute("civil-code")(204).text == "末条。", "the heading after an article is not part of it"


def test_a_broken_data_file_counts_as_no_text(no_texts, monkeypatch, tmp_path):
    path = tmp_path / "laws.db"
    path.write_bytes(b"not a database" * 100)
    monkeypatch.setattr(texts, "package_data", lambda: path)
    assert statute("reconsideration-law", "2023-09-01")(2).text is None
