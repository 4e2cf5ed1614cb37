"""Keys: among the sound, in a message, as tones; each press once, and no key where none was pressed."""

import math
import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.dtmf import KEYS, Presses, Tones, events, read_event, read_info, tones
from yifa.calls.telephone.g711 import decoded, encoded
from yifa.calls.telephone.sdp import PCMA, PCMU


@given(st.sampled_from(KEYS), st.integers(1, 40))
def test_a_press_is_written_and_read(key, frames):
    said = list(events(key, frames))
    assert [read_event(one.written()) for one in said] == said
    assert [one.over for one in said[-4:]][-3:] == [True] * 3
    assert not said[0].over


@given(st.lists(st.sampled_from(KEYS), min_size=1, max_size=8), st.data())
def test_each_press_is_told_once_however_many_of_its_packets_arrive(keys, data):
    presses, told, at = Presses(), "", data.draw(st.integers(0, 2**32 - 1))
    for key in keys:
        packets = [one.written() for one in events(key)]
        kept = data.draw(st.lists(st.sampled_from(range(len(packets))), min_size=1, max_size=12))
        told += "".join(presses.take(packets[n], at, 7) for n in kept)
        at = (at + 1600) % 2**32
    assert told == "".join(keys)


def test_the_last_packets_of_a_press_may_come_after_the_next_has_begun():
    presses, one, two = Presses(), list(events("1")), list(events("2"))
    told = [
        presses.take(e.written(), at, 7)
        for e, at in ((one[0], 100), (two[0], 900), (one[-1], 100), (two[-1], 900))
    ]
    assert told == ["1", "2", "", ""]


@given(st.binary(max_size=40), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_hostile_events_are_a_key_or_nothing(payload, at, source):
    assert Presses().take(payload, at, source) in ("", *KEYS)


@pytest.mark.parametrize(
    ("kind", "body", "key"),
    [
        ("application/dtmf-relay", b"Signal=5\r\nDuration=160", "5"),
        ("application/dtmf-relay", b"Signal= *\r\n", "*"),
        ("Application/DTMF-Relay; x=y", b"Duration=100\nsignal = 11\n", "#"),
        ("application/dtmf", b"7\r\n", "7"),
        ("application/dtmf", b"10", "*"),
        ("application/dtmf-relay", b"Duration=5", ""),
        ("application/dtmf-relay", b"Signal=16", ""),
        ("application/dtmf", b"hello", ""),
        ("text/plain", b"5", ""),
        ("", b"", ""),
    ],
)
def test_keys_in_a_message(kind, body, key):
    assert read_info(kind, body) == key


@given(st.binary(max_size=200))
def test_hostile_messages_are_a_key_or_nothing(body):
    for kind in ("application/dtmf-relay", "application/dtmf"):
        assert read_info(kind, body) in ("", *KEYS)


def heard(pcm, law, size=160):
    listener = Tones()
    coded = encoded(law, pcm)
    return "".join(listener.take(decoded(law, coded[n : n + size])) for n in range(0, len(coded), size))


@pytest.mark.parametrize("law", [PCMA, PCMU])
@pytest.mark.parametrize("size", [30_000.0, 8000.0, 1500.0])
def test_every_key_is_heard_through_the_line(law, size):
    pcm = b"".join(bytes(1280) + tones(key, 0.09, size) + bytes(1280) for key in KEYS)
    assert heard(pcm, law) == KEYS


def test_a_key_held_long_is_one_press_and_pressed_twice_is_two():
    assert heard(tones("5", 2.0), PCMA) == "5"
    assert heard(tones("5", 0.1) + bytes(1600) + tones("5", 0.1) + bytes(1600), PCMA) == "55"


def test_a_click_of_tone_is_no_key():
    assert heard(bytes(800) + tones("5", 0.02) + bytes(800), PCMA) == ""


def test_noise_single_tones_and_chords_are_no_keys():
    rng = random.Random(7)
    noise = array("h", (rng.randint(-9000, 9000) for _ in range(40_000))).tobytes()
    assert heard(noise, PCMA) == ""
    for parts in ((697,), (1209,), (440, 880), (300, 600, 900, 1200, 1500), (697, 770, 1209, 1336)):
        pcm = array(
            "h",
            (
                int(6000 * sum(math.sin(2 * math.pi * f * n / 8000) for f in parts)) // len(parts)
                for n in range(8000)
            ),
        ).tobytes()
        assert heard(pcm, PCMA) == "", parts


@given(st.binary(max_size=2000))
def test_hostile_sound_is_keys_or_nothing(pcm):
    assert set(Tones().take(pcm)) <= set(KEYS)
