"""What two ends agree on about sound, and what cannot be agreed on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.sdp import PCMA, PCMU, NoSound, Sound, answer, read, write

HERE = ("10.0.0.1", 20_000)


def described(*lines: str) -> bytes:
    return "\r\n".join(["v=0", "o=- 1 1 IN IP4 10.0.0.9", "s=-", *lines, ""]).encode()


def test_our_offer_is_a_description_we_can_read():
    assert read(write(HERE, 1)) == Sound(HERE, PCMA, 101)
    assert b"m=audio 20000 RTP/AVP 8 0 101\r\n" in write(HERE, 1)
    assert read(write(("2001:db8::1", 20_000), 1)).at == ("2001:db8::1", 20_000)


def test_the_first_coding_of_ours_counts_whatever_else_is_offered():
    found = read(
        described(
            "c=IN IP4 10.0.0.8", "t=0 0", "m=video 9 RTP/AVP 96", "a=rtpmap:96 H264/90000",
            "m=audio 4000 RTP/AVP 18 0 8 97", "c=IN IP4 10.0.0.7", "a=rtpmap:18 G729/8000",
            "a=rtpmap:97 telephone-event/8000", "a=sendonly",
        )
    )  # fmt: skip
    assert found == Sound(("10.0.0.7", 4000), PCMU, 97, "sendonly")
    assert not found.hears


@pytest.mark.parametrize(
    ("direction", "back"),
    [("sendrecv", "sendrecv"), ("sendonly", "recvonly"), ("recvonly", "sendonly"), ("inactive", "inactive")],
)
def test_an_answer_fits_its_offer(direction, back):
    offer = read(
        described(
            "c=IN IP4 10.0.0.8",
            "m=audio 4000 RTP/AVP 0 99",
            "a=rtpmap:99 telephone-event/8000",
            f"a={direction}",
        )
    )
    assert read(answer(offer, HERE, 3)) == Sound(HERE, PCMU, 99, back)
    assert b" 3 IN IP4 10.0.0.1" in answer(offer, HERE, 3)


def test_holding_as_it_was_said_of_old():
    assert read(described("c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 8")).direction == "inactive"


@pytest.mark.parametrize(
    "lines",
    [
        [], ["c=IN IP4 10.0.0.8", "m=audio 4000 RTP/AVP 18"], ["c=IN IP4 10.0.0.8", "m=audio 0 RTP/AVP 8"],
        ["m=audio 4000 RTP/AVP 8"], ["c=IN IP4 evil.example", "m=audio 4000 RTP/AVP 8"],
        ["c=IN IP4", "m=audio 4000 RTP/AVP 8"], ["c=IN IP4 10.0.0.8", "m=audio 99999 RTP/AVP 8"],
        ["c=IN IP4 10.0.0.8", "m=audio 4000 RTP/SAVP 8"], ["c=IN IP4 10.0.0.8", "m=audio x RTP/AVP 8"],
    ],
)  # fmt: skip
def test_nothing_in_common_is_said_so(lines):
    with pytest.raises(NoSound):
        read(described(*lines))


@given(st.binary(max_size=500), st.integers(0, 200))
def test_hostile_bytes_are_a_description_or_none(noise, at):
    whole = write(HERE, 1)
    for data in (noise, whole[:at] + noise + whole[at:]):
        try:
            found = read(data)
        except NoSound:
            continue
        assert 0 < found.at[1] <= 65_535
        assert found.law in (PCMA, PCMU)
