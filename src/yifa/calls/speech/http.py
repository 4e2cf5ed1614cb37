"""A speech service elsewhere, spoken to as OpenAI's is: `/v1/audio/speech` and `/v1/audio/transcriptions`."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from dataclasses import dataclass, field

from yifa.calls.channels import checks
from yifa.calls.channels.http1 import Answer, Client, Limits, NotSent, Unclear
from yifa.calls.channels.words import as_object, tidy

from .sound import RATES, BadSound, read_wav, resampled, wav
from .spoken import LONGEST_TEXT, RATE, SpeechError

LARGEST = 32 * 1024 * 1024  # bytes of an answer: ten minutes at 24 kHz
LONGEST = 300  # seconds of sound that one text may become, or that is listened to in one go
WORDS = 10_000  # characters that a transcript may have
ID = "E657"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """url: the address before `/audio/…`, such as https://host/v1; secret: the bearer key, or empty; model, voice: as
    the service names them; form: wav, or pcm at `rate`; authority: a PEM file; plain: unencrypted is meant."""

    url: str
    model: str
    voice: str = ""
    secret: str = field(default="", repr=False)
    form: str = "wav"
    rate: int = 24_000
    seconds: float = 15.0
    connections: int = 4
    authority: str = ""
    plain: bool = False

    def __post_init__(self) -> None:
        at = checks.address(self.url, plain=self.plain)
        checks.demand("?" not in at.target, ID, "语音服务地址 url 不带问号之后的部分")
        for name, word, empty in (("model", self.model, False), ("voice", self.voice, True)):
            right = isinstance(word, str) and word.isprintable() and len(word) <= 100
            checks.demand(
                right and (empty or bool(word)), ID, f"语音服务的 {name} 应为不超过 100 字的一个名称"
            )
        right = isinstance(self.secret, str) and re.fullmatch(r"[!-~]{0,4096}", self.secret) is not None
        checks.demand(right, ID, "语音服务的密钥 secret 只用字母、数字和常用符号，不带空格")
        checks.demand(self.form in ("wav", "pcm"), ID, "声音格式 form 只能是 wav 或者 pcm")
        whole = checks.between(self.rate, RATES[0], RATES[-1], whole=True)
        checks.demand(whole, ID, f"采样率 rate 应为 {RATES[0]} 至 {RATES[-1]} 的整数")
        checks.seconds(self.seconds)
        checks.connections(self.connections)
        if at.secure:
            checks.trust(self.authority)


class Service:
    """One line of business with a service. what: how it is called where it fails."""

    what = "语音服务"

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        at = checks.address(settings.url, plain=settings.plain)
        self._base = at.target.rstrip("/")
        limits = Limits(connections=settings.connections, seconds=settings.seconds, body=LARGEST)
        self._client = Client(at, limits, checks.trust(settings.authority) if at.secure else None)

    async def close(self) -> None:
        """Hang up the lines to the service."""
        await self._client.close()

    async def _post(self, path: str, body: bytes, kind: str) -> Answer:
        key = self._settings.secret
        try:
            answer = await self._client.post(
                self._base + path, body, kind, {"Authorization": f"Bearer {key}"} if key else {}
            )
        except (NotSent, Unclear) as broken:
            raise SpeechError("E659", f"{self.what}没有答复：{tidy(broken)}") from broken
        if answer.status != 200:
            said = tidy(answer.body[:2000].decode("utf-8", "replace"))
            raise SpeechError("E659", f"{self.what}答复 {answer.status}：{said}")
        return answer


class ServiceVoice(Service):
    """A voice at the service."""

    async def __call__(self, text: str) -> bytes:
        """The text as sound, whatever rate the service speaks at."""
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise SpeechError("E659", f"一次要说的话应为 1 至 {LONGEST_TEXT} 字（这次 {len(text)} 字）")
        said = {"model": self._settings.model, "input": text, "response_format": self._settings.form}
        if self._settings.voice:
            said["voice"] = self._settings.voice
        body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
        answer = await self._post("/audio/speech", body, "application/json; charset=utf-8")
        return await asyncio.to_thread(self._sound, answer)

    def _sound(self, answer: Answer) -> bytes:
        """A body that begins as a WAV file is one, whatever was asked for."""
        try:
            if answer.body[:4] == b"RIFF" or self._settings.form == "wav":
                pcm, rate = read_wav(answer.body)
            else:
                pcm, rate = _bare(answer), self._settings.rate
        except BadSound as broken:
            raise SpeechError("E659", f"语音服务给的不是声音：{broken}") from broken
        if not pcm or len(pcm) > LONGEST * rate * 2:
            raise SpeechError("E659", f"语音服务给的声音是空的，或者超过 {LONGEST} 秒")
        return resampled(pcm, rate)


def _bare(answer: Answer) -> bytes:
    """Samples without a head; what calls itself text is none."""
    kind = answer.headers.get("content-type", "").lower()
    if kind.startswith("text/") or "json" in kind:
        raise BadSound(tidy(answer.body[:2000].decode("utf-8", "replace")))
    return answer.body[: len(answer.body) // 2 * 2]


class ServiceEar(Service):
    """An ear at the service."""

    async def __call__(self, pcm: bytes, *, hints: str = "") -> str:
        """The words in the sound; nothing is sent for a sound of less than a quarter second."""
        if len(pcm) < RATE // 2:
            return ""
        if len(pcm) > LONGEST * RATE * 2:
            raise SpeechError("E659", f"要听写的录音超过 {LONGEST} 秒")
        fields = {"model": self._settings.model, "language": "zh", "response_format": "json", "prompt": hints}
        body, kind = form({name: value for name, value in fields.items() if value}, wav(pcm))
        answer = await self._post("/audio/transcriptions", body, kind)
        text = (as_object(answer.body) or {}).get("text")
        if not isinstance(text, str):
            raise SpeechError("E659", "语音服务的答复不是约定的 JSON（没有 text）")
        return tidy(text, WORDS)


def form(fields: dict[str, str], file: bytes) -> tuple[bytes, str]:
    """A multipart form with one WAV file, and its media type."""
    edge = f"yifa{secrets.token_hex(16)}"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="call.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    body = ("".join(parts) + head).encode("utf-8", "replace") + file + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"


__all__ = ["Service", "ServiceEar", "ServiceSettings", "ServiceVoice", "form"]
