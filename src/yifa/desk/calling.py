"""A call-out on the desk: its ladder live, who has not answered, what was tried to reach each, minute by minute."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from yifa.calls import afterwards, live, queue
from yifa.calls.afterwards import Minute
from yifa.calls.live import Live, Person, Wanted
from yifa.calls.procedure import CallOut
from yifa.cases import read
from yifa.cases.read import CasePage
from yifa.cases.store import Store
from yifa.clock import SHANGHAI
from yifa.look.words import word
from yifa.people.actor import Actor
from yifa.people.scope import sql_scope
from yifa.procedure import registry

from .names import office_label
from .who import Desk, official

EVERY = 5  # seconds from one look to the next
LATELY = 24 * 3600 * 1000  # a call-out that ended stays in sight for a day
MS = timedelta(milliseconds=1)
FIRST = 12  # people shown in the room; the page of the call-out has all
STANDS = {
    "left": "还没有应答",
    "unanswered": "各级都叫过，无人应答",
    "answered": "已叫应",
    "handed": "转人工上门",
    "given_up": "已终止",
    "all": "全部",
}


@dataclass(frozen=True)
class Calling:
    """A call-out as the desk shows it. first: of those who have not answered, the furthest up the ladder."""

    live: Live
    office: str
    url: str
    case_url: str
    begun: str
    since: datetime
    took: str
    over: bool
    first: tuple[Person, ...]

    @property
    def bars(self) -> list[tuple[str, int, str, int, int]]:
        """What the people of a call-out have come to: name, how many, tone, where its part of the bar begins and how wide it is."""
        s = self.live.standing
        parts = [
            (word("已叫应"), s.answered, "green"),
            (word("转人工上门"), s.handed, "yellow"),
            (word("已终止"), s.given_up, "grey"),
            (word("正在叫应"), s.calling, "blue"),
            (word("无人应答"), s.unanswered, "red"),
        ]
        found, x = [], 0
        for name, n, tone in parts:
            wide = round(1000 * n / s.all) if s.all else 0
            found.append((name, n, tone, x, wide))
            x += wide
        return found


def callings(actor: Actor, now: datetime) -> list[Calling]:
    """Those that go on, and those that ended within a day; what goes on first."""
    families = [p.key for p in registry().families() if issubclass(p, CallOut) and actor.handles(p.key)]
    if not families:
        return []
    scope, values = sql_scope(actor, "k.office", "k.family")
    marks = ", ".join("?" * len(families))
    sql = (
        "SELECT o.case_id, k.office FROM calls_callout o JOIN cases_case k ON k.id = o.case_id"
        f" WHERE k.family IN ({marks}) AND {scope} AND (k.state = 'calling' OR o.begun > ?)"
        " ORDER BY o.id DESC LIMIT 12"
    )
    rows = Store().cursor().all(sql, [*families, *values, queue.ms(now) - LATELY])
    found = [calling_of(case, office, now) for case, office in rows]
    return sorted((f for f in found if f), key=_pressing)


def _pressing(c: Calling) -> tuple[bool, bool, bool, int]:
    """What goes on before what is over, the real before drills, those with somebody for whom every rung was used first."""
    return c.over, c.live.drill, not c.live.standing.unanswered, -c.live.callout


def calling_of(case: int, office: str, now: datetime) -> Calling | None:
    """The call-out of a case, if it has one."""
    it = live.of_case(case)
    if it is None:
        return None
    begun = queue.moment(it.begun).astimezone(SHANGHAI)
    until = queue.moment(it.ended) if it.ended is not None else now
    return Calling(
        it,
        office_label(office),
        reverse("desk:ladder", args=[case]),
        reverse("desk:case", args=[case]),
        f"{begun:%m-%d %H:%M:%S}",
        begun,
        _length((until - begun) // MS),
        it.ended is not None,
        live.people(it.callout, Wanted(), FIRST) if it.left else (),
    )


def _length(milliseconds: int | None) -> str:
    """How long, in the reader's language: 4分20秒, 4 min 20 s."""
    if milliseconds is None:
        return ""
    m, n = divmod(round(milliseconds / 1000), 60)
    return word("{m}分{n}秒", m=m, n=n) if m else word("{n}秒", n=n)


def tag(request: HttpRequest, desk: Desk, *told: Any) -> str:
    """An ETag of what may have changed, for this reader."""
    parts = [
        *told,
        desk.actor.person,
        desk.actor.post,
        desk.today,
        get_language(),
        request.session.session_key,
    ]
    return quote_etag(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24])


# ── One call-out ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """A minute of the after-action table."""

    clock: str
    tries: str
    minute: Minute


def _tries(minute: Minute) -> str:
    return "，".join(word("第{rung}级{n}次", rung=rung, n=n) for rung, n in minute.tries)


def _case(desk: Desk, id: int) -> CasePage:
    page = desk.case(id)
    if not issubclass(page.procedure, CallOut):
        raise Http404(word("这个案件没有叫应。"))
    return page


def wanted_of(asked: Mapping[str, str]) -> Wanted:
    """Which people the address asks for; what it cannot mean is left out."""
    stand = asked.get("stand", "")
    return Wanted(
        stand if stand in STANDS else "left",
        asked.get("place", "")[:60],
        asked.get("q", "").strip()[:30],
        asked.get("after", "")[:30],
    )


def _next(wanted: Wanted, people: Sequence[Person]) -> str:
    """The address of the next page of people, if there may be one."""
    if len(people) < live.MOST:
        return ""
    last = people[-1]
    told = {
        "stand": wanted.stand,
        "place": wanted.place,
        "q": wanted.q,
        "after": f"{last.at_rung - 1}-{last.calling}",
    }
    return f"?{urlencode({name: value for name, value in told.items() if value})}#people"


@require_GET
@official
def ladder(request: HttpRequest, desk: Desk, id: int) -> HttpResponse:
    """One call-out: its ladder live, who has not answered, minute by minute; read again only when something changed."""
    version = read.version(id, desk.actor)
    etag = tag(request, desk, id, version, live.pulse(id), request.GET.urlencode())
    if version is not None and (unchanged := get_conditional_response(request, etag=etag)):
        return unchanged
    page = _case(desk, id)
    calling = calling_of(id, page.office_code, datetime.now(UTC))
    if calling is None:
        raise Http404(word("这个案件没有叫应。"))
    answer = desk.page(request, "desk/ladder.html", _told(request, page, calling), section="room")
    answer["ETag"] = etag
    return answer


def _told(request: HttpRequest, page: CasePage, calling: Calling) -> dict[str, Any]:
    review = afterwards.review(calling.live.callout)
    wanted = wanted_of(request.GET)
    found = live.people(calling.live.callout, wanted)
    return {
        "case": page,
        "c": calling,
        "review": review,
        "half": _length(review.half),
        "longest": _length(review.longest),
        "minutes": [Row(m.clock, _tries(m), m) for m in review.minutes],
        "may": {step.key for step in page.can},
        "every": EVERY,
        "bound": _length(calling.live.bound),
        "wanted": wanted,
        "stands": STANDS,
        "people": found,
        "next_url": _next(wanted, found),
        "here": request.get_full_path(),
    }


@require_GET
@official
def person(request: HttpRequest, desk: Desk, id: int, calling: int) -> HttpResponse:
    """One person: at which numbers, what every try came to, and what can be done now."""
    page = _case(desk, id)
    found = live.person(id, calling) if calling < 2**63 else None
    if found is None:
        raise Http404(word("这次叫应里没有这个人。"))
    context = {
        "case": page,
        "p": found,
        "attempts": live.attempts(calling),
        "may": {step.key for step in page.can},
        "ended": _moment(found.ended),
    }
    return desk.page(request, "desk/called.html", context, section="room")


def _moment(at: int | None) -> datetime | None:
    return queue.moment(at).astimezone(SHANGHAI) if at is not None else None
