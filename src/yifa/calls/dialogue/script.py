"""What is asked when an office calls back, question by question, with the source that asks for it.

A script is data: a TOML file or a dict. It has an id and a version, so that an outcome says what had been asked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yifa.calls.channel import ChannelError

from .reader import Reader
from .sounds import folded, han, sounds


class ScriptError(ChannelError):
    """A script that cannot be followed; a sentence for whoever wrote it, with an id."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be given. side: 1 for what agrees, -1 for what does not, and the two are never mixed up;
    phrases: the answer's own names; loose: other words for it, which count only where nothing else is said beside them
    and yield to names; negated: the code of what it
    becomes with a plain 不 before it; ends: what the call ends with once it is chosen, one of the endings' names."""

    code: str
    key: str = ""
    side: int = 0
    phrases: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    negated: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """id: names it in outcomes; source: what asks for it; again: said when the answer was not understood; keys: said
    when only keys are taken any more; when: asked only after one of these codes; without choices it is open."""

    id: str
    text: str
    source: str
    again: str = ""
    keys: str = ""
    choices: tuple[Choice, ...] = ()
    when: frozenset[str] = frozenset()
    seconds: float = 8.0
    quiet: float = 1.2

    @property
    def open(self) -> bool:
        """Whether any words are an answer."""
        return not self.choices


@dataclass(frozen=True, slots=True)
class Script:
    """retries: how often a question is asked again; refusal: the answer that ends the call at any point; grade: the id
    of the question whose answer is the grade. The last words: thanks, all is answered; sorry, somebody could not be
    understood; bye, will not be called any more; declined, not this time; later, it is a bad moment."""

    id: str
    version: int
    title: str
    retries: int
    grade: str
    refusal: Choice
    questions: tuple[Question, ...]
    thanks: str
    sorry: str
    bye: str
    declined: str
    later: str

    def hints(self, question: Question) -> str:
        """What the ear may expect, for a recogniser that takes such."""
        choices = (*question.choices, self.refusal)
        return " ".join(dict.fromkeys(phrase for choice in choices for phrase in choice.phrases))

    def texts(self) -> Iterator[str]:
        """Everything that may have to be said, so that it can be spoken beforehand."""
        for one in self.questions:
            yield from (text for text in (one.text, one.again, one.keys) if text)
        yield from (self.thanks, self.sorry, self.bye, self.declined, self.later)


ENDS = ("", "拒访", "改日")


def load(file: Path) -> Script:
    """The script in a TOML file."""
    try:
        return read(tomllib.loads(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as broken:
        raise ScriptError("E655", f"回访话术 {file.name} 读不了：{str(broken)[:200]}") from broken


def satisfaction() -> Script:
    """The script that comes with the house: whether somebody is satisfied, and if not, why."""
    return load(Path(__file__).parent / "scripts" / "satisfaction.toml")


def read(said: Mapping[str, object]) -> Script:
    """The script in a dict; `ScriptError` names what is wrong with it, and where."""
    take = Reader(said, "话术", _wrong)
    script = Script(
        id=take.text("id", 40),
        version=take.number("version", 1, 1_000_000, whole=True),
        title=take.text("title", 100),
        retries=take.number("retries", 0, 5, whole=True),
        grade=take.text("grade", 40, empty=True),
        refusal=_choice(take.table("refusal"), "拒访"),
        questions=tuple(map(_question, take.tables("questions", 1, 20))),
        thanks=take.text("thanks"),
        sorry=take.text("sorry"),
        bye=take.text("bye"),
        declined=take.text("declined"),
        later=take.text("later"),
    )
    take.done()
    _check(script)
    return script


def _question(take: Reader) -> Question:
    question = Question(
        id=take.text("id", 40),
        text=take.text("text"),
        source=take.text("source"),
        again=take.text("again", empty=True),
        keys=take.text("keys", empty=True),
        choices=tuple(_choice(one) for one in take.tables("choices", 0, 12)),
        when=frozenset(take.texts("when")),
        seconds=take.number("seconds", 1, 180, 8.0),
        quiet=take.number("quiet", 0.3, 10, 1.2),
    )
    take.done()
    return question


def _choice(take: Reader, ends: str = "") -> Choice:
    choice = Choice(
        code=take.text("code", 40),
        key=take.text("key", 1, empty=True),
        side=take.number("side", -1, 1, 0, whole=True),
        phrases=take.texts("phrases"),
        loose=take.texts("loose"),
        negated=take.text("negated", 40, empty=True),
        ends=take.text("ends", 10, empty=True) or ends,
    )
    take.done()
    return choice


def _wrong(sentence: str) -> ScriptError:
    return ScriptError("E655", sentence)


def _check(script: Script) -> None:
    """A script that contradicts itself is not read out to anybody."""
    ids = [question.id for question in script.questions]
    _demand(len(set(ids)) == len(ids), "有两个问题的 id 相同")
    _demand(script.refusal.key.isdecimal(), "随时拒访（refusal）要有一个数字键")
    _demand(not script.grade or script.grade in ids, f"没有 id 为“{script.grade}”的问题可作评价（grade）")
    before: set[str] = set()
    for question in script.questions:
        _demand(question.when <= before, f"问题“{question.id}”的 when 提到前面没有的回答")
        _check_choices(question, script.refusal)
        before |= {choice.code for choice in question.choices}


def _check_choices(question: Question, refusal: Choice) -> None:
    at, choices = f"问题“{question.id}”", (*question.choices, refusal)
    codes, keys = [c.code for c in choices], [c.key for c in choices if c.key]
    _demand(len(set(codes)) == len(codes), f"{at}有两个回答的 code 相同（拒访的也算）")
    _demand(len(set(keys)) == len(keys), f"{at}有两个回答按同一个键（拒访的也算）")
    _demand(all(key in "0123456789" for key in keys), f"{at}的按键应为一个数字")
    _demand(all(c.negated in ("", *codes) for c in choices), f"{at}里 negated 提到没有的回答")
    _demand(all(c.ends in ENDS for c in choices), f"{at}里 ends 只能是 {'、'.join(ENDS[1:])}")
    _demand(question.open or any(c.key for c in question.choices), f"{at}没有一个回答可以按键")
    _demand(question.open or bool(question.keys), f"{at}要写明听不清时怎样请人按键（keys）")
    owners: dict[tuple[str, ...], str] = {}
    for choice in choices:
        for phrase in (*choice.phrases, *choice.loose):
            _demand(bool(han(phrase)) and han(phrase) == folded(phrase), f"{at}的说法“{phrase}”只能写汉字")
            other = owners.setdefault(sounds(han(phrase)), choice.code)
            _demand(other == choice.code, f"{at}里“{phrase}”同“{other}”的一种说法听起来一样，分不开")


def _demand(right: bool, sentence: str) -> None:
    if not right:
        raise ScriptError("E656", f"回访话术自相矛盾：{sentence}")


__all__ = ["Choice", "Question", "Script", "ScriptError", "load", "read", "satisfaction"]
