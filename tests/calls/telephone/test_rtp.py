"""Packets of sound: put back in order, twins and latecomers let go, losses filled with silence."""

from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.rtp import Order, Packet, read

QUIET = b"\xd5"


def packets(count, first=65_530, at=2**32 - 800, source=7, size=160):
    """Each says its own number; number and moment both run over."""
    return [
        Packet(8, (first + n) % 2**16, (at + n * size) % 2**32, source, bytes([n + 1]) * size)
        for n in range(count)
    ]


def heard(order, frames):
    return [frame[:1] for frame in (order.take() for _ in range(frames)) if frame != QUIET * 160]


def said(*numbers):
    return [bytes([n]) for n in numbers]


@given(st.binary(max_size=80))
def test_hostile_bytes_are_a_packet_or_none(data):
    found = read(data)
    if found is not None:
        assert len(found.payload) <= len(data) - 12
        order = Order(QUIET)
        order.put(found)
        order.take()


def test_a_packet_is_written_and_read():
    one = Packet(101, 65_535, 2**32 - 1, 2**32 - 1, b"abc", True)
    assert read(one.written()) == one
    padded = bytearray(one.written() + b"\0\0\x03")
    padded[0] |= 32
    assert read(bytes(padded)) == one
    named = bytearray(one.written())
    named[0] |= 1
    assert read(bytes(named[:12] + b"\0\0\0\1" + named[12:])) == one


@given(st.permutations(range(4)), st.integers(3, 20))
def test_packets_out_of_order_and_twice_come_out_in_order_once(turn, count):
    all_of_them = packets(count)
    mixed = [all_of_them[0]]
    for start in range(1, count, 4):
        some = all_of_them[start : start + 4]
        mixed += [some[n] for n in turn if n < len(some)] + some[:1]
    order = Order(QUIET)
    for one in mixed:
        order.put(one)
    assert heard(order, count + 5) == said(*range(1, count + 1))


def test_a_lost_packet_is_silence_of_its_length():
    order, all_of_them = Order(QUIET), packets(12)
    for n, one in enumerate(all_of_them):
        if n != 3:
            order.put(one)
    assert heard(order, 3) == said(1, 2, 3)
    assert order.take() == QUIET * 160
    assert heard(order, 8) == said(*range(5, 13))


def test_latecomers_are_let_go():
    order, all_of_them = Order(QUIET), packets(14)
    for one in (*all_of_them[:3], *all_of_them[4:12], all_of_them[3], *all_of_them[12:]):
        order.put(one)
    assert heard(order, 15) == said(1, 2, 3, *range(5, 15))


def test_another_voice_begins_anew():
    order = Order(QUIET)
    for one in (*packets(5), *packets(5, 10, 99, source=8)):
        order.put(one)
    assert heard(order, 12) == said(1, 2, 3, 4, 5, 1, 2, 3, 4, 5)


def test_other_lengths_than_twenty_milliseconds_are_as_good():
    order = Order(QUIET)
    for one in packets(4, size=240):
        order.put(one)
    assert heard(order, 8) == said(1, 1, 2, 3, 3, 4)


def test_a_far_side_whose_clock_is_fast_does_not_fall_ever_further_behind():
    order = Order(QUIET)
    for one in packets(250):
        order.put(one)
    assert len(order._ready) <= 26 * 160
    order.put(packets(251)[-1])
    assert heard(order, 30)[-1:] == [b"\xfb"]


def test_a_number_without_sound_is_not_waited_for():
    order, all_of_them = Order(QUIET), packets(8)
    for n, one in enumerate(all_of_them):
        (order.passed if n == 3 else order.put)(one)
    assert heard(order, 2) == said(1, 2)
