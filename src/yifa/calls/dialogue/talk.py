"""One call back, from the first words to the last: what was heard comes in, what is to be said goes out.

Nothing here knows of telephones or the time. A key beats words; a refusal ends the talk wherever it comes; a question
is asked again a few times, then once more for keys only; so every talk ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from .lexicon import FILLERS
from .script import Choice, Question, Script
from .sounds import folded
from .understand import understand


class Ending(Enum):
    """What became of a call back."""

    DONE = "完成"
    REFUSED = "拒访"  # this call; may be called back about another matter
    OPTED_OUT = "不再回访"  # never to be called back again
    LATER = "改日"  # it is a bad moment
    HUNG_UP = "中途挂断"
    UNCLEAR = "未听清"
    SILENT = "无人说话"  # nothing was said and no key pressed from first to last
    BROKEN = "设备故障"  # we could not speak


ENDS = {"拒访": Ending.REFUSED, "改日": Ending.LATER}


class Wait(Enum):
    """What is waited for once a line has been said."""

    NOTHING = "nothing"
    KEYS = "keys"
    ANSWER = "answer"  # keys or words


@dataclass(frozen=True, slots=True)
class Heard:
    """keys: pressed, in their order; words: as written down; deaf: there was a voice, and our ear is out of order.

    meant: the code of an answer that was put to the person as a question, and that they confirmed with a key.
    """

    keys: str = ""
    words: str = ""
    deaf: bool = False
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say, and what to wait for then."""

    text: str
    wait: Wait = Wait.NOTHING


@dataclass(frozen=True, slots=True)
class Answer:
    """question: its id; code: of the answer chosen, "" for an open question; words: as said; key: as pressed."""

    question: str
    code: str = ""
    words: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is recorded of a call back. grade: of the script's grade question, or ""; words: the reasons given;
    heard: everything that was said or pressed, understood or not, with the question it was said to."""

    script: str
    version: int
    ending: Ending
    grade: str
    words: str
    answers: tuple[Answer, ...]
    heard: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a talk stands. at: number of the question; failed: how often it was not understood; keys_only: words are
    no longer taken; ending: None while it goes on."""

    script: Script
    at: int = 0
    failed: int = 0
    keys_only: bool = False
    answers: tuple[Answer, ...] = ()
    heard: tuple[Answer, ...] = ()
    ending: Ending | None = None

    @property
    def question(self) -> Question:
        """The question that was asked last."""
        return self.script.questions[self.at]

    @property
    def outcome(self) -> Outcome:
        """What is recorded; of a talk that goes on, as if it broke off here."""
        codes = {answer.question: answer.code for answer in self.answers}
        reasons = [answer.words for answer in self.answers if not answer.code and answer.words]
        return Outcome(
            self.script.id,
            self.script.version,
            self.ending or Ending.HUNG_UP,
            codes.get(self.script.grade, ""),
            "\n".join(reasons),
            self.answers,
            self.heard,
        )


CONFIRMED = "按键确认"
Next = tuple[Talk, tuple[Line, ...]]


def begin(script: Script) -> Next:
    """The first question; no question before it can bar it."""
    return _onwards(Talk(script, at=-1))


def step(talk: Talk, heard: Heard) -> Next:
    """Take in what was heard; nothing more happens to a talk that has ended."""
    if talk.ending:
        return talk, ()
    if heard.keys or heard.words.strip():
        said = Answer(talk.question.id, words=heard.words, key=heard.keys or _confirmed(heard))
        talk = replace(talk, heard=(*talk.heard, said))
    if _refused(talk, heard):
        return _end(_graded(talk, heard), Ending.OPTED_OUT, talk.script.bye)
    if talk.question.open:
        return _open(talk, heard)
    choice = _chosen(talk, heard)
    if choice is None:
        return _again(talk, heard)
    key = heard.keys or _confirmed(heard)
    talk = _answered(talk, Answer(talk.question.id, choice.code, heard.words, key))
    if choice.ends:
        ending = ENDS[choice.ends]
        return _end(talk, ending, talk.script.later if ending is Ending.LATER else talk.script.declined)
    return _onwards(talk)


def hang_up(talk: Talk, ending: Ending = Ending.HUNG_UP) -> Talk:
    """The line is gone, or we are struck dumb; what was said stays."""
    return talk if talk.ending else replace(talk, ending=ending)


def _refused(talk: Talk, heard: Heard) -> bool:
    refusal = talk.script.refusal
    if heard.keys:
        return refusal.key in heard.keys
    return understand(heard.words, (refusal,)) is not None


def _graded(talk: Talk, heard: Heard) -> Talk:
    """Who gives an answer and refuses further calls in one breath has given an answer."""
    choice = understand(heard.words, talk.question.choices) if not heard.keys else None
    if choice is None or choice.ends:
        return talk
    return _answered(talk, Answer(talk.question.id, choice.code, heard.words))


def _chosen(talk: Talk, heard: Heard) -> Choice | None:
    """The choice the keys name, if any was pressed; else the one the words name."""
    choices = talk.question.choices
    if heard.keys:
        pressed = set(heard.keys)
        return next((c for c in choices if pressed == {c.key}), None)
    if heard.meant:
        return next((c for c in choices if c.code == heard.meant), None)
    return None if talk.keys_only else understand(heard.words, choices)


def _confirmed(heard: Heard) -> str:
    """How an answer that was asked back stands on the record: not as the key of any answer."""
    return CONFIRMED if heard.meant else ""


def _open(talk: Talk, heard: Heard) -> Next:
    """Any words are an answer; a key means there are no more; silence is asked again, then left alone."""
    bare = FILLERS.sub("", folded(heard.words))
    words = heard.words.strip() if any(c.isalnum() for c in bare) else ""
    enough = heard.keys or heard.deaf or talk.failed >= talk.script.retries
    if not words and not enough:
        return replace(talk, failed=talk.failed + 1), (_asked(talk.question, again=True),)
    return _onwards(_answered(talk, Answer(talk.question.id, "", words, heard.keys)))


def _again(talk: Talk, heard: Heard) -> Next:
    """Not understood: again, then by keys only, then no more."""
    question = talk.question
    if talk.keys_only:
        silent = not talk.heard and not heard.deaf
        return _end(talk, Ending.SILENT if silent else Ending.UNCLEAR, talk.script.sorry)
    if heard.deaf or talk.failed >= talk.script.retries:
        return replace(talk, keys_only=True), (Line(question.keys, Wait.KEYS),)
    return replace(talk, failed=talk.failed + 1), (_asked(question, again=True),)


def _answered(talk: Talk, answer: Answer) -> Talk:
    return replace(talk, answers=(*talk.answers, answer))


def _onwards(talk: Talk) -> Next:
    """To the next question that is to be asked, or to the end."""
    given = {answer.code for answer in talk.answers if answer.code}
    for at in range(talk.at + 1, len(talk.script.questions)):
        question = talk.script.questions[at]
        if not question.when or question.when & given:
            return replace(talk, at=at, failed=0, keys_only=False), (_asked(question),)
    return _end(talk, Ending.DONE, talk.script.thanks)


def _asked(question: Question, *, again: bool = False) -> Line:
    return Line((question.again if again else "") or question.text, Wait.ANSWER)


def _end(talk: Talk, ending: Ending, last: str) -> Next:
    return replace(talk, ending=ending), (Line(last),)


__all__ = [
    "Answer", "Ending", "Heard", "Line", "Next", "Outcome", "Talk", "Wait", "begin", "hang_up", "step",
]  # fmt: skip
