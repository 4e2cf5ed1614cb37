"""What every way of reaching a person keeps to: it says what the far side confirmed, and never more.

A channel may be handed the same try twice, after a crash: it passes the try's key on, so that whoever is at the far
side can tell. It raises nothing for what the far side does; a mistake in its own settings is a `ChannelError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol


class News(Enum):
    """What became of one try; only what the far side confirmed."""

    FAILED = "没有送出"  # refused, malformed, no such number: nobody can have got it
    UNKNOWN = "结果不明"  # the line broke after handing over: it may have arrived; it counts as a try
    ACCEPTED = "网关已受理"  # taken for sending; no word about the person
    BUSY = "占线"
    NO_ANSWER = "无人接听"
    DELIVERED = "已送达"  # the handset has it; nobody need have looked
    ANSWERED = "已接听"  # somebody picked up and hung up before the end
    HEARD = "听到最后"  # the message was played to its end
    REPLIED = "已回应"  # a person answered: a key, a reply, a token


class ChannelError(ValueError):
    """A channel that cannot work as it is set up; a sentence for the administrator, with an id."""

    def __init__(self, id: str, sentence: str) -> None:
        super().__init__(f"{sentence} [yifa.{id}]")
        self.sentence, self.id = sentence, id


@dataclass(frozen=True, slots=True)
class Message:
    """What is said. text: in full; subject: for channels that have one; answer: address at which one answers."""

    text: str
    subject: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """One try to reach one person. key: never used for any other; to: number or address; drill: a marked exercise."""

    key: str
    to: str
    message: Message
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a try at a moment. said: digits pressed or words replied; detail: the far side's own words;
    outcome: what a talk came to (docs/guides/callbacks.md)."""

    key: str
    news: News
    at: datetime
    said: str = ""
    detail: str = ""
    outcome: Mapping[str, Any] | None = None


class Channel(Protocol):
    """`most`: how many tries one `send` may hold. A channel with several lines says how many may be under way `at_once`."""

    name: str
    most: int

    async def send(self, tries: Sequence[Try]) -> list[Report]:
        """Hand over; one report for each try, in their order."""
        ...

    async def news(self) -> list[Report]:
        """What has become known since of tries handed over: status reports, replies, keys.

        After a crash the same news may be told again; taking it in twice does no harm. If it is cancelled because it
        takes too long, what it had already found is told the next time.
        """
        ...

    async def close(self) -> None:
        """Leave the line; nothing handed over is lost by it."""
        ...


__all__ = ["Channel", "ChannelError", "Message", "News", "Report", "Try"]
