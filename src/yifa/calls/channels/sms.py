"""Text messages through a gateway that keeps to the contract in docs/guides/channels.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yifa.calls.channel import News, Report, Try

from .gateway import Gateway, GatewaySettings, Verdict
from .words import as_objects, marked, mobile, now, tidy

TAKEN: Mapping[str, News] = {
    "accepted": News.ACCEPTED,
    "duplicate": News.ACCEPTED,
    "refused": News.FAILED,
    "no_such_number": News.FAILED,
    "too_many": News.FAILED,
}
SPOKEN: Mapping[str, News] = {
    "accepted": News.ACCEPTED,
    "failed": News.FAILED,
    "unknown": News.UNKNOWN,
    "delivered": News.DELIVERED,
    "replied": News.REPLIED,
}
NO_NUMBER = Verdict(News.FAILED, "不是内地手机号码，没有发送")
NO_WORD = Verdict(News.UNKNOWN, "网关没有提到这一条")


@dataclass(frozen=True, slots=True)
class SmsSettings(GatewaySettings):
    """A text-message gateway."""

    name: str = "sms"


class SmsChannel:
    """Texts to mainland mobile numbers. cursor: how far news was told; who restarts hands it in again as `after`."""

    def __init__(self, settings: SmsSettings, clock: Callable[[], datetime] = now, after: str = "") -> None:
        self.name, self.most, self.at_once = settings.name, settings.most, settings.connections
        self._clock = clock
        self._gateway = Gateway(settings, SPOKEN, clock, after)

    @property
    def cursor(self) -> str:
        """How far news was told."""
        return self._gateway.cursor

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        """Hand over, at most `most` in one request; one report for each try, in their order."""
        reports: list[Report] = []
        for first in range(0, len(tries), self.most):
            reports += await self._batch(tries[first : first + self.most])
        return reports

    async def news(self) -> list[Report]:
        """Status reports and replies since."""
        return await self._gateway.news()

    def pushed(self, target: str, headers: Mapping[str, str], body: bytes) -> list[Report] | None:
        """Status reports and replies that the gateway brings itself; None if they are not signed as they must be."""
        return self._gateway.pushed(target, headers, body)

    async def close(self) -> None:
        """Hang up."""
        await self._gateway.close()

    async def _batch(self, tries: Sequence[Try]) -> list[Report]:
        numbers = [mobile(one.to) for one in tries]
        sent = [_message(one, to) for one, to in zip(tries, numbers, strict=True) if to]
        said = await self._gateway.post("/messages", {"messages": sent}) if sent else {}
        verdicts = said if isinstance(said, Verdict) else _verdicts(said)
        at = self._clock()
        return [
            Report(one.key, verdict.news, at, detail=verdict.detail)
            for one, to in zip(tries, numbers, strict=True)
            for verdict in [_verdict(one, verdicts) if to else NO_NUMBER]
        ]


def _message(one: Try, to: str) -> dict[str, str]:
    return {"key": one.key, "to": to, "text": marked(one, one.message.text), "answer": one.message.answer}


def _verdict(one: Try, verdicts: Verdict | dict[str, Verdict]) -> Verdict:
    return verdicts if isinstance(verdicts, Verdict) else verdicts.get(one.key, NO_WORD)


def _verdicts(said: dict[str, object]) -> dict[str, Verdict]:
    """What the gateway says of each key; where it says two things of one, we know neither."""
    found: dict[str, Verdict] = {}
    for one in as_objects(said.get("answers")):
        key, code = one.get("key"), one.get("code")
        if not isinstance(key, str):
            continue
        news = TAKEN.get(str(code), News.UNKNOWN)
        detail = " ".join(part for part in (tidy(code), tidy(one.get("detail"))) if part)
        if key in found and found[key].news is not news:
            news, detail = News.UNKNOWN, "网关对这一条说法不一"
        found[key] = Verdict(news, detail)
    return found


__all__ = ["SmsChannel", "SmsSettings"]
