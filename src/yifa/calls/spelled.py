"""A ladder as an office writes it: one rung a line, “语音，本人，3次，间隔90秒，限5分钟”."""

from __future__ import annotations

import re
from datetime import timedelta

from .channel import News
from .ladder import Ladder, LadderError, Rung, Whom

CHANNELS = {
    "语音": "voice",
    "回访电话": "talk",
    "短信": "sms",
    "群机器人": "webhook",
    "邮件": "mail",
    "广播": "loudspeaker",
}
ALSO = {"听完也算": News.HEARD, "接听也算": News.ANSWERED, "送达也算": News.DELIVERED}
EXAMPLE = "语音，本人，3次，间隔90秒，限5分钟"
_TRIES = re.compile(r"(\d{1,3})次")
_APART = re.compile(r"间隔(\d{1,5}(?:\.\d)?)(秒|分钟|小时|天)")
_WITHIN = re.compile(r"限(\d{1,5}(?:\.\d)?)(秒|分钟|小时|天)")
_SECONDS = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400}


def read(text: str, label: str, source: str = "") -> Ladder:
    """The ladder written there; `LadderError` names the line that cannot be followed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return Ladder(label, tuple(_rung(line, n) for n, line in enumerate(lines, 1)), source)


def _rung(line: str, n: int) -> Rung:
    words = [word for word in re.split(r"[，,、\s]+", line) if word]
    channel, whom, tries, within = "", Whom.SELF, 1, None
    apart: timedelta | None = None
    ends = {News.REPLIED}
    for word in words:
        if word in CHANNELS:
            channel = CHANNELS[word]
        elif word in (names := {w.value: w for w in Whom}):
            whom = names[word]
        elif found := _TRIES.fullmatch(word):
            tries = int(found[1])
        elif found := _APART.fullmatch(word):
            apart = _length(found)
        elif found := _WITHIN.fullmatch(word):
            within = _length(found)
        elif word in ALSO:
            ends.add(ALSO[word])
        else:
            raise LadderError("E634", f"第{n}级“{line}”里的“{word}”看不懂；照这样写：{EXAMPLE}")
    if not channel or within is None:
        raise LadderError("E634", f"第{n}级“{line}”没有写渠道或者时限；照这样写：{EXAMPLE}")
    return Rung(channel, tries, apart or within / max(tries, 1), within, whom, frozenset(ends))


def _length(found: re.Match[str]) -> timedelta:
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def write(ladder: Ladder) -> str:
    """As `read` reads it."""
    return "\n".join(map(line, ladder.rungs))


def line(rung: Rung) -> str:
    """One rung in words."""
    also = [word for word, news in ALSO.items() if news in rung.ends]
    parts = [
        channel_name(rung.channel),
        rung.whom.value,
        f"{rung.tries}次",
        f"间隔{length(rung.apart)}",
        f"限{length(rung.within)}",
        *also,
    ]
    return "，".join(parts)


def channel_name(channel: str) -> str:
    """What an office calls a channel."""
    return next((word for word, name in CHANNELS.items() if name == channel), channel)


def length(of: timedelta) -> str:
    """Ninety seconds as 90秒, five minutes as 5分钟."""
    seconds = of.total_seconds()
    for unit in ("天", "小时", "分钟"):
        if seconds >= _SECONDS[unit] and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:g}{unit}"
    return f"{round(seconds, 1):g}秒"


__all__ = ["ALSO", "CHANNELS", "EXAMPLE", "channel_name", "length", "line", "read", "write"]
