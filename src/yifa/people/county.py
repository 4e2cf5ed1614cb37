"""A county's published facts: its offices and posts, read from a folder of the library into the database.

Loading again changes nothing. What a file tells otherwise than before is recorded as a further row, so the earlier
one is not lost; what a file no longer tells stays, until a row with `until` ends it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from . import offices, posts
from .dated import Dated
from .duties import SCOPES, Post
from .mistakes import PeopleError
from .roles import ROLES
from .tree import KINDS, Office, Tree

OFFICE_KEYS = frozenset(f.name for f in fields(Office))
POST_KEYS = frozenset(f.name for f in fields(Post)) | {"each"}
R = TypeVar("R", Office, Post)


@dataclass(frozen=True, slots=True)
class County:
    """The county as a whole, and what its folder tells about offices and posts."""

    code: str
    name: str
    since: date
    offices: tuple[Office, ...]
    posts: tuple[Post, ...]
    name_en: str = ""
    area: str = ""
    city: str = ""
    city_en: str = ""
    province: str = ""
    province_en: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a loading added."""

    offices: int
    posts: int


# ── Reading the folder ───────────────────────────────────────────────────────


def read_county(folder: Path) -> County:
    """county.toml, offices.toml and posts.toml; a `PeopleError` names the file and the key that cannot be read."""
    about = _toml(folder / "county.toml")
    since = _typed(about, "since", date, "county.toml")
    told = {
        f.name: about.get(f.name, "") for f in fields(County) if f.name not in ("since", "offices", "posts")
    }
    for key in ("code", "name"):
        _typed(about, key, str, "county.toml")
    rows = tuple(_offices(folder / "offices.toml", since))
    return County(**told, since=since, offices=rows, posts=tuple(_posts(folder / "posts.toml", since, rows)))


def _offices(file: Path, since: date) -> Iterable[Office]:
    rows = [_office(row, since, f"offices.toml 第{n}个机关") for n, row in _rows(file, "office")]
    if wrong := Tree(rows).complaints():
        raise PeopleError("E224", f"{file}：" + "；".join(wrong[:5]))
    return rows


def _office(row: dict[str, Any], since: date, where: str) -> Office:
    _only(row, OFFICE_KEYS, where)
    for key in ("code", "name"):
        _typed(row, key, str, where)
    for key in OFFICE_KEYS - {"since", "until"}:
        _typed(row, key, str, where, default="")
    if row.get("kind", "department") not in KINDS:
        raise PeopleError("E223", f"{where}的 kind“{row['kind']}”不存在，可以是：{'、'.join(KINDS)}")
    return Office(**{"since": since, **row, **_days(row, since, where)})


def _posts(file: Path, since: date, known: tuple[Office, ...]) -> Iterable[Post]:
    """The posts; `each` makes one in every office of these kinds."""
    for n, row in _rows(file, "post"):
        where = f"posts.toml 第{n}个职务"
        _only(row, POST_KEYS, where)
        for key in ("code", "title"):
            _typed(row, key, str, where)
        roles, families = (_words(row, key, where) for key in ("roles", "families"))
        if unknown := sorted(roles - ROLES.keys()):
            raise PeopleError("E223", f"{where}的 roles“{unknown[0]}”不存在，可以是：{'、'.join(ROLES)}")
        if row.get("scope", "own") not in SCOPES:
            raise PeopleError("E223", f"{where}的 scope“{row['scope']}”不存在，可以是：{'、'.join(SCOPES)}")
        begins = {o.code: o.since for o in reversed(known)}
        for code in _where(row, known, where):
            yield Post(
                code=row["code"].replace("{office}", code),
                office=code,
                title=row["title"],
                title_en=row.get("title_en", ""),
                roles=roles,
                scope=row.get("scope", "own"),
                families=families,
                **_days(row, max(since, begins[code]), where),
            )


def _where(row: dict[str, Any], known: tuple[Office, ...], where: str) -> list[str]:
    codes = {o.code: o.kind for o in known}
    if "each" in row:
        kinds = _words(row, "each", where)
        if "{office}" not in row["code"]:
            raise PeopleError("E225", f"{where}用了 each，它的 code 里要写 {{office}}")
        return [code for code, kind in codes.items() if kind in kinds]
    office = _typed(row, "office", str, where)
    if office not in codes:
        raise PeopleError("E226", f"{where}所在的机关“{office}”不在 offices.toml 里")
    return [str(office)]


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise PeopleError("E220", f"没有文件 {file}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise PeopleError("E221", f"{file} 不是合格的 TOML：{wrong}") from wrong


def _rows(file: Path, key: str) -> list[tuple[int, dict[str, Any]]]:
    told = _toml(file)
    _only(told, frozenset({key}), file.name)
    rows = told.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PeopleError("E222", f"{file.name} 应当由若干个 [[{key}]] 组成")
    return list(enumerate(rows, 1))


def _only(row: dict[str, Any], known: frozenset[str], where: str) -> None:
    if unknown := sorted(row.keys() - known):
        raise PeopleError("E222", f"{where}写了不认识的“{unknown[0]}”，可以写：{'、'.join(sorted(known))}")


def _typed(row: dict[str, Any], key: str, kind: type, where: str, default: Any = None) -> Any:
    value = row.get(key, default)
    if not isinstance(value, kind) or isinstance(value, datetime) or value == "" != default:
        what = {str: "一段文字", date: "一个日期，如 2016-01-01", list: "一个列表"}[kind]
        raise PeopleError("E222", f"{where}的 {key} 应当是{what}，现在是 {value!r}")
    return value


def _words(row: dict[str, Any], key: str, where: str) -> frozenset[str]:
    words = _typed(row, key, list, where, default=[])
    if not all(isinstance(w, str) and w and "," not in w for w in words):
        raise PeopleError("E222", f"{where}的 {key} 应当是若干段文字")
    return frozenset(words)


def _days(row: dict[str, Any], since: date, where: str) -> dict[str, Any]:
    first = _typed(row, "since", date, where, default=since)
    last = _typed(row, "until", date, where) if "until" in row else None
    if last is not None and last < first:
        raise PeopleError("E227", f"{where}到{last}为止，早于开始的{first}")
    return {"since": first, "until": last}


# ── Recording what is new ────────────────────────────────────────────────────


def load_county(folder: Path, on: date | None = None) -> Loaded:
    """Record what the folder tells and the database does not know yet; `on`: leave out what begins after that day."""
    told = read_county(folder)
    new_offices = _new(told.offices, offices.tree(), on)
    if new_offices:
        offices.record_all(new_offices)
    new_posts = _new(told.posts, posts.all_posts(), on)
    if new_posts:
        posts.record_all(new_posts)
    return Loaded(len(new_offices), len(new_posts))


def _new(told: Iterable[R], known: Dated[R], on: date | None) -> list[R]:
    return [row for row in told if (on is None or row.since <= on) and not _is_known(row, known)]


def _is_known(row: R, known: Dated[R]) -> bool:
    """Is it recorded as told? An end recorded here stays, though the file does not tell it."""
    was = known.recorded(row.code, row.since)
    if was is None or row.until is not None:
        return was == row
    was = replace(was, until=None)
    return (
        replace(was, into=row.into) if isinstance(was, Office) and isinstance(row, Office) else was
    ) == row
