"""SIP messages: read whatever comes, written so that nothing can be slipped in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.message import (
    Malformed,
    Request,
    Response,
    address,
    parameters,
    place,
    read,
    respond,
    with_headers,
)
from yifa.calls.telephone.wire import cut

INVITE = (
    b"INVITE sip:13800138000@10.1.2.3 SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 10.9.9.9:5062;branch=z9hG4bKabc;rport\r\n"
    b"Via: SIP/2.0/UDP 10.9.9.8\r\n"
    b'f: "A, \\"B\\"" <sip:8001@10.1.2.3;x=1>;tag=one\r\n'
    b"t: <sip:13800138000@10.1.2.3>\r\n"
    b"i: abc@10.9.9.9\r\nCSeq: 7  INVITE\r\n"
    b"Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\n"
    b"Subject: folded\r\n  on\r\nl: 4\r\n\r\nbodyrest"
)


def test_short_names_folded_lines_and_lists():
    found = read(INVITE)
    assert isinstance(found, Request)
    assert (found.method, found.uri, found.sequence) == ("INVITE", "sip:13800138000@10.1.2.3", (7, "INVITE"))
    assert (found.via.host, found.via.port, found.via.branch) == ("10.9.9.9", 5062, "z9hG4bKabc")
    assert found.via.parameters["rport"] == ""
    assert (found.tag("from"), found.tag("to")) == ("one", "")
    assert found.items("record-route") == ["<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"]
    assert found.get("subject") == "folded on"
    assert found.body == b"body", "what comes after the length is not part of it"


def test_what_is_written_is_read_the_same():
    found = read(INVITE)
    assert isinstance(found, Request)
    again = read(found.written())
    assert (again.body, again.sequence, again.all("via")) == (found.body, found.sequence, found.all("via"))


def test_a_response_goes_back_the_way_its_request_came():
    found = read(INVITE)
    assert isinstance(found, Request)
    answer = read(respond(found, 486, "Busy Here", "two", [("contact", "<sip:me@10.0.0.1>")]).written())
    assert isinstance(answer, Response)
    assert (answer.status, answer.reason, answer.tag("to")) == (486, "Busy Here", "two")
    assert answer.all("via") == found.all("via")
    assert answer.items("record-route") == found.items("record-route")


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", INVITE.replace(b"CSeq: 7  INVITE", b"CSeq: 7 BYE"),
        INVITE.replace(b"CSeq: 7", b"CSeq: 99999999999"), INVITE.replace(b"i: abc@10.9.9.9\r\n", b""),
        INVITE.replace(b"l: 4", b"l: 400"), INVITE.replace(b"l: 4", b"l: -1"), INVITE.replace(b"5062", b"99999"),
        INVITE.replace(b"SIP/2.0/UDP 10.9.9.9:5062", b"nonsense"), b"x" * 70_000, INVITE.split(b"\r\n\r\n")[0],
        INVITE.replace(b"l: 4", b"no colon here"), INVITE.replace(b"l: 4", b"X: y\r\n" * 300 + b"l: 4"),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(broken):
    with pytest.raises(Malformed):
        read(broken)


@given(st.binary(max_size=400), st.integers(0, len(INVITE)), st.integers(0, 40))
def test_hostile_bytes_are_a_message_or_malformed(noise, at, size):
    for data in (noise, INVITE[:at] + noise + INVITE[at + size :]):
        try:
            found = read(data)
        except Malformed:
            continue
        assert found.via.port <= 65_535
        found.tag("from"), found.items("contact"), address(found.get("contact"))
        try:
            again = read(found.written())
        except Malformed:
            continue
        assert again.get("call-id") == found.get("call-id")


@given(st.text(max_size=60))
def test_a_line_break_is_never_written_into_a_header(text):
    found = read(INVITE)
    assert isinstance(found, Request)
    changed = with_headers(found, subject=f"a{text}\r\nEvil: 1")
    with pytest.raises(Malformed):
        changed.written()


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("sip:8001@10.0.0.1", ("10.0.0.1", 5060)), ("sip:8001@10.0.0.1:5070;lr", ("10.0.0.1", 5070)),
        ("sips:[2001:db8::1]:5061", ("2001:db8::1", 5061)), ("sip:host?x=1", ("host", 5060)), ("tel:110", None),
        ("sip:a@b:0", None), ("sip:a@b:99999", None), ("", None), ("sip:", None),
    ],
)  # fmt: skip
def test_where_a_uri_leads(uri, found):
    assert place(uri) == found


def test_addresses_with_and_without_brackets():
    assert address("sip:a@b;tag=1") == ("sip:a@b", {"tag": "1"})
    assert address('"x;tag=9" <sip:a@b;tag=2>;tag=3') == ("sip:a@b;tag=2", {"tag": "3"})
    assert parameters(';A=1; b="x;y";c;a=2') == {"a": "1", "b": "x;y", "c": ""}


@given(st.lists(st.sampled_from([b"\r\n", b"\r\n\r\n"]), max_size=3), st.integers(1, 90))
def test_a_stream_is_cut_into_messages_however_it_comes(gaps, size):
    whole = INVITE.removesuffix(b"rest")
    stream, buffer, found = whole + b"".join(gaps) + whole, bytearray(), []
    for start in range(0, len(stream), size):
        buffer += stream[start : start + size]
        while message := cut(buffer):
            found.append(message)
    assert found == [whole, whole]
    assert not buffer.strip(b"\r\n")
