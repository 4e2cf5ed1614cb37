"""Sound of any kind a speech service sends becomes what a telephone carries."""

import math
import struct
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.speech.sound import BadSound, read_wav, resampled, wav


def tone(hertz: float, rate: int, seconds: float = 0.5, loud: float = 12_000) -> bytes:
    return array(
        "h", (round(loud * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate)))
    ).tobytes()


def strength(pcm: bytes) -> float:
    """Root mean square of the middle."""
    samples = array("h", pcm)
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    return math.sqrt(sum(s * s for s in middle) / len(middle))


def file(body: bytes, kind: int, channels: int, rate: int, bits: int, before: bytes = b"") -> bytes:
    form = struct.pack(
        "<HHIIHH", kind, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits
    )
    chunks = before + b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


@given(st.binary(max_size=400).map(lambda b: b[: len(b) // 2 * 2]), st.sampled_from([8000, 16000, 44100]))
def test_a_file_we_write_is_read_back(pcm, rate):
    assert read_wav(wav(pcm, rate)) == (pcm, rate)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("hertz", [300, 1000, 3000])
def test_speech_keeps_its_length_pitch_and_loudness_at_any_rate(rate, hertz):
    out = resampled(tone(hertz, rate), rate)
    assert abs(len(out) / 2 - 4000) <= 1
    wanted = tone(hertz, 8000)
    assert strength(out) == pytest.approx(strength(wanted), rel=0.03)
    samples, right = array("h", out), array("h", wanted)
    apart = array("h", (a - b for a, b in zip(samples[500:3500], right[500:3500], strict=True)))
    assert strength(apart.tobytes()) < 0.05 * strength(wanted)


@pytest.mark.parametrize("hertz", [5000, 7000, 11_000])
def test_what_a_telephone_cannot_carry_does_not_come_back_as_another_pitch(hertz):
    assert strength(resampled(tone(hertz, 24_000), 24_000)) < 0.01 * strength(tone(hertz, 24_000))


def test_up_for_the_ear():
    out = resampled(tone(1000, 8000), 8000, 16_000)
    assert len(out) == 2 * 8000
    assert strength(out) == pytest.approx(strength(tone(1000, 16_000)), rel=0.03)


def test_the_loudest_sound_is_clipped_and_does_not_wrap():
    square = array("h", [32767] * 300 + [-32768] * 300).tobytes()
    samples = array("h", resampled(square, 24_000))
    assert max(samples) > 30_000
    assert min(samples) < -30_000
    assert all(s > 20_000 for s in samples[15:85])


def test_other_widths_and_channels_are_read():
    left, right = [1000, -2000, 3000], [3000, -4000, 1000]
    both = [v for pair in zip(left, right, strict=True) for v in pair]
    mean = struct.pack("<3h", 2000, -3000, 2000)
    assert read_wav(file(struct.pack("<6h", *both), 1, 2, 16_000, 16)) == (mean, 16_000)
    assert read_wav(file(struct.pack("<6i", *(v << 16 for v in both)), 1, 2, 8000, 32))[0] == mean
    deep = b"".join((v << 8).to_bytes(3, "little", signed=True) for v in both)
    assert read_wav(file(deep, 1, 2, 8000, 24))[0] == mean
    floats = struct.pack("<4f", 0.5, -1.5, float("nan"), 0.0)
    assert read_wav(file(floats, 3, 1, 8000, 32))[0] == struct.pack("<4h", 16384, -32768, 0, 0)
    assert read_wav(file(bytes([128, 255, 0]), 1, 1, 8000, 8))[0] == struct.pack(
        "<3h", 0, 127 << 8, -128 << 8
    )


def test_other_chunks_are_passed_over_and_a_streamed_length_is_no_matter():
    pcm = struct.pack("<3h", 1, 2, 3)
    assert read_wav(file(pcm, 1, 1, 8000, 16, before=b"LIST\x03\0\0\0abc\0"))[0] == pcm
    endless = wav(pcm).replace(struct.pack("<I", 6), b"\xff\xff\xff\xff")
    assert read_wav(endless)[0] == pcm
    assert read_wav(wav(pcm)[:-1])[0] == pcm[:4]


@pytest.mark.parametrize(
    "bad",
    [
        b"", b"RIFF", b"ID3\x03 mp3", wav(b"")[:30], file(b"ab", 1, 0, 8000, 16), file(b"ab", 1, 99, 8000, 16),
        file(b"ab", 1, 1, 100, 16), file(b"ab", 1, 1, 10**9, 16), file(b"ab", 7, 1, 8000, 8), file(b"ab", 1, 1, 8000, 12),
        b"RIFF\0\0\0\0WAVEdata\x02\0\0\0ab", b"RIFF\0\0\0\0WAVE",
    ],
)  # fmt: skip
def test_what_is_no_sound_is_said_so(bad):
    with pytest.raises(BadSound):
        read_wav(bad)


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_hostile_bytes_are_sound_or_no_sound_and_nothing_else(noise, head):
    for said in (noise, b"RIFF\0\0\0\0WAVE" + noise, b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + head + noise):
        try:
            pcm, rate = read_wav(said)
        except BadSound:
            continue
        assert len(pcm) % 2 == 0
        assert 4000 <= rate <= 192_000


@given(st.binary(max_size=120), st.sampled_from([4000, 7999, 8000, 11_025, 44_101]))
def test_any_samples_can_be_resampled(pcm, rate):
    assert len(resampled(pcm, rate)) == len(pcm) // 2 * 8000 // rate * 2
