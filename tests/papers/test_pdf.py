"""The PDF has the measures of GB/T 9704-2012, read back by another program."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yifa.papers import layout, typst
from yifa.papers.document import Document, PaperError, Paragraph, Run, Table
from yifa.papers.typst import SOURCE, pdf, png

MM = 72 / 25.4


def paragraphs(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph((Run(text),)) for text in texts)


def test_the_page_and_its_lines_are_those_of_the_standard() -> None:
    assert layout.PAPER == (210, 297)
    assert (layout.TOP, layout.LEFT, layout.RIGHT, layout.BOTTOM) == (37, 28, 26, 35)
    assert layout.PAPER[0] - layout.LEFT - layout.RIGHT == layout.WIDTH == 156
    assert layout.PAPER[1] - layout.TOP - layout.BOTTOM == layout.HEIGHT == 225
    assert (layout.BODY, layout.PITCH, layout.TITLE, layout.SMALL) == (16, 28.99, 22, 14)
    assert layout.LINES * layout.PITCH <= layout.HEIGHT * MM
    assert layout.CHARACTERS * (layout.BODY + layout.TRACKING) <= layout.WIDTH * MM


def test_the_typesetter_is_told_lengths_and_never_words() -> None:
    source = SOURCE.read_text()
    for told in (
        "l.top * 1mm",
        "l.bottom * 1mm",
        "l.left * 1mm",
        "l.right * 1mm",
        "l.pitch * 1pt",
        'paper: "a4"',
    ):
        assert told in source
    assert "eval(" not in source


def test_a_full_page_has_22_lines_of_28_characters(words: Callable[[bytes], list[Any]]) -> None:
    body = paragraphs("国" * 28 * 60)
    found = words(pdf(Document(title="题", blocks=body, form="document", issuer="县")))
    page = [w for w in found if w.page == 2 and "国" in w.text]
    tops = sorted({round(w.top, 1) for w in page})
    assert len(tops) == layout.LINES
    gaps = [b - a for a, b in itertools.pairwise(tops)]
    assert all(abs(gap - layout.PITCH) < 0.11 for gap in gaps)
    assert all(len(w.text) == layout.CHARACTERS for w in page)
    assert min(w.left for w in page) == pytest.approx(28 * MM, abs=0.5)
    assert max(w.right for w in page) == pytest.approx((210 - 26) * MM, abs=0.5)


def test_every_element_stands_where_the_standard_puts_it(
    document: Document, words: Callable[[bytes], list[Any]]
) -> None:
    found = words(pdf(document))
    at = {w.text: w for w in found if w.page == 1}
    left, character = 28 * MM, layout.BODY + layout.TRACKING
    assert at["000001"].left == pytest.approx(left, abs=1)
    assert at["000001"].top > 37 * MM
    mark = at["新县人民政府文件"]
    assert mark.top == pytest.approx((37 + 35) * MM, abs=8)  # the box of the type is higher than its face
    number = at["新政〔2026〕12号"]
    assert (number.left + number.right) / 2 == pytest.approx(left + 156 * MM / 2, abs=2)
    heading = next(w for w in found if w.text.startswith("一、"))
    assert heading.left == pytest.approx(left + 2 * character, abs=1)
    day = next(w for w in found if w.text == "2026年3月5日")
    assert (210 - 26) * MM - day.right == pytest.approx(4 * character, abs=1)


def test_page_numbers_stand_outside_odd_pages_right_even_left(words: Callable[[bytes], list[Any]]) -> None:
    found = words(pdf(Document(title="题", form="document", issuer="县", blocks=paragraphs("国" * 28 * 60))))
    by_page = {w.page: w for w in found if w.text in ("1", "2", "3")}
    assert by_page[1].left > 140 * MM
    assert by_page[2].right < 60 * MM
    assert by_page[3].left > 140 * MM
    assert by_page[1].top == pytest.approx((297 - 35 + 7) * MM, abs=4)


def test_a_letters_first_page_bears_no_number(letter: Document, text: Callable[[bytes], str]) -> None:
    long = replace(letter, blocks=paragraphs("国" * 28 * 30))
    first, second = text(pdf(long)).split("\f")[:2]
    assert "—" not in first
    assert "—2—" in second


def test_the_imprint_ends_an_even_page(document: Document, text: Callable[[bytes], str]) -> None:
    for lines in range(1, 50, 3):
        pages = text(pdf(replace(document, blocks=paragraphs(*["国" * 28] * lines)))).split("\f")[:-1]
        assert len(pages) % 2 == 0
        assert "抄送：县委各部门，县人民法院。" in pages[-1]
        assert "2026年3月5日印发" in pages[-1]


def test_no_page_carries_the_seal_alone(letter: Document, text: Callable[[bytes], str]) -> None:
    for lines in range(8, 26):
        blocks = paragraphs(*["国" * 27 + "。"] * lines, "特此告知。")
        last = text(pdf(replace(letter, blocks=blocks))).split("\f")[-2]
        assert "特此告知。" in last
        assert "2023年1月30日" in last


def test_the_text_of_the_letter_can_be_read_and_searched(
    letter: Document, text: Callable[[bytes], str]
) -> None:
    said = text(pdf(letter))
    for part in (
        "新县人民政府办公室", "新政办信公开〔2023〕5号", "政府信息公开告知书", "王某：", "予以公开", "2023年1月30日",
        "（联系方式：0376-0000000）",
    ):  # fmt: skip
        assert part in said


def test_a_character_the_first_typeface_lacks_comes_from_the_next(
    letter: Document, text: Callable[[bytes], str]
) -> None:
    rare = replace(letter, addressee="浉喆堃昇")
    made = pdf(rare)
    assert "浉喆堃昇：" in text(made)
    assert b"pdfaid:part" in made  # an archive file admits no character without a face


def test_a_character_no_typeface_has_does_not_stop_the_paper(
    letter: Document, text: Callable[[bytes], str]
) -> None:
    made = pdf(replace(letter, addressee="王\U00030000某"))
    assert made.startswith(b"%PDF")
    assert b"pdfaid:part" not in made
    assert "新县人民政府办公室" in text(made)


def test_every_part_has_a_typeface_on_a_machine_with_nothing_but_the_package() -> None:
    here = frozenset({layout.SERIF, layout.SANS})
    for face in layout.FACES.values():
        assert typst._cast(face, here)["families"]
    assert typst._cast(layout.FACES["biao"], here)["stroke"] > 0
    office = here | {"FZXiaoBiaoSong-B05S", "FangSong_GB2312", "FandolFang R"}
    assert typst._cast(layout.FACES["biao"], office)["stroke"] == 0
    assert typst._cast(layout.FACES["fang"], office)["families"][:2] == ["FangSong_GB2312", "FandolFang R"]


def test_the_same_document_makes_the_same_bytes_in_another_process(document: Document) -> None:
    made = pdf(document)
    assert made == pdf(document)
    program = (
        "import sys, hashlib\nfrom yifa.papers import Document, render\n"
        "made = render(Document.from_canonical(sys.stdin.read()), 'pdf')\nprint(hashlib.sha256(made).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        input=document.canonical(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == hashlib.sha256(made).hexdigest()


def test_the_file_is_dated_by_the_paper(letter: Document) -> None:
    assert b"D:20230130" in pdf(letter)
    assert pdf(replace(letter, on=None)).startswith(b"%PDF")


HOSTILE = [
    "#set page(width: 1pt)", "]", "{{ 7 * 7 }}", "#panic()", "$ x $", "= 标题", "/* ", "// 注", "\\", "@x", "<a>", "`",
    '"#read("/etc/passwd")"', "#image(\"x\")", "~", "--- ...", "*粗*_斜_",
]  # fmt: skip


def test_hostile_text_is_printed_as_it_is(letter: Document, text: Callable[[bytes], str]) -> None:
    table = Table("l", ((Run("项"),),), tuple(((Run(h),),) for h in HOSTILE))
    said = text(
        pdf(replace(letter, title="#panic()", addressee="]#{", blocks=(*paragraphs(*HOSTILE), table)))
    )
    assert said.count("49") == 0
    for hostile in HOSTILE:
        assert "".join(hostile.split()) in said
    assert "]#{：" in said


@pytest.mark.parametrize("form", ["letter", "document"])
def test_a_paper_with_nothing_but_a_title_is_a_paper(form: Any, text: Callable[[bytes], str]) -> None:
    assert "通知" in text(pdf(Document(title="通知", form=form)))


def test_a_very_long_title_and_name_stay_on_the_page(words: Callable[[bytes], list[Any]]) -> None:
    title = "新县人民政府关于" + "进一步加强和规范全县各级行政机关行政执法监督工作" * 5 + "的通知"
    long = Document(
        title=title, issuer="新县" * 25 + "委员会", number="新政〔2026〕12号", addressee="某" * 80,
        blocks=paragraphs("https://example.org/" + "a" * 200), signature="新县" * 15 + "委员会", on=date(2026, 3, 5),
    )  # fmt: skip
    for form in ("letter", "document"):
        found = words(pdf(replace(long, form=form)))
        edge = (210 - layout.LETTER_WIDTH) / 2 * MM
        assert min(w.left for w in found) >= edge - 2
        assert max(w.right for w in found) <= 210 * MM - edge + 2


def test_a_title_is_broken_where_it_makes_sense() -> None:
    assert layout.title_lines("政府信息公开告知书") == ("政府信息公开告知书",)
    assert layout.title_lines("新县人民政府关于进一步规范行政检查行为的通知") == (
        "新县人民政府",
        "关于进一步规范行政检查行为的通知",
    )
    for line in layout.title_lines(
        "关于印发《新县行政规范性文件制定和监督管理办法（试行）》等三项制度的通知"
    ):
        assert line[0] not in "》）的"
        assert line[-1] not in "《（"
        assert layout.ems(line) <= layout.TITLE_CHARACTERS
    assert layout.title_lines("甲\n乙丙") == ("甲", "乙丙")


def test_two_hundred_rows_have_their_head_on_every_page(text: Callable[[bytes], str]) -> None:
    rows = tuple(((Run(str(n)),), (Run(f"新县第{n}局"),), (Run(str(n)),)) for n in range(1, 201))
    table = Table("clr", ((Run("编号"),), (Run("单位名称"),), (Run("次数"),)), rows)
    pages = text(pdf(Document(title="清单", blocks=(table,), form="document", issuer="县"))).split("\f")[:-1]
    assert len(pages) > 5
    assert all("单位名称" in page for page in pages)
    assert "新县第200局" in pages[-1]


def test_sixty_pages_take_less_than_five_seconds(text: Callable[[bytes], str]) -> None:
    body = paragraphs(*["根据有关规定，现将本年度依法行政工作情况报告如下。" * 12] * 125)
    begun = time.perf_counter()
    made = pdf(Document(title="年度报告", form="document", issuer="县", blocks=body))
    assert time.perf_counter() - begun < 5
    assert text(made).count("\f") >= 60


def test_a_chart_becomes_a_picture_of_the_width_asked_for() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="90" height="50" fill="#1f4e79"/>'
        '<text x="10" y="80" font-size="16">收到申请</text></svg>'
    )
    picture = png(svg, width=800)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 800
    assert picture == png(svg, width=800)
    with pytest.raises(PaperError, match="E421"):
        png("<p>no chart</p>")
