"""When somebody begins to speak and when they have done, told from how loud the line is."""

import math
import random
from array import array

from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.g711 import encoded
from yifa.calls.telephone.listening import Listening, Noise
from yifa.calls.telephone.sdp import PCMA, PCMU

RATE = 8000


def hum(seconds: float, size: float) -> bytes:
    rng = random.Random(7)
    return array("h", (round(rng.gauss(0, size)) for _ in range(int(seconds * RATE)))).tobytes()


def voice(seconds: float, size: float = 3000) -> bytes:
    samples = (
        round(
            size * math.sin(2 * math.pi * 220 * n / RATE) * (0.6 + 0.4 * math.sin(2 * math.pi * 4 * n / RATE))
        )
        for n in range(int(seconds * RATE))
    )
    return array("h", samples).tobytes()


def heard(
    pcm: bytes, most: float = 8.0, quiet: float = 1.2, law: int = PCMA, noise: Noise | None = None
) -> tuple[float, float]:
    """How many seconds were kept, and after how many it was over."""
    listening, coded = Listening(law, noise or Noise(), most, quiet), encoded(law, pcm)
    frames = 0
    while not listening.over and len(coded) >= (frames + 1) * 160:
        listening.take(coded[frames * 160 : frames * 160 + 160])
        frames += 1
    return len(listening.pcm) / 2 / RATE, frames * 0.02


def test_a_sentence_is_kept_with_a_little_around_it() -> None:
    for law in (PCMA, PCMU):
        kept, took = heard(bytes(RATE * 2) + voice(1.5) + bytes(RATE * 8), law=law)
        assert 1.7 <= kept <= 2.4
        assert 3.6 <= took <= 3.9, "a second of quiet, the sentence, and the quiet after it"


def test_a_pause_for_breath_is_not_the_end() -> None:
    kept, _ = heard(voice(1.0) + bytes(RATE) + voice(1.0) + bytes(RATE * 8))
    assert kept > 2.4


def test_who_says_nothing_is_waited_for_and_nothing_is_made_of_it() -> None:
    for line in (bytes(RATE * 20), hum(10, 40), hum(10, 120)):
        assert heard(line, most=3.0) == (0.0, 3.0)


def test_a_click_is_no_voice() -> None:
    assert heard(bytes(RATE) + voice(0.04, 20_000) + bytes(RATE * 20), most=3.0) == (0.0, 3.0)


def test_a_voice_is_heard_over_a_noisy_line_once_its_noise_is_known() -> None:
    noise = Noise()
    heard(hum(4, 300), most=4.0, noise=noise)
    loud = array("h", voice(1.5, 6000) + bytes(RATE * 8))
    line = array("h", hum(len(loud) / RATE, 300))
    mixed = array("h", (a + b for a, b in zip(loud, line, strict=False))).tobytes()
    kept, took = heard(mixed, noise=noise)
    assert kept > 1.3
    assert took < 4.0


def test_who_does_not_stop_is_stopped() -> None:
    assert heard(voice(20), most=3.0)[1] == 3.0


@given(st.binary(max_size=4000))
def test_any_sound_is_listened_to(data: bytes) -> None:
    listening = Listening(PCMU, Noise(), 1.0, 0.2)
    for n in range(0, len(data) - 160, 160):
        listening.take(data[n : n + 160])
    assert len(listening.pcm) <= 2 * len(data)
