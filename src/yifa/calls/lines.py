"""Which lines a county has: channels.toml in its home, one table a channel; nothing there, nothing can be called.

answer_at = "https://yifa.example.gov.cn"   # where a text message lets one answer; left out, it does not

[voice]
kind = "simulator"        # people who do not exist: for drills, tests and the demonstration

[sms]
kind = "sms"              # docs/guides/channels.md says what each kind is told
url = "https://gateway.example/v1"
account = "county"
secret = "…"
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from .channel import Channel, ChannelError, Report
from .channels import checks
from .channels.loudspeaker import LoudspeakerChannel, LoudspeakerSettings
from .channels.mail import MailChannel, MailSettings
from .channels.sms import SmsChannel, SmsSettings
from .channels.webhook import WebhookChannel, WebhookSettings
from .dialogue.calling import TalkChannel
from .dialogue.guess import ServiceGuess
from .dialogue.script import load, satisfaction
from .dialogue.simulated import Manners, Talkers
from .sender import Clock, RealClock
from .simulator import Habits, Simulator
from .speech.chosen import ear, service, voice
from .telephone.channel import VoiceChannel
from .telephone.settings import TalkSettings, VoiceSettings

FILE = "channels.toml"
SIMULATED = "simulator"
TALK = "talk"  # the line on which a script is read out
SIMULATIONS = ("voice", TALK, "sms", "loudspeaker", "webhook")
ANSWER_AT = "answer_at"  # the address under which people find this county's pages, as https://…
Made = Callable[[dict[str, Any], str, Path], Channel]  # settings, how far news was told, the home


@runtime_checkable
class Pushed(Protocol):
    """A line whose far side may bring its news itself."""

    def pushed(self, target: str, headers: Mapping[str, str], body: bytes) -> list[Report] | None:
        """None if it is not signed as it must be."""
        ...


def _simulated(told: dict[str, Any], clock: Clock) -> Channel:
    name = told.pop("name")
    told.pop("kind")
    try:
        if name == TALK:
            return Talkers(clock, name, habits=Manners(**told), seed=name)
        return Simulator(clock, name, habits=Habits(**told), seed=name)
    except TypeError:
        known = _names(Manners if name == TALK else Habits)
        raise ChannelError("E642", f"channels.toml 的 [{name}]：模拟渠道只认 {known}") from None


def _names(settings: type[Any]) -> str:
    return "、".join(f.name for f in dataclasses.fields(settings))


def _filled(settings: type[Any], told: dict[str, Any]) -> Any:
    """Settings from a table; what they do not know is named."""
    known = {f.name for f in dataclasses.fields(settings)}
    need = {
        f.name
        for f in dataclasses.fields(settings)
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    }
    where = f"channels.toml 的 [{told['name']}]"
    if strange := sorted(told.keys() - known):
        raise ChannelError("E642", f"{where} 里没有“{'”“'.join(strange)}”这一项；可以写 {_names(settings)}")
    if lacking := sorted(need - told.keys()):
        raise ChannelError("E642", f"{where} 缺少 {'、'.join(lacking)}")
    return settings(**told)


def _without_kind(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "kind"}


def _telephone(told: dict[str, Any], home: Path) -> Channel:
    settings = _filled(VoiceSettings, _without_kind(told))
    return VoiceChannel(settings, voice(settings.speech, home))


def _talk(told: dict[str, Any], home: Path) -> Channel:
    settings = _filled(TalkSettings, _without_kind(told))
    script = load(home / settings.script) if settings.script else satisfaction()
    guess = ServiceGuess(service(settings.guess, "guess")) if settings.guess else None
    return TalkChannel(settings, script, ear(settings.ear), voice(settings.speech, home), guess=guess)


KINDS: dict[str, Made] = {
    "sms": lambda told, after, home: SmsChannel(_filled(SmsSettings, _without_kind(told)), after=after),
    "loudspeaker": lambda told, after, home: LoudspeakerChannel(
        _filled(LoudspeakerSettings, _without_kind(told)), after=after
    ),
    "mail": lambda told, after, home: MailChannel(_filled(MailSettings, _without_kind(told))),
    "sip": lambda told, after, home: _telephone(told, home),
    "talk": lambda told, after, home: _talk(told, home),
    "wecom": lambda told, after, home: WebhookChannel(_filled(WebhookSettings, told)),
    "dingtalk": lambda told, after, home: WebhookChannel(_filled(WebhookSettings, told)),
}


def read_lines(
    home: Path, cursors: Mapping[str, str] | None = None, clock: Clock | None = None
) -> dict[str, Channel]:
    """The channels of a home by name; `ChannelError` names the table that is wrong. `cursors`: how far each told its news."""
    told = _told(home)
    told.pop(ANSWER_AT, None)
    return {
        name: _line(name, table, (cursors or {}).get(name, ""), clock, home) for name, table in told.items()
    }


def pushing(home: Path, name: str) -> Pushed | None:
    """The line of that name, if its far side may bring news itself."""
    line: object = read_lines(home).get(name)
    return line if isinstance(line, Pushed) else None


def answer_at(home: Path) -> str:
    """What stands before a token in a message, ending in a slash; "" where people cannot answer at an address."""
    address = _told(home).get(ANSWER_AT, "")
    if not address:
        return ""
    if not isinstance(address, str):
        raise ChannelError("E642", f"{FILE} 的 {ANSWER_AT} 应当是一个网址")
    checks.address(address, plain=address.startswith("http://"))
    return f"{address.rstrip('/')}/a/"


def _told(home: Path) -> dict[str, Any]:
    file = home / FILE
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ChannelError("E641", f"{FILE} 不是合格的 TOML：{wrong}") from wrong


def _line(name: str, table: Any, after: str, clock: Clock | None, home: Path) -> Channel:
    if not isinstance(table, dict) or not isinstance(table.get("kind"), str):
        raise ChannelError("E642", f"{FILE} 的 [{name}] 应当是一张表，写明 kind")
    told = {"name": name, **table}
    if table["kind"] == SIMULATED:
        return _simulated(told, clock or RealClock())
    if table["kind"] not in KINDS:
        kinds = "、".join([SIMULATED, *KINDS])
        raise ChannelError("E642", f"{FILE} 的 [{name}] 没有“{table['kind']}”这一种；可以写 {kinds}")
    try:
        return KINDS[table["kind"]](told, after, home)
    except ChannelError as wrong:
        named = wrong.sentence if FILE in wrong.sentence else f"{FILE} 的 [{name}]：{wrong.sentence}"
        raise ChannelError(wrong.id, named) from wrong


def state_of(home: Path) -> str:
    """ "none" where nobody can be called, "wrong" where the file cannot be read, "simulated" where nobody really is, else ""."""
    try:
        found = read_lines(home)
    except ChannelError:
        return "wrong"
    if not found:
        return "none"
    return "simulated" if all(isinstance(channel, Simulator | Talkers) for channel in found.values()) else ""


def simulate(home: Path) -> None:
    """Give a home simulated lines, if it has none yet."""
    file = home / FILE
    if not file.exists():
        lines = [f'[{name}]\nkind = "{SIMULATED}"\n' for name in SIMULATIONS]
        file.write_text("# 模拟线路：谁也不会真的接到电话。\n\n" + "\n".join(lines), "utf-8")


__all__ = ["FILE", "KINDS", "Pushed", "answer_at", "pushing", "read_lines", "simulate", "state_of"]
