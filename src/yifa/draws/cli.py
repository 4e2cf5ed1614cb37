"""yifa draw verify, yifa draw script: a published draw run again, and the program that does it without us."""

from __future__ import annotations

from pathlib import Path

from .errors import DrawError
from .files import VERIFIER, read, verify
from .place import Place, place

FITS, DOES_NOT, UNREADABLE = 0, 1, 2


def check(file: str, published: str = "", name: str = "") -> tuple[int, str]:
    """Draw again what a file says was drawn; (exit code, what to print). `name`: a firm that looks itself up."""
    try:
        text = Path(file).read_text("utf-8")
    except UnicodeDecodeError:
        return UNREADABLE, f"{file} 不是 UTF-8 文本，不会是抽取文件 · Not a draw file. [yifa.E594]"
    if wrong := verify(text, [published] if published else []):
        return DOES_NOT, "不符 · Does not verify：\n" + "\n".join(f"  {sentence}" for sentence in wrong)
    drawn, _ = read(text)
    lines = [
        f"相符 · Verified：{drawn.commitment.title}（{drawn.commitment.number}）",
        f"抽取办法的摘要 · commitment  {drawn.commitment.digest}",
        *(
            f"{source.name}  {value}"
            for source, value in zip(drawn.commitment.sources, drawn.values, strict=True)
        ),
    ]
    if name:
        found = place(drawn, name)
        lines += said_of(found) if found else [f"名录里没有“{name}”"]
    return FITS, "\n".join(lines)


def said_of(place: Place) -> list[str]:
    """A place in sentences."""
    said = [
        f"“{place.name}”在“{place.stratum}”{place.size}个中排第{place.rank}，抽{place.quota}个：{_verdict(place)}"
    ]
    if place.ticket:
        said.append(f"  签 · ticket    {place.ticket}")
    if place.cutoff:
        said.append(f"  末签 · cut-off {place.cutoff}")
    return said + [f"  检查人员（{group}）：{'、'.join(sent)}" for group, sent in place.sent]


def _verdict(place: Place) -> str:
    if not place.drawn:
        return "未抽中，后来递补" if place.current else "未抽中"
    return "抽中" if place.current else f"抽中，后来退出（{place.why}）"


def script(folder: str) -> tuple[int, str]:
    """Write the verifier that needs nothing but Python into a folder; nothing there is written over."""
    to = Path(folder) / VERIFIER.name
    if to.exists():
        raise DrawError("E595", f"{to} 已经存在，没有覆盖")
    to.write_bytes(VERIFIER.read_bytes())
    return FITS, f"{to}"
