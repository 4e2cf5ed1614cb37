"""yifa draw verify, yifa draw script: a published draw run again, and the program that does it without us."""

from __future__ import annotations

from pathlib import Path

from .drawing import draw
from .errors import DrawError
from .files import VERIFIER, DrawFile, read, verify
from .order import key_of, stratum_key, ticket
from .seed import seed_text

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
        lines += place(drawn, name)
    return FITS, "\n".join(lines)


def place(file: DrawFile, name: str) -> list[str]:
    """Where a name stands in its stratum: its ticket, the last that won, its place, who inspects it."""
    commitment, lists = file.commitment, file.lists
    stratum = next((s for s in commitment.strata if name in set(lists.strata[s.name].names)), None)
    if stratum is None:
        return [f"名录里没有“{name}”"]
    everyone = draw(commitment, lists, file.veil, file.values, reserves=stratum.size)
    order = [*everyone.names(stratum.name), *everyone.reserves[stratum.name]]
    at = order.index(name)
    verdict = "抽中" if at < stratum.quota else "未抽中"
    said = [f"“{name}”在“{stratum.name}”{stratum.size}个中排第{at + 1}，抽{stratum.quota}个：{verdict}"]
    if commitment.method == "tickets":
        key = key_of(commitment, file.veil, seed_text(commitment.sources, file.values))
        own = stratum_key(commitment.algo, key, stratum.name, stratum.digest)
        lots = lists.strata[stratum.name].lots
        mine = ticket(commitment.algo, own, name, lots.get(name, 1))
        said.append(f"  签 · ticket    {mine}")
        if stratum.quota:
            last = order[stratum.quota - 1]
            said.append(f"  末签 · cut-off {ticket(commitment.algo, own, last, lots.get(last, 1))}")
    said += [
        f"  检查人员（{d.group}）：{'、'.join(d.sent)}"
        for p in everyone.picked
        if p.name == name
        for d in p.details
    ]
    return said


def script(folder: str) -> tuple[int, str]:
    """Write the verifier that needs nothing but Python into a folder; nothing there is written over."""
    to = Path(folder) / VERIFIER.name
    if to.exists():
        raise DrawError("E595", f"{to} 已经存在，没有覆盖")
    to.write_bytes(VERIFIER.read_bytes())
    return FITS, f"{to}"
