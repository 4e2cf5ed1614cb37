"""What a telephone exchange's answers mean for the person called; nothing more than what was confirmed."""

from __future__ import annotations

from yifa.calls.channel import News
from yifa.calls.channels.words import tidy

from .message import Response

BUSY = frozenset({486, 600})
NO_ANSWER = frozenset({408, 480, 487, 603})  # 603: whoever it rang for turned it away
OPEN = frozenset({500, 504})  # the exchange does not know itself


class NotReached(Exception):
    """Nobody took the call."""

    def __init__(self, news: News, detail: str) -> None:
        super().__init__(detail)
        self.news, self.detail = news, detail


def refused(response: Response) -> NotReached:
    """What a final answer that is no 2xx comes to."""
    if response.status in BUSY:
        news = News.BUSY
    elif response.status in NO_ANSWER:
        news = News.NO_ANSWER
    else:
        news = News.UNKNOWN if response.status in OPEN else News.FAILED
    return NotReached(news, spoken(response))


def spoken(response: Response) -> str:
    """The far side's own words."""
    words = f"{response.status} {response.reason} {response.get('reason')}"
    return tidy(f"{words} {response.get('warning')}")


__all__ = ["NotReached", "refused", "spoken"]
