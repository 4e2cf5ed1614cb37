"""The HTTP client: any bytes however cut, lines kept and lost, what left and what did not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yifa.calls.channels.http1 import (
    Address,
    Answer,
    Client,
    Limits,
    Malformed,
    NotSent,
    Parser,
    Unclear,
)

from .contract import LONG, SHORT
from .far import Http, Request, certificate, dead_port, http

SMALL = Limits(head=400, body=1000, seconds=LONG)


def read(data: bytes, cuts: list[int] | None = None, limits: Limits = SMALL) -> Answer | str:
    """What the parser makes of the bytes, cut at those places, and then the end."""
    parser = Parser(limits)
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts or []), len(data)]
    try:
        for start, end in pairwise(places):
            parser.feed(data[start:end])
        parser.end()
    except Malformed as wrong:
        return str(wrong)
    assert parser.answer is not None
    return parser.answer


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 204 X",
        b"HTTP/1.1 101 X",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\r\n\r\n",
        b"Content-Length: 3\r\n",
        b"Content-Length: 3, 3\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Connection: close\r\n",
        b"X: y\r\n z\r\n",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
        b"ffffffff\r\n",
        b"3;a=b\r\nabc\r\n",
        b"abc",
    ]
)
ANYTHING = st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=12).map(b"".join)
CUTS = st.lists(st.integers(0, 2000), max_size=20)


@given(ANYTHING, CUTS)
@example(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001, [])
@example(b"HTTP/1.1 100 C\r\n\r\n" * 50, [])
def test_any_bytes_cut_anywhere_come_to_the_same(data: bytes, cuts: list[int]) -> None:
    whole = read(data)
    assert read(data, cuts) == whole
    assert read(data, list(range(len(data)))) == whole
    if isinstance(whole, Answer):
        assert len(whole.body) <= SMALL.body


@given(
    st.binary(max_size=900), st.booleans(), CUTS, st.integers(200, 599).filter(lambda n: n not in (204, 304))
)
def test_a_good_answer_is_read_as_it_was_meant(
    body: bytes, chunked: bool, cuts: list[int], status: int
) -> None:
    answer = read(http(status, body, "X-A: b\r\nx-a:  c \r\n", chunked), cuts, Limits())
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.headers["x-a"], answer.keep) == (status, body, "b, c", True)


@given(st.binary(min_size=1, max_size=300), st.booleans(), st.data())
def test_a_part_of_an_answer_is_never_taken_for_the_whole(
    body: bytes, chunked: bool, data: st.DataObject
) -> None:
    whole = http(200, body, "", chunked)
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert isinstance(read(part, limits=Limits()), str)


@pytest.mark.parametrize(
    ("data", "status", "body", "keep"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, b"until the end", False),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", 200, b"ok", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, b"ok", False),
        (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", 200, b"ok", True),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, b"ok", True),
        (b"HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\n", 204, b"", True),
        (b"HTTP/1.1 100 C\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, b"", True),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            200,
            b"ok",
            False,
        ),
    ],
)
def test_ways_of_answering(data: bytes, status: int, body: bytes, keep: bool) -> None:
    answer = read(data)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.keep) == (status, body, keep)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 999 X\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400,
    ],
)
def test_what_is_no_answer(data: bytes) -> None:
    assert isinstance(read(data), str)


def test_once_malformed_always_malformed() -> None:
    parser = Parser(SMALL)
    with pytest.raises(Malformed):
        parser.feed(b"nonsense\r\n")
    with pytest.raises(Malformed):
        parser.feed(http(200, b"ok"))
    with pytest.raises(Malformed):
        parser.end()


@pytest.mark.parametrize(
    ("url", "named", "target"),
    [
        ("http://a.invalid", "a.invalid", "/"),
        ("https://a.invalid:443/x?y=1", "a.invalid", "/x?y=1"),
        ("http://[::1]:8080/p", "[::1]:8080", "/p"),
        ("http://短信.invalid/", "xn--4pv74p.invalid", "/"),
    ],
)
def test_addresses(url: str, named: str, target: str) -> None:
    read_ = Address.read(url)
    assert read_.target == target
    assert read_.named.endswith(named.removeprefix("xn--4pv74p"))
    assert read_.named.isascii()


# ——— lines ———


def echo(request: Request) -> bytes:
    return http(200, request.body or request.target.encode())


def live(far: Http, use: Callable[[Client], Awaitable[Any]], limits: Limits = SMALL, **more: Any) -> Any:
    async def go() -> Any:
        async with far:
            client = Client(Address.read(far.url), limits, **more)
            try:
                return await use(client)
            finally:
                await client.close()

    return asyncio.run(go())


async def post(client: Client, body: bytes = b"a=1") -> Answer:
    return await client.post("/", body, "application/x-www-form-urlencoded")


def test_one_line_serves_one_request_after_another() -> None:
    far = Http(echo)

    async def use(client: Client) -> None:
        for n in range(5):
            assert (await post(client, b"%d" % n)).body == b"%d" % n

    live(far, use)
    assert far.lines == 1
    assert far.requests[0].headers["content-type"] == "application/x-www-form-urlencoded"


def test_never_more_lines_than_allowed_and_answers_do_not_mix() -> None:
    far = Http(echo)

    async def use(client: Client) -> list[bytes]:
        return [a.body for a in await asyncio.gather(*(post(client, b"%d" % n) for n in range(60)))]

    assert live(far, use, Limits(connections=3)) == [b"%d" % n for n in range(60)]
    assert far.lines == 3


@pytest.mark.parametrize("mood", ["drips", "closes"])
def test_slow_and_closing_servers_are_served(mood: str) -> None:
    async def use(client: Client) -> list[bytes]:
        return [(await post(client, b"%d" % n)).body for n in range(3)]

    assert live(Http(echo, mood), use) == [b"0", b"1", b"2"]


def test_a_second_answer_that_nobody_asked_for_is_nobodys_answer() -> None:
    async def use(client: Client) -> list[bytes]:
        return [(await post(client, b"%d" % n)).body for n in range(4)]

    far = Http(echo, "twice")
    assert live(far, use) == [b"0", b"1", b"2", b"3"]
    assert far.lines == 4


def test_a_line_that_said_something_while_it_rested_is_not_used_again() -> None:
    async def use(client: Client) -> bytes:
        await post(client, b"first")
        far._writers[0].write(http(200, b"not for you"))
        await asyncio.sleep(0.01)
        return (await post(client, b"second")).body

    far = Http(echo)
    assert live(far, use) == b"second"


def test_a_line_hung_up_while_it_rested_is_dialled_afresh() -> None:
    async def use(client: Client) -> bytes:
        await post(client, b"first")
        far.hang_up()
        await asyncio.sleep(0.01)
        return (await post(client, b"second")).body

    far = Http(echo)
    assert live(far, use) == b"second"
    assert [r.body for r in far.requests] == [b"first", b"second"]


def test_a_line_that_rested_too_long_is_not_used_again() -> None:
    async def use(client: Client) -> None:
        await post(client)
        await post(client)

    far = Http(echo)
    live(far, use, Limits(idle=0))
    assert far.lines == 2


def test_a_get_on_a_dead_line_is_asked_again_and_a_post_never() -> None:
    async def use(client: Client, again: Callable[[], Awaitable[Answer]]) -> bytes:
        await post(client)

        def dies_once(request: Request) -> bytes:
            far.reply = echo
            raise ConnectionError

        far.reply = dies_once
        return (await again()).body

    far = Http(echo)
    assert live(far, lambda client: use(client, lambda: client.get("/x"))) == b"/x"
    assert [r.method for r in far.requests] == ["POST", "GET", "GET"]

    far = Http(echo)
    with pytest.raises(Unclear):
        live(far, lambda client: use(client, lambda: post(client)))
    assert [r.method for r in far.requests] == ["POST", "POST"]


@pytest.mark.parametrize("mood", ["silent", "hangs up", "breaks off", "babbles", "huge", "endless head"])
def test_after_the_request_left_nothing_is_certain(mood: str) -> None:
    with pytest.raises(Unclear):
        live(Http(echo, mood), post, Limits(seconds=SHORT if mood == "silent" else LONG))


def test_where_nobody_listens_nothing_left() -> None:
    async def go() -> None:
        client = Client(Address.read(f"http://127.0.0.1:{dead_port()}/"), SMALL)
        with pytest.raises(NotSent):
            await post(client)

    asyncio.run(go())


def test_a_name_that_is_nowhere_is_not_sent() -> None:
    async def go() -> None:
        with pytest.raises(NotSent):
            await post(Client(Address.read("http://nonesuch.invalid/"), Limits(seconds=2)))

    asyncio.run(go())


def test_a_header_is_one_line() -> None:
    async def go() -> None:
        client = Client(Address.read("http://127.0.0.1:9/"), SMALL)
        with pytest.raises(ValueError, match="header"):
            await client.get("/", {"X": "a\r\nY: b"})
        with pytest.raises(ValueError, match="target"):
            await client.get("/ HTTP/1.1\r\nX: y")

    asyncio.run(go())


def test_a_large_body_goes_out_whole() -> None:
    body = b"x" * 900_000
    far = Http(lambda r: http(200, str(len(r.body)).encode()))
    assert live(far, lambda client: post(client, body), Limits()).body == b"900000"


def test_encrypted_lines_are_checked(tmp_path: Path) -> None:
    server, believed = certificate(tmp_path)
    far = Http(echo, tls=server)
    trusting = ssl.create_default_context(cafile=believed)

    async def twice(client: Client) -> list[bytes]:
        return [(await post(client, b"%d" % n)).body for n in range(2)]

    assert live(far, twice, Limits(), tls=trusting) == [b"0", b"1"]
    assert far.lines == 1
    with pytest.raises(NotSent):
        live(Http(echo, tls=server), post, Limits())
