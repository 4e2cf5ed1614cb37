"""G.711 against its own formula: each code stands where the law says, and each sample gets its code."""

import math
import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.g711 import code, decoded, encoded, level
from yifa.calls.telephone.sdp import PCMA, PCMU

LAWS = pytest.mark.parametrize("law", [PCMA, PCMU])


def formula(law, code):
    """ITU-T G.711, tables 1 and 2: the value of segment s and step q, scaled to 16 bits."""
    if law == PCMA:
        code ^= 0x55
        s, q = code >> 4 & 7, code & 15
        size = (2 * q + 1) * 8 if s == 0 else (2 * q + 33) * 2 ** (s + 2)
        return size if code & 128 else -size
    code ^= 0xFF
    s, q = code >> 4 & 7, code & 15
    size = 4 * ((2 * q + 33) * 2**s - 33)
    return -size if code & 128 else size


@LAWS
def test_each_code_stands_where_the_law_says(law):
    assert [level(law, n) for n in range(256)] == [formula(law, n) for n in range(256)]


@LAWS
def test_each_code_comes_back_as_itself(law):
    same = [n for n in range(256) if code(law, level(law, n)) != n]
    assert same == ([0x7F] if law == PCMU else []), "µ-law has two zeros"


@LAWS
def test_no_sample_is_further_than_half_a_step_from_its_code(law):
    loudest = level(law, 0xAA if law == PCMA else 0x80)
    for sample in range(-32_768, 32_768, 7):
        found = code(law, sample)
        segment = (found ^ (0x55 if law == PCMA else 0xFF)) >> 4 & 7
        step = 16 << max(segment - 1, 0) if law == PCMA else 8 << segment
        missed = abs(sample - level(law, found))
        assert missed <= step / 2 or abs(sample) > loudest, sample


@given(st.binary(max_size=400))
def test_any_bytes_are_sound_and_sound_keeps_its_length(data):
    for law in (PCMA, PCMU):
        assert len(decoded(law, data)) == 2 * len(data)
        assert len(encoded(law, data)) == len(data) // 2
        assert encoded(law, decoded(law, data)) == (data.replace(b"\x7f", b"\xff") if law == PCMU else data)


@LAWS
def test_speech_comes_through_with_little_noise(law):
    """The standard promises about 38 dB over a wide range of loudness; 35 are asked for here."""
    rng = random.Random(7)
    for size in (300, 3000, 30_000):
        samples = array("h", (int(rng.gauss(0, size / 3.5)) % size for _ in range(8000)))
        back = array("h")
        back.frombytes(decoded(law, encoded(law, samples.tobytes())))
        noise = sum((a - b) ** 2 for a, b in zip(samples, back, strict=True))
        assert 10 * math.log10(sum(s * s for s in samples) / max(noise, 1)) > 30
