"""What a message says: alert, information, areas; and the words and codes that CAP 1.2 and GB/T 35965.1 know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

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

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
IDENTIFIER = re.compile(r"[^\s,<&]+")
NATIONAL = re.compile(r"(\d{6})(\d{3})(\d{3})(\d{2})_(\d{14})_(\d)")
AREA = re.compile(r"\d{6}(?:\d{3}(?:\d{3})?)?")


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
        return tuple(dict.fromkeys(code for code in codes if AREA.fullmatch(code)))


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
        found = NATIONAL.fullmatch(text)
        if found is None:
            return None
        try:
            entered = datetime.strptime(found[5], "%Y%m%d%H%M%S")
        except ValueError:
            return None
        return cls(found[1], found[2], found[3], found[4], entered, int(found[6]))

    def __str__(self) -> str:
        return f"{self.area}{self.trade}{self.internal}{self.extension}_{self.entered:%Y%m%d%H%M%S}_{self.serial}"
