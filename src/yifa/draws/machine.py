"""What the machine finds at each step of a draw: it keeps the lists, fixes the commitment, draws, replaces, discloses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yifa.ledger.chain import canonical
from yifa.procedure import Case, Reason, Refused, Scene
from yifa.procedure.facts import ERASED

from .commitment import Commitment, Method, commit, exclusion_lines, recusal_lines
from .drawing import Lists, Out, Picked, Standing, draw, replaced
from .errors import DrawError
from .files import DrawFile
from .lists import Listed, read_lines
from .seed import moment
from .told import Disclosure, Fallen, Fixing, Scheme, Seed

VERY_LONG = 200_000  # names
PREPARE, REPREPARE, COMMIT, DRAW, REPLACE, CLOSE = (
    "prepare",
    "reprepare",
    "commit",
    "draw",
    "replace",
    "close",
)


@contextmanager
def refusing(case: Case, step: str) -> Iterator[None]:
    """What cannot be drawn is refused like anything else the law does not allow, at this step's place in the law."""
    try:
        yield
    except DrawError as error:
        cite = case.procedure.steps[step].cite
        raise Refused(Reason(error.sentence, cite, f"yifa.{error.id}")) from error


@dataclass(frozen=True)
class Ready:
    """Everything a draw is made from. `strata`: list and quota; `groups`: officers and how many are sent."""

    strata: Mapping[str, tuple[Listed, int]]
    groups: Mapping[str, tuple[Listed, int]] = field(default_factory=dict)
    recusals: Sequence[tuple[str, str]] = ()
    exclusions: Sequence[tuple[str, str]] = ()
    rule: Mapping[str, Any] = field(default_factory=dict)
    algo: str = "sha256"

    @property
    def method(self) -> Method:
        """Tickets, unless the list is so long that only a shuffle is quick, and nobody has more lots than another."""
        lists = [names for names, _ in self.strata.values()]
        long = sum(map(len, lists)) > VERY_LONG and not any(names.lots for names in lists)
        return "shuffle" if long else "tickets"

    @property
    def lists(self) -> Lists:
        return Lists(
            {name: names for name, (names, _) in self.strata.items()},
            {name: names for name, (names, _) in self.groups.items()},
            recusal_lines(self.recusals),
            exclusion_lines(self.exclusions),
        )

    @property
    def text(self) -> str:
        """Canonical JSON, as it is kept."""
        return canonical(
            {
                "strata": [[name, n, list(names.lines())] for name, (names, n) in self.strata.items()],
                "groups": [[name, n, list(names.lines())] for name, (names, n) in self.groups.items()],
                "recusals": [list(pair) for pair in self.recusals],
                "exclusions": [list(pair) for pair in self.exclusions],
                "rule": dict(self.rule),
                "hash": self.algo,
            }
        )

    @classmethod
    def read(cls, text: str) -> Ready:
        told = json.loads(text)
        algo = told["hash"]
        return cls(
            {name: (read_lines(lines, algo=algo, where=name), n) for name, n, lines in told["strata"]},
            {name: (read_lines(lines, algo=algo, where=name), n) for name, n, lines in told["groups"]},
            [tuple(pair) for pair in told["recusals"]],
            [tuple(pair) for pair in told["exclusions"]],
            told["rule"],
            algo,
        )

    def commit(
        self, *, number: str, office: str, title: str, at: str, scheme: Scheme, veil: str
    ) -> Commitment:
        return commit(
            number=number, office=office, title=title, at=at, strata=self.strata, groups=self.groups,
            recusals=self.recusals, exclusions=self.exclusions, rule=self.rule, sources=scheme.sources(), veil=veil,
            method=self.method, algo=self.algo,
        )  # fmt: skip


def title_of(case: Case) -> str:
    return str(getattr(case.opening, case.procedure.subject[0]))


def scheme_of(case: Case) -> Scheme:
    """The scheme as it was last told."""
    found = next(a.facts for a in reversed(case.acts) if a.step in (PREPARE, REPREPARE))
    assert isinstance(found, Scheme)
    return found


def prepared(case: Case, scheme: Scheme, scene: Scene, ready: Ready) -> dict[str, Any]:
    """Try the commitment, so that what cannot be drawn is said now; keep the lists."""
    with refusing(case, PREPARE):
        tried = ready.commit(
            number="〔试〕", office=scene.name_of(scene.office, scheme.on), title="试", at=scene.moment(scheme.on), scheme=scheme, veil="0" * 64
        )  # fmt: skip
    return {
        "listed": sum(s.size for s in tried.strata),
        "quota": sum(s.quota for s in tried.strata),
        "left_out": tried.exclusions,
        "teams": sum(g.size for g in tried.groups),
        "layers": "\n".join(_layers(tried)),
        "snapshot": scene.keep(ready.text),
    }


def _layers(c: Commitment) -> Iterator[str]:
    for s in c.strata:
        lots = f"（{s.urn}签）" if s.urn != s.size else ""
        yield f"{s.name}：名录{s.size}个{lots}，抽{s.quota}个"
    for g in c.groups:
        yield f"{g.name}：检查人员{g.size}人，每个对象派{g.send}人"


def fixed(case: Case, fixing: Fixing, scene: Scene) -> dict[str, Any]:
    """The commitment over the lists that were kept, under the number its announcement will bear."""
    scheme, veil = scheme_of(case), scene.secret()
    with refusing(case, COMMIT):
        ready = Ready.read(scene.kept(scheme.snapshot))
        made = ready.commit(
            number=scene.number, office=scene.name_of(scene.office, fixing.on), title=title_of(case), at=scene.moment(fixing.on),
            scheme=scheme, veil=veil,
        )  # fmt: skip
    return {"commitment": made.text, "commitment_digest": made.digest, "veil": veil}


@dataclass(frozen=True)
class Drawable:
    """A committed draw with all that it needs."""

    commitment: Commitment
    lists: Lists
    veil: str


def drawable(case: Case, scene: Scene) -> Drawable:
    fixing = next(a.facts for a in reversed(case.acts) if a.step == COMMIT)
    assert isinstance(fixing, Fixing)
    if fixing.veil == ERASED:
        raise Refused(Reason("密数已随案件的个人信息销毁，不能再抽取", None, "yifa.E591"))
    lists = Ready.read(scene.kept(scheme_of(case).snapshot)).lists
    return Drawable(Commitment.read(fixing.commitment), lists, fixing.veil)


def values_of(seed: Seed) -> list[str]:
    return [line for line in seed.values.splitlines() if line.strip()]


def drawn(case: Case, seed: Seed, scene: Scene) -> dict[str, Any]:
    """Who is drawn, and who goes there."""
    it = drawable(case, scene)
    last = max(it.commitment.sources, key=lambda source: moment(source.due, source.name))
    if moment(last.due, last.name) > datetime.fromisoformat(scene.moment(seed.on)):
        said = f"“{last.name}”{last.due[:16].replace('T', ' ')}才开出，还不能抽取"
        raise Refused(Reason(said, case.procedure.steps[DRAW].cite, "yifa.E587"))
    if set(seed.attested) != set(scheme_of(case).witnesses):
        said = f"骰子应当由见证人{'、'.join(scheme_of(case).witnesses) or '（方案中没有）'}在场确认"
        raise Refused(Reason(said, case.procedure.steps[DRAW].cite, "yifa.E587"))
    with refusing(case, DRAW):
        result = draw(it.commitment, it.lists, it.veil, values_of(seed), reserves=0)
    return {
        "drawn": len(result.picked),
        **_told(result.picked),
        "result_digest": result.digest,
    }


def _told(picked: Sequence[Picked]) -> dict[str, Any]:
    everyone = {officer for p in picked for detail in p.details for officer in detail.sent}
    return {"picked": "\n".join(map(line_of, picked)), "sent": tuple(sorted(everyone))}


def line_of(picked: Picked) -> str:
    """One object and who goes there, in one line."""
    sent = "；".join(f"{d.group} {'、'.join(d.sent)}" for d in picked.details)
    return f"{picked.name}：{sent}" if sent else picked.name


def outs_of(case: Case) -> list[Out]:
    """What fell out so far."""
    told = [a.facts for a in case.acts if a.step == REPLACE]
    return [Out(f.name, f.because, f.officer) for f in told if isinstance(f, Fallen)]


def standing(case: Case, scene: Scene, *more: Out) -> Standing:
    """Who is to be inspected and by whom now, or after `more` has fallen out too."""
    it = drawable(case, scene)
    seed = next(a.facts for a in reversed(case.acts) if a.step == DRAW)
    assert isinstance(seed, Seed)
    return replaced(it.commitment, it.lists, it.veil, values_of(seed), [*outs_of(case), *more])


def fallen(case: Case, told: Fallen, scene: Scene) -> dict[str, Any]:
    """Who takes the place."""
    with refusing(case, REPLACE):
        now = standing(case, scene, Out(told.name, told.because, told.officer))
    return {"came": now.came[-1], **_told(now.picked)}


def disclosed(case: Case, told: Disclosure, scene: Scene) -> dict[str, Any]:
    """The whole draw as one file that anyone can verify."""
    it = drawable(case, scene)
    seed = next(a.facts for a in reversed(case.acts) if a.step == DRAW)
    assert isinstance(seed, Seed)
    with refusing(case, CLOSE):
        file = DrawFile(it.commitment, it.lists, it.veil, tuple(values_of(seed)), tuple(outs_of(case)))
        text = file.text
    return {"shown_veil": it.veil, "draw_file": scene.keep(text)}
