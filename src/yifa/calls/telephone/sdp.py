"""What two ends of a call agree on about sound (SDP, RFC 4566; offer and answer, RFC 3264): G.711 and keys, nothing else."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from .message import Where

PCMU, PCMA, EVENTS = 0, 8, 101  # EVENTS: the number we offer for keys
STATIC = {PCMU: "pcmu/8000", PCMA: "pcma/8000"}
MEDIA = re.compile(r"audio ([0-9]{1,5})(?:/[0-9]+)? RTP/AVPF? ([0-9 ]+)")
MAPPED = re.compile(r"rtpmap:([0-9]{1,3})\s+([\w.-]+/[0-9]+)(?:/1)?", re.IGNORECASE)
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
ANSWERS = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
MOST_LINES = 400


class NoSound(ValueError):
    """A description with nothing in it that we can speak."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One side's end. at: where it wants to hear; law: PCMA or PCMU; events: its number for keys, None for none;
    direction: as that side says it."""

    at: Where
    law: int
    events: int | None
    direction: str = "sendrecv"

    @property
    def hears(self) -> bool:
        """Whether that side wants to be spoken to now."""
        return self.direction in ("sendrecv", "recvonly") and self.at[1] != 0


def read(body: bytes) -> Sound:
    """The first audio stream that we can speak; of its codings the one that stands first."""
    common, streams = _sections(body)
    for stream in streams:
        if (found := MEDIA.fullmatch(stream[0])) and int(found[1]) <= 65_535:
            lines = [*common, *stream[1:]]
            sound = _sound(int(found[1]), [int(n) for n in found[2].split()[:50]], lines)
            if sound:
                return sound
    raise NoSound("没有双方都会的语音编码")


def _sections(body: bytes) -> tuple[list[str], list[list[str]]]:
    """The lines before the first stream, and those of each stream; attributes without their a=."""
    common: list[str] = []
    streams: list[list[str]] = []
    for line in body.decode("utf-8", "replace").splitlines()[:MOST_LINES]:
        kind, _, value = line.strip().partition("=")
        if kind == "m":
            streams.append([value])
        elif kind in ("a", "c"):
            (streams[-1] if streams else common).append(value)
    return common, streams


def _sound(port: int, formats: list[int], lines: list[str]) -> Sound | None:
    names = {**STATIC}
    host, direction = "", "sendrecv"
    for line in lines:
        if found := MAPPED.match(line):
            names[int(found[1])] = found[2].lower()
        elif line.startswith("IN IP"):
            host = line.split()[2].split("/")[0] if len(line.split()) > 2 else ""
        elif line in DIRECTIONS:
            direction = line
    laws = [PCMA if names[n] == STATIC[PCMA] else PCMU for n in formats if names.get(n) in STATIC.values()]
    numbers = [n for n in formats if names.get(n) in STATIC.values()]
    if not laws or numbers[0] not in STATIC or not _is_address(host) or not port:
        return None
    events = next((n for n in formats if names.get(n) == "telephone-event/8000" and n < 128), None)
    if ipaddress.ip_address(host).is_unspecified:  # how holding was said before RFC 3264
        direction = "inactive"
    return Sound((host, port), laws[0], events, direction)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def write(
    at: Where,
    version: int,
    laws: tuple[int, ...] = (PCMA, PCMU),
    events: int | None = EVENTS,
    direction: str = "sendrecv",
) -> bytes:
    """Our end, as an offer or an answer. version: raised with every change."""
    host, port = at
    net = f"IN IP{6 if ':' in host else 4} {host}"
    formats = [*laws, *([] if events is None else [events])]
    lines = ["v=0", f"o=- {port} {version} {net}", "s=-", f"c={net}", "t=0 0"]
    lines.append(f"m=audio {port} RTP/AVP {' '.join(map(str, formats))}")
    lines += [f"a=rtpmap:{law} {STATIC[law].upper()}" for law in laws]
    if events is not None:
        lines += [f"a=rtpmap:{events} telephone-event/8000", f"a=fmtp:{events} 0-15"]
    lines += ["a=ptime:20", f"a={direction}", ""]
    return "\r\n".join(lines).encode()


def answer(to: Sound, at: Where, version: int) -> bytes:
    """Our answer to an offer: its coding, its number for keys, and the direction that fits."""
    return write(at, version, (to.law,), to.events, ANSWERS[to.direction])


__all__ = ["EVENTS", "PCMA", "PCMU", "NoSound", "Sound", "answer", "read", "write"]
