"""Sentences recorded beforehand, as an office likes them best: a folder of WAV files, and prompts.toml to say which is which.

"听清请按1。" = "heard.wav"
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from pathlib import Path

from .sound import BadSound, read_wav, resampled
from .spoken import Say, SpeechError

INDEX = "prompts.toml"
NAME = re.compile(r"[\w.-]{1,100}\.wav", re.IGNORECASE)
LARGEST = 32 * 1024 * 1024


class RecordedVoice:
    """A folder's recordings; `other` says what was not recorded."""

    def __init__(self, folder: Path, other: Say | None = None) -> None:
        self._other = other
        self._files = {_tight(text): folder / name for text, name in _index(folder).items()}
        for file in self._files.values():
            _read(file)

    async def __call__(self, text: str) -> bytes:
        """As recorded; spaces make no difference."""
        file = self._files.get(_tight(text))
        if file is not None:
            return await asyncio.to_thread(_sound, file)
        if self._other is None:
            raise SpeechError("E659", f"这句话没有录音：{text[:100]}")
        return await self._other(text)

    async def close(self) -> None:
        if close := getattr(self._other, "close", None):
            await close()


def _tight(text: str) -> str:
    return "".join(text.split())


def _index(folder: Path) -> dict[str, str]:
    try:
        told = tomllib.loads((folder / INDEX).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise SpeechError("E646", f"录音目录 {folder} 的 {INDEX} 读不了：{str(broken)[:200]}") from broken
    for text, name in told.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise SpeechError("E646", f"{INDEX} 里“{text[:50]}”应写同一目录里的一个 .wav 文件名")
    return told


def _sound(file: Path) -> bytes:
    return resampled(*_read(file))


def _read(file: Path) -> tuple[bytes, int]:
    try:
        if file.stat().st_size > LARGEST:
            raise BadSound("文件太大")
        return read_wav(file.read_bytes())
    except (OSError, BadSound) as broken:
        raise SpeechError("E646", f"录音 {file.name} 用不了：{str(broken)[:200]}") from broken


__all__ = ["INDEX", "RecordedVoice"]
