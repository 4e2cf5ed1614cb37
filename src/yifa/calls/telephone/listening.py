"""Telling a voice from the noise of a line, by its strength alone: when somebody begins to speak, and when they have done."""

from __future__ import annotations

import math

from .g711 import FRAME, decoded, squares

STEP = 0.02
LEAST = 250.0  # root mean square of the softest voice; a line's own noise is some 50
ABOVE = 3.5  # times the noise
BEGUN = 6  # voiced frames among the last ten: 120 ms, more than a click
BEFORE = 20  # frames kept from before the voice was noticed
AFTER = 15  # frames of quiet left at the end


class Noise:
    """How loud the line is when nobody speaks: down at once, up slowly. It lasts for the whole call."""

    def __init__(self) -> None:
        self.level = 60.0

    def voiced(self, strength: float) -> bool:
        """Whether a frame of this strength is a voice."""
        loud = strength > max(LEAST, ABOVE * self.level)
        self.level = min(max(strength, 20.0), self.level * 1.005)
        return loud


class Listening:
    """What is said from now on: at most so many seconds, and until it has been quiet for so long."""

    def __init__(self, law: int, noise: Noise, most: float, quiet: float) -> None:
        self._law, self._noise = law, noise
        self._most, self._quiet = max(1, round(most / STEP)), max(1, round(quiet / STEP))
        self._frames: list[bytes] = []
        self._voiced: list[bool] = []
        self._begun: int | None = None
        self._last = 0

    def take(self, frame: bytes) -> None:
        """The next 20 ms."""
        marks = squares(self._law)
        strength = math.sqrt(sum(map(marks.__getitem__, frame)) / FRAME)
        self._frames.append(frame)
        self._voiced.append(self._noise.voiced(strength))
        if self._voiced[-1]:
            self._last = len(self._frames)
        if self._begun is None and sum(self._voiced[-10:]) >= BEGUN:
            self._begun = max(0, len(self._frames) - 10 - BEFORE)

    @property
    def over(self) -> bool:
        """Whether all was said, or the time is up."""
        spoke = self._begun is not None and len(self._frames) - self._last >= self._quiet
        return spoke or len(self._frames) >= self._most

    @property
    def pcm(self) -> bytes:
        """The voice with a little quiet around it; nothing if there was none."""
        if self._begun is None:
            return b""
        return decoded(self._law, b"".join(self._frames[self._begun : self._last + AFTER]))


__all__ = ["Listening", "Noise"]
