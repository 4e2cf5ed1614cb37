"""What somebody said is understood, or asked again; a grade is never turned round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.dialogue import lexicon
from yifa.calls.dialogue.script import satisfaction
from yifa.calls.dialogue.sounds import TRADITIONAL, folded, sounds
from yifa.calls.dialogue.understand import understand

from .utterances import AGAIN, HELD, TUNING, labelled

SCRIPT = satisfaction()
CONSENT, GRADE, _ = SCRIPT.questions
SIDE = {"非常满意": 1, "满意": 1, "基本满意": 1, "不满意": -1, "非常不满意": -1, "": 0}
LOOKED_AT = labelled(TUNING) + labelled(AGAIN)
ALL = labelled(TUNING) + labelled(AGAIN) + labelled(HELD)
SAYABLE = sorted({phrase for choice in GRADE.choices for phrase in (*choice.phrases, *choice.loose)})
PARTS = st.sampled_from(
    [*SAYABLE, *lexicon.TURNING, *"，。？！不没 很太吗的了部买一亿", "没有", "不是", "非常", "谢谢", "什么"]
)


def grade(words: str) -> str:
    choice = understand(words, GRADE.choices)
    return choice.code if choice else ""


def consent(words: str) -> str:
    choice = understand(words, (*CONSENT.choices, SCRIPT.refusal))
    return choice.code if choice else ""


def counted(said: list[tuple[str, str]]) -> tuple[float, list[str], list[str]]:
    """Accuracy; grades turned round; doubtful words taken for a grade."""
    pairs = [(words, label, grade(words)) for words, label in said]
    crossed = [words for words, label, got in pairs if SIDE[label] * SIDE[got] < 0]
    guessed = [words for words, label, got in pairs if got and not label]
    return sum(label == got for _, label, got in pairs) / len(pairs), crossed, guessed


def test_there_are_enough_utterances_and_the_halves_share_none():
    tuning, held = dict(LOOKED_AT), dict(labelled(HELD))
    assert len(tuning) > 200
    assert len(held) > 200
    assert not tuning.keys() & held.keys()


@pytest.mark.parametrize(("words", "label"), LOOKED_AT)
def test_what_was_looked_at_is_understood_exactly(words, label):
    assert grade(words) == label


def test_in_the_half_not_looked_at_no_grade_is_turned_round_and_most_are_understood(capsys):
    right, crossed, guessed = counted(labelled(HELD))
    with capsys.disabled():
        print(
            f"\nunderstood: {counted(LOOKED_AT)[0]:.1%} of the tuning half, {right:.1%} of the other", end=" "
        )
        print(f"({len(guessed)} doubtful ones taken for a grade)")
    assert not crossed
    assert right > 0.85
    assert len(guessed) <= 8


@pytest.mark.parametrize("before", ["嗯，", "哦 ", "我觉得", "啊，我说实话，", "我等了很久。"])
@pytest.mark.parametrize("after", ["", "，谢谢", "。", "啊", "，一直没有人给我打电话。"])
def test_words_around_it_never_turn_a_grade_round(before, after):
    assert not [words for words, label in ALL if SIDE[grade(before + words + after)] * SIDE[label] < 0]


DENYING = [
    "不",
    "没有",
    "不是",
    "不会",
    "不可能",
    "从来没",
    "谁会",
    "哪里",
    "并非",
    "未必",
    "部",
    "别",
    "难道",
    "谁说",
    "有什么",
    "没什么",
    "没说",
    "算不上",
]
GOOD, BAD = ([p for c in GRADE.choices if c.side == side for p in (*c.phrases, *c.loose)] for side in (1, -1))


@pytest.mark.parametrize("denying", DENYING)
def test_nothing_denied_is_taken_for_praise(denying):
    assert not [words for words in GOOD if SIDE[grade(denying + words)] > 0]


@pytest.mark.parametrize("denying", [word for word in DENYING if word not in ("不", "部", "算不上")])
def test_nothing_denied_is_taken_for_blame(denying):
    assert not [words for words in BAD if grade(denying + words) and denying + words not in BAD]


@given(st.lists(PARTS, max_size=6).map("".join))
def test_praise_and_blame_in_one_breath_are_no_answer(words):
    got = grade(words)
    if got and SIDE[got] > 0:
        assert "不满意" not in folded(words).replace("？", "?").split("?")[-1]
        assert not words.endswith("吗")


@given(st.lists(PARTS, max_size=6).map("".join))
def test_traditional_characters_and_gaps_mean_the_same(words):
    back = {simple: full for full, simple in TRADITIONAL.items() if full != simple}
    assert grade("".join(back.get(c, c) for c in words)) == grade(words)


@given(st.text(max_size=400))
def test_any_text_at_all_is_answered_with_a_choice_or_none(words):
    assert grade(words) in SIDE


@pytest.mark.parametrize(
    "words", ["", " ", "，。", "啊？", "你是谁", "满" * 10_000, "满意" * 5_000, "\x00\ud800", "👍", "ok"]
)
def test_what_is_no_answer_is_not_understood(words):
    assert grade(words) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("办理", "伴理"), ("满意", "蛮意"), ("那里", "拉里"), ("知道", "资道"), ("吃饭", "疵饭"), ("是", "四"), ("星", "新"), ("风", "分"), ("方", "帆"), ("回", "飞"), ("湖", "福")],
)  # fmt: skip
def test_common_confusions_sound_the_same(one, other):
    assert sounds(one) == sounds(other)


def test_praise_and_blame_never_sound_the_same():
    by_side = {side: set() for side in (1, -1)}
    for choice in GRADE.choices:
        by_side[choice.side] |= {sounds(phrase) for phrase in (*choice.phrases, *choice.loose)}
    assert not by_side[1] & by_side[-1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("可以", "愿意"), ("好的", "愿意"), ("嗯，可以", "愿意"), ("可以，你问吧", "愿意"), ("没问题", "愿意"), ("我愿意", "愿意"),
        ("不可以", "不愿意"), ("不用了", "不愿意"), ("不愿意", "不愿意"), ("我在开车", "现在不便"), ("晚点再打", "现在不便"), ("没空", "现在不便"),
        ("不要再打了", "不再回访"), ("不要再打", "不再回访"), ("请你们以后不要再打电话给我了。", "不再回访"), ("能不能不要再打了？", "不再回访"),
        ("别再给我打电话了好不好", "不再回访"), ("不要在打", "不再回访"), ("布要再打", "不再回访"), ("別再打了", "不再回访"),
        ("要不要再打一次", ""), ("我没说不要再打", ""), ("不要再打太极了", ""), ("嗯", ""), ("喂", ""), ("你是谁", ""), ("是骗子吧", ""),
        ("可以不接吗", ""), ("不是不愿意", ""), ("愿意吗", ""),
    ],
)  # fmt: skip
def test_consent_and_refusal(words, code):
    assert consent(words) == code


def test_no_word_of_the_lexicon_is_lost_among_the_fillers():
    for name in (
        "HARMLESS",
        "QUESTIONS",
        "ELSEWHERE",
        "COMPLAINTS",
        "POLITE",
        "DENIAL",
        "DENIED",
        "LEADS",
        "TAILS",
    ):
        assert not lexicon.FILLERS.search(getattr(lexicon, name).pattern), name
