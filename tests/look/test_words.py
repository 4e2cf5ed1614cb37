"""Whatever a page may print in Chinese has an English word."""

from pathlib import Path

import pytest
from django.utils import translation

import yifa
from yifa.look import words
from yifa.look.environment import environment
from yifa.procedure import registry

from . import collect

SOURCE = Path(yifa.__file__).parent
TEMPLATES = sorted(f for f in SOURCE.glob("*/jinja2/**/*") if f.is_file())
MODULES = sorted(
    f for room in ("look", "desk", "portal", "report", "site") for f in (SOURCE / room).glob("*.py")
)
ALWAYS_CHINESE = {"法"}  # the seal
PRINTED = {
    "report/jinja2/report/print.html",
    "report/jinja2/report/alone.html",
}  # official documents, in Chinese only


def missing(texts):
    return sorted({t for t in texts if collect.CHINESE.search(t)} - words.english().keys())


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: str(f.relative_to(SOURCE)))
def test_every_sentence_of_a_template_has_an_english_one(file):
    assert missing(collect.in_template(file.read_text("utf-8"), environment())) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: str(f.relative_to(SOURCE)))
def test_no_template_prints_chinese_without_asking_for_the_language(file):
    if str(file.relative_to(SOURCE)) in PRINTED:
        pytest.skip("an official document is Chinese")
    bare = collect.bare_in_template(file.read_text("utf-8"), environment())
    assert [t for t in bare if set(collect.CHINESE.findall(t)) - ALWAYS_CHINESE] == []


@pytest.mark.parametrize("file", MODULES, ids=lambda f: str(f.relative_to(SOURCE)))
def test_every_sentence_said_in_code_has_an_english_one(file):
    assert missing(collect.in_code(file)) == []


@pytest.mark.parametrize("procedure", registry().editions(), ids=lambda p: p.edition)
def test_every_label_of_a_procedure_has_an_english_one(procedure):
    assert missing(collect.in_procedure(procedure)) == []


def test_labels_that_code_keeps_in_tables_have_english_ones():
    from yifa.calls.channel import News
    from yifa.desk import frame, inbox
    from yifa.look.chapters import OTHER, names
    from yifa.people.duties import SCOPES
    from yifa.people.roles import ROLES

    labels = [role.label for role in ROLES.values()]
    tables = [
        inbox.LIGHTS,
        frame.NEIGHBOURS,
        OTHER[0],
        [label for label, _ in names().values()],
        SCOPES,
        labels,
        [news.value for news in News],
    ]
    assert missing(t for table in tables for t in collect.constants(table)) == []


def test_the_same_parts_stand_in_both_languages():
    from string import Formatter

    def parts(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert [zh for zh, en in words.english().items() if en and parts(zh) != parts(en)] == []


def test_a_word_is_said_in_the_readers_language():
    assert words.word("共 {n} 条", n=3) == "共 3 条"
    with translation.override("en"):
        assert words.word("共 {n} 条", n=3) == "3 in all"
        assert words.word("没有译文的话") == "没有译文的话"
