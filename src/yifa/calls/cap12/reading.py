"""A file read strictly: everything that is wrong with it is said at once, and nothing in it is believed before it was checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree as ET
from xml.parsers import expat

from .message import (
    CATEGORY,
    CERTAINTY,
    DEEPEST,
    IDENTIFIER,
    LARGEST,
    MSG_TYPE,
    NS,
    RESPONSE,
    SCOPE,
    SEVERITY,
    STATUS,
    TIME,
    URGENCY,
    Alert,
    Area,
    CapError,
    Fault,
    Info,
)  # fmt: skip


def is_cap(data: bytes) -> bool:
    """Does it look like such a message at all, right or wrong?"""
    head = data[:4000]
    return any(mark in head for mark in (NS.encode(), NS.encode("utf-16-le"), NS.encode("utf-16-be")))


def read(data: bytes) -> Alert:
    """The message in a file; `CapError` with everything that is wrong with it."""
    return _Reading().alert(_tree(data))


def whole(data: bytes) -> str:
    """The file's own text, not a word of it written anew; only its encoding becomes UTF-8, and says so."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_decoded(data).decode().strip()}\n'


def _tree(data: bytes) -> ET.Element:
    if len(data) > LARGEST:
        raise CapError([Fault("文件", f"超过{LARGEST // 1024 // 1024} MB，不像是预警报文")])
    text = _decoded(data)
    builder, depth = ET.TreeBuilder(), 0
    parser = expat.ParserCreate(namespace_separator="}")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise CapError([Fault(f"第{parser.CurrentLineNumber}行", "元素套得太深，不像是预警报文")])
        builder.start("{" + name if "}" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end("{" + name if "}" in name else name)

    def refuse(*_: object) -> None:
        raise CapError(
            [Fault(f"第{parser.CurrentLineNumber}行", "含有文档类型或者实体声明，出于安全不予读取")]
        )

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as wrong:
        raise CapError([Fault(f"第{wrong.lineno}行", "不是完整的XML文件")]) from wrong
    return builder.close()


def _decoded(data: bytes) -> bytes:
    """As UTF-8; what else it declares itself to be (GB18030, UTF-16) is converted first."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        declared = "utf-16"
    else:
        found = re.match(rb"""\s*<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""", data[:200])
        declared = found[1].decode("ascii") if found else "utf-8"
    if declared.lower() not in ("utf-8", "utf8", "utf-16", "gb18030", "gbk", "gb2312"):
        raise CapError([Fault("文件", f"不认识的编码“{declared}”，请用UTF-8、UTF-16或者GB18030")])
    try:
        text = data.decode("gb18030" if declared.lower().startswith("gb") else declared)
    except UnicodeDecodeError:
        raise CapError([Fault("文件", f"内容与声明的编码“{declared}”不符")]) from None
    return re.sub(r"^\ufeff?\s*<\?xml.*?\?>", "", text, count=1, flags=re.S).encode()


@dataclass
class _Reading:
    """One file being read; faults are collected, so that all are told at once."""

    faults: list[Fault] = field(default_factory=list)

    def alert(self, root: ET.Element) -> Alert:
        if root.tag != _named("alert"):
            raise CapError([Fault("文件", "根元素不是CAP 1.2的alert")])
        place = "alert"
        told = Alert(
            identifier=self._matching(
                root, "identifier", place, IDENTIFIER, "不能为空，不能有空格、逗号、<和&"
            ),
            sender=self._matching(root, "sender", place, IDENTIFIER, "不能为空，不能有空格、逗号、<和&"),
            sent=self._time(root, "sent", place, needed=True),
            status=self._one_of(root, "status", place, STATUS),
            msg_type=self._one_of(root, "msgType", place, MSG_TYPE),
            scope=self._one_of(root, "scope", place, SCOPE),
            source=_text(root, "source"),
            restriction=_text(root, "restriction"),
            addresses=_text(root, "addresses"),
            codes=tuple(_texts(root, "code")),
            note=_text(root, "note"),
            references=self._references(root, place),
            incidents=_text(root, "incidents"),
            infos=tuple(
                self._info(e, f"{place}/info[{n}]") for n, e in enumerate(root.findall(_named("info")), 1)
            ),
        )
        self._whole(told, place)
        if self.faults:
            raise CapError(self.faults)
        return told

    def _whole(self, told: Alert, place: str) -> None:
        if told.scope == "Restricted" and not told.restriction:
            self._fault(f"{place}/restriction", "限定范围的报文应当写明限定")
        if told.scope == "Private" and not told.addresses:
            self._fault(f"{place}/addresses", "只发给特定对象的报文应当写明对象")
        if told.msg_type in ("Update", "Cancel", "Ack", "Error") and not told.references:
            self._fault(f"{place}/references", "更新、解除和回执应当写明是哪一份报文")
        if told.msg_type in ("Alert", "Update") and not told.infos:
            self._fault(f"{place}/info", "预警报文应当有内容")

    def _info(self, e: ET.Element, place: str) -> Info:
        told = Info(
            category=tuple(_texts(e, "category")),
            event=self._needed(e, "event", place),
            urgency=self._one_of(e, "urgency", place, URGENCY),
            severity=self._one_of(e, "severity", place, SEVERITY),
            certainty=self._one_of(e, "certainty", place, CERTAINTY),
            language=_text(e, "language") or "en-US",
            responses=tuple(_texts(e, "responseType")),
            event_codes=self._pairs(e, "eventCode", place),
            effective=self._time(e, "effective", place),
            onset=self._time(e, "onset", place),
            expires=self._time(e, "expires", place),
            sender_name=_text(e, "senderName"),
            headline=_text(e, "headline"),
            description=_text(e, "description"),
            instruction=_text(e, "instruction"),
            web=_text(e, "web"),
            contact=_text(e, "contact"),
            parameters=self._pairs(e, "parameter", place),
            areas=tuple(
                self._area(a, f"{place}/area[{n}]") for n, a in enumerate(e.findall(_named("area")), 1)
            ),
        )
        for words, allowed, name in (
            (told.category, CATEGORY, "category"),
            (told.responses, RESPONSE, "responseType"),
        ):
            for word in words:
                if word not in allowed:
                    self._fault(f"{place}/{name}", f"没有“{word}”这一种，应为{'、'.join(allowed)}")
        if not told.category:
            self._fault(f"{place}/category", "没有写")
        if told.effective and told.expires and _moment(told.expires) < _moment(told.effective):
            self._fault(f"{place}/expires", "失效时间早于生效时间")
        return told

    def _area(self, e: ET.Element, place: str) -> Area:
        told = Area(
            self._needed(e, "areaDesc", place),
            self._pairs(e, "geocode", place),
            tuple(_texts(e, "polygon")),
            tuple(_texts(e, "circle")),
        )
        for text in told.polygons:
            if not _closed(text):
                self._fault(f"{place}/polygon", "应当是至少四个“纬度,经度”点，首尾相同")
        for text in told.circles:
            centre, _, radius = text.partition(" ")
            if _point(centre) is None or not re.fullmatch(r"\d+(\.\d+)?", radius):
                self._fault(f"{place}/circle", "应当是“纬度,经度 半径（千米）”")
        return told

    # One thing each

    def _fault(self, place: str, sentence: str) -> None:
        self.faults.append(Fault(place, sentence))

    def _needed(self, e: ET.Element, name: str, place: str) -> str:
        found = _text(e, name)
        if not found:
            self._fault(f"{place}/{name}", "没有写")
        return found

    def _matching(self, e: ET.Element, name: str, place: str, form: re.Pattern[str], what: str) -> str:
        found = _text(e, name)
        if not form.fullmatch(found):
            self._fault(f"{place}/{name}", what)
        return found

    def _one_of(self, e: ET.Element, name: str, place: str, allowed: tuple[str, ...]) -> str:
        found = self._needed(e, name, place)
        if found and found not in allowed:
            self._fault(f"{place}/{name}", f"没有“{found[:40]}”这一种，应为{'、'.join(allowed)}")
        return found

    def _time(self, e: ET.Element, name: str, place: str, *, needed: bool = False) -> str:
        found = self._needed(e, name, place) if needed else _text(e, name)
        if found and (not TIME.fullmatch(found) or _moment_or_none(found) is None):
            self._fault(f"{place}/{name}", f"“{found[:40]}”应当写成2026-07-21T14:05:00+08:00")
            return ""
        return found

    def _references(self, e: ET.Element, place: str) -> tuple[tuple[str, str, str], ...]:
        found = []
        for triple in _text(e, "references").split():
            parts = triple.split(",")
            if len(parts) != 3 or not all(parts):
                self._fault(f"{place}/references", f"“{triple[:60]}”应当写成发送方,标识,发送时间")
                continue
            found.append((parts[0], parts[1], parts[2]))
        return tuple(found)

    def _pairs(self, e: ET.Element, name: str, place: str) -> tuple[tuple[str, str], ...]:
        found = []
        for pair in e.findall(_named(name)):
            key = _text(pair, "valueName")
            if not key:
                self._fault(f"{place}/{name}", "没有写valueName")
            found.append((key, _text(pair, "value")))
        return tuple(found)


def _named(name: str) -> str:
    """An element of the protocol, as the tree calls it."""
    return f"{{{NS}}}{name}"


def _text(e: ET.Element, name: str) -> str:
    found = e.find(_named(name))
    return ("".join(found.itertext()) if found is not None else "").strip()


def _texts(e: ET.Element, name: str) -> Iterator[str]:
    for found in e.findall(_named(name)):
        if text := "".join(found.itertext()).strip():
            yield text


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment_or_none(text: str) -> datetime | None:
    try:
        return _moment(text)
    except ValueError:
        return None


def _point(text: str) -> tuple[float, float] | None:
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)", text)
    if found is None:
        return None
    lat, lon = float(found[1]), float(found[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _closed(text: str) -> bool:
    points = [_point(word) for word in text.split()]
    return len(points) >= 4 and None not in points and points[0] == points[-1]
