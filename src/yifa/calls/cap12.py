"""A warning message as platforms exchange it: Common Alerting Protocol 1.2 (OASIS, 2010), read strictly and written the same way.

China's profile GB/T 35965.1-2018 gives the identifier its shape; its words for colours are looked up here. Nothing is
believed of a file before it has been checked: no document type, no entity, no more than `LARGEST` bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree as ET
from xml.parsers import expat

NS = "urn:oasis:names:tc:emergency:cap:1.2"
LARGEST, DEEPEST = 2 * 1024 * 1024, 12  # bytes, elements within elements

STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
MSG_TYPE = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPE = ("Public", "Restricted", "Private")
CATEGORY = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
RESPONSE = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

COLOURS = {"红": "RED", "橙": "ORANGE", "黄": "YELLOW", "蓝": "BLUE"}
LEVELS = {
    "Ⅰ": "RED",
    "Ⅱ": "ORANGE",
    "Ⅲ": "YELLOW",
    "Ⅳ": "BLUE",
    "一": "RED",
    "二": "ORANGE",
    "三": "YELLOW",
    "四": "BLUE",
}
# GB/T 35965.1 is said to map so [U]; used only where the message names no colour.
BY_SEVERITY = {"Extreme": "RED", "Severe": "ORANGE", "Moderate": "YELLOW", "Minor": "BLUE"}
ENGLISH = {"red": "RED", "orange": "ORANGE", "yellow": "YELLOW", "blue": "BLUE"}

# What a message in good form may still be unfit for.
NO_WARNING = "这不是预警或者更新报文", "yifa.E661"
NOT_IN_FORCE = "这份解除报文所指的预警没有登记，或者已经解除、更新、期满，不必再办", "yifa.E662"

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_ID = re.compile(r"[^\s,<&]+")
_NATIONAL = re.compile(r"(\d{6})(\d{3})(\d{3})(\d{2})_(\d{14})_(\d)")
_AREA = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place of a message."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence}"


class CapError(ValueError):
    """A file that is no message, or one with faults; all of them."""

    id = "E660"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("；".join(map(str, faults)) + " [yifa.E660]")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Area:
    """Where: words, and codes by the name each goes under."""

    text: str
    codes: tuple[tuple[str, str], ...] = ()
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What, how bad, from when until when, where. Times are ISO 8601 with an offset, "" for none."""

    category: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = "en-US"
    responses: tuple[str, ...] = ()
    event_codes: tuple[tuple[str, str], ...] = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()

    @property
    def colour(self) -> str:
        """RED, ORANGE, YELLOW or BLUE, as the message names it; "" when it names none."""
        named = [
            v
            for k, v in (*self.parameters, *self.event_codes)
            if re.search("(?i)color|colour|颜色|级别|level", k)
        ]
        for text in (*named, self.headline, self.event):
            if found := re.search(r"([红橙黄蓝])色?", text):
                return COLOURS[found[1]]
            if found := re.search(r"([ⅠⅡⅢⅣ一二三四])级", text):
                return LEVELS[found[1]]
            if found := re.search(r"(?i)\b(red|orange|yellow|blue)\b", text):
                return ENGLISH[found[1].lower()]
        return ""

    @property
    def guessed_colour(self) -> str:
        """By severity: only where no colour is named."""
        return BY_SEVERITY.get(self.severity, "")

    @property
    def area_codes(self) -> tuple[str, ...]:
        """Codes of administrative areas (6, 9 or 12 digits), under whatever name they go."""
        codes = (value for area in self.areas for _, value in area.codes)
        return tuple(dict.fromkeys(code for code in codes if _AREA.fullmatch(code)))


@dataclass(frozen=True, slots=True)
class Alert:
    """A message. references: (sender, identifier, sent) of those it is about."""

    identifier: str
    sender: str
    sent: str
    status: str
    msg_type: str
    scope: str = "Public"
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[tuple[str, str, str], ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()

    @property
    def identity(self) -> str:
        """What names it: sender,identifier,sent."""
        return f"{self.sender},{self.identifier},{self.sent}"

    @property
    def exercise(self) -> bool:
        return self.status != "Actual"

    @property
    def info(self) -> Info | None:
        """In Chinese if there is one in Chinese."""
        return next(
            (i for i in self.infos if i.language.lower().startswith("zh")), next(iter(self.infos), None)
        )


@dataclass(frozen=True, slots=True)
class National:
    """An identifier of GB/T 35965.1: 31 characters, who entered it and when (Beijing time)."""

    area: str
    trade: str
    internal: str
    extension: str
    entered: datetime
    serial: int

    @classmethod
    def read(cls, text: str) -> National | None:
        found = _NATIONAL.fullmatch(text)
        if found is None:
            return None
        try:
            entered = datetime.strptime(found[5], "%Y%m%d%H%M%S")
        except ValueError:
            return None
        return cls(found[1], found[2], found[3], found[4], entered, int(found[6]))

    def __str__(self) -> str:
        return f"{self.area}{self.trade}{self.internal}{self.extension}_{self.entered:%Y%m%d%H%M%S}_{self.serial}"


# ── Reading ──────────────────────────────────────────────────────────────────


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
            identifier=self._matching(root, "identifier", place, _ID, "不能为空，不能有空格、逗号、<和&"),
            sender=self._matching(root, "sender", place, _ID, "不能为空，不能有空格、逗号、<和&"),
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
        if found and (not _TIME.fullmatch(found) or _moment_or_none(found) is None):
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


# ── Writing ──────────────────────────────────────────────────────────────────


def write(alert: Alert) -> bytes:
    """The message as a file in UTF-8; `read` gives it back the same."""
    root = ET.Element("alert", {"xmlns": NS})
    for name, value in (
        ("identifier", alert.identifier), ("sender", alert.sender), ("sent", alert.sent), ("status", alert.status),
        ("msgType", alert.msg_type), ("source", alert.source), ("scope", alert.scope),
        ("restriction", alert.restriction), ("addresses", alert.addresses),
    ):  # fmt: skip
        _put(root, name, value)
    for code in alert.codes:
        _put(root, "code", code)
    _put(root, "note", alert.note)
    _put(root, "references", " ".join(",".join(triple) for triple in alert.references))
    _put(root, "incidents", alert.incidents)
    for info in alert.infos:
        _put_info(ET.SubElement(root, "info"), info)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _put(e: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(e, name).text = text


def _put_info(e: ET.Element, info: Info) -> None:
    _put(e, "language", info.language)
    for category in info.category:
        _put(e, "category", category)
    _put(e, "event", info.event)
    for response in info.responses:
        _put(e, "responseType", response)
    for name in ("urgency", "severity", "certainty"):
        _put(e, name, getattr(info, name))
    _put_pairs(e, "eventCode", info.event_codes)
    for name, value in (
        ("effective", info.effective), ("onset", info.onset), ("expires", info.expires), ("senderName", info.sender_name),
        ("headline", info.headline), ("description", info.description), ("instruction", info.instruction),
        ("web", info.web), ("contact", info.contact),
    ):  # fmt: skip
        _put(e, name, value)
    _put_pairs(e, "parameter", info.parameters)
    for area in info.areas:
        inner = ET.SubElement(e, "area")
        _put(inner, "areaDesc", area.text)
        for polygon in area.polygons:
            _put(inner, "polygon", polygon)
        for circle in area.circles:
            _put(inner, "circle", circle)
        _put_pairs(inner, "geocode", area.codes)


def _put_pairs(e: ET.Element, name: str, pairs: tuple[tuple[str, str], ...]) -> None:
    for key, value in pairs:
        pair = ET.SubElement(e, name)
        ET.SubElement(pair, "valueName").text = key
        ET.SubElement(pair, "value").text = value


def acknowledged(alert: Alert, *, identifier: str, sender: str, sent: str, note: str) -> Alert:
    """The answer to whoever sent it: received, and what was done. The county passes warnings on, it issues none."""
    return Alert(
        identifier,
        sender,
        sent,
        alert.status,
        "Ack",
        "Private",
        addresses=alert.sender,
        note=note,
        references=((alert.sender, alert.identifier, alert.sent),),
    )


__all__ = [
    "LARGEST", "NS", "Alert", "Area", "CapError", "Fault", "Info", "National", "acknowledged", "is_cap", "read", "write",
]  # fmt: skip
