"""A statute is amended: what became of each article, and exactly what cites one that changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.law import Citation, texts
from yifa.law.folders import library_folder
from yifa.law.texts import Text, parse
from yifa.texts.citing.amendment import (
    AmendmentError,
    Became,
    Citing,
    compare,
    edition_at_hand,
    in_document,
    in_procedures,
    in_rules,
    in_statutes,
    tasks,
)

WORDS = {
    "goal": "为了规范灯会活动，保障公共安全，制定本条例。",
    "permit": "举办灯会应当在二十日前向公安机关提出申请。",
    "fire": "灯会场所应当配备消防器材，设置疏散通道。",
    "crowd": "主办者应当核定人员容量，超过容量的应当停止入场。",
    "fine": "违反规定举办灯会的，处一千元以上五千元以下罚款。",
    "end": "本条例自公布之日起施行。",
}


def law(version: str, articles: list[str]) -> str:
    lines = ["# 灯会管理条例", "", f"- version: {version}", ""]
    numerals = "一二三四五六七八九十"
    return "\n".join([*lines, *(f"**第{numerals[n]}条** {words}\n" for n, words in enumerate(articles))])


OLD = law("2010-01-01", [WORDS[k] for k in ("goal", "permit", "fire", "crowd", "fine", "end")])
NEW = law(
    "2025-01-01",
    [
        WORDS["goal"],
        "灯会实行分级管理，分级标准由省人民政府规定。",
        WORDS["permit"].replace("二十日", "三十日"),
        WORDS["fire"],
        WORDS["fine"],
        WORDS["end"],
    ],
)
OTHER = """# 灯会安全办法

- version: 2012-03-04

**第一条** 根据《灯会管理条例》（以下简称灯会条例），制定本办法。

**第二条** 灯会条例第三条所称消防器材，包括灭火器。

**第三条** 申请人依照《灯会管理条例》第一条、第二条至第四条办理。
"""
LATER = OTHER.replace("灯会安全办法", "灯会补贴办法").replace("2012-03-04", "2025-03-04")


@pytest.fixture
def lanterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library that knows one made-up statute beside the real ones, and a folder with both its editions."""
    library = tmp_path / "library"
    shutil.copytree(library_folder(), library)
    entry = '\n[[statute]]\nkey = "lantern-regulation"\ntitle = "灯会管理条例"\nkind = "行政法规"\nedition = "2010-01-01"\n'
    with (library / "statutes.toml").open("a", encoding="utf-8") as file:
        file.write(f"{entry}since = 2010-01-01\narticles = 6\n")
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, words in (("旧", OLD), ("新", NEW), ("办法", OTHER), ("后法", LATER)):
        (folder / f"{name}.md").write_text(words, "utf-8")
    rules = library / "rules"
    rules.mkdir(exist_ok=True)
    for old in rules.glob("*.toml"):
        old.unlink()
    (rules / "lantern.toml").write_text(
        '[[rule]]\ncode = "D1"\nsays = "不得超过容量"\nbasis = ["《灯会管理条例》第四条", "《立法法》第三条"]\n',
        "utf-8",
    )
    monkeypatch.setenv("YIFA_LIBRARY", str(library))
    monkeypatch.setenv("YIFA_STATUTES", str(folder))
    texts.forget()
    yield library
    texts.forget()


def test_what_became_of_each_article() -> None:
    changes = compare(parse(OLD), parse(NEW))
    assert [(c.old, c.new, c.became) for c in changes] == [
        (1, 1, Became.SAME),
        (2, 3, Became.MOVED_AMENDED),
        (3, 4, Became.MOVED),
        (4, 0, Became.REMOVED),
        (5, 5, Became.SAME),
        (6, 6, Became.SAME),
        (0, 2, Became.NEW),
    ]
    assert changes[1].shown == "举办灯会应当在［删：二十］［增：三十］日前向公安机关提出申请。"


def test_exactly_what_cites_a_changed_article_becomes_a_task(lanterns: Path) -> None:
    """The proof: two statutes at hand, a rule pack, a document; what cites an unchanged article is left alone."""
    key, old, new = "lantern-regulation", "2010-01-01", "2025-01-01"
    changes = compare(edition_at_hand(key, old), edition_at_hand(key, new))
    notice = "依照《灯会管理条例》第二条的规定，《灯会管理条例》第一条、第五条，《立法法》第二条"
    citing = [
        *in_procedures(),
        *in_statutes(key, old, new),
        *in_rules(key, old),
        *in_document(notice, "文件", "新县灯会通告", key, old, case=7, office="xinxian-police"),
        Citing("程序", "灯会审批：步骤“受理”", Citation(key, old, 2)),
        Citing("程序", "灯会审批（新版）：步骤“受理”", Citation(key, new, 2)),
    ]
    found = tasks(key, old, new, changes, [*citing, *citing])
    assert [(t.change.old, t.citing.what, t.citing.where) for t in found] == [
        (2, "文件", "新县灯会通告"),
        (2, "法规", "《灯会安全办法》（2012-03-04版）第三条"),
        (2, "程序", "灯会审批：步骤“受理”"),
        (3, "法规", "《灯会安全办法》（2012-03-04版）第三条"),
        (3, "法规", "《灯会安全办法》（2012-03-04版）第二条"),
        (4, "法规", "《灯会安全办法》（2012-03-04版）第三条"),
        (4, "规则", "lantern.toml D1 basis"),
    ]
    assert found[0].citing.office == "xinxian-police"
    assert len({t.mark for t in found}) == 7


def test_our_own_procedures_are_found_by_the_articles_they_stand_on() -> None:
    found = {(c.cite.key, c.cite.article) for c in in_procedures()}
    assert ("disclosure-regulation", 33) in found
    wheres = [
        c.where for c in in_procedures() if c.cite.key == "disclosure-regulation" and c.cite.article == 33
    ]
    assert any("期限" in where for where in wheres)
    assert any("条件" in where for where in wheres)


def test_an_edition_that_is_not_at_hand_is_named(lanterns: Path) -> None:
    with pytest.raises(AmendmentError, match="E859"):
        edition_at_hand("lantern-regulation", "1999-01-01")
    with pytest.raises(AmendmentError, match="E858"):
        edition_at_hand("no-such-law", "1999-01-01")


def test_a_real_law_against_itself_with_one_article_put_in(real_texts: Path) -> None:
    old = texts.read_file(real_texts / "中华人民共和国行政复议法.md")
    words = {n + (n > 9): article for n, article in old.articles.items()}
    put_in = parse("# 甲\n\n- version: 2030-01-01\n\n**第一条** 全新的一条，与别处都不相同。").articles[1]
    new = Text(old.title, "2030-01-01", dict(sorted((words | {10: put_in}).items())))
    changes = compare(old, new)
    assert [c.became for c in changes[:9]] == [Became.SAME] * 9
    assert {c.became for c in changes[9:90]} == {Became.MOVED}
    assert [(c.new, c.became) for c in changes[90:]] == [(10, Became.NEW)]


ARTICLES = st.lists(
    st.text(alphabet="甲乙丙丁戊己庚辛。一二三", min_size=1, max_size=30), min_size=1, max_size=12
)


@given(ARTICLES, ARTICLES)
def test_every_article_of_both_editions_is_told_once(one: list[str], two: list[str]) -> None:
    def text(articles: list[str]) -> Text:
        body = parse(law("2010-01-01", articles[:10]))
        return Text("甲", "2010-01-01", body.articles)

    old, new = text(one), text(two)
    changes = compare(old, new)
    assert sorted(c.old for c in changes if c.old) == sorted(old.articles)
    assert sorted(c.new for c in changes if c.new) == sorted(new.articles)
    for c in compare(old, old):
        assert c.became is Became.SAME
