"""Which texts are at hand is seen anew each time: another program may import some while this one runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from yifa.law import texts

TEXT = "# 试行办法\n\n- version: {edition}\n\n## 第一章 总则\n\n**第一条** {words}\n\n### 第一节 细则\n\n**第二条** 乙。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("YIFA_STATUTES", str(tmp_path))
    texts.forget()
    yield tmp_path
    monkeypatch.undo()
    texts.forget()


def test_a_text_that_came_changed_or_went_is_noticed(folder: Path) -> None:
    name = ("试行办法", "2020-01-01")
    assert name not in texts.at_hand()
    (folder / "a.md").write_text(TEXT.format(edition=name[1], words="甲。"), "utf-8")
    first = texts.at_hand()[name]
    text = texts.find(*name)
    assert text
    assert text.articles[1].text() == "甲。"
    (folder / "a.md").write_text(TEXT.format(edition=name[1], words="甲甲。"), "utf-8")
    assert texts.at_hand()[name] != first
    text = texts.find(*name)
    assert text
    assert text.articles[1].text() == "甲甲。"
    (folder / "a.md").unlink()
    assert name not in texts.at_hand()


def test_headings_stand_before_their_articles(folder: Path) -> None:
    text = texts.parse(TEXT.format(edition="2020-01-01", words="甲。"))
    assert text.headings == ((1, 1, "第一章 总则"), (2, 2, "第一节 细则"))
