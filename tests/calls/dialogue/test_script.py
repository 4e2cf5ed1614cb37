"""A script somebody wrote is followed as it stands, or sent back with what is wrong and where."""

import copy
import tomllib
from pathlib import Path

import pytest

from yifa.calls.channel import ChannelError
from yifa.calls.dialogue import script as scripts
from yifa.calls.dialogue.script import ScriptError, load, read, satisfaction

FILE = Path(scripts.__file__).parent / "scripts" / "satisfaction.toml"
SAID = tomllib.loads(FILE.read_text("utf-8"))


def changed(change):
    said = copy.deepcopy(SAID)
    change(said)
    return said


def choice(said, n, m):
    return said["questions"][n]["choices"][m]


def test_the_script_of_the_house_asks_consent_then_the_grade_then_the_reason_of_the_dissatisfied():
    script = satisfaction()
    assert [q.id for q in script.questions] == ["愿意", "满意度", "原因"]
    assert [(c.key, c.code) for c in script.questions[1].choices] == [
        ("1", "非常满意"), ("2", "满意"), ("3", "基本满意"), ("4", "不满意"), ("5", "非常不满意"),
    ]  # fmt: skip
    assert script.questions[2].when == {"不满意", "非常不满意"}
    assert script.refusal.key == "9"
    assert "不想再接到回访，请按9或者说不要再打" in script.questions[0].text
    assert all(question.source for question in script.questions)


def test_everything_that_may_be_said_is_known_beforehand():
    script = satisfaction()
    assert {script.thanks, script.bye, script.questions[1].keys, script.questions[2].text} <= set(
        script.texts()
    )


def test_hints_name_what_is_likely_to_be_said():
    script = satisfaction()
    assert {"不满意", "非常满意", "不要再打"} <= set(script.hints(script.questions[1]).split())


@pytest.mark.parametrize(
    ("change", "id", "part"),
    [
        (lambda s: s.pop("id"), "E655", "id"),
        (lambda s: s.update(version=0), "E655", "version"),
        (lambda s: s.update(version="1"), "E655", "version"),
        (lambda s: s.update(version=True), "E655", "version"),
        (lambda s: s.update(retries=6), "E655", "retries"),
        (lambda s: s.update(colour="red"), "E655", "colour"),
        (lambda s: s.update(thanks="两\n行"), "E655", "thanks"),
        (lambda s: s.update(thanks="长" * 501), "E655", "thanks"),
        (lambda s: s.update(refusal=[]), "E655", "refusal"),
        (lambda s: s.update(questions=[]), "E655", "questions"),
        (lambda s: s.update(questions="满意吗"), "E655", "questions"),
        (lambda s: s.update(questions=s["questions"] * 9), "E655", "questions"),
        (lambda s: s["questions"].append("满意吗"), "E655", "第 4 项"),
        (lambda s: s["questions"][1].pop("source"), "E655", "source"),
        (lambda s: s["questions"][1].update(seconds=float("nan")), "E655", "seconds"),
        (lambda s: s["questions"][1].update(quite=1), "E655", "quite"),
        (lambda s: choice(s, 1, 0).update(phrases="满意"), "E655", "phrases"),
        (lambda s: choice(s, 1, 0).update(side=2), "E655", "side"),
        (lambda s: choice(s, 1, 0).update(key="12"), "E655", "key"),
        (lambda s: s.update(questions=s["questions"] * 2), "E656", "id 相同"),
        (lambda s: s.update(grade="没有"), "E656", "grade"),
        (lambda s: s["refusal"].update(key=""), "E656", "数字键"),
        (lambda s: s["questions"][2].update(when=["没有"]), "E656", "when"),
        (lambda s: s["questions"][0].update(when=["满意"]), "E656", "when"),
        (lambda s: s["questions"][1].update(keys=""), "E656", "keys"),
        (lambda s: choice(s, 1, 0).update(key="2"), "E656", "同一个键"),
        (lambda s: choice(s, 1, 0).update(key="9"), "E656", "同一个键"),
        (lambda s: choice(s, 1, 0).update(key="#"), "E656", "一个数字"),
        (lambda s: choice(s, 1, 0).update(code="满意"), "E656", "code 相同"),
        (lambda s: choice(s, 1, 1).update(negated="没有"), "E656", "negated"),
        (lambda s: choice(s, 0, 1).update(ends="挂断"), "E656", "ends"),
        (lambda s: choice(s, 1, 0)["phrases"].append("OK"), "E656", "只能写汉字"),
        (lambda s: choice(s, 1, 0)["phrases"].append("满意"), "E656", "分不开"),
        (lambda s: choice(s, 1, 0)["loose"].append("不蛮意"), "E656", "分不开"),
    ],
)
def test_a_mistake_is_named_with_its_place(change, id, part):
    with pytest.raises(ScriptError) as caught:
        read(changed(change))
    assert caught.value.id == id
    assert part in caught.value.sentence
    assert isinstance(caught.value, ChannelError)


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe", b"[" * 5000])
def test_a_file_that_is_no_toml_is_named(tmp_path, content):
    file = tmp_path / "话术.toml"
    file.write_bytes(content)
    with pytest.raises(ScriptError, match=r"话术\.toml.*yifa\.E655"):
        load(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ScriptError, match="E655"):
        load(tmp_path / "没有.toml")
