"""Sound as files bring it, made into what a telephone carries, and back."""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from operator import mul

from .spoken import RATE

ZEROS = 16  # crossings of the filter to either side: steep enough for 3.4 kHz speech
RATES = range(4000, 192_001)
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


class BadSound(ValueError):
    """Bytes that are no WAV file of a kind known here."""


def wav(pcm: bytes, rate: int = RATE) -> bytes:
    """16-bit mono PCM as a WAV file."""
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(pcm), b"WAVE", b"fmt ", 16, PCM, 1, rate,
                       rate * 2, 2, 16, b"data", len(pcm))  # fmt: skip
    return head + pcm


def read_wav(file: bytes) -> tuple[bytes, int]:
    """16-bit mono PCM and its rate; channels are mixed. A cut file or one of unknown length gives what is there."""
    if len(file) < 12 or file[:4] != b"RIFF" or file[8:12] != b"WAVE":
        raise BadSound("不是 WAV 文件")
    form: tuple[int, int, int, int] | None = None
    for name, body in _chunks(file):
        if name == b"fmt ":
            form = _form(body)
        elif name == b"data":
            if form is None:
                raise BadSound("WAV 文件没有格式说明")
            kind, channels, rate, bits = form
            return _mixed(_samples(body, kind, bits), channels), rate
    raise BadSound("WAV 文件里没有声音")


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(file):
        name, size = file[at : at + 4], int.from_bytes(file[at + 4 : at + 8], "little")
        yield name, file[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _form(body: bytes) -> tuple[int, int, int, int]:
    if len(body) < 16:
        raise BadSound("WAV 文件的格式说明不全")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if kind == EXTENSIBLE and len(body) >= 26:
        kind = int.from_bytes(body[24:26], "little")
    if (kind, bits) not in ((PCM, 8), (PCM, 16), (PCM, 24), (PCM, 32), (FLOAT, 32)):
        raise BadSound(f"WAV 文件的编码不认识（{kind}，{bits} 位）")
    if not 1 <= channels <= 8 or rate not in RATES:
        raise BadSound(f"WAV 文件的声道或者采样率不合规矩（{channels}，{rate}）")
    return kind, channels, rate, bits


def _samples(body: bytes, kind: int, bits: int) -> array[int]:
    if bits == 8:
        return array("h", ((sample - 128) << 8 for sample in body))
    if kind == FLOAT:
        floats = _whole("f", body, 4)
        return array("h", (_clipped(f * 32767) if math.isfinite(f) else 0 for f in floats))
    if bits == 16:
        return _whole("h", body, 2)
    width = bits // 8
    size = len(body) // width * width
    top = bytearray(size // width * 2)
    top[0::2], top[1::2] = body[width - 2 : size : width], body[width - 1 : size : width]
    return _whole("h", bytes(top), 2)


def _whole(code: str, body: bytes, width: int) -> array[int]:
    found = array(code)
    found.frombytes(body[: len(body) // width * width])
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _mixed(samples: array[int], channels: int) -> bytes:
    if channels > 1:
        size = len(samples) // channels * channels
        ways = [samples[n:size:channels] for n in range(channels)]
        samples = array("h", (sum(together) // channels for together in zip(*ways, strict=True)))
    return _bytes(samples)


def _bytes(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples = array("h", samples)
        samples.byteswap()
    return samples.tobytes()


def _clipped(value: float) -> int:
    return max(-32768, min(32767, round(value)))


def resampled(pcm: bytes, rate: int, to: int = RATE) -> bytes:
    """The same sound at another rate, without what the new rate cannot carry."""
    if rate == to:
        return pcm[: len(pcm) // 2 * 2]
    samples = _whole("h", pcm, 2)
    common = math.gcd(rate, to)
    up, down = to // common, rate // common
    half, cut = math.ceil(ZEROS * max(1.0, rate / to)), 0.95 * min(1.0, to / rate)
    phases: dict[int, Sequence[float]] = {}
    edge = array("h", bytes(2 * half))
    padded, out = edge + samples + edge, array("h")
    for n in range(len(samples) * up // down):
        whole, part = divmod(n * down, up)
        if part not in phases:
            phases[part] = _phase(part / up, half, cut)
        out.append(_clipped(sum(map(mul, phases[part], padded[whole + 1 : whole + 1 + 2 * half]))))
    return _bytes(out)


def _phase(shift: float, half: int, cut: float) -> Sequence[float]:
    """The filter's weights for a moment `shift` samples after one that was measured."""
    taps = [_weight(n - half + 1 - shift, half, cut) for n in range(2 * half)]
    total = sum(taps)
    return [tap / total for tap in taps]


def _weight(x: float, half: int, cut: float) -> float:
    """A sinc in a Hann window."""
    sinc = 1.0 if not x else math.sin(math.pi * x * cut) / (math.pi * x * cut)
    return sinc * (0.5 + 0.5 * math.cos(math.pi * x / half)) if abs(x) < half else 0.0


__all__ = ["BadSound", "read_wav", "resampled", "wav"]
