"""A talk by telephone: somebody is dialled, the script is gone through with them, and what came of it is reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from yifa.calls.channel import News, Report, Try
from yifa.calls.channels.words import now
from yifa.calls.speech.spoken import Hear, Say
from yifa.calls.telephone.call import PhoneCall
from yifa.calls.telephone.placing import TelephoneChannel
from yifa.calls.telephone.settings import TalkSettings
from yifa.calls.telephone.transaction import Timers

from .converse import Keep, converse
from .guess import Guess
from .script import Script
from .talk import Ending, Outcome

NEWS = {
    Ending.DONE: News.REPLIED,
    Ending.REFUSED: News.REPLIED,
    Ending.OPTED_OUT: News.REPLIED,
    Ending.LATER: News.REPLIED,
    Ending.HUNG_UP: News.ANSWERED,
    Ending.SILENT: News.ANSWERED,
    Ending.UNCLEAR: News.HEARD,
    Ending.BROKEN: News.FAILED,
}


class TalkChannel(TelephoneChannel):
    """One script over one line. A try's message is not read out: the script says everything.

    `keep` is handed every recording, with the try's key before its question's id.
    """

    def __init__(
        self,
        settings: TalkSettings,
        script: Script,
        hear: Hear,
        say: Say,
        keep: Keep | None = None,
        guess: Guess | None = None,
        clock: Callable[[], datetime] = now,
        timers: Timers | None = None,
    ) -> None:
        super().__init__(settings, clock, timers, (say, hear, guess))
        self._script, self._hear, self._say, self._keep, self._guess = script, hear, say, keep, guess

    async def ready(self, one: Try) -> None:
        """The whole script is spoken beforehand: nobody waits on the line for the next sentence."""
        for text in self._script.texts():
            await self._say(text)

    async def held(self, one: Try, call: PhoneCall) -> Report:
        outcome = await converse(call, self._script, self._hear, self._say, self._kept(one), self._guess)
        told = plain(outcome, call.seconds)
        said = outcome.grade or outcome.ending.value
        return Report(one.key, NEWS[outcome.ending], self._clock(), said, call.words, told)

    def _kept(self, one: Try) -> Keep | None:
        keep = self._keep
        return (lambda question, pcm: keep(f"{one.key} {question}", pcm)) if keep else None


def plain(outcome: Outcome, seconds: float) -> dict[str, Any]:
    """What is recorded of a talk, as JSON takes it."""
    return {
        "script": outcome.script,
        "version": outcome.version,
        "ending": outcome.ending.name,
        "grade": outcome.grade,
        "words": outcome.words,
        "answers": [[a.question, a.code, a.words, a.key] for a in outcome.answers],
        "opted_out": outcome.ending is Ending.OPTED_OUT,
        "seconds": round(seconds, 1),
    }


__all__ = ["TalkChannel", "plain"]
