"""The review sheet: the draft, and beside each paragraph what was pointed at in it and what the reviewer made of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yifa.cases import kernel
from yifa.cases.read import CasePage
from yifa.look.words import word
from yifa.procedure import Reason, Refused
from yifa.texts.difference import difference
from yifa.texts.finding import Source
from yifa.texts.machine import Row, Sheet
from yifa.texts.told import Settled, Verdict

from .case import crumbs, heading
from .review_sheet import ALL, MANY, SETTLE, SHOWS, card, groups, lines, review_panel, sheet_of, shown
from .who import Desk, official


def _page(
    request: HttpRequest,
    desk: Desk,
    page: CasePage,
    now: Sheet,
    reasons: tuple[Reason, ...] = (),
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ALL
    can = {s.key: s for s in page.can}
    whole = [card(row, now, typed or {}) for row in now.rows if not row.finding.words and shown(row, show)]
    steps = {
        key: reverse("desk:do", args=[page.id, key])
        for key in ("remark", "send_back", "conclude")
        if key in can
    }
    counts = {key: sum(shown(row, key) for row in now.rows) for key in SHOWS}
    context = {
        "case": page,
        "heading": heading(page),
        "crumbs": [*crumbs(page.family, page.title), (heading(page), reverse("desk:case", args=[page.id]))],
        "sheet": now,
        "groups": groups(lines(now, show, typed or {})),
        "whole": whole,
        "may": SETTLE in can,
        "steps": steps,
        "labels": {key: can[key].label for key in steps},
        "show": show,
        "shows": [(key, label, counts[key]) for key, label in SHOWS.items()],
        "by_source": [(s, sum(row.finding.source is s for row in now.rows)) for s in Source],
        "as_before": sum(row.verdict is None and row.before is not None for row in now.rows),
        "shortened": show == ALL and now.reading.text.count("\n") >= MANY,
        "reasons": reasons,
        "panel": review_panel(page),
    }
    return desk.page(
        request, "desk/review.html", context, section=page.family, status=409 if reasons else 200
    )


# ── What the reviewer makes of a place ───────────────────────────────────────


def _groups(now: Sheet, post: QueryDict, desk: Desk) -> Iterator[Settled]:
    """What was sent, as acts: one answer for one place or several, or for all that were answered in the draft before."""
    rows = {row.id: row for row in now.rows}
    if "as_before" in post:
        again = [row for row in now.rows if row.verdict is None and row.before is not None]
        again.sort(key=_made_before)
        for (made, reason), some in groupby(again, key=_made_before):
            places = tuple(row.id for row in some)
            yield Settled(on=desk.today, places=places, verdict=Verdict[made], reason=reason)
        return
    place, said = str(post.get("place", "")), str(post.get("verdict", ""))
    if said not in Verdict.__members__:
        return
    one, verdict = rows.get(place), Verdict[said]
    reason = str(post.get("reason", "")).strip()
    if not reason and one and verdict is Verdict.ACCEPTED:
        reason = one.finding.why
    places_too = [row.id for row in _alike(one, now.rows)] if one and "alike" in post else []
    yield Settled(on=desk.today, places=(place, *places_too), verdict=verdict, reason=reason)


def _made_before(row: Row) -> tuple[str, str]:
    assert row.before is not None
    assert row.before.verdict is not None
    return row.before.verdict.name, row.before.reason


def _alike(row: Row, rows: Iterable[Row]) -> Iterator[Row]:
    for other in rows:
        same = other.finding.code == row.finding.code and other.finding.source is row.finding.source
        if same and other.verdict is None and other.id != row.id:
            yield other


def _answered(request: HttpRequest, desk: Desk, page: CasePage, now: Sheet) -> HttpResponse:
    """Each answer is an act like any other; then on to the next place nobody has answered."""
    post, settle = request.POST, page.procedure.steps[SETTLE]
    place = post.get("place", "")
    try:
        for told in _groups(now, post, desk):
            kernel.act(settle, told, desk.actor, case=page.id)
    except Refused as refused:
        fresh = sheet_of(page) or now
        return _page(
            request, desk, desk.case(page.id), fresh, refused.reasons, {place: post.get("reason", "")}
        )
    fresh = sheet_of(page) or now
    open_rows = [row.id for row in fresh.rows if row.verdict is None]
    here = next((row.finding.start for row in fresh.rows if row.id == place), 0)
    ahead = [row.id for row in fresh.rows if row.verdict is None and row.finding.start >= here]
    target = next(iter(ahead or open_rows), "")
    where = reverse("desk:review", args=[page.id])
    query = f"?show={post['show']}" if post.get("show") in SHOWS and post.get("show") != ALL else ""
    return redirect(f"{where}{query}{f'#p-{target}' if target else '#progress'}")


@require_http_methods(["GET", "POST"])
@official
def review(request: HttpRequest, desk: Desk, id: int) -> HttpResponse:
    """The sheet of the last draft handed in."""
    page = desk.case(id)
    now = sheet_of(page)
    if now is None:
        raise Http404(word("这个案件没有审查表。"))
    if request.method == "POST":
        return _answered(request, desk, page, now)
    return _page(request, desk, page, now)


@require_GET
@official
def beside(request: HttpRequest, desk: Desk, id: int, place: str) -> HttpResponse:
    """One place and the text it is to be read beside, in two columns, what differs marked in each."""
    page = desk.case(id)
    now = sheet_of(page)
    row = next((row for row in now.rows if row.id == place), None) if now else None
    if now is None or row is None or not row.finding.beside:
        raise Http404(word("这里没有可以对照的文字。"))
    context = {
        "case": page,
        "crumbs": [
            *crumbs(page.family, page.title),
            (heading(page), reverse("desk:case", args=[page.id])),
            (word("审查表"), reverse("desk:review", args=[page.id])),
        ],
        "row": row,
        "card": card(row, now, {}),
        "runs": difference(row.finding.words, row.finding.beside),
        "back": f"{reverse('desk:review', args=[page.id])}#p-{row.id}",
        "name": now.reading.name,
    }
    return desk.page(request, "desk/beside.html", context, section=page.family)
