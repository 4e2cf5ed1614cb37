"""Every citation of a text is found where it stands, and said to hold, not to hold, or not to be known."""

import tomllib
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.law import Citation, numeral, statute, statutes, texts
from yifa.texts.citing.citations import Outcome, cited, examine, find, names
from yifa.texts.citing.mentions import Kind
from yifa.texts.finding import Severity, dump, load

ON = date(2026, 7, 1)

TOTALS = {  # of the citations in the 56 statutes; the manual shows the same table
    Outcome.GOOD: 419,
    Outcome.WHOLE: 74,
    Outcome.UNKNOWN: 61,
    Outcome.AMENDED: 2,
    Outcome.DOUBTFUL: 27,
    Outcome.WRONG: 5,
}
NAMED = (
    27,
    19,
)  # stale citations beside which other articles are named; those where the right one is among them


def places(text: str) -> list[list[tuple[int | None, int | None, int | None]]]:
    return [
        [place for part in one.parts for place in part.places()] for one in find(text, names()) if one.parts
    ]


def codes(text: str, on: date = ON, **more) -> list[str]:
    return [found.code for found in examine(text, on, **more)]


# What is found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《行政复议法》第十条", [(10, None, None)]),
        ("《中华人民共和国行政复议法》第 33 条", [(33, None, None)]),
        ("《行政复议法》第３３条", [(33, None, None)]),
        ("行政复议法第三十条第一款第（二）项", [(30, 1, 2)]),
        ("行政复议法第三十条第一款第二项", [(30, 1, 2)]),
        ("行政复议法第三十条第一款第(二)项", [(30, 1, 2)]),
        ("复议法第三条", [(3, None, None)]),
        (
            "《行政复议法》第十条、第十二条第二款和第十五条",
            [(10, None, None), (12, 2, None), (15, None, None)],
        ),
        (
            "《行政复议法》第八条至第十一条",
            [(8, None, None), (9, None, None), (10, None, None), (11, None, None)],
        ),
        ("《行政复议法》第八至十条", [(8, None, None), (9, None, None), (10, None, None)]),
        ("《行政复议法》第8-9条", [(8, None, None), (9, None, None)]),
        ("行政复议法第三条第一款、第二款", [(3, 1, None), (3, 2, None)]),
        ("行政复议法第三条第一、二款", [(3, 1, None), (3, 2, None)]),
        ("行政复议法第十一条第(八)项、第(九)项、第(十)项", [(11, None, 8), (11, None, 9), (11, None, 10)]),
        ("行政复议法第十一条第（一）（三）项", [(11, None, 1), (11, None, 3)]),
        ("行政复议法第十一条第（一）、（三）、（五）项", [(11, None, 1), (11, None, 3), (11, None, 5)]),
        ("行政复议法第8条—第9条", [(8, None, None), (9, None, None)]),
        ("行政复议法第十一条之规定", [(11, None, None)]),
        ("行政复议法第十一条第（一）至（三）项", [(11, None, 1), (11, None, 2), (11, None, 3)]),
        ("行政复议法第三十条第一款第一项、第二款", [(30, 1, 1), (30, 2, None)]),
        ("《行政复议法》第三十\n九条", [(39, None, None)]),
        ("《行政复议\n法》第 十一 条 第（ 三 ）项", [(11, None, 3)]),
        ("<行政诉讼法>第三条", [(3, None, None)]),
    ],
)
def test_a_place_is_read_however_it_is_written(text, expected):
    assert places(f"依照{text}的规定。") == [expected]


def test_an_article_between_two_others_and_a_chapter_are_read():
    one, two = find("《刑法》第一百二十条之一，《民法典》第一编第六章第一节")
    assert (one.parts[0].article, one.parts[0].sub) == (120, 1)
    assert (two.parts[0].unit, two.parts[0].nth) == ("节", 1)


def test_a_name_the_text_gave_is_understood_from_there_on():
    text = (
        "条例第五条。根据《中华人民共和国政府信息公开条例》（以下简称《条例》），制定本办法。"
        "条例第三十三条、《条例》第六条"
    )
    before, title, name, bracketed = find(text, names())
    assert before.meant == ""
    assert title.title == "中华人民共和国政府信息公开条例"
    assert name.meant == bracketed.meant == "中华人民共和国政府信息公开条例"


def test_that_statute_is_the_one_named_last():
    found = find("《行政处罚法》第三条，《政府信息公开条例》第二条，该法第五条，该条例第六条", names())
    assert [one.meant for one in found if one.kind is Kind.SAME] == ["行政处罚法", "政府信息公开条例"]


def test_its_implementing_regulation_is_that_of_the_law_named_last():
    *_, one = find("违反《中华人民共和国审计法》及其实施条例第二十条", names())
    assert one.meant == "中华人民共和国审计法实施条例"


def test_nested_titles_are_one_title():
    (one,) = find("《最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释》第二条")
    assert one.title == "最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释"
    (two,) = find("《河南省实施《中华人民共和国防洪法》办法》第三条")
    assert two.title == "河南省实施〈中华人民共和国防洪法〉办法"


def test_another_countys_rules_are_not_the_states():
    (one,) = find("信阳市优化营商环境条例第三条", names())
    assert one.title == "信阳市优化营商环境条例"


def test_document_numbers_are_found_in_every_bracket():
    found = find("国办发〔2018〕37号、国办发[2018]115号、〔2026〕15号、国务院令第711号和第722号令")
    assert [one.number for one in found] == [
        "国办发〔2018〕37号",
        "国办发[2018]115号",
        "〔2026〕15号",
        "国务院令第711号",
        "第722号令",
    ]


def test_a_heading_cites_nothing():
    draft = "第一条 为了规范，制定本办法。\n第二条 依照第一条执行。\n第三条 本办法自发布之日起施行。"
    assert [one.words for one in find(draft, names())] == ["第一条"]


# What is said of it


def test_a_good_citation_says_nothing_and_shows_the_article(real_texts):
    (one,) = cited("《行政处罚法》第六十三条第一款第（一）项", ON)
    assert one.outcome is Outcome.GOOD
    assert not one.findings
    assert "较大数额罚款" in one.links[0].words


def test_a_statute_the_library_does_not_hold_is_not_called_wrong():
    (found,) = examine("依照《中华人民共和国反不正当竞争法》第三条", ON)
    assert (found.code, found.severity) == ("C1", Severity.NOTE)
    assert found.why == "法规库没有这部法规，无法核对。"


@pytest.mark.parametrize("title", ["政府信息公开法", "中华人民共和国行政许克法", "重大行政决策程序条例"])
def test_a_title_that_is_nearly_right_gets_the_right_one_beside_it(title):
    (found,) = examine(f"依照《{title}》第三条", ON)
    assert (found.code, found.words) == ("C2", f"《{title}》")
    assert found.beside


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("《行政处罚法》第九十条", "第九十条"),
        ("《行政处罚法》第六十三条第五款", "第六十三条第五款"),
        ("《行政处罚法》第六十三条第一款第（九）项", "第六十三条第一款第（九）项"),
        ("《行政处罚法》第八十五条至第九十条", "第八十五条至第九十条"),
        ("《行政处罚法》第八十五条、第九十条", "第九十条"),
        ("《行政处罚法》第三条之一", "第三条之一"),
    ],
)
def test_a_place_that_does_not_exist_must_be_corrected(text, words):
    (found,) = examine(f"依照{text}处理", ON)
    assert (found.code, found.words, found.severity) == ("C6", words, Severity.MUST)


def test_how_many_there_are_is_said():
    (found,) = examine("《行政处罚法》第九十条", ON)
    assert found.why == "《行政处罚法》共86条，没有第九十条（2021-01-22版）。"


def test_where_two_paragraphs_have_items_the_paragraph_must_be_named():
    (found,) = examine("《行政复议法》第六十五条第（一）项", ON)
    assert (found.code, found.severity) == ("C6", Severity.CHECK)


def test_an_edition_that_is_gone():
    assert codes("《行政复议法》（2017年修正）第九条") == ["C4"]
    assert codes("《行政复议法》（2017年修正）", date(2023, 6, 1)) == []


def test_a_law_that_is_not_in_force_yet():
    (found,) = examine("《法治宣传教育法》第三条", date(2025, 10, 31))
    assert found.code == "C3"
    assert "2025年11月1日起施行" in found.why
    assert codes("《法治宣传教育法》第三条", date(2025, 11, 1)) == []


def test_an_edition_of_which_nobody_has_read_a_word_is_not_called_wrong():
    (found,) = examine("《行政复议法》第九条", date(2023, 6, 1))
    assert (found.code, found.severity) == ("C12", Severity.NOTE)


def test_a_statute_the_library_does_not_hold_is_noted_once_a_text():
    assert codes("《反不正当竞争法》第三条、《反不正当竞争法》第四条") == ["C1"]


@pytest.fixture
def two_editions(tmp_path, monkeypatch):
    """A made-up statute in two editions, and one that is gone."""
    entries = [
        ("lantern", "灯会管理条例", "2010-01-01", "2010-01-01", "until = 2024-12-31\n"),
        ("lantern", "灯会管理条例", "2024-06-01", "2025-01-01", ""),
        ("kite", "风筝管理办法", "2001-01-01", "2001-01-01", "until = 2019-12-31\n"),
    ]
    (tmp_path / "statutes.toml").write_text(
        "".join(
            f'[[statute]]\nkey = "{key}"\ntitle = "{title}"\nkind = "行政法规"\nedition = "{edition}"\nsince = {since}\n'
            f'{until}articles = 2\nshape = "0 0"\n'
            for key, title, edition, since, until in entries
        ),
        "utf-8",
    )
    for version, words in (("2010-01-01", "二十日前申请"), ("2024-06-01", "三十日前申请")):
        body = f"# 灯会管理条例\n\n- version: {version}\n\n**第一条** 制定本条例。\n\n**第二条** {words}。\n"
        (tmp_path / f"{version}.md").write_text(body, "utf-8")
    monkeypatch.setenv("YIFA_LIBRARY", str(tmp_path))
    monkeypatch.setenv("YIFA_STATUTES", str(tmp_path))
    texts.forget()
    yield
    texts.forget()


def test_an_article_amended_since_is_shown_with_both_its_words(two_editions):
    text = "依照《灯会管理条例》第二条申请，《灯会管理条例》第一条"
    (found,) = examine(text, date(2026, 1, 1), written=date(2020, 5, 1))
    assert (found.code, found.severity, found.words) == ("C7", Severity.CHECK, "第二条")
    assert "［删：二十］［增：三十］日前申请" in found.why
    assert found.beside == "2010-01-01版：二十日前申请。\n2024-06-01版：三十日前申请。"
    assert codes(text, date(2026, 1, 1)) == []


def test_a_statute_that_is_gone_must_not_be_cited(two_editions):
    assert codes("《风筝管理办法》第一条", date(2019, 12, 31)) == []
    (found,) = examine("《风筝管理办法》第一条", date(2020, 1, 1))
    assert (found.code, found.severity) == ("C5", Severity.MUST)


def test_an_article_nobody_has_read_is_not_called_wrong():
    (found,) = examine("《行政执法监督条例》第四十条", ON)
    assert (found.code, found.severity) == ("C12", Severity.NOTE)


def test_a_number_that_belongs_to_another_document():
    title = "国务院办公厅关于加强行政规范性文件制定和监督管理工作的通知"
    (found,) = examine(f"《{title}》（国办发〔2018〕115号）", ON)
    assert (found.code, found.words) == ("C10", "国办发〔2018〕115号")
    (bracket,) = examine(f"《{title}》（国办发[2018]37号）", ON)
    assert (bracket.code, bracket.severity) == ("C10", Severity.NOTE)


def test_a_draft_that_points_at_articles_it_does_not_have():
    draft = (
        "第一条 为了规范，制定本办法。\n前款规定应当遵守。\n第二条 依照本办法第九条和第一条第三款办理。\n"
        "第三条 有前条情形的，本条前款不适用。"
    )
    found = examine(draft, ON, own_title="新县某某办法")
    assert [(one.code, one.words) for one in found] == [
        ("C11", "第九条"),
        ("C11", "第一条第三款"),
        ("C11", "前款"),
    ]


def test_a_contract_is_held_against_its_own_articles():
    contract = "第一条 标的。\n第二条 价款。\n第三条 违反本合同第二条的，依照本合同第八条承担责任。"
    assert [(one.code, one.words) for one in examine(contract, ON)] == [("C11", "第八条")]


def test_two_documents_in_one_text_are_not_mixed_up():
    one = "第一条 制定本办法。\n第二条 施行。\n"
    other = "第一条 制定本细则。\n第二条 甲。\n第三条 依照本细则第三条。\n"
    assert codes(one + other) == []


# Quotations


def test_a_quotation_that_reads_as_the_article_does(real_texts):
    assert codes("《行政处罚法》第五条规定：“行政处罚遵循公正、公开的原则。”") == []
    assert codes("“行政处罚遵循公正……的原则”（《行政处罚法》第五条第一款）") == []
    assert codes("依照《行政处罚法》第五条“行政处罚遵循公正、公开的原则”的规定") == []


def test_a_quotation_with_other_words_shows_the_difference(real_texts):
    (found,) = examine("《行政处罚法》第五条规定：“行政处罚遵循公平、公开的原则。”", ON)
    assert (found.code, found.severity) == ("C8", Severity.MUST)
    assert "公［删：正］［增：平］" in found.why
    assert found.beside == "行政处罚遵循公正、公开的原则。"


def test_a_quotation_that_stands_in_another_article_says_where(real_texts):
    (found,) = examine("《行政处罚法》第六条规定：“行政处罚遵循公正、公开的原则。”", ON)
    assert (found.code, found.beside_of) == ("C8", "《行政处罚法》第五条")


def test_inverted_commas_inside_a_quotation_do_not_end_it(real_texts):
    text = "《行政处罚法》第八十五条：“本法中“二日”“三日”“五日”“七日”的规定是指工作日，不含法定节假日。”"
    assert codes(text) == []


# The statutes among themselves


def corpus(folder: Path):
    for path in sorted(folder.glob("*.md")):
        text = texts.read_file(path)
        raw = path.read_text("utf-8")
        body = raw[raw.index("\n**第一条**") :]
        written = date.fromisoformat(text.version)
        yield (
            text,
            body,
            cited(body, date(2026, 11, 22), own_title=text.title, edition=text.version, written=written),
        )


def test_every_statute_loads_and_the_library_knows_it(real_texts):
    known = {(one.title, one.edition) for one in statutes()}
    read = [texts.read_file(path) for path in sorted(real_texts.glob("*.md"))]
    assert len(read) == 56
    assert {(one.title, one.version) for one in read} <= known


def test_every_citation_between_the_statutes_resolves_or_is_listed_with_its_reason(real_texts):
    outcomes: dict[Outcome, int] = {}
    for _, body, resolved in corpus(real_texts):
        for one in resolved:
            outcomes[one.outcome] = outcomes.get(one.outcome, 0) + 1
            assert body[one.mention.start : one.mention.end] == one.mention.words
            assert one.reason or one.outcome in {Outcome.GOOD, Outcome.WHOLE}
    assert outcomes == TOTALS


STALE = tomllib.loads(Path(__file__).with_name("stale.toml").read_text("utf-8"))["regulation"]


@pytest.mark.parametrize("regulation", STALE, ids=lambda one: one["parent"])
def test_the_stale_cross_references_of_the_two_implementing_regulations_are_found(real_texts, regulation):
    """All of them, and nothing else in the regulation; and where one article is named as the right one, it nearly always is."""
    resolved = next(r for text, _, r in corpus(real_texts) if text.title == regulation["title"])
    found = {
        (one.mention.here, finding.words): finding
        for one in resolved
        for finding in one.findings
        if finding.code in {"C6", "C7", "C9"} and finding.severity is not Severity.NOTE
    }
    # C7 points at the whole citation, with its name before it
    found = {(here, words.partition("法")[2] or words): finding for (here, words), finding in found.items()}
    assert set(found) == {(one["at"], one["cites"]) for one in regulation["stale"]}


def test_nothing_else_is_called_stale(real_texts):
    wrong = [
        (text.title, finding.code, finding.words)
        for text, _, resolved in corpus(real_texts)
        for one in resolved
        for finding in one.findings
        if finding.severity is not Severity.NOTE
        and text.title not in {regulation["title"] for regulation in STALE}
    ]
    assert wrong == []


def test_where_the_machine_names_another_article_it_is_mostly_the_right_one(real_texts):
    """What the manual says of it."""
    named = right = 0
    for text, _, resolved in corpus(real_texts):
        known = {
            (one["at"], one["cites"]): one["now"]
            for regulation in STALE
            if regulation["title"] == text.title
            for one in regulation["stale"]
        }
        for one in resolved:
            for finding in one.findings:
                if finding.code == "C9":
                    now = known[one.mention.here or 0, finding.words]
                    places = {
                        str(statute(one.statute.key, one.statute.edition)(n)) for n in now if one.statute
                    }
                    named += 1
                    right += bool(places & set(finding.basis[1:]))
    assert (named, right) == NAMED


OLD_HABITS = [  # numbers of editions that are gone, as they still stand in papers of today; what they should be
    ("依照《政府信息公开条例》第二十四条的规定，自收到申请之日起20个工作日内予以答复。", 33),
    ("根据《中华人民共和国行政处罚法》第四十二条，当事人有要求举行听证的权利，应当告知当事人。", 63),
    ("依据《行政处罚法》第三十八条规定，给予行政处罚，应当由行政机关负责人集体讨论决定。", 57),
    ("依照《代表法》第四十二条，有关机关、组织应当认真研究办理代表建议、批评和意见，并负责答复。", 51),
    (
        "按照《突发事件应对法》第四十四条，发布三级、四级警报，宣布进入预警期后，县级以上人民政府应当启动应急预案。",
        66,
    ),
]


@pytest.mark.parametrize(("text", "article"), OLD_HABITS)
def test_an_old_number_in_a_paper_of_today_is_doubted(real_texts, text, article):
    (found,) = examine(text, ON)
    assert (found.code, found.severity) == ("C9", Severity.CHECK)
    assert f"第{numeral(article)}条" in found.basis[1]


@pytest.mark.parametrize(
    "text",
    [
        "依据《行政许可法》第四十七条的规定，行政机关在作出行政许可决定前，应当告知申请人享有要求听证的权利。",
        "依据《行政强制法》第三十四条的规定，当事人在决定的期限内不履行义务的，行政机关依照本章规定强制执行。",
        "根据《行政处罚法》第六十三条，当事人有要求举行听证的权利，应当告知当事人。",
        "根据《行政处罚法》第五条、第三十二条的规定，决定罚款五千元。",
    ],
)
def test_a_right_number_is_not_doubted(real_texts, text):
    assert codes(text) == []


# Whatever the text


EVERY_PLACE = [
    law(article, para=para, item=item)
    for law in statutes()
    for article, shape in enumerate(law.shapes, 1)
    for para, items in [(None, 0), *enumerate(shape, 1)]
    for item in [None, *range(1, items + 1)]
]
PIECES = "《》〈〉<>（）()第条款项之一二三十百零0９本前该同法条例办规定和、，至-以下简称“”…\n 　〔〕[]2018号令修正年中华人民共和国行政复议a\x00\ud800"


@settings(max_examples=300)
@given(
    st.sampled_from(EVERY_PLACE),
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="《》〈〉<>＜＞"), max_size=40
    ),
    st.text(
        alphabet=st.characters(
            exclude_categories=["Cs"],
            exclude_characters="《》〈〉<>＜＞第、和与及或至到并（(-－—~～之以 \n\t\r　",
        ),
        max_size=40,
    ),
)
def test_every_place_there_is_resolves_to_itself_in_any_text(place: Citation, before: str, after: str):
    text = f"{before}{place}。{after}"
    on = place.statute.since
    found = [
        link.citation for one in cited(text, on) if one.mention.start >= len(before) for link in one.links
    ]
    assert found[:1] == [place]


@settings(max_examples=400)
@given(st.one_of(st.text(max_size=200), st.text(alphabet=PIECES, max_size=200)))
def test_offsets_give_the_words_and_no_text_breaks_it(text: str):
    for one in cited(text, ON, own_title="某办法", written=date(2010, 1, 1)):
        mention = one.mention
        assert text[mention.start : mention.end] == mention.words
        for part in mention.parts:
            assert mention.start <= part.start < part.end <= mention.end
        for finding in one.findings:
            assert text[finding.start : finding.end] == finding.words
    if not any(0xD800 <= ord(c) < 0xE000 for c in text):
        assert load(dump(examine(text, ON))) == examine(text, ON)


@pytest.mark.parametrize(
    "piece",
    [
        "《",
        "》",
        "第一条",
        "第",
        "第一、",
        "本条",
        "《甲法》（以下简称",
        "国办发〔2018〕37号",
        "令第",
        "第一条至",
        "“",
        "〈《",
        "法",
        "\n",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece):
    text = piece * (60_000 // len(piece))
    begun = perf_counter()
    examine(text, ON)
    assert perf_counter() - begun < 30  # a guard against a blow-up, no measurement
