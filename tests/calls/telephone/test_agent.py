"""Our telephone by itself: whatever bytes arrive it goes on, and who asks is answered as the protocol has it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.calls.telephone.agent import Account, Agent
from yifa.calls.telephone.call import PhoneCall
from yifa.calls.telephone.message import Request, Response, read
from yifa.calls.telephone.transaction import Timers

from .far import Exchange

QUICK = Timers(t1=0.05, t2=0.2, times=20)
ASKED = (
    "{method} sip:yifa@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{n};rport\r\n"
    "From: <sip:8001@x>;tag={theirs}\r\nTo: <sip:yifa@x>{ours}\r\nCall-ID: {call}\r\nCSeq: {n} {method}\r\n"
    "Content-Type: {kind}\r\nContent-Length: {size}\r\n\r\n{body}"
)


def in_call(
    doing: Callable[[Agent, PhoneCall, Exchange], Awaitable[Any]], mood: str = "ok", **more: Any
) -> Any:
    async def run() -> Any:
        async with Exchange(mood).ready() as far:
            agent = Agent(
                Account(("127.0.0.1", far.port), "yifa", "geheim", **{"register": False, **more}), QUICK
            )
            await agent.open()
            try:
                call = await agent.dial("8001", 5.0, 30.0)
                return await doing(agent, call, far)
            finally:
                await agent.close()

    return asyncio.run(run())


class Stranger(asyncio.DatagramProtocol):
    """Somebody who sends us what they like, and keeps what comes back."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.heard.append(data)


async def asked(agent: Agent, *said: bytes) -> list[Response]:
    """What is answered to a stranger."""
    loop = asyncio.get_running_loop()
    transport, stranger = await loop.create_datagram_endpoint(Stranger, ("127.0.0.1", 0))
    for one in said:
        transport.sendto(one, agent.wire.here)
    await asyncio.sleep(0.1)
    transport.close()
    found = [read(data) for data in stranger.heard]
    assert all(isinstance(one, Response) for one in found)
    return found  # type: ignore[return-value]


def request(
    method: str, call: PhoneCall | None = None, n: int = 1, body: str = "", kind: str = "", **more: str
) -> bytes:
    said = {"theirs": "stranger", "ours": "", "call": "nobody", **more}
    if call:
        d = call.dialog
        said = {"theirs": d.their_tag, "ours": f";tag={d.our_tag}", "call": d.call, **more}
    return ASKED.format(method=method, n=n, port=9, body=body, size=len(body), kind=kind, **said).encode()


def test_strangers_are_told_that_we_are_here_and_nothing_more() -> None:
    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> list[int]:
        methods = ("OPTIONS", "INVITE", "BYE", "CANCEL", "INFO", "MESSAGE", "SUBSCRIBE", "ACK")
        found = await asked(agent, *(request(m, n=n) for n, m in enumerate(methods, 1)))
        return [one.status for one in found]

    assert in_call(doing) == [200, 480, 481, 481, 481, 405, 405]


def test_who_does_not_know_the_call_cannot_end_it() -> None:
    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> tuple[list[int], bool]:
        forged = request("BYE", call, theirs="guessed"), request("BYE", call, n=2, ours=";tag=guessed")
        found = await asked(agent, *forged, request("BYE", n=3, ours=f";tag={call.dialog.our_tag}"))
        return [one.status for one in found], call.over

    assert in_call(doing) == ([481, 481, 481], False)


def test_a_request_that_comes_again_is_answered_again_and_done_once() -> None:
    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> tuple[list[int], str]:
        info = request("INFO", call, 5, "Signal=3", "application/dtmf-relay")
        late = request("INFO", call, 4, "Signal=4", "application/dtmf-relay")
        other = request("INFO", call, 6, "<xml/>", "application/media_control+xml")
        found = await asked(agent, info, info, info, late, other)
        return [one.status for one in found], call.said

    assert in_call(doing) == ([200, 200, 200, 500, 415], "3")


def test_an_offer_we_cannot_speak_changes_nothing() -> None:
    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> tuple[list[int], bool]:
        found = await asked(
            agent, request("INVITE", call, 5, "v=0\r\nm=audio 9 RTP/AVP 18\r\n", "application/sdp")
        )
        return [one.status for one in found], call._media.far is not None and call._media.far.hears

    assert in_call(doing) == ([488], True)


def test_a_change_that_is_not_confirmed_is_answered_again() -> None:
    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> tuple[set[int], bool]:
        loop = asyncio.get_running_loop()
        transport, stranger = await loop.create_datagram_endpoint(Stranger, ("127.0.0.1", 0))
        transport.sendto(request("INVITE", call, 5), agent.wire.here)
        await asyncio.sleep(0.4)
        before = len(stranger.heard)
        found = [read(data) for data in stranger.heard]
        transport.sendto(request("ACK", call, 5), agent.wire.here)
        await asyncio.sleep(0.1)
        stranger.heard.clear()
        await asyncio.sleep(0.5)
        transport.close()
        return {one.status for one in found if isinstance(one, Response)}, before >= 3 and not stranger.heard

    assert in_call(doing) == ({200}, True)


def test_who_is_gone_is_not_said_to_have_confirmed_the_end() -> None:
    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> tuple[bool, bool]:
        await call.hang_up()
        return call.over, call.sure

    assert in_call(doing, "gone") == (True, False)
    assert in_call(doing) == (True, True)


def test_leaving_hangs_up_and_unregisters() -> None:
    async def run() -> tuple[list[str], list[str]]:
        async with Exchange().ready() as far:
            agent = Agent(Account(("127.0.0.1", far.port), "yifa", expires=60), QUICK)
            await agent.open()
            await agent.dial("8001", 5.0, 30.0)
            await agent.close()
            expires = [one.get("expires") for one in far.came if one.method == "REGISTER"]
            return [one.method for one in far.came], expires

    methods, expires = asyncio.run(run())
    assert methods == ["REGISTER", "INVITE", "ACK", "BYE", "REGISTER"]
    assert expires == ["60", "0"]


def test_nothing_is_left_running() -> None:
    async def run() -> int:
        async with Exchange().ready() as far:
            agent = Agent(Account(("127.0.0.1", far.port), "yifa"), QUICK)
            await agent.open()
            await agent.dial("8001", 5.0, 30.0)
            await agent.close()
            await asyncio.sleep(0.05)
            return len(asyncio.all_tasks()) - 1

    assert asyncio.run(run()) == 0


@settings(max_examples=20)
@given(st.lists(st.binary(max_size=300), max_size=20), st.integers(0, 2**32))
def test_hostile_packets_end_nothing(noise: list[bytes], seed: int) -> None:
    """Neither on the line nor among the sound; the call goes on, and nothing is logged as broken."""
    rng = random.Random(seed)

    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> bool:
        good = [
            request("INVITE", call, 50, "v=0\r\nm=audio 9 RTP/AVP 8\r\n", "application/sdp"),
            request("INFO", call, 51, "Signal=1", "application/dtmf-relay"), request("OPTIONS", n=52),
            request("UPDATE", call, 53), b"SIP/2.0 200 OK\r\n" + request("INVITE", call, 54).split(b"\r\n", 1)[1],
        ]  # fmt: skip
        bent = [_bent(rng, one) for one in good for _ in range(20)]
        for one in (*noise, *bent):
            if b"BYE" not in one:
                agent.heard(one, ("127.0.0.1", 9))
            call._media.datagram_received(one, ("127.0.0.1", 9))
            call._media.datagram_received(b"\x80" + bytes([rng.choice((8, 101))]) + one, ("127.0.0.1", 9))
        await asyncio.sleep(0.05)
        return call.over

    records: list[logging.LogRecord] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = records.append  # type: ignore[method-assign]
    logging.getLogger("asyncio").addHandler(handler)
    try:
        assert in_call(doing) is False
        assert not records
    finally:
        logging.getLogger("asyncio").removeHandler(handler)


def _bent(rng: random.Random, data: bytes) -> bytes:
    at, size = rng.randrange(len(data)), rng.randrange(12)
    return data[:at] + rng.randbytes(rng.randrange(12)) + data[at + size :]


def test_our_clock_does_not_drift() -> None:
    """As many packets as there were twentieths of a second, whatever else went on meanwhile."""

    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> tuple[float, int]:
        loop = asyncio.get_running_loop()
        begun, before = loop.time(), call._media.sent
        for _ in range(20):
            await asyncio.sleep(0.05)
            _busy(0.03)
        return (loop.time() - begun) / 0.02, call._media.sent - before + call._media.skipped

    due, sent = in_call(doing)
    assert abs(due - sent) <= 10


def _busy(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def test_an_exchange_that_is_not_there_is_not_waited_for_for_ever() -> None:
    async def run() -> int:
        async with Exchange("deaf").ready() as far:
            agent = Agent(Account(("127.0.0.1", far.port), "yifa"), QUICK)
            await agent.open()
            asyncio.get_running_loop().call_later(0.2, agent._known.set)
            with pytest.raises(Exception, match="没有答复"):
                await agent.dial("8001", 5.0, 30.0)
            await agent.close()
            return sum(one.method == "INVITE" for one in far.came)

    assert 3 <= asyncio.run(run()) <= 8, "it was asked again and again, ever more seldom"


def test_requests_carry_what_they_must() -> None:
    async def doing(agent: Agent, call: PhoneCall, far: Exchange) -> list[Request]:
        await call.hang_up()
        return far.came

    invite, ack, bye = in_call(doing)
    for one in (invite, ack, bye):
        assert one.get("max-forwards") == "70"
        assert one.get("call-id") == invite.get("call-id")
        assert one.tag("from") == invite.tag("from")
        assert one.via.branch.startswith("z9hG4bK")
    assert len({one.via.branch for one in (invite, ack, bye)}) == 3
    assert [one.sequence for one in (invite, ack, bye)] == [(1, "INVITE"), (1, "ACK"), (2, "BYE")]
    assert (invite.tag("to"), ack.tag("to"), bye.tag("to")) == ("", "far", "far")
    assert ack.uri == bye.uri == f"sip:far@127.0.0.1:{invite.uri.rpartition(':')[2]}"
