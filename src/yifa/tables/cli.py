"""`yifa import`: the same preview and the same door as on the desk, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from yifa.people.actor import Actor
from yifa.people.models import User
from yifa.people.offices import offices
from yifa.people.posts import actors_of
from yifa.procedure import registry

from .book import LARGEST_FILE
from .errors import SheetError
from .importer import Preview, RowRefused, carry_out, give_up, preview, refused_rows

DONE, NOT_ALL = 0, 1
SHOWN = 40  # refusals and other rows named in the terminal; the workbook of refused rows has them all


def import_file(
    path: str | Path,
    family: str,
    actor_post: Actor | str = "",
    *,
    office: str = "",
    dry_run: bool = False,
    again: bool = False,
    year: int | None = None,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    refused_to: str | Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[int, str]:
    """Import a file; the exit code (0: all of it, 1: not all) and what to tell the person.

    `actor_post` is an actor, a user's name or the code of a post that one person holds. `refused_to`: where to
    write the workbook of refused rows.
    """
    place = Path(path)
    if place.stat().st_size > LARGEST_FILE:
        raise SheetError("E603", f"文件超过{LARGEST_FILE // 2**20}MB，请拆成几个文件再导入。")
    code = _office_code(office)
    actor = actor_post if isinstance(actor_post, Actor) else actor_for(actor_post, family, code)
    if not actor.handles(family):
        raise _not_theirs(actor.post)
    p = preview(
        family, place.read_bytes(), place.name, actor, office=code, sheet=sheet, year=year,
        mapping=mapping, progress=progress,
    )  # fmt: skip
    lines = _told(p)
    if refused_to and p.refused_rows:
        Path(refused_to).write_bytes(refused_rows(p.token, actor))
        lines.append(f"不予导入的行已写到 {refused_to}，改正后可再导入。")
    problem = bool(p.problems or (p.earlier and not again) or not (p.accepted or (again and p.double_rows)))
    if dry_run or problem:
        give_up(p.token, actor)
        lines.append("没有导入。" if problem else "只是预览，没有导入。")
        return (NOT_ALL if problem or p.refused_rows else DONE), "\n".join(lines)
    try:
        result = carry_out(p.token, actor, again=again, progress=progress)
    except RowRefused as refused:
        give_up(p.token, actor)
        return NOT_ALL, "\n".join([*lines, str(refused)])
    if p.refused_rows:
        give_up(p.token, actor)  # at a terminal nobody comes back for them
    return (NOT_ALL if p.refused_rows else DONE), "\n".join([*lines, result.sentence()])


def _not_theirs(who: str) -> SheetError:
    """A post bound to other matters may not bring rows into this one."""
    return SheetError("E616", f"以“{who}”的职务不办理这一事项，不能导入。")


def _told(p: Preview) -> list[str]:
    lines = [f"{p.title}：{p.filename}，{p.sentence()}"]
    lines += [f"列：{c.letter} {c.heading} → {c.target.full_label}" for c in p.columns if c.target]
    lines += [f"列：{c.letter} {c.heading} → 承办机关" for c in p.columns if c.use == "office"]
    lines += [f"列：{c.letter} {c.heading}：{c.note}" for c in p.unmatched]
    lines += p.problems + p.notes + p.readings
    if p.earlier:
        lines.append(p.earlier)
    for listed in (p.refused, p.doubles, p.skipped):
        lines += [str(one) for one in listed[:SHOWN]]
        if len(listed) > SHOWN:
            lines.append(f"……另有{len(listed) - SHOWN}条")
    if p.year and any("没有年份" in r.why for r in p.refused):
        lines.append(f"标题或者文件名写着{p.year}年；确是这一年的，导入时请指明年份。")
    return lines


def actor_for(who: str, family: str, office: str = "") -> Actor:
    """The actor a name stands for: a person's user name or a post's code; of several posts, the one made for such
    matters. Empty: whoever alone may do it."""
    today = date.today()
    procedure = next((p for p in registry().families() if p.key == family), None)
    roles = [r for s in (procedure.opening() if procedure else ()) for r in s.roles]
    users = list(User.objects.filter(is_active=True))
    held = [a for u in users if u.username == who for a in actors_of(u, today)]
    held = held or [a for u in users for a in actors_of(u, today) if who in ("", a.post)]
    if not held:
        raise SheetError("E616", f"没有叫“{who}”的用户，也没有人担任这个职务。")
    able = [a for a in held if a.handles(family)]
    if not able:
        raise _not_theirs(who)
    fit = [a for a in able if any(a.may(r) for r in roles)] or able
    fit = [a for a in fit if a.sees(office or a.office)] or fit
    fit = [a for a in fit if a.families] or fit
    if len({(a.post, a.person) for a in fit}) > 1:
        posts = "、".join(sorted({a.post for a in fit})[:12])
        raise SheetError("E616", f"请说明以哪个职务导入：{posts}。")
    return fit[0]


def _office_code(text: str) -> str:
    """An office by code or name; empty stays empty."""
    if not text:
        return ""
    for o in offices(date.today()):
        if text in (o.code, o.name, o.short):
            return o.code
    raise SheetError("E617", f"没有“{text}”这个机关。")
