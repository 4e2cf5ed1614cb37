"""A call back held over a line: what the talk wants said is played, what comes back is heard and handed to it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from yifa.calls.speech.spoken import Hear, Say, SpeechError

from .guess import Guess
from .script import Script
from .talk import Ending, Heard, Line, Outcome, Talk, Wait, begin, hang_up, step
from .understand import understand

log = logging.getLogger(__name__)
MORE = 0.4  # seconds in which a second press belongs to the first
YES = "1"
BACK = "您的意思是“{choice}”，对吗？对请按1，不对请按2。"
WAITS = 6.0  # seconds for the key that confirms
KEYS = 8  # presses taken in one go
Keep = Callable[[str, bytes], None]


class Call(Protocol):
    """A line with a person at its end. Sound is 16-bit little-endian mono PCM, 8000 samples a second."""

    @property
    def over(self) -> bool:
        """Whether either side has hung up."""
        ...

    async def play(self, pcm: bytes, *, until_key: bool = False) -> bool:
        """Play; until a key is pressed, if asked."""
        ...

    async def key(self, wait: float) -> str:
        """The next key pressed, "" if none comes in time."""
        ...

    async def listen(self, most: float, *, quiet: float = 1.2) -> bytes:
        """What is said within `most` seconds, until it is quiet for so long."""
        ...

    async def hang_up(self) -> object:
        """End the call."""
        ...


async def converse(
    call: Call, script: Script, hear: Hear, say: Say, keep: Keep | None = None, guess: Guess | None = None
) -> Outcome:
    """Hold the talk; the line is hung up whatever happens. `keep` is handed every recording, with its question's id.

    `guess` may say what was meant where the script's own phrases find nothing; the person is asked whether it is so.
    """
    talk, lines = begin(script)
    try:
        while not talk.ending:
            talk, lines = await _exchange(call, talk, lines, hear, say, keep, guess)
        await _say(call, lines, say)
    except SpeechError as broken:
        log.error("回访 %s 没有话可说：%s", script.id, broken)
        talk = hang_up(talk, Ending.BROKEN)
    finally:
        await call.hang_up()
    return talk.outcome


async def _exchange(
    call: Call,
    talk: Talk,
    lines: tuple[Line, ...],
    hear: Hear,
    say: Say,
    keep: Keep | None,
    guess: Guess | None,
) -> tuple[Talk, tuple[Line, ...]]:
    await _say(call, lines, say)
    heard = await _heard(call, talk, lines[-1].wait, hear, keep)
    if guess and heard.words and not heard.keys and not talk.question.open and not call.over:
        heard = await _asked_back(call, talk, heard, say, guess)
    if call.over and not (heard.keys or heard.words):
        return hang_up(talk), ()
    return step(talk, heard)


async def _say(call: Call, lines: tuple[Line, ...], say: Say) -> None:
    for line in lines:
        if not call.over:
            await call.play(await say(line.text), until_key=line.wait is not Wait.NOTHING)


async def _heard(call: Call, talk: Talk, wait: Wait, hear: Hear, keep: Keep | None) -> Heard:
    """Keys pressed while we spoke, or since; else words."""
    question = talk.question
    if keys := await _keys(call, question.seconds if wait is Wait.KEYS else 0):
        return Heard(keys=keys)
    if wait is Wait.KEYS or call.over:
        return Heard()
    pcm = await call.listen(question.seconds, quiet=question.quiet)
    if keep and pcm:
        keep(question.id, pcm)
    keys = await _keys(call, 0)
    if (keys and not question.open) or not pcm:
        return Heard(keys=keys)
    try:
        words = await hear(pcm, hints=talk.script.hints(question))
    except SpeechError as broken:
        log.error("回访 %s 没有听写出来：%s", talk.script.id, broken)
        return Heard(keys=keys, deaf=True)
    return Heard(keys=keys, words=words)


async def _asked_back(call: Call, talk: Talk, heard: Heard, say: Say, guess: Guess) -> Heard:
    """What may have been meant, put to the person; without their key it counts for nothing."""
    question = talk.question
    if understand(heard.words, (*question.choices, talk.script.refusal)) is not None:
        return heard
    try:
        meant = await guess(question.text, heard.words, [choice.code for choice in question.choices])
        if not meant or call.over:
            return heard
        await call.play(await say(BACK.format(choice=meant)), until_key=True)
    except SpeechError as broken:
        log.error("回访 %s 没有人可问是什么意思：%s", talk.script.id, broken)
        return heard
    keys = await _keys(call, WAITS)
    if talk.script.refusal.key in keys:
        return Heard(keys=talk.script.refusal.key, words=heard.words)
    return Heard(words=heard.words, meant=meant) if keys == YES else heard


async def _keys(call: Call, wait: float) -> str:
    """The keys pressed; a few pressed at once come together."""
    keys = key = await call.key(wait)
    while key and len(keys) < KEYS and not call.over:
        key = await call.key(MORE)
        keys += key
    return keys


__all__ = ["Call", "Keep", "converse"]
