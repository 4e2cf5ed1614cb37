"""A call back over a line: what the person does there comes out in the record."""

import asyncio
from collections import deque

import pytest

from yifa.calls.dialogue.converse import converse
from yifa.calls.dialogue.script import satisfaction
from yifa.calls.dialogue.talk import Ending
from yifa.calls.speech.spoken import Prepared, SpeechError

SCRIPT = satisfaction()
GONE = "挂断"


class Person:
    """A line and the person at its end. acts: one for each time we wait, “#4” to press, GONE, or words."""

    def __init__(self, *acts: str) -> None:
        self.acts, self.played, self.pressed, self.hung_up = deque(acts), [], deque(), 0
        self.over = False

    async def play(self, pcm: bytes, *, until_key: bool = False) -> bool:
        assert not self.over
        self.played.append(pcm.decode())
        if self.acts and self.acts[0].startswith("#!"):  # pressed while we still speak
            self.pressed.extend(self.acts.popleft()[2:])
        return not self.pressed

    async def key(self, wait: float) -> str:
        if not self.pressed and wait > 1 and self.acts:
            act = self.acts.popleft()
            self.over = act == GONE
            self.pressed.extend(act[1:] if act[:1] == "#" else "")
        return self.pressed.popleft() if self.pressed else ""

    async def listen(self, most: float, *, quiet: float = 1.2) -> bytes:
        assert quiet < most
        act = self.acts.popleft() if self.acts else ""
        if act.startswith("#"):
            self.pressed.extend(act[1:])
            return "满意".encode()  # said while the key was found
        self.over = act.endswith(GONE)
        return act.removesuffix(GONE).encode()

    async def hang_up(self) -> None:
        self.hung_up += 1
        self.over = True


async def say(text: str) -> bytes:
    return text.encode()


async def hear(pcm: bytes, *, hints: str = "") -> str:
    assert "不要再打" in hints
    return pcm.decode()


async def deaf(pcm: bytes, *, hints: str = "") -> str:
    raise SpeechError("E659", "语音服务没有答复")


def held(*acts: str, hear=hear, say=say, keep=None):
    person = Person(*acts)
    return asyncio.run(converse(person, SCRIPT, hear, say, keep)), person


def test_a_whole_call_in_words():
    kept = []
    outcome, person = held(
        "可以", "不满意", "一直没有人给我打电话。", keep=lambda id, pcm: kept.append((id, pcm.decode()))
    )
    assert (outcome.ending, outcome.grade, outcome.words) == (Ending.DONE, "不满意", "一直没有人给我打电话。")
    assert person.played == [*(q.text for q in SCRIPT.questions), SCRIPT.thanks]
    assert kept == [("愿意", "可以"), ("满意度", "不满意"), ("原因", "一直没有人给我打电话。")]
    assert person.hung_up == 1


def test_a_whole_call_in_keys_pressed_while_we_still_speak():
    outcome, person = held("#!1", "#!2")
    assert (outcome.ending, outcome.grade) == (Ending.DONE, "满意")
    assert len(person.played) == 3


def test_a_key_pressed_while_words_are_said_beats_them():
    assert held("#1", "#5", "太慢了")[0].grade == "非常不满意"


def test_a_key_pressed_twice_does_not_answer_the_next_question():
    outcome, _ = held("#1", "#!44", "没人管")
    assert (outcome.grade, outcome.words) == ("不满意", "没人管")


def test_words_before_the_key_that_ends_them_are_kept():
    outcome, _ = held("#1", "#4", "#*")
    assert outcome.words == "满意"


def test_a_refusal_is_said_goodbye_to():
    outcome, person = held("不要再打了")
    assert outcome.ending is Ending.OPTED_OUT
    assert person.played[-1] == SCRIPT.bye


def test_hanging_up_at_any_point_is_recorded_with_what_was_said_before():
    assert held(GONE)[0].ending is Ending.HUNG_UP
    outcome, person = held("可以", "不满意", GONE)
    assert (outcome.ending, outcome.grade) == (Ending.HUNG_UP, "不满意")
    assert SCRIPT.thanks not in person.played


def test_last_words_before_hanging_up_are_heard():
    outcome, _ = held("可以", "满意" + GONE)
    assert (outcome.ending, outcome.grade) == (Ending.DONE, "满意")
    outcome, _ = held("可以", "不满意", "没人管" + GONE)
    assert (outcome.ending, outcome.words) == (Ending.DONE, "没人管")


def test_with_a_broken_ear_the_call_goes_on_by_keys_and_recordings_are_kept():
    kept = []
    outcome, person = held(
        "可以", "#1", "满意", "#4", "没人管", hear=deaf, keep=lambda *one: kept.append(one)
    )
    assert (outcome.ending, outcome.grade, outcome.words) == (Ending.DONE, "不满意", "")
    assert SCRIPT.questions[0].keys in person.played
    assert ("原因", "没人管".encode()) in kept


def test_without_a_voice_nothing_is_made_up_and_the_line_is_hung_up():
    async def dumb(text: str) -> bytes:
        raise SpeechError("E659", "语音服务没有答复")

    outcome, person = held("可以", say=dumb)
    assert outcome.ending is Ending.BROKEN
    assert person.hung_up == 1


def test_a_voice_that_fails_at_the_goodbye_spoils_nothing():
    async def till_the_end(text: str) -> bytes:
        if text == SCRIPT.thanks:
            raise SpeechError("E659", "语音服务没有答复")
        return text.encode()

    assert held("#1", "#1", say=till_the_end)[0].ending is Ending.DONE


def test_silence_from_first_to_last():
    assert held()[0].ending is Ending.SILENT


def test_a_fault_in_the_line_hangs_up_and_is_not_hidden():
    class Torn(Person):
        async def listen(self, most: float, *, quiet: float = 1.2) -> bytes:
            raise OSError("torn")

    person = Torn()
    with pytest.raises(OSError, match="torn"):
        asyncio.run(converse(person, SCRIPT, hear, say))
    assert person.hung_up == 1


def test_a_script_spoken_beforehand_is_not_spoken_again():
    said = []

    async def slow(text: str) -> bytes:
        said.append(text)
        return text.encode()

    async def all_of_it():
        voice = Prepared(slow)
        for text in SCRIPT.texts():
            await voice(text)
        before = len(said)
        await asyncio.gather(*(converse(Person("#1", "#2"), SCRIPT, hear, voice) for _ in range(3)))
        return before

    assert asyncio.run(all_of_it()) == len(said)
