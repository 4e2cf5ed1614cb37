"""The last resort where there is no other voice: espeak-ng, a machine that sounds like one, and says so in the log.

Of Mandarin it makes something that people who expect it understand and others may not. Better: a service, or recordings.
"""

from __future__ import annotations

import asyncio
import logging
import shutil

from .sound import BadSound, read_wav, resampled
from .spoken import LONGEST_TEXT, SpeechError

log = logging.getLogger(__name__)
PROGRAM = "espeak-ng"
WITHIN = 30.0  # seconds


class EspeakVoice:
    """Speaks with Debian's espeak-ng."""

    def __init__(self) -> None:
        if shutil.which(PROGRAM) is None:
            raise SpeechError("E646", f"本机没有 {PROGRAM}：请安装它，或者改用语音服务、事先录音")
        self._warned = False

    async def __call__(self, text: str) -> bytes:
        """The text goes in by its standard input: whatever stands in it is read aloud and nothing else."""
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise SpeechError("E659", f"一次要说的话应为 1 至 {LONGEST_TEXT} 字（这次 {len(text)} 字）")
        if not self._warned:
            self._warned = True
            log.warning("电话里用的是 %s 机器合成的声音，不易听懂，只应在没有别的声音时用", PROGRAM)
        pipe = asyncio.subprocess.PIPE
        program = await asyncio.create_subprocess_exec(
            PROGRAM, "-v", "cmn", "-s", "140", "--stdin", "--stdout", stdin=pipe, stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(WITHIN):
                file, _ = await program.communicate(text.encode("utf-8", "replace"))
        except TimeoutError:
            raise SpeechError("E659", f"{PROGRAM} 没有在 {WITHIN:g} 秒内说完") from None
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
        return await asyncio.to_thread(_sound, file)


def _sound(file: bytes) -> bytes:
    try:
        pcm, rate = read_wav(file)
    except BadSound as broken:
        raise SpeechError("E659", f"{PROGRAM} 没有说出来：{broken}") from broken
    return resampled(pcm, rate)


__all__ = ["EspeakVoice"]
