"""What is fixed and published before anybody can know who will be drawn.

The commitment is one canonical JSON text (`yifa.ledger.chain.canonical`); its digest is what the ledger seals and the
portal shows. It names the digests of the lists, not the lists, and the digest of a secret number (the veil), so that
nobody outside can work out the result before it may be known; the lists and the number come out with the result.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yifa.ledger.chain import canonical, hasher

from .errors import DrawError
from .lists import HIDDEN, Listed, clean
from .seed import Source, must_be_out_of_reach

VERSION = "yifa-draw/1"
Method = Literal["tickets", "shuffle"]
METHODS: Mapping[Method, str] = {"tickets": "逐个出签", "shuffle": "整列洗牌"}


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the list with a quota of its own; `size` names, `urn` lots."""

    name: str
    size: int
    urn: int
    quota: int
    digest: str


@dataclass(frozen=True, slots=True)
class Group:
    """Officers of one office; `send` of them go to every object drawn."""

    name: str
    size: int
    send: int
    digest: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """See `docs/reference/draws.md` for every field."""

    number: str
    office: str
    title: str
    at: str
    algo: str
    method: Method
    strata: tuple[Stratum, ...]
    groups: tuple[Group, ...]
    recused: str  # digest of the recusal lines
    excluded: str  # digest of the exclusion lines
    exclusions: int
    sources: tuple[Source, ...]
    veil: str
    rule: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        return {
            "v": VERSION,
            "number": self.number,
            "office": self.office,
            "title": self.title,
            "at": self.at,
            "hash": self.algo,
            "method": self.method,
            "strata": [
                {"name": s.name, "size": s.size, "urn": s.urn, "quota": s.quota, "digest": s.digest}
                for s in self.strata
            ],
            "groups": [
                {"name": g.name, "size": g.size, "send": g.send, "digest": g.digest} for g in self.groups
            ],
            "recused": self.recused,
            "excluded": {"size": self.exclusions, "digest": self.excluded},
            "seed": [source.plain() for source in self.sources],
            "veil": self.veil,
            "rule": dict(self.rule),
        }

    @property
    def text(self) -> str:
        return canonical(self.plain())

    @property
    def digest(self) -> str:
        return digest(self.algo, self.text)

    @classmethod
    def read(cls, text: str) -> Commitment:
        """From its canonical text. Refuses (E589) any other version or form."""
        try:
            told = json.loads(text)
            if told["v"] != VERSION:
                raise DrawError("E589", f"这份抽取办法是“{told['v']}”版，本程序认识的是“{VERSION}”")
            made = cls(
                told["number"], told["office"], told["title"], told["at"], told["hash"], told["method"],
                tuple(Stratum(**s) for s in told["strata"]), tuple(Group(**g) for g in told["groups"]),
                told["recused"], told["excluded"]["digest"], told["excluded"]["size"],
                tuple(Source.read(s) for s in told["seed"]), told["veil"], told["rule"],
            )  # fmt: skip
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise DrawError("E589", f"抽取办法读不懂：{error}") from None
        if made.text != text:
            raise DrawError("E589", "抽取办法不是规范写法，摘要会对不上")
        return made


def digest(algo: str, text: str) -> str:
    return hasher(algo)(text.encode()).hexdigest()


def lines_digest(algo: str, lines: Sequence[str]) -> str:
    """Of lines in order, each ended by a newline; no lines: of the empty text."""
    return digest(algo, "".join(f"{line}\n" for line in lines))


def new_veil() -> str:
    """The secret number: 64 hexadecimal digits."""
    return secrets.token_hex(32)


def commit(
    *,
    number: str,
    office: str,
    title: str,
    at: str,
    strata: Mapping[str, tuple[Listed, int]],
    sources: Sequence[Source],
    veil: str,
    method: Method = "tickets",
    algo: str = "sha256",
    groups: Mapping[str, tuple[Listed, int]] | None = None,
    recusals: Sequence[tuple[str, str]] = (),
    exclusions: Sequence[tuple[str, str]] = (),
    rule: Mapping[str, Any] | None = None,
) -> Commitment:
    """Fix a draw. `strata`: list and quota by name, in the order of drawing; `groups`: officers and how many are sent.

    `recusals`: (officer, object) that must not meet; `exclusions`: (object, reason) left out of the list. Refuses an
    empty stratum, a quota beyond its size, one name in two strata, lots in a shuffle, too few officers (E585, E590),
    and sources that could be steered (E588).
    """
    if not strata:
        raise DrawError("E590", "没有可抽的名录")
    for name, (names, _) in {**strata, **(groups or {})}.items():
        if names.algo != algo:
            raise DrawError("E590", f"“{name}”的摘要是用{names.algo}算的，这次抽取用的是{algo}")
    seen: set[str] = set()
    for name, (names, quota) in strata.items():
        if not len(names):
            raise DrawError("E590", f"“{name}”一层是空的，不能抽；请并入别的层或者去掉")
        if not 0 <= quota <= len(names):
            raise DrawError("E585", f"“{name}”一层有{len(names)}个，不能抽{quota}个")
        if method == "shuffle" and names.lots:
            raise DrawError("E590", f"“{name}”一层有的对象不止一签，洗牌法不支持，请用逐个出签")
        twice = seen.intersection(names.names)
        if twice:
            raise DrawError("E582", f"“{min(twice)}”同时在两层名录里")
        seen.update(names.names)
    if not any(quota for _, quota in strata.values()):
        raise DrawError("E585", "各层要抽的数都是零")
    clean([name for pair in recusals for name in pair], "回避名单")
    clean([name for name, _ in exclusions], "不列入名单")
    _enough_officers(groups or {}, strata, recusals)
    _excluded_are_out(exclusions, seen)
    must_be_out_of_reach(sources, at)
    return Commitment(
        number, office, title, at, algo, method,
        tuple(Stratum(k, len(names), names.urn, quota, names.digest) for k, (names, quota) in strata.items()),
        tuple(Group(k, len(names), send, names.digest) for k, (names, send) in (groups or {}).items()),
        lines_digest(algo, recusal_lines(recusals)), lines_digest(algo, exclusion_lines(exclusions)), len(exclusions),
        tuple(sources), digest(algo, veil), rule or {},
    )  # fmt: skip


def recusal_lines(recusals: Sequence[tuple[str, str]]) -> list[str]:
    return sorted({f"{officer}\t{object}" for officer, object in recusals})


def exclusion_lines(exclusions: Sequence[tuple[str, str]]) -> list[str]:
    return sorted(f"{name}\t{' '.join(reason.split())}" for name, reason in exclusions)


def _enough_officers(
    groups: Mapping[str, tuple[Listed, int]],
    strata: Mapping[str, tuple[Listed, int]],
    recusals: Sequence[tuple[str, str]],
) -> None:
    """Whoever is drawn, every group can send its officers; all of them together are two at least."""
    if groups and sum(send for _, send in groups.values()) < 2:
        raise DrawError("E590", "检查人员不得少于两人")
    everyone = [officer for officers, _ in groups.values() for officer in officers.names]
    if len(everyone) > len(set(everyone)):
        raise DrawError("E582", "有检查人员同时列在两组里")
    if shared := groups.keys() & strata.keys():
        raise DrawError("E582", f"“{min(shared)}”既是一层的名称，又是一组的名称")
    kept_from: dict[str, set[str]] = {}
    for officer, object in recusals:
        kept_from.setdefault(object, set()).add(officer)
    for name, (officers, send) in groups.items():
        known = set(officers.names)
        if len(known) < send:
            raise DrawError("E590", f"“{name}”只有{len(known)}名检查人员可派，每次要派{send}名")
        for object, away in kept_from.items():
            if len(known - away) < send:
                raise DrawError("E590", f"检查“{object}”时，“{name}”除去回避的人员后不足{send}名")


def _excluded_are_out(exclusions: Sequence[tuple[str, str]], listed: set[str]) -> None:
    for name, reason in exclusions:
        if not reason.strip():
            raise DrawError("E590", f"“{name}”没有写明不列入的理由")
        if HIDDEN.search(" ".join(reason.split())):
            raise DrawError("E581", f"“{name}”不列入的理由含有看不见的字符")
        if name in listed:
            raise DrawError("E590", f"“{name}”既在名录里，又写明不列入")
