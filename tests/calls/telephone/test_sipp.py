"""An exchange of another make (sipp) sees from us exactly what the protocol asks for, and we say of it what it confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from yifa.calls.channel import News
from yifa.calls.telephone import rtp
from yifa.calls.telephone.agent import Account, Agent
from yifa.calls.telephone.call import PhoneCall
from yifa.calls.telephone.dtmf import events, tones
from yifa.calls.telephone.g711 import encoded
from yifa.calls.telephone.news import NotReached
from yifa.calls.telephone.sdp import PCMA, PCMU
from yifa.calls.telephone.transaction import Timers

from .far import INVITED, Sipp, answered, asked, heard, needs, pause, said, sound

pytestmark = [needs("sipp", "sip-tester"), pytest.mark.clock]
T = TypeVar("T")
QUICK = Timers(t1=0.1, t2=0.4, times=20)
SECOND = bytes(16_000)
TAKEN = (INVITED, said("180 Ringing"), pause(100), said("200 OK", body=sound()), heard("ACK"))
LEFT = (heard("BYE"), said("200 OK", to="BYE"))


def account(port: int, transport: str = "udp") -> Account:
    return Account(("127.0.0.1", port), "yifa", "geheim", register=False, transport=transport)


def with_far(
    far: Sipp, doing: Callable[[Agent], Awaitable[T]], transport: str = "udp", timers: Timers = QUICK
) -> T:
    """Do something with an agent while the far side plays its scenario, which must come to its end."""

    async def run() -> T:
        async with far.ready():
            agent = Agent(account(far.port, transport), timers)
            await agent.open()
            try:
                done = await doing(agent)
                await far.over()
                return done
            finally:
                await agent.close()

    return asyncio.run(run())


async def dialled(agent: Agent, ring: float = 5.0) -> PhoneCall:
    return await agent.dial("8001", ring, 30.0)


async def missed(agent: Agent, ring: float = 5.0) -> NotReached:
    with pytest.raises(NotReached) as found:
        await agent.dial("8001", ring, 30.0)
    return found.value


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_call_that_rings_is_taken_and_hung_up_by_us(tmp_path: Path, transport: str) -> None:
    far = Sipp(tmp_path, *TAKEN, *LEFT, transport={"udp": "u1", "tcp": "t1"}[transport])

    async def doing(agent: Agent) -> tuple[bool, bool]:
        call = await dialled(agent)
        played = await call.play(SECOND)
        await call.hang_up()
        return played, call.sure

    assert with_far(far, doing, transport) == (True, True)


@pytest.mark.parametrize(
    ("answer", "news"),
    [
        ("486 Busy Here", News.BUSY),
        ("600 Busy Everywhere", News.BUSY),
        ("480 Temporarily Unavailable", News.NO_ANSWER),
        ("408 Request Timeout", News.NO_ANSWER),
        ("603 Decline", News.NO_ANSWER),
        ("404 Not Found", News.FAILED),
        ("484 Address Incomplete", News.FAILED),
        ("604 Does Not Exist Anywhere", News.FAILED),
        ("403 Forbidden", News.FAILED),
        ("302 Moved Temporarily", News.FAILED),
        ("503 Service Unavailable", News.FAILED),
        ("504 Server Time-out", News.UNKNOWN),
    ],
)
def test_what_an_answer_comes_to(tmp_path: Path, answer: str, news: News) -> None:
    found = with_far(Sipp(tmp_path, INVITED, said("100 Trying"), said(answer), heard("ACK")), missed)
    assert (found.news, found.detail) == (news, answer)


def test_the_reason_that_is_given_is_kept(tmp_path: Path) -> None:
    reason = 'Reason: Q.850;cause=1;text="Unallocated number"\n'
    found = with_far(Sipp(tmp_path, INVITED, said("404 Not Found", reason), heard("ACK")), missed)
    assert found.detail == '404 Not Found Q.850;cause=1;text="Unallocated number"'


def test_who_does_not_answer_is_rung_no_longer(tmp_path: Path) -> None:
    cancelled = (heard("CANCEL"), said("200 OK", to="CANCEL"))
    ended = (
        said("487 Request Terminated")
        .replace("[last_CSeq:]", "CSeq: 1 INVITE")
        .replace("[last_Via:]", "Via: [$2]")
    )
    invited = INVITED.replace(
        "</action>", '<ereg regexp=".*" search_in="hdr" header="Via:" assign_to="2"/></action>'
    )
    far = Sipp(tmp_path, invited, said("180 Ringing"), *cancelled, ended, heard("ACK"))
    found = with_far(far, lambda agent: missed(agent, 1.0))
    assert (found.news, "无人接听" in found.detail) == (News.NO_ANSWER, True)


def test_a_call_of_which_nothing_was_heard_is_not_called_unanswered(tmp_path: Path) -> None:
    async def doing() -> NotReached:
        agent = Agent(account(Sipp(tmp_path).port), Timers(t1=0.02, times=20))
        await agent.open()
        try:
            return await missed(agent)
        finally:
            await agent.close()

    assert asyncio.run(doing()).news is News.UNKNOWN


def challenged(by: str, algorithm: str) -> str:
    status, name = {
        "server": ("401 Unauthorized", "WWW-Authenticate"),
        "proxy": ("407 Proxy Authentication Required", "Proxy-Authenticate"),
    }[by]
    return said(status, f'{name}: Digest realm="xian", nonce="abc123", qop="auth", algorithm={algorithm}\n')


def test_the_exchange_finds_our_password_right_when_it_asks(tmp_path: Path) -> None:
    far = Sipp(
        tmp_path, INVITED, challenged("server", "MD5"), heard("ACK"), heard("INVITE", auth=True),
        '<nop test="ok" next="good"/>', said("403 Forbidden"), heard("ACK"), '<nop next="end"/>',
        '<label id="good"/>', said("200 OK", body=sound()), heard("ACK"), *LEFT, '<label id="end"/>',
    )  # fmt: skip

    async def doing(agent: Agent) -> bool:
        call = await dialled(agent)
        await call.hang_up()
        return call.sure

    assert with_far(far, doing)


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_proxy_on_the_way_is_answered_too(tmp_path: Path, algorithm: str) -> None:
    named = INVITED.replace(
        "</action>",
        f'<ereg regexp="realm=.xian.*algorithm={algorithm}.*nc=00000001" search_in="hdr" '
        'header="Proxy-Authorization:" check_it="true" assign_to="2"/></action>',
    )
    far = Sipp(
        tmp_path, INVITED, challenged("proxy", algorithm), heard("ACK"), named,
        said("200 OK", body=sound()), heard("ACK"), *LEFT,
    )  # fmt: skip

    async def doing(agent: Agent) -> bool:
        call = await dialled(agent)
        await call.hang_up()
        return call.sure

    assert with_far(far, doing)


def test_who_is_refused_by_name_does_not_knock_for_ever(tmp_path: Path) -> None:
    refused = challenged("proxy", "SHA-256")
    found = with_far(
        Sipp(tmp_path, INVITED, refused, heard("ACK"), heard("INVITE"), refused, heard("ACK")), missed
    )
    assert (found.news, found.detail) == (News.FAILED, "407 Proxy Authentication Required")


def test_the_far_side_hangs_up_in_the_middle(tmp_path: Path) -> None:
    reason = "Reason: Q.850;cause=16\n"
    far = Sipp(tmp_path, *TAKEN, pause(600), asked("BYE", 1, reason), answered(200))

    async def doing(agent: Agent) -> tuple[bool, bool, bool, str, bytes, str]:
        call = await dialled(agent)
        played = await call.play(SECOND * 5)
        silent = await call.listen(1.0), await call.key(1.0)
        await call.hang_up()
        return played, call.over, call.theirs, call.words, *silent

    assert with_far(far, doing) == (False, True, True, "Q.850;cause=16", b"", "")


def test_a_key_by_info_stops_the_message(tmp_path: Path) -> None:
    kind = "Content-Type: application/dtmf-relay\n"
    info = asked("INFO", 1, kind, "Signal=7\nDuration=160")
    far = Sipp(tmp_path, *TAKEN, pause(300), info, answered(200), *LEFT)

    async def doing(agent: Agent) -> tuple[bool, str]:
        call = await dialled(agent)
        played, key = await call.play(SECOND * 5, until_key=True), await call.key(0)
        await call.hang_up()
        return played, key

    assert with_far(far, doing) == (False, "7")


async def spoken_to(call: PhoneCall, *packets: rtp.Packet, pace: float = 0.02) -> None:
    """Packets of ours, from where the far side said its sound would come."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, ("127.0.0.1", 0))
    for packet in packets:
        transport.sendto(packet.written(), call._media.here)
        await asyncio.sleep(pace)
    transport.close()


def test_keys_among_the_sound_are_taken_once_each(tmp_path: Path) -> None:
    far = Sipp(tmp_path, *TAKEN, *LEFT)
    presses = [
        rtp.Packet(101, n * 20 + i, 8000 * n, 7, event.written())
        for n, key in enumerate("1*1#", 1)
        for i, event in enumerate(events(key))
    ]

    async def doing(agent: Agent) -> tuple[str, str]:
        call = await dialled(agent)
        await spoken_to(call, *presses, *presses[-3:], pace=0.001)
        keys = "".join([await call.key(0.5) for _ in range(5)])
        await call.hang_up()
        return keys, call.said

    assert with_far(far, doing) == ("1*1#", "1*1#")


@pytest.mark.parametrize("law", [PCMA, PCMU])
def test_where_no_keys_were_agreed_their_tones_are_heard(tmp_path: Path, law: int) -> None:
    body = sound(formats=str(law), more="a=ptime:20")
    taken = (INVITED, said("200 OK", body=body), heard("ACK"))
    far = Sipp(tmp_path, *taken, *LEFT)
    pcm = bytes(1600) + tones("4") + bytes(1600) + tones("9") + bytes(1600)
    coded = encoded(law, pcm)
    packets = [
        rtp.Packet(law, n, n * 160, 7, coded[n * 160 : n * 160 + 160]) for n in range(len(coded) // 160)
    ]

    async def doing(agent: Agent) -> str:
        call = await dialled(agent)
        await spoken_to(call, *packets)
        await asyncio.sleep(0.3)
        await call.hang_up()
        return call.said

    assert with_far(far, doing) == "49"


def test_a_call_put_on_hold_waits_and_goes_on(tmp_path: Path) -> None:
    kind = "Content-Type: application/sdp\n"
    hold = asked("INVITE", 1, kind, sound(more="a=rtpmap:101 telephone-event/8000\na=sendonly"))
    back = asked("INVITE", 2, kind, sound())
    acked = asked("ACK", 1).replace(' retrans="500"', "")
    far = Sipp(
        tmp_path, *TAKEN, pause(200), hold, answered(200), acked, pause(700), back, answered(200),
        acked.replace("1 ACK", "2 ACK"), *LEFT,
    )  # fmt: skip

    async def doing(agent: Agent) -> tuple[bool, float]:
        call = await dialled(agent)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        played = await call.play(SECOND)
        took = loop.time() - begun
        await call.hang_up()
        return played, took

    played, took = with_far(far, doing)
    assert played
    assert took > 1.6, "what was held back was not lost"


def test_who_answers_without_a_coding_of_ours_is_hung_up(tmp_path: Path) -> None:
    body = sound(formats="18", more="a=rtpmap:18 G729/8000")
    found = with_far(Sipp(tmp_path, INVITED, said("200 OK", body=body), heard("ACK"), *LEFT), missed)
    assert (found.news, found.detail) == (News.FAILED, "没有双方都会的语音编码")


def test_a_call_is_hung_up_when_its_time_is_over(tmp_path: Path) -> None:
    async def doing(agent: Agent) -> tuple[bool, bool]:
        call = await agent.dial("8001", 5.0, 0.5)
        return await call.play(SECOND * 5), call.over

    assert with_far(Sipp(tmp_path, *TAKEN, *LEFT), doing) == (False, True)


def test_leaving_hangs_up_what_goes_on(tmp_path: Path) -> None:
    async def doing(agent: Agent) -> None:
        call = await dialled(agent)
        playing = asyncio.create_task(call.play(SECOND * 9))
        await asyncio.sleep(0.2)
        await agent.close()
        assert await playing is False

    with_far(Sipp(tmp_path, *TAKEN, *LEFT), doing)


def test_leaving_while_it_rings_stops_the_ringing(tmp_path: Path) -> None:
    far = Sipp(tmp_path, INVITED, said("180 Ringing"), heard("CANCEL"), said("200 OK", to="CANCEL"))

    async def doing(agent: Agent) -> None:
        ringing = asyncio.create_task(dialled(agent, 30.0))
        await asyncio.sleep(0.3)
        ringing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ringing

    with_far(far, doing)


def test_a_registration_is_made_with_the_password(tmp_path: Path) -> None:
    granted = said("200 OK", "Expires: 60\n")
    verified = heard("REGISTER", auth=True)
    far = Sipp(
        tmp_path, heard("REGISTER"), challenged("server", "MD5"), verified,
        '<nop test="ok" next="good"/>', said("403 Forbidden"), '<nop next="end"/>',
        '<label id="good"/>', granted, '<label id="end"/>',
    )  # fmt: skip

    async def run() -> None:
        async with far.ready():
            agent = Agent(Account(("127.0.0.1", far.port), "yifa", "geheim"), QUICK)
            await agent.open()
            await agent._wait_until_known()
            await far.over()
            await agent.close()

    asyncio.run(run())
