"""Village loudspeakers (村村响) behind a controller that keeps to the contract in docs/guides/channels.md."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yifa.calls.channel import News, Report, Try

from . import checks
from .gateway import Gateway, GatewaySettings, Verdict
from .words import marked, now, tidy

SPOKEN: Mapping[str, News] = {
    "accepted": News.ACCEPTED,
    "duplicate": News.ACCEPTED,
    "playing": News.ACCEPTED,
    "finished": News.HEARD,
    "interrupted": News.UNKNOWN,
    "offline": News.FAILED,
    "refused": News.FAILED,
    "failed": News.FAILED,
}
DEVICE = re.compile(r"[\w.:-]{1,64}")
NO_DEVICE = Verdict(News.FAILED, "不是设备编号，没有播放")


@dataclass(frozen=True, slots=True)
class LoudspeakerSettings(GatewaySettings):
    """A controller of loudspeakers. volume: 0 to 100; times: how often the text is read out."""

    name: str = "loudspeaker"
    connections: int = 16
    most: int = 50
    volume: int = 80
    times: int = 2

    def __post_init__(self) -> None:
        GatewaySettings.__post_init__(self)
        volume = checks.between(self.volume, 0, 100, whole=True)
        times = checks.between(self.times, 1, 10, whole=True)
        checks.demand(
            volume and times, "E690", "音量 volume 应为 0 至 100 的整数，遍数 times 应为 1 至 10 的整数"
        )


class LoudspeakerChannel:
    """Texts read out by devices. cursor: how far news was told; who restarts hands it in again as `after`."""

    def __init__(
        self, settings: LoudspeakerSettings, clock: Callable[[], datetime] = now, after: str = ""
    ) -> None:
        self.name, self.most = settings.name, settings.most
        self._settings, self._clock = settings, clock
        self._gateway = Gateway(settings, SPOKEN, clock, after)

    @property
    def cursor(self) -> str:
        """How far news was told."""
        return self._gateway.cursor

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        """Have each device play; one report for each try, in their order."""
        return list(await asyncio.gather(*map(self._play, tries)))

    async def news(self) -> list[Report]:
        """What was played to its end since, or was not."""
        return await self._gateway.news()

    def pushed(self, target: str, headers: Mapping[str, str], body: bytes) -> list[Report] | None:
        """News that the controller brings itself; None if it is not signed as it must be."""
        return self._gateway.pushed(target, headers, body)

    async def close(self) -> None:
        """Hang up."""
        await self._gateway.close()

    async def _play(self, one: Try) -> Report:
        verdict = await self._verdict(one) if DEVICE.fullmatch(one.to) else NO_DEVICE
        return Report(one.key, verdict.news, self._clock(), detail=verdict.detail)

    async def _verdict(self, one: Try) -> Verdict:
        order = {
            "key": one.key,
            "device": one.to,
            "text": marked(one, one.message.text),
            "volume": self._settings.volume,
            "times": self._settings.times,
        }
        said = await self._gateway.post("/play", order)
        if isinstance(said, Verdict):
            return said
        code = said.get("code")
        if said.get("key") != one.key or not isinstance(code, str):
            return Verdict(News.UNKNOWN, "答复不是约定的 JSON")
        detail = " ".join(part for part in (tidy(code), tidy(said.get("detail"))) if part)
        return Verdict(SPOKEN.get(code, News.UNKNOWN), detail)


__all__ = ["LoudspeakerChannel", "LoudspeakerSettings"]
