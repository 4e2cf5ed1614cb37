"""Charts drawn on the server as SVG: seen without scripts, printed, and put into documents.

Each picture is role="img" with a title and a description that says its numbers; it never wraps a link. Colours are
classes of yifa.css, so a strict CSP holds and print can change them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil, floor, log10

from markupsafe import Markup, escape

from .words import language
from .write import short_number

Pair = tuple[str, float]
_ids = count(1)


@dataclass(frozen=True)
class Series:
    """One line or one layer: its name and a value per label."""

    label: str
    values: tuple[float, ...]


def _n(value: float) -> str:
    """A coordinate: one decimal place, no trailing nought."""
    return f"{value:.1f}".removesuffix(".0")


def said(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def top(largest: float) -> tuple[float, float]:
    """A round end of the scale and its step: at most five lines.

    >>> top(290), top(7), top(0)
    ((300.0, 100.0), (8.0, 2.0), (1.0, 1.0))
    """
    if largest <= 0:
        return 1.0, 1.0
    size = 10.0 ** floor(log10(largest))
    step = next(s * size for s in (0.2, 0.5, 1.0, 2.0) if ceil(largest / (s * size)) <= 5)
    step = max(step, 1.0) if largest >= 1 else step
    return ceil(largest / step) * step, step


def _picture(
    width: float, height: float, title: str, desc: str, body: Iterable[str], css: str, fit: str = "xMidYMid"
) -> Markup:
    id = f"chart-{next(_ids) % 1_000_000}"
    return Markup(
        f'<svg class="drawing {css}" viewBox="0 0 {_n(width)} {_n(height)}" preserveAspectRatio="{fit}" role="img" '
        f'aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{escape(title)}</title>'
        f'<desc id="{id}-d">{escape(desc)}</desc>{"".join(body)}</svg>'
    )


def _text(x: float, y: float, text: str, css: str = "", anchor: str = "start") -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" class="{css}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{css}"/>'


def _rect(x: float, y: float, w: float, h: float, css: str, round: float = 0, tip: str = "") -> str:
    inner = f"<title>{escape(tip)}</title>" if tip else ""
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(w, 0))}" height="{_n(max(h, 0))}" rx="{_n(round)}" class="{css}">'
        f"{inner}</rect>"
    )


def _told(pairs: Iterable[Pair], unit: str) -> str:
    return "，".join(f"{label} {said(value)}{unit}" for label, value in pairs)


def bars(pairs: Sequence[Pair], title: str, unit: str = "", width: float = 640) -> Markup:
    """Lying bars, one per label, longest text on the left: for parts of one whole in an order that means something."""
    row, gutter, tail = 30.0, _gutter(label for label, _ in pairs), 74.0
    room, end = width - gutter - tail, top(max((v for _, v in pairs), default=0))[0]
    body = []
    for i, (label, value) in enumerate(pairs):
        y, long = i * row + 6, room * value / end
        body += [
            _text(gutter - 10, y + 14, label, "axis", "end"),
            _rect(gutter, y, room, 18, "track", 2),
            _rect(gutter, y, long, 18, "s1", 2, f"{label} {said(value)}{unit}"),
            _text(gutter + room + 8, y + 14, f"{said(value)}{unit}", "value"),
        ]
    return _picture(width, len(pairs) * row + 6, title, _told(pairs, unit), body, "bars")


def _gutter(labels: Iterable[str]) -> float:
    """Room for the longest label: a Chinese sign is 13 wide, others about half of it."""
    widest = max((sum(13 if c > "\u2e7f" else 7 for c in label) for label in labels), default=0)
    return min(max(widest, 40) + 16, 220)


def _scale(end: float, step: float, left: float, right: float, base: float, high: float) -> list[str]:
    body, value = [], 0.0
    while value <= end + step / 2:
        y = base - high * value / end
        body += [
            _line(left, y, right, y, "rule" if value else "base"),
            _text(left - 8, y + 4, short_number(value, language()), "axis", "end"),
        ]
        value += step
    return body


def columns(
    pairs: Sequence[Pair], title: str, unit: str = "", width: float = 640, height: float = 220
) -> Markup:
    """Standing bars: a few months or years beside each other."""
    end, step = top(max((v for _, v in pairs), default=0))
    left, right, base, high = 48.0, width - 8, height - 28, height - 46
    body, slot = _scale(end, step, left, right, base, high), (right - left) / max(len(pairs), 1)
    for i, (label, value) in enumerate(pairs):
        tall, x = high * value / end, left + slot * (i + 0.2)
        body += [
            _rect(x, base - tall, slot * 0.6, tall, "s1", 2, f"{label} {said(value)}{unit}"),
            _text(x + slot * 0.3, base - tall - 5, said(value), "value", "middle") if value else "",
            _text(x + slot * 0.3, base + 18, label, "axis", "middle"),
        ]
    return _picture(width, height, title, _told(pairs, unit), body, "columns")


def line(
    labels: Sequence[str],
    series: Sequence[Series],
    title: str,
    unit: str = "",
    width: float = 640,
    height: float = 240,
) -> Markup:
    """One line per series over the same labels; its name stands at its end."""
    end, step = top(max((v for s in series for v in s.values), default=0))
    left, right, base, high = 48.0, width - 70, height - 28, height - 44
    gap = (right - left) / max(len(labels) - 1, 1)
    body = _scale(end, step, left, right, base, high)
    body += [_text(left + gap * i, base + 18, label, "axis", "middle") for i, label in enumerate(labels)]
    taken: list[float] = []
    for k, s in enumerate(series, 1):
        points = [(left + gap * i, base - high * v / end) for i, v in enumerate(s.values)]
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        body.append(f'<polyline points="{path}" class="stroke l{k}"/>')
        body += [
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.2" class="dot l{k}"><title>{escape(f"{s.label} {label} {said(v)}{unit}")}</title></circle>'
            for (x, y), label, v in zip(points, labels, s.values, strict=True)
        ]
        body.append(
            _text(right + 10, _apart(points[-1][1] + 4, taken), s.label, f"name t{k}")
        ) if points else None
    told = "；".join(f"{s.label}：{_told(zip(labels, s.values, strict=True), unit)}" for s in series)
    return _picture(width, height, title, told, body, "lines")


def _apart(y: float, taken: list[float], gap: float = 15.0) -> float:
    """A height at which this name does not cover another."""
    while clash := next((t for t in taken if abs(t - y) < gap), None):
        y = clash + gap
    taken.append(y)
    return y


def shares(pairs: Sequence[Pair], title: str, unit: str = "", width: float = 640) -> Markup:
    """One bar cut into its parts, with a legend that says each part."""
    whole = sum(v for _, v in pairs)
    body, x = [], 0.0
    for k, (label, value) in enumerate(pairs, 1):
        long = width * value / whole if whole else 0
        body.append(_rect(x, 0, long - 1.5, 22, f"s{(k - 1) % 8 + 1}", 2, f"{label} {said(value)}{unit}"))
        x += long
    body += _legend([f"{label} {said(value)}{unit}" for label, value in pairs], 44, width)
    rows = _legend_rows([f"{label} {said(value)}{unit}" for label, value in pairs], width)
    return _picture(width, 32 + rows * 22, title, _told(pairs, unit), body, "shares")


def stacked(
    labels: Sequence[str],
    series: Sequence[Series],
    title: str,
    unit: str = "",
    width: float = 640,
    height: float = 240,
) -> Markup:
    """Standing bars made of layers, and their legend."""
    totals = [sum(s.values[i] for s in series) for i in range(len(labels))]
    end, step = top(max(totals, default=0))
    left, right, base, high = 48.0, width - 8, height - 56, height - 70
    body, slot = _scale(end, step, left, right, base, high), (right - left) / max(len(labels), 1)
    for i, label in enumerate(labels):
        y, x = base, left + slot * (i + 0.2)
        for k, s in enumerate(series, 1):
            tall = high * s.values[i] / end
            y -= tall
            body.append(
                _rect(
                    x,
                    y,
                    slot * 0.6,
                    tall,
                    f"s{(k - 1) % 8 + 1}",
                    0,
                    f"{label} {s.label} {said(s.values[i])}{unit}",
                )
            )
        body.append(_text(x + slot * 0.3, base + 18, label, "axis", "middle"))
    body += _legend([s.label for s in series], height - 10, width)
    told = "；".join(f"{s.label}：{_told(zip(labels, s.values, strict=True), unit)}" for s in series)
    return _picture(width, height, title, told, body, "stacked")


def _places(names: Sequence[str], width: float) -> list[tuple[float, int]]:
    places, x, row = [], 0.0, 0
    for name in names:
        long = _gutter([name]) + 18
        if x and x + long > width:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += long
    return places


def _legend_rows(names: Sequence[str], width: float) -> int:
    return max((row for _, row in _places(names, width)), default=-1) + 1


def _legend(names: Sequence[str], y: float, width: float) -> list[str]:
    body = []
    for k, (name, (x, row)) in enumerate(zip(names, _places(names, width), strict=True), 1):
        at = y + row * 22
        body += [_rect(x, at - 10, 11, 11, f"s{(k - 1) % 8 + 1}", 2), _text(x + 17, at, name, "axis")]
    return body


def sparkline(values: Sequence[float], title: str, width: float = 120, height: float = 28) -> Markup:
    """The shape of a row of numbers, no larger than a word."""
    high, gap = max(values, default=0) or 1, (width - 6) / max(len(values) - 1, 1)
    points = [(3 + gap * i, height - 4 - (height - 8) * v / high) for i, v in enumerate(values)]
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    body = [f'<polyline points="{path}" class="stroke l1"/>']
    body += [f'<circle cx="{_n(x)}" cy="{_n(y)}" r="2.4" class="end"/>' for x, y in points[-1:]]
    return _picture(width, height, title, "，".join(map(said, values)), body, "spark")


@dataclass(frozen=True)
class Tile:
    """One township on a schematic map: `column` and `row` from the top left."""

    label: str
    column: int
    row: int
    value: float


def tiles(places: Sequence[Tile], title: str, unit: str = "", side: float = 76) -> Markup:
    """A schematic map, a square per place, darker for more: outlines would need a map review number (审图号)."""
    most = max((t.value for t in places), default=0)
    body = []
    for t in places:
        x, y, shade = t.column * side, t.row * side, ceil(5 * t.value / most) if most else 0
        body += [
            _rect(
                x + 1.5, y + 1.5, side - 3, side - 3, f"tile d{shade}", 4, f"{t.label} {said(t.value)}{unit}"
            ),
            _text(x + side / 2, y + side / 2 - 2, t.label, f"tile-name n{shade}", "middle"),
            _text(x + side / 2, y + side / 2 + 18, said(t.value), f"tile-value n{shade}", "middle"),
        ]
    wide = (max((t.column for t in places), default=0) + 1) * side
    tall = (max((t.row for t in places), default=0) + 1) * side
    return _picture(wide, tall, title, _told(((t.label, t.value) for t in places), unit), body, "tiles")


def meter(share: float, title: str, tone: str = "blue", width: float = 120) -> Markup:
    """How much of something is used up; beyond the whole it stays full."""
    used = min(max(share, 0.0), 1.0)
    body = [_rect(0, 0, width, 6, "track", 3), _rect(0, 0, width * used, 6, f"tone-{tone}", 3)]
    return _picture(width, 6, title, f"{round(used * 100)}%", body, "meter", fit="none")
