"""The voice and the ear that a county has chosen, as a table in channels.toml says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .espeak import EspeakVoice
from .http import ServiceEar, ServiceSettings, ServiceVoice
from .local import LocalEar, LocalVoice
from .recorded import RecordedVoice
from .spoken import Hear, Prepared, Say, SpeechError

VOICES, EARS = ("service", "local", "recorded", "espeak"), ("service", "local")
SERVICE = tuple(f.name for f in dataclasses.fields(ServiceSettings))


def voice(told: Mapping[str, object], home: Path) -> Prepared:
    """kind, what the kind needs, and `recorded`: a folder whose recordings come before it."""
    table = _table(told, "speech")
    kind, folder = table.pop("kind", None), table.pop("recorded", None)
    if kind not in VOICES:
        raise SpeechError("E646", f"speech 应写明 kind：{'、'.join(VOICES)}")
    if folder is None and kind == "recorded":
        raise SpeechError("E646", "speech 是 recorded 的，应写明录音目录 recorded")
    if folder is not None and (not isinstance(folder, str) or not folder):
        raise SpeechError("E646", "speech 的 recorded 应为录音目录的名称")
    _only(table, SERVICE if kind == "service" else (), "speech")
    other: Say | None = None
    if kind == "service":
        other = ServiceVoice(_service(table, "speech"))
    elif kind == "local":
        other = LocalVoice()
    elif kind == "espeak":
        other = EspeakVoice()
    return Prepared(RecordedVoice(home / folder, other) if isinstance(folder, str) else _there(other))


def ear(told: Mapping[str, object]) -> Hear:
    """kind, and what the kind needs."""
    table = _table(told, "ear")
    kind = table.pop("kind", None)
    if kind not in EARS:
        raise SpeechError("E646", f"ear 应写明 kind：{'、'.join(EARS)}")
    if kind == "service":
        return ServiceEar(service(told, "ear"))
    _only(table, ("cores",), "ear")
    cores = table.get("cores", 2)
    if not isinstance(cores, int) or isinstance(cores, bool) or not 1 <= cores <= 64:
        raise SpeechError("E646", "ear 的 cores 应为 1 至 64 的整数")
    return LocalEar(cores)


def service(told: Mapping[str, object], where: str) -> ServiceSettings:
    """What a service elsewhere needs, of a table that may be nothing else."""
    table = _table(told, where)
    if table.pop("kind", None) != "service":
        raise SpeechError("E646", f"{where} 应写明 kind：service")
    return _service(table, where)


def _table(told: object, where: str) -> dict[str, Any]:
    if not isinstance(told, Mapping):
        raise SpeechError("E646", f"{where} 应是一张表，写明 kind")
    return dict(told)


def _there(voice: Say | None) -> Say:
    assert voice is not None
    return voice


def _only(table: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    if strange := sorted(table.keys() - set(known)):
        raise SpeechError("E646", f"{where} 里没有“{'”“'.join(strange)}”这一项")


def _service(table: Mapping[str, Any], where: str) -> ServiceSettings:
    _only(table, SERVICE, where)
    if lacking := sorted({"url", "model"} - table.keys()):
        raise SpeechError("E646", f"{where} 缺少 {'、'.join(lacking)}")
    return ServiceSettings(**table)


__all__ = ["ear", "service", "voice"]
