"""A file handed in is read as it stands on the page, or it is said what could not be read. Nothing is garbled silently."""

from __future__ import annotations

import base64
import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from datetime import date
from pathlib import Path

import docx as word
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.papers.render import render
from yifa.papers.template import write
from yifa.texts.formats import pdf as pdf_format
from yifa.texts.formats import pieces
from yifa.texts.formats.numbering import FORMATS
from yifa.texts.reader import NO_TEXT, Unread, pasted, read
from yifa.texts.reading import Reading

from . import made
from .made import W, chinese_pdf, docx, lines, numbered, numbering, p, part, zipped

LONG = "各单位应当依法办理招商引资事项，不得违反国家规定给予特定经营者财政奖励或者补贴。" * 3


def refused(data: bytes, name: str) -> Unread:
    with pytest.raises(Unread) as wrong:
        read(data, name)
    assert "[yifa." in str(wrong.value)
    return wrong.value


# ── Word ─────────────────────────────────────────────────────────────────────


def of_docx(body: str, **parts: str | bytes) -> Reading:
    return read(docx(body, **parts), "稿.docx")


def test_paragraphs_and_tables_are_read_in_their_order_with_their_places() -> None:
    document, out = word.Document(), io.BytesIO()
    document.add_paragraph("第一条　为了促进发展，制定本规定。")
    table = document.add_table(2, 2)
    for n, text in enumerate(("项目", "金额", "道路", "3000元")):
        table.cell(n // 2, n % 2).text = text
    document.add_paragraph("")
    document.add_paragraph("第二条　本规定自公布之日起施行。")
    document.save(out)
    reading = read(out.getvalue(), "规定.docx")
    assert reading.text.split("\n") == [
        "第一条　为了促进发展，制定本规定。", "项目", "金额", "道路", "3000元", "第二条　本规定自公布之日起施行。",
    ]  # fmt: skip
    assert [reading.place(reading.text.index(t)) for t in ("第一条", "金额", "道路", "第二条")] == [
        "第1段", "表1第1行第2列", "表1第2行第1列", "第2段",
    ]  # fmt: skip
    assert reading.doubts == ()
    assert reading.kind == "docx"


def test_automatic_numbers_are_written_as_word_shows_them() -> None:
    body = "".join(
        (numbered("总则", 0), numbered("为了促进发展。", 1), numbered("适用于本县。", 1), numbered("引进企业；", 2),
         numbered("引进项目。", 2), numbered("附则", 0), numbered("自公布之日起施行。", 1), p("没有编号的"))
    )  # fmt: skip
    levels = (("chineseCounting", "第%1章"), ("chineseCounting", "第%2条"), ("chineseCounting", "（%3）"))
    told = numbering(*levels).replace('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:lvlRestart w:val="0"/>')
    assert of_docx(body, numbering=told).text.split("\n") == [
        "第一章　总则", "第一条　为了促进发展。", "第二条　适用于本县。", "（一）引进企业；", "（二）引进项目。",
        "第二章　附则", "第三条　自公布之日起施行。", "没有编号的",
    ]  # fmt: skip


def test_a_deeper_number_begins_anew_under_each_heading() -> None:
    body = "".join(
        (numbered("甲", 0), numbered("乙", 1), numbered("丙", 1), numbered("丁", 0), numbered("戊", 1))
    )
    told = numbering(("chineseCountingThousand", "%1、"), ("decimal", "%1.%2"))
    assert of_docx(body, numbering=told).text.split("\n") == [
        "一、甲",
        "一.1　乙",
        "一.2　丙",
        "二、丁",
        "二.1　戊",
    ]


def test_a_list_that_starts_over_and_one_that_goes_on() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
        '</w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = "".join((numbered("甲", 0), numbered("乙", 0, 2), numbered("丙", 0, 2), numbered("丁", 0, 3)))
    told = numbering(("decimal", "%1."), more=again)
    assert of_docx(body, numbering=told).text.split("\n") == ["1.甲", "5.乙", "6.丙", "7.丁"]


def test_numbers_by_style_are_numbers_too() -> None:
    styles = part(
        "styles",
        '<w:style w:styleId="a"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style><w:style w:styleId="T"><w:name w:val="TOC 1"/></w:style>',
    )
    body = "".join(p(t, f'<w:pStyle w:val="{s}"/>') for t, s in (("目录……1", "T"), ("甲", "a"), ("乙", "b")))
    told = numbering(("chineseCounting", "第%1条"))
    assert of_docx(body, numbering=told, styles=styles).text.split("\n") == ["第一条　甲", "第二条　乙"]


@pytest.mark.parametrize(
    ("format", "n", "shown"),
    [
        ("chineseCounting", 10, "十"), ("chineseCounting", 105, "一百〇五"), ("chineseCountingThousand", 105, "一百零五"),
        ("japaneseCounting", 21, "二十一"), ("ideographTraditional", 3, "丙"), ("decimalEnclosedCircle", 7, "⑦"),
        ("chineseLegalSimplified", 12, "壹拾贰"), ("decimalFullWidth", 12, "１２"), ("lowerRoman", 4, "iv"),
        ("upperLetter", 28, "BB"), ("ideographDigital", 20, "二〇"), ("decimalZero", 3, "03"), ("none", 3, ""),
        ("decimalEnclosedCircle", 30, "30"), ("chineseCounting", 123456, "一二三四五六"),
    ],
)  # fmt: skip
def test_kinds_of_numbers(format: str, n: int, shown: str) -> None:
    assert FORMATS[format](n) == shown


def test_insertions_are_read_deletions_are_not_and_it_is_said() -> None:
    body = (
        "<w:p><w:r><w:t>罚款</w:t></w:r><w:del><w:r><w:delText>一万</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>五千</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>搬走</w:t></w:r></w:moveFrom><w:r><w:t>元</w:t></w:r></w:p>"
    )
    reading = of_docx(body)
    assert reading.text == "罚款五千元"
    assert len(reading.doubts) == 1
    assert "修订痕迹" in reading.doubts[0]


def test_a_paragraph_whose_mark_was_deleted_runs_on_and_bears_no_number() -> None:
    gone = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
    body = f"<w:p><w:pPr>{gone}</w:pPr><w:del><w:r><w:delText>删去的一条</w:delText></w:r></w:del></w:p>"
    reading = of_docx(body + numbered("留下的", 0), numbering=numbering(("chineseCounting", "第%1条")))
    assert reading.text == "第一条　留下的"
    assert of_docx(p("上半", "<w:rPr><w:del/></w:rPr>") + p("下半")).text == "上半下半"


def test_footnotes_come_at_the_end_and_comments_are_only_counted() -> None:
    notes = part("footnotes", '<w:footnote w:id="7">' + p("见新政〔2020〕3号。") + "</w:footnote>")
    comments = part("comments", '<w:comment w:id="1">' + p("此处存疑") + "</w:comment>")
    body = '<w:p><w:r><w:t>依照通知</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r></w:p>' + p("末段")
    reading = of_docx(body, footnotes=notes, comments=comments)
    assert reading.text == "依照通知\n末段\n见新政〔2020〕3号。"
    assert reading.place(len(reading.text) - 1) == "脚注1"
    assert reading.doubts == ("文件有1条批注，批注没有读入",)


def test_a_text_box_is_read_once_and_a_picture_is_mentioned() -> None:
    box = f"<w:txbxContent>{p('框中文字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing>"
        + box
        + "<w:pic/></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict>"
        + box
        + "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    reading = of_docx(body)
    assert reading.text == "正文\n框中文字"
    assert reading.place(4) == "文本框"
    assert reading.doubts == ("文件有1幅图片，图片里的文字读不到",)


def test_hidden_words_fields_and_breaks() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:noBreakHyphen/><w:t>尾</w:t><w:tab/><w:t>末</w:t></w:r></w:p>"
    )
    reading = of_docx(body)
    assert reading.text == "上\n下-尾 末"
    assert {p.label for p in reading.places} == {"第1段"}
    assert reading.doubts == ("文件有1处隐藏文字，没有读入",)


def test_a_title_broken_by_hand_is_one_title() -> None:
    broken = "<w:r><w:t>关于印发《新县招商引资</w:t><w:br/><w:t>若干规定》的通知</w:t></w:r>"
    centred = f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{broken}</w:p>'
    assert of_docx(centred).text == "关于印发《新县招商引资若干规定》的通知"
    styles = part("styles", '<w:style w:styleId="T"><w:pPr><w:jc w:val="center"/></w:pPr></w:style>')
    by_style = f'<w:p><w:pPr><w:pStyle w:val="T"/></w:pPr>{broken}</w:p>'
    assert of_docx(by_style, styles=styles).text == "关于印发《新县招商引资若干规定》的通知"
    assert of_docx(f"<w:p>{broken}</w:p>").text.count("\n") == 1


def test_what_our_own_papers_say_comes_back_word_for_word() -> None:
    paper = "---\ntitle: 关于若干规定的通知\n---\n" + f"第一条　{LONG}\n\n第二条　本规定自公布之日起施行。\n"
    document = write(paper, {"office": {"name": "新县人民政府"}, "on": date(2026, 3, 5)})
    for format in ("docx", "pdf"):
        reading = read(render(document, format), f"通知.{format}")
        assert f"第一条　{LONG}\n第二条　本规定自公布之日起施行。" in reading.text
        assert reading.doubts == ()


# ── PDF ──────────────────────────────────────────────────────────────────────

ROW = "国" * 28  # a full line of the page below


@pytest.mark.parametrize(
    ("cmap", "codec"), [("GBK-EUC-H", "gbk"), ("UniGB-UCS2-H", "utf-16-be"), ("UniGB-UTF16-H", "utf-16-be")]
)
def test_a_chinese_font_without_a_table_of_its_own_is_read(cmap: str, codec: str) -> None:
    page = lines(("第一条　为了规范行政行为，制定本办法。", 72, 700), codec=codec)
    assert read(chinese_pdf(page, cmap=cmap), "a.pdf").text == "第一条　为了规范行政行为，制定本办法。"


def test_glyph_numbers_are_characters_of_the_collection_and_not_of_unicode() -> None:
    """Identity-H over Adobe-GB1: glyph 4559 is 一; taken for UTF-16 it would be ᇏ, without anybody noticing."""
    page = "BT /F1 16 Tf 72 700 Td <11CF> Tj ET"
    reading = read(chinese_pdf(page, cmap="Identity-H"), "a.pdf")
    assert "\u4e00" <= reading.text <= "\u9fff"


def test_a_line_that_goes_on_is_joined_and_one_that_begins_is_not() -> None:
    page = lines(
        ("第一条　" + "甲" * 22, 104, 700), ("乙" * 28, 72, 672), ("完。", 72, 644),
        ("（一）" + "丙" * 23, 104, 616), ("第三条规定的丁。", 72, 588), ("第二条　戊" + "己" * 21, 104, 560), ("庚。", 72, 532),
    )  # fmt: skip
    assert read(chinese_pdf(page), "a.pdf").text.split("\n") == [
        f"第一条　{'甲' * 22}{'乙' * 28}完。", f"（一）{'丙' * 23}第三条规定的丁。", f"第二条　戊{'己' * 21}庚。",
    ]  # fmt: skip


def test_words_of_two_lines_keep_a_blank_and_chinese_gets_none() -> None:
    page = lines(
        ("a" * 26 + " b", 72, 700), ("c d" + "甲" * 25, 72, 672), ("甲" * 28, 72, 644), ("乙。", 72, 616)
    )  # fmt: skip
    assert read(chinese_pdf(page), "a.pdf").text == f"{'a' * 26} b c d{'甲' * 53}乙。"


def test_page_numbers_and_running_heads_are_left_out_and_the_page_of_each_part_is_kept() -> None:
    pages = [
        lines(("新县人民政府文件", 230, 790), (ROW, 72, 700), (ROW, 72, 672), (f"— {n} —", 280, 40))
        for n in (1, 2, 3)
    ]
    pages.append(
        lines(
            ("新县人民政府文件", 230, 790),
            ("完。", 72, 700),
            ("第四页的第二段。", 104, 672),
            ("4/4", 280, 40),
        )
    )
    reading = read(chinese_pdf(*pages), "a.pdf")
    assert reading.text == ROW * 6 + "完。\n第四页的第二段。"
    assert [(q.start, q.label) for q in reading.places] == [
        (0, "第1页第1段"), (56, "第2页"), (112, "第3页"), (168, "第4页"), (171, "第4页第1段"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", ["3", "- 3 -", "—3—", "第3页", "3 / 12", "第 3 页 共 12 页", "iii", "３"])
def test_what_a_page_number_looks_like(number: str) -> None:
    page = lines(("第一条　正文。", 104, 700), (number, 290, 40), codec="gb18030")
    assert read(chinese_pdf(page), "a.pdf").text == "第一条　正文。"


def test_cells_beside_each_other_stay_apart() -> None:
    page = lines(("项目", 72, 700), ("金额", 300, 700), ("道路", 72, 672), ("3000", 300, 672))
    assert read(chinese_pdf(page), "a.pdf").text.split("\n") == ["项目 金额", "道路 3000"]


def test_bold_print_made_of_two_prints_is_there_once_and_a_watermark_is_not() -> None:
    page = lines(("标题", 72, 700), ("标题", 72.4, 700), ("人人", 72, 650))
    page += " BT /F1 40 Tf 0.7 0.7 -0.7 0.7 100 300 Tm <" + "内部资料".encode("gbk").hex() + "> Tj ET"
    assert read(chinese_pdf(page), "a.pdf").text.split("\n") == ["标题", "人人"]


def test_a_page_that_is_a_picture_is_said_to_be_a_scan() -> None:
    text = lines(("第一条　正文。", 104, 700))
    image = zlib.compress(b"\xff" * 64)
    fonts = "/Font<</F1 FIRST 0 R>>/XObject<</I 16 0 R>>"
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
        b"/Length %d>>stream\n%b\nendstream" % (len(image), image)
    )
    scan = "q 500 0 0 700 0 0 cm /I Do Q"
    pages: list[str | bytes] = [text, scan, scan, text, ""]
    data = made.pdf(pages, fonts, (*made.chinese("GBK-EUC-H", 13), picture))
    reading = read(data, "a.pdf")
    assert reading.doubts == ("第2至3页是扫描图像，没有文字",)
    assert reading.text == "第一条　正文。\n第一条　正文。"


def test_a_file_of_pictures_alone_cannot_be_reviewed() -> None:
    assert refused(made.scan(3), "扫描.pdf").sentence == NO_TEXT


def test_a_recognised_layer_under_a_scan_is_said_to_be_one() -> None:
    page = "BT 3 Tr ET " + lines(("第一条　正文。", 104, 700)).replace("BT", "BT 3 Tr")
    assert read(chinese_pdf(page), "a.pdf").doubts == ("第1页是扫描图像，文字由机器识别而来，可能有错字",)


def test_a_glyph_nobody_can_name_is_shown_as_such_and_counted() -> None:
    page = "BT /F1 16 Tf 72 700 Td <4E00FFF0> Tj ET"
    reading = read(chinese_pdf(page, cmap="Identity-H"), "a.pdf")
    assert "\ufffd" in reading.text
    assert "没有对应的编码" in reading.doubts[0]


@pytest.mark.skipif(not Path("/usr/bin/chromium").exists(), reason="no Chromium here")
def test_what_a_browser_prints_is_read_without_its_radicals(tmp_path: Path) -> None:
    """Browsers name a glyph by the radical it shares: ⼈⺠ for 人民."""
    page, out = tmp_path / "a.html", tmp_path / "a.pdf"
    page.write_text(
        f"<meta charset=utf-8><p>中华人民共和国户青见长方面，{LONG}<p>第二条　本规定自公布之日起施行。",
        "utf-8",
    )
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={out}", str(page)],
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    if not out.exists():
        pytest.skip("Chromium does not print here")
    reading = read(out.read_bytes(), "a.pdf")
    assert reading.text.startswith(f"中华人民共和国户青见长方面，{LONG}\n")


# ── Plain text ───────────────────────────────────────────────────────────────

PROSE = (
    "第一条　为了规范行政行为，根据《中华人民共和国立法法》，制定本办法。\n第二条　本办法自公布之日起施行。"
)
TAIWAN = "第一條　為了規範行政行為，根據有關法律的規定，制定本辦法。\n第二條　本辦法自公布之日起施行，由縣政府負責解釋。"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_without_a_word(codec: str) -> None:
    reading = read(PROSE.encode(codec), "a.txt")
    assert (reading.text, reading.doubts) == (PROSE, ())
    assert reading.place(len(PROSE) - 1) == "第2行"


@pytest.mark.parametrize(
    ("codec", "text", "said"),
    [("gb18030", PROSE, "GB18030"), ("big5", TAIWAN, "Big5"), ("utf-16-le", PROSE + "\n2026 04", "UTF-16"), ("utf-16-be", PROSE + "\n2026 04", "UTF-16")],
)  # fmt: skip
def test_another_encoding_is_read_and_said(codec: str, text: str, said: str) -> None:
    reading = read(text.encode(codec), "a.txt")
    assert reading.text == text
    assert said in reading.doubts[0]


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(128, 256)) * 20,
        "Ünïcödé à la façon de Noël ".encode("latin-1") * 20,
        "これは日本語の文章です。".encode("shift-jis") * 20,
    ],
)
def test_what_would_be_garbled_is_refused(data: bytes) -> None:
    assert refused(data, "a.txt").id in ("E886", "E880")


def test_line_ends_of_all_kinds_part_paragraphs() -> None:
    reading = read("甲\r\n乙\r丙\n\n\n丁\u2028戊\x0c己\x85庚".encode(), "a.txt")
    assert reading.text == "甲\n乙\n丙\n丁\n戊\n己\n庚"
    assert [reading.place(reading.text.index(c)) for c in "甲丁庚"] == ["第1行", "第6行", "第9行"]


def test_unseen_characters_do_not_hide_words() -> None:
    reading = read("不\u200b得\ufeff设\u00ad置\u202e限\0制\x07".encode(), "a.txt")
    assert reading.text == "不得设置限制"
    assert reading.doubts == ("有3个看不见的控制字符，已略去",)


def test_a_stray_zero_byte_makes_no_utf_16_of_a_text() -> None:
    assert read(b"abcdefgh\0i", "a.txt").text == "abcdefghi"
    assert read("hello world".encode("utf-16-le"), "a.txt").text == "hello world"
    assert read("不得设置\0\0".encode(), "a.txt").text == "不得设置"


def test_pasted_words_are_read_as_they_are() -> None:
    reading = read(*pasted("第一条 甲\ud800乙"))
    assert reading.text == "第一条 甲?乙"
    assert reading.name == "粘贴的文字.txt"


# ── Workbooks and OFD ────────────────────────────────────────────────────────


def test_every_cell_of_a_workbook_with_its_place() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("扶持项目")
    sheet.write("B2", "优先采购本地产品")
    sheet.write("C2", 3000)
    sheet.write("B7", "第一行\n第二行")
    sheet.write_datetime("C7", date(2026, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))  # type: ignore[arg-type]
    hidden = book.add_worksheet("底稿")
    hidden.write("A1", "藏着的")
    hidden.hide()
    book.close()
    reading = read(out.getvalue(), "清单.xlsx")
    assert reading.text == "优先采购本地产品\n3000\n第一行\n第二行\n2026年3月5日"
    assert [q.label for q in reading.places] == ["扶持项目 B2", "扶持项目 C2", "扶持项目 B7", "扶持项目 C7"]
    assert reading.doubts == ("工作表“底稿”是隐藏的，没有读入",)


OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(*rows: tuple[str, float, float]) -> bytes:
    objects = "".join(
        f'<ofd:TextObject ID="{n}" Boundary="{x} {y} 160 6" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="g {len(t)} 5">{t}</ofd:TextCode></ofd:TextObject>'
        for n, (t, x, y) in enumerate(rows)
    )
    return zipped(
        {
            "OFD.xml": f"<ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document {OFD}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {OFD}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>",
        }
    )


def test_an_ofd_document_is_read_like_a_page() -> None:
    data = ofd(
        ("第一条　" + "甲" * 24, 35, 30), ("乙" * 30, 25, 40), ("完。", 25, 50), ("第二条　本办法。", 35, 60)
    )
    reading = read(data, "公文.ofd")
    assert reading.text.split("\n") == [f"第一条　{'甲' * 24}{'乙' * 30}完。", "第二条　本办法。"]
    assert reading.place(len(reading.text) - 1) == "第1页第2段"
    assert refused(ofd(), "空.ofd").sentence == NO_TEXT


# ── What is not read ─────────────────────────────────────────────────────────

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "name", "id", "said"),
    [
        (OLE + b"\0" * 600, "旧.doc", "E880", "另存为.docx"),
        (OLE + b"\0" * 600, "旧.wps", "E880", "另存为.docx"),
        (OLE + b"\0" * 600, "旧.xls", "E880", "另存为.xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密.docx", "E883", "密码"),
        (b"{\\rtf1 hello}", "a.rtf", "E880", "另存为.docx"),
        (b"{\\rtf1 hello}", "a.docx", "E880", "另存为.docx"),
        (b"<html>", "a.html", "E880", "另存为.docx"),
        (b"", "a.txt", "E880", "空的"),
        (b"   \n ", "a.txt", "E885", "没有文字"),
        (b"PK\x03\x04" + b"x" * 50, "a.docx", "E880", "损坏"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "a.png", "E885", "电子稿"),
        (b"MZ" + b"\0" * 600, "a.txt", "E880", "不能接收"),
        (b"%PDF-1.4 hello", "a.txt", "E880", "PDF"),
        (b"%PDF-1.4\n%%EOF", "a.pdf", "E881", "损坏"),
        (b"x" * (20 * 2**20 + 1), "a.txt", "E880", "上限"),
        (zipped({"a.txt": "b"}), "a.docx", "E880", "不能接收"),
        (zipped({"word/document.xml": "<a/>", "word/vbaProject.bin": "x"}), "a.docx", "E880", "宏"),
        (zipped({"word/document.xml": "<w:document"}), "a.docx", "E881", "损坏"),
        (zipped({"word/document.xml": ""}), "a.docx", "E881", "损坏"),
        (zipped({"word/document.xml": BOMB + "<a>&b;</a>"}), "a.docx", "E884", "实体"),
        (zipped({"word/document.xml": (BOMB + "<a>&b;</a>").encode("utf-16")}), "a.docx", "E884", "实体"),
        (zipped({"word/document.xml": "<a>" * 500 + "</a>" * 500}), "a.docx", "E884", "嵌套"),
        (docx("<w:p/>"), "a.docx", "E885", "没有文字"),
        (zipped({"OFD.xml": "<a/>"}), "a.ofd", "E881", "损坏"),
        (zipped({"xl/workbook.xml": "<a/>"}), "a.xlsx", "E881", "损坏"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_way_out(data: bytes, name: str, id: str, said: str) -> None:
    wrong = refused(data, name)
    assert (wrong.id, said in wrong.sentence) == (id, True), wrong.sentence


def test_a_second_part_of_the_same_name_or_a_lying_size_does_no_harm() -> None:
    good = docx(p("正文"))
    out = io.BytesIO(good)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as folder:
        folder.writestr("word/document.xml", "<w:document")
    refused(out.getvalue(), "a.docx")
    with zipfile.ZipFile(io.BytesIO(good)) as folder:
        size = folder.getinfo("word/document.xml").file_size
    lying = good.replace(struct.pack("<L", size), struct.pack("<L", 7))
    refused(lying, "a.docx")


def test_a_zip_bomb_is_not_unfolded() -> None:
    bomb = zipped(
        {"word/document.xml": b"<a>" + b" " * (150 * 2**20), "word/styles.xml": b" " * (100 * 2**20)}
    )
    assert len(bomb) < 2**20
    assert "展开后过大" in refused(bomb, "a.docx").sentence
    one = zipped({"word/document.xml": b"<a>" + b" " * (101 * 2**20)})
    assert refused(one, "a.docx").id == "E882"


def test_more_text_than_anybody_could_review_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    million = docx("<w:p><w:r><w:t>甲</w:t></w:r></w:p>" * 120_000)
    assert refused(million, "a.docx").id == "E887"
    assert refused(b"a\n" * 200_000, "a.txt").id == "E887"
    assert refused("字".encode() * 2_000_001, "a.txt").id == "E887"
    assert pieces.MOST_CHARACTERS == 2_000_000


def test_empty_elements_and_empty_lines_fill_no_memory() -> None:
    assert refused(docx("<w:p>" + "<w:r/>" * 500_001 + "</w:p>"), "a.docx").id == "E882"
    assert refused(docx(p("甲"), styles=part("styles", "<w:style/>" * 500_001)), "a.docx").id == "E882"
    assert refused(b"\n" * (4 * 2**20), "a.txt").id == "E885"


# 3 GB of blanks, deflated four times.
BOMB_PDF = base64.b64decode(
    "eNqruLV6x9dvfevuz3Hp3ObQ/zi65nKYxg8z73nPjBMMKw5u9bJa8fXA181ququkLY7wGYjuyZxgf0rkwOsXO3Le+U6b/LRY/Phf"
    "28S5+9/Z7f//9Vf2/7Tfr+/f3ma/Tq9rZmNjo+76df+ik96el6yq/PP7PzOrxK17oRIn15Zm77Gzn/VXRjlgwc6a++/OStdr1mno"
    "b9Z6xMzl8cbS+u+P+6uTWGeX/9GqUmIXMVyhkc+kOXeBCqORk/iZnQwPJZSK3VKJgNN8Jk5MqfWRe/zorXl83bVJtgF/i89/f3N+"
    "+9ulM6bXszMoKz3dAwANHX5B"
)


def test_a_pdf_with_a_password_and_one_that_unfolds_without_end() -> None:
    locked = made.pdf(
        [""],
        trailer="/Encrypt<</Filter/Standard/V 1/R 2/O(12345678901234567890123456789012)/U(12345678901234567890123456789012)/P -4>>/ID[(a)(a)]",
    )
    assert refused(locked, "a.pdf").id == "E883"
    page = b"<</Length %d/Filter[%b]>>stream\n%b\nendstream" % (len(BOMB_PDF), b"/FlateDecode" * 4, BOMB_PDF)
    bomb = made.pdf([""]).replace(b"<</Length 0>>stream\n\nendstream", page)
    assert len(bomb) < 1000
    assert refused(bomb, "a.pdf").id == "E882"


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_format, "SECONDS", 0.01)
    assert refused(chinese_pdf(lines(("正文", 72, 700))), "a.pdf").id == "E888"


@settings(max_examples=40)
@given(st.data())
def test_a_broken_file_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from(
            (docx(numbered("甲乙丙", 0), numbering=numbering(("decimal", "%1."))), ofd(("甲乙", 20, 20)))
        )
    )
    name = "a.docx" if b"word/" in whole else "a.ofd"
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)))
    for told in (bytes(broken), bytes(broken[:cut])):
        with suppress(Unread):
            assert read(told, name).text


@settings(max_examples=12)
@given(st.data())
def test_a_broken_pdf_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    broken = bytearray(chinese_pdf(lines(("第一条　甲乙丙", 72, 700))))
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(9, len(broken) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unread):
        assert read(bytes(broken), "a.pdf").text


# ── What holds of every reading ──────────────────────────────────────────────

ANYTHING = st.text(st.characters(codec="utf-8"), max_size=200)


@given(ANYTHING)
def test_offsets_places_and_line_feeds_hold_whatever_was_typed(text: str) -> None:
    data, name = pasted(text)
    try:
        reading = read(data, name)
    except Unread:
        return
    assert "\n\n" not in reading.text
    assert reading.text == reading.text.strip("\n")
    starts = [q.start for q in reading.places]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(s == 0 or reading.text[s - 1] == "\n" for s in starts)
    assert all(reading.place(n) for n in range(len(reading.text)))
    assert Reading.load(reading.dump()) == reading
    assert read(data, name) == reading
    if reading.text.strip():
        assert read(*pasted(reading.text)).text == reading.text, "what was read reads the same again"


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30),
        min_size=1,
        max_size=12,
    )
)
def test_every_character_of_a_word_document_is_read_in_its_order(paragraphs: list[str]) -> None:
    reading = of_docx("".join(map(p, paragraphs)))
    assert reading.text == "\n".join(paragraphs)
    assert [q.label for q in reading.places] == [f"第{n}段" for n in range(1, len(paragraphs) + 1)]


def test_the_name_is_fit_to_show_and_the_file_is_known_by_its_digest() -> None:
    reading = read(b"a", "../../etc/\u202e<b>x.txt")
    assert reading.name == "bx.txt"
    assert len(reading.file) == 64


def test_a_label_or_a_doubt_shows_what_a_stranger_named_on_one_line() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("甲\u202e乙\n丙").write("A1", "字")
    book.close()
    assert read(out.getvalue(), "a.xlsx").places[0].label == "甲乙 丙 A1"


def test_numbers_of_word_s_own_template_are_written_out() -> None:
    document, out = word.Document(), io.BytesIO()
    for text in ("甲", "乙"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("丙", style="List Bullet")
    document.save(out)
    assert read(out.getvalue(), "a.docx").text == "1.甲\n2.乙\n丙"


def test_the_reader_needs_no_framework() -> None:
    code = "import sys, yifa.texts.reader; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


assert W  # the namespace of what is made by hand


STATUTES = os.environ.get("YIFA_STATUTES", "")


@pytest.mark.skipif(not STATUTES, reason="no statute texts here (YIFA_STATUTES)")
@pytest.mark.parametrize("name", ["中华人民共和国反垄断法", "中华人民共和国国家赔偿法"])
def test_every_paragraph_of_a_statute_is_found_again_in_its_pdf(name: str) -> None:
    raw = (Path(STATUTES) / f"{name}.md").read_text("utf-8")
    told = [line.strip() for line in raw.split("\n") if line.startswith(("第", "（", "　"))]
    paper = "---\ntitle: 关于重新印发若干规定的通知\n---\n" + "\n\n".join(told) + "\n"
    document = write(paper, {"office": {"name": "新县人民政府"}, "on": date(2026, 3, 5)})
    found = [read(render(document, format), f"a.{format}").text.split("\n") for format in ("docx", "pdf")]
    word_file, printed = ({line.replace("　", "") for line in lines} for lines in found)
    assert len(word_file) > 40
    assert word_file <= printed
