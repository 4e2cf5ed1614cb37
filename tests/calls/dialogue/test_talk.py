"""Whatever is said and pressed, a call back comes to an end, and to the right one."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from yifa.calls.dialogue.script import satisfaction
from yifa.calls.dialogue.talk import Ending, Heard, Wait, begin, hang_up, step

from .utterances import AGAIN, HELD, TUNING, labelled

SCRIPT = satisfaction()
BAD = {"不满意", "非常不满意"}
WORDS = st.sampled_from(
    [w for w, _ in labelled(TUNING) + labelled(AGAIN) + labelled(HELD)]
) | st.sampled_from(["", " ", "可以", "好的", "在开车", "不愿意", "没有人接电话，跑了三趟", "不用了"])
KEYS = st.text("0123456789*#", min_size=1, max_size=3)


def held(*said: Heard | str, script=SCRIPT):
    """The talk in which this was heard; a plain text is words, `#` before keys."""
    talk, lines = begin(script)
    for one in said:
        heard = one if isinstance(one, Heard) else Heard(keys=one[1:]) if one[:1] == "#" else Heard(words=one)
        talk, lines = step(talk, heard)
    return talk, lines


class Talking(RuleBasedStateMachine):
    """Anything may be said or pressed, at any point."""

    @initialize(retries=st.integers(0, 5))
    def begin(self, retries):
        script = dataclasses.replace(SCRIPT, retries=retries)
        self.most = sum(retries + 2 for _ in script.questions)
        self.talk, self.lines = begin(script)
        self.steps = 0

    def take(self, heard):
        before = self.talk
        self.talk, self.lines = step(self.talk, heard)
        self.steps += 1
        assert self.talk.answers[: len(before.answers)] == before.answers
        assert self.talk.heard[: len(before.heard)] == before.heard
        if heard.words.strip() or heard.keys:
            assert self.talk.heard[-1].words == heard.words
            assert self.talk.heard[-1].key == heard.keys

    going = precondition(lambda self: self.talk.ending is None)

    @going
    @rule(words=WORDS)
    def says(self, words):
        self.take(Heard(words=words))

    @going
    @rule(words=WORDS, keys=KEYS)
    def presses(self, words, keys):
        with_words, _ = step(self.talk, Heard(keys=keys, words=words))
        without, _ = step(self.talk, Heard(keys=keys))
        assert with_words.ending == without.ending
        assert [a.code for a in with_words.answers] == [a.code for a in without.answers]
        assert (with_words.at, with_words.keys_only) == (without.at, without.keys_only)
        self.take(Heard(keys=keys, words=words))

    @going
    @rule(by_key=st.booleans(), words=WORDS)
    def refuses(self, by_key, words):
        refused, last = step(
            self.talk, Heard(keys="9", words=words) if by_key else Heard(words="以后不要再打了")
        )
        assert refused.ending is Ending.OPTED_OUT
        assert [line.text for line in last] == [SCRIPT.bye]
        assert refused.answers == self.talk.answers

    @going
    @rule()
    def hangs_up(self):
        gone = hang_up(self.talk)
        assert gone.ending is Ending.HUNG_UP
        assert gone.answers == self.talk.answers

    @going
    @rule()
    def cannot_be_heard(self):
        self.take(Heard(deaf=True))

    @precondition(lambda self: self.talk.ending is not None)
    @rule(words=WORDS, keys=st.just("") | KEYS)
    def goes_on_after_the_end(self, words, keys):
        assert step(self.talk, Heard(keys=keys, words=words)) == (self.talk, ())
        assert hang_up(self.talk) == self.talk

    @invariant()
    def it_ends(self):
        assert self.steps <= self.most
        assert (self.talk.ending is None) == (self.lines[-1].wait is not Wait.NOTHING)

    @invariant()
    def it_is_done_only_with_a_grade(self):
        if self.talk.ending is Ending.DONE:
            assert self.talk.outcome.grade

    @invariant()
    def reasons_are_asked_of_the_dissatisfied_alone(self):
        if self.talk.question.id == "原因":
            assert self.talk.outcome.grade in BAD

    def teardown(self):
        for _ in range(self.most):
            self.talk, _ = step(self.talk, Heard())
        assert self.talk.ending is not None
        assert step(self.talk, Heard(words="满意", keys="1")) == (self.talk, ())


TestTalking = Talking.TestCase
TestTalking.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_a_satisfied_person_is_thanked():
    talk, lines = held("可以", "非常满意")
    assert talk.outcome.ending is Ending.DONE
    assert talk.outcome.grade == "非常满意"
    assert [line.text for line in lines] == [SCRIPT.thanks]


@pytest.mark.parametrize(
    ("key", "grade"),
    [("1", "非常满意"), ("2", "满意"), ("3", "基本满意"), ("4", "不满意"), ("5", "非常不满意")],
)
def test_every_grade_has_its_key(key, grade):
    talk, _ = held("#1", f"#{key}")
    assert talk.outcome.grade == grade
    assert (talk.ending is None) == (grade in BAD)


def test_a_dissatisfied_person_is_asked_why_and_the_words_are_kept():
    talk, _ = held("好的", "不太满意", " 一直没有人给我打电话。 ")
    outcome = talk.outcome
    assert (outcome.ending, outcome.grade, outcome.words) == (Ending.DONE, "不满意", "一直没有人给我打电话。")
    assert (outcome.script, outcome.version) == (SCRIPT.id, SCRIPT.version)


def test_who_gives_no_reason_has_still_given_a_grade():
    for silent in (["#4", "", "", ""], ["#4", "#*"], ["#4", Heard(deaf=True)], ["#4", "嗯", "啊", "呃"]):
        talk, _ = held("#1", *silent)
        assert (talk.ending, talk.outcome.grade, talk.outcome.words) == (Ending.DONE, "不满意", "")


def test_a_key_beats_words():
    talk, _ = held("#1", Heard(keys="2", words="非常不满意"))
    assert talk.outcome.grade == "满意"


def test_two_different_keys_are_no_answer_and_the_same_one_twice_is_one():
    assert held("#1", "#24")[0].outcome.grade == ""
    assert held("#1", "#22")[0].outcome.grade == "满意"


def test_a_wrong_key_is_asked_again_whatever_was_said_with_it():
    talk, lines = held("#1", Heard(keys="7", words="满意"))
    assert talk.outcome.grade == ""
    assert lines[0].text == SCRIPT.questions[1].again


def test_what_is_not_understood_is_asked_again_then_by_keys_then_no_more():
    question = SCRIPT.questions[1]
    seen = []
    talk, lines = held("#1")
    while not talk.ending:
        talk, lines = step(talk, Heard(words="你是谁"))
        seen.append((lines[0].text, lines[0].wait))
    assert seen == [
        (question.again, Wait.ANSWER),
        (question.again, Wait.ANSWER),
        (question.keys, Wait.KEYS),
        (SCRIPT.sorry, Wait.NOTHING),
    ]
    assert talk.outcome.ending is Ending.UNCLEAR
    assert [heard.words for heard in talk.outcome.heard[1:]] == ["你是谁"] * 4


def test_when_only_keys_are_taken_words_are_not_but_a_refusal_is():
    talk, _ = held("#1", "你是谁", "你是谁", "你是谁")
    assert step(talk, Heard(words="满意"))[0].outcome.ending is Ending.UNCLEAR
    assert step(talk, Heard(keys="2"))[0].outcome.grade == "满意"
    assert step(talk, Heard(words="不要再打了"))[0].ending is Ending.OPTED_OUT


def test_nobody_there_is_not_somebody_misunderstood():
    assert held("", "", "", "")[0].ending is Ending.SILENT
    assert held("", "喂", "", "")[0].ending is Ending.UNCLEAR


def test_a_broken_ear_leaves_the_keys():
    talk, lines = held(Heard(deaf=True))
    assert lines[0].wait is Wait.KEYS
    talk, _ = step(talk, Heard(keys="1"))
    assert talk.question.id == "满意度"


def test_a_bad_moment_and_a_plain_no_are_not_the_same_as_never_again():
    assert held("我在开车")[0].ending is Ending.LATER
    assert held("不用了")[0].ending is Ending.REFUSED
    assert held("以后不要再打了")[0].ending is Ending.OPTED_OUT
    assert held("#9")[0].ending is Ending.OPTED_OUT


def test_a_grade_given_in_the_same_breath_as_a_refusal_is_kept():
    outcome = held("#1", "不满意，不要再打了")[0].outcome
    assert (outcome.ending, outcome.grade) == (Ending.OPTED_OUT, "不满意")


def test_who_hangs_up_after_the_grade_has_given_it():
    talk, _ = held("#1", "#5")
    outcome = hang_up(talk).outcome
    assert (outcome.ending, outcome.grade) == (Ending.HUNG_UP, "非常不满意")


@given(st.text(max_size=300))
def test_any_reason_at_all_is_kept_or_asked_for_again(words):
    talk, _ = held("#1", "#4")
    after, _ = step(talk, Heard(words=words))
    if after.ending is Ending.DONE:
        assert after.outcome.words == words.strip()
    elif words.strip():
        assert after.outcome.heard[-1].words == words
