"""A message as a file, and the acknowledgement of one that came."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from .message import NS, Alert, Info


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
