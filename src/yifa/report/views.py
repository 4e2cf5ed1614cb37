"""The annual report in a browser: every number is a way to its definition and its records."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from yifa.counts import (
    Figure,
    Finding,
    NoSuchFigure,
    Page,
    Span,
    figures,
    finding_records,
    last_whole_year,
    months_of,
    records,
    year,
    years,
)
from yifa.counts import funnel as funnels
from yifa.counts.crosschecks import declared_check, finding
from yifa.counts.drill import PART, WHOLE, Record, declared, family_of
from yifa.law import library_folder
from yifa.look.public import public_frame
from yifa.look.words import language, word
from yifa.people.actor import Actor
from yifa.people.offices import county_name, office_name
from yifa.people.posts import actors_of

from . import statutory
from .edition import Edition, checks, edition, told_for
from .plan import FILE, Plan, read_plan

PAGE = 50


# ── Who is reading ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Reader:
    """An official sees ways to the cases of the offices they may see; anyone else sees the rows."""

    official: bool
    actor: Actor | None = None

    def may_open(self, family: str, office: str) -> bool:
        return self.actor is not None and self.actor.handles(family) and self.actor.sees(office)


def reader(request: HttpRequest) -> Reader:
    """Who looks: in the post they chose at the desk, the first of theirs otherwise."""
    if not request.user.is_authenticated:
        return Reader(False)
    actors = actors_of(request.user, timezone.localdate())
    chosen = next((a for a in actors if a.post == request.session.get("post")), None)
    return Reader(True, chosen or next(iter(actors), None))


@dataclass(frozen=True)
class Row:
    """A record as the list shows it."""

    on: date
    label: str
    office: str
    number: str
    told: tuple[tuple[str, str], ...]
    address: str


def rows(found: Iterable[Record], family: str, who: Reader) -> list[Row]:
    return [
        Row(
            r.on,
            r.label,
            office_name(r.office, r.on, language()),
            r.number,
            r.told,
            reverse("desk:case", args=[r.case]) if who.may_open(family, r.office) else "",
        )
        for r in found
    ]


def page(request: HttpRequest, template: str, **told: Any) -> HttpResponse:
    """Everything every page of the report wants."""
    frame = public_frame(county_name(language()), request.get_full_path(), "report:index")
    return render(request, template, {"frame": frame, **told})


def plan() -> Plan:
    return read_plan(library_folder() / "counties" / getattr(settings, "YIFA_COUNTY", "xinxian") / FILE)


def address(number: int, key: str) -> str:
    return reverse("report:figure", args=[number, key])


# ── The report ───────────────────────────────────────────────────────────────


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The last whole year in which anything was begun; before there is one, this year as far as it goes."""
    now = timezone.localdate()
    return redirect("report:year", last_whole_year(now) or now.year)


@login_not_required
@require_safe
def of_year(request: HttpRequest, number: int) -> HttpResponse:
    who = reader(request)
    return page(
        request,
        "report/year.html",
        edition=edition(number, plan(), address),
        years=sorted({*years(), number}),
        checks=_checks_told(number) if who.official else None,
        tables=_tables_told(number),
        official=who.official,
        at=timezone.now(),
    )


@login_not_required
@require_safe
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """The report as an official document reads, with the table of where its numbers come from."""
    return page(request, "report/print.html", edition=edition(number, plan(), address), at=timezone.now())


@dataclass(frozen=True)
class CheckTold:
    finding: Finding
    address: str


def _checks_told(number: int) -> list[CheckTold]:
    return [CheckTold(f, reverse("report:check", args=[number, f.name])) for f in checks(number)]


@dataclass(frozen=True)
class TableTold:
    title: str
    address: str
    holds: bool


def _tables_told(number: int) -> list[TableTold]:
    told = []
    for table in statutory.tables():
        procedure, _ = statutory.table(table.name)
        filled = statutory.fill(procedure, table, year(number))
        ways = reverse("report:table", args=[number, table.name])
        told.append(TableTold(table.title, ways, all(b.holds for b in filled.balances)))
    return told


# ── One figure ───────────────────────────────────────────────────────────────


@login_not_required
@require_safe
def figure_page(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """What a figure means, what it was computed from, and the records behind it."""
    span = plan().span_of(key, number)
    try:
        told = figures([key], span)[key]
        before = told_for(plan(), [key], number - 1)[key]
    except NoSuchFigure as wrong:
        raise Http404(str(wrong)) from wrong
    who, side = reader(request), request.GET.get("part", "")
    part = side if side == OTHER_SIDE.get(told.kind) else None
    found = _page(lambda after: records(key, span, part, None, after, PAGE), request)
    by_month = [(month % 100, n) for month, n in months_of(key, year(number))]
    return page(
        request,
        "report/figure.html",
        figure=told,
        before=before,
        number=number,
        id=plan().number_of(key),
        procedure=declared(key)[0],
        months=[(word("{n}月", n=month), n) for month, n in by_month],
        short_months=[(str(month), n) for month, n in by_month],
        part=part or "",
        total=_on(told, part),
        rows=rows(found.records, family_of(key, part), who),
        next_url=_next(request, found),
        first_url=_first(request),
        official=who.official,
        lacking=_lacking(told),
        funnel=_funnel(key, span),
        address=lambda name: address(number, name),
        years=sorted({*years(), number}),
        checks=[c for c in _checks_told(number) if key in _keys_of(c.finding)] if who.official else [],
    )


def _funnel(key: str, span: Span) -> funnels.Through | None:
    """Of whom the figure is a part, where the matter says so."""
    found = funnels.about(declared(key)[1])
    return funnels.of_span(found, span) if found else None


def _lacking(told: Figure) -> list[tuple[str, list[str]]]:
    """Who has not reported yet, and on which months."""
    found: dict[str, list[str]] = {}
    for office, month in told.lacking:
        found.setdefault(office_name(office), []).append(word("{n}月", n=month % 100))
    return list(found.items())


OTHER_SIDE = {"share": PART, "growth": WHOLE, "zero": PART}  # what a ratio opens on besides its records


def _on(told: Figure, part: str | None) -> int | None:
    """How many records are listed."""
    behind = told.numerator if told.part_records is None else told.part_records
    return {PART: behind, WHOLE: told.denominator, None: told.records}[part]


def _keys_of(found: Finding) -> set[str]:
    _, check = declared_check(found.name)
    members = (
        (check.stock, *check.plus, *check.minus) if found.kind == "balance" else (check.one, *check.many)  # type: ignore[union-attr]
    )
    return {member.name for member in members}


def _page(read: Any, request: HttpRequest) -> Page:
    """A page of records; a key nobody gave out begins at the beginning."""
    try:
        found: Page = read(request.GET.get("after") or None)
    except ValueError:
        found = read(None)
    return found


def _next(request: HttpRequest, found: Page) -> str:
    if not found.after:
        return ""
    query = request.GET.copy()
    query["after"] = found.after
    return f"?{query.urlencode()}#records"


def _first(request: HttpRequest) -> str:
    if "after" not in request.GET:
        return ""
    query = request.GET.copy()
    del query["after"]
    return f"?{query.urlencode()}#records"


# ── A check, a table ─────────────────────────────────────────────────────────


@login_required
@require_safe
def check_page(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """A relation between figures: does it hold, why not, and the records on either side."""
    span = year(number)
    try:
        procedure, check = declared_check(name)
    except LookupError as wrong:
        raise Http404(str(wrong)) from wrong
    found, who = finding(procedure, check, span), reader(request)
    parts = {term.part: term for term in found.terms}
    chosen = request.GET.get("part", "")
    term = parts.get(chosen) or parts.get("only_one") or found.terms[0]
    listed = _page(lambda after: finding_records(name, term.part, span, None, after, PAGE), request)
    return page(
        request,
        "report/check.html",
        finding=found,
        number=number,
        term=term,
        rows=rows(listed.records, procedure.key, who),
        next_url=_next(request, listed),
        first_url=_first(request),
        procedure=procedure,
    )


@login_not_required
@require_safe
def table_page(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """A form a superior prescribes, filled in; each number opens on its records."""
    span = year(number)
    try:
        procedure, table = statutory.table(name)
    except LookupError as wrong:
        raise Http404(str(wrong)) from wrong
    told: dict[str, Any] = {}
    who = reader(request)
    if "row" in request.GET:
        try:
            row, column = table.row(request.GET["row"]), table.column(request.GET.get("column", "total"))
        except StopIteration as wrong:
            raise Http404 from wrong
        found = _page(
            lambda after: statutory.behind(procedure, table, row, column, span, after, PAGE), request
        )
        told = {
            "row": row,
            "column": column,
            "rows": rows(found.records, procedure.key, who),
            "next_url": _next(request, found),
            "first_url": _first(request),
        }
    return page(
        request,
        "report/table.html",
        filled=statutory.fill(procedure, table, span),
        number=number,
        years=sorted({*years(), number}),
        procedure=procedure,
        **({"row": None, "column": None, "rows": [], "next_url": "", "first_url": ""} | told),
    )


# ── As data ──────────────────────────────────────────────────────────────────


@login_not_required
@require_safe
def as_json(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(
        json_text(edition(number, plan(), address)), content_type="application/json; charset=utf-8"
    )


@login_not_required
@require_safe
def as_csv(request: HttpRequest, number: int) -> HttpResponse:
    """The same numbers for a spreadsheet: UTF-8 with a mark, so that Excel reads Chinese."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{number}.csv"'
    out = csv.writer(response)
    out.writerow(["编号", "指标", "数值", "单位", "写法", "分子", "分母", "期间", "记录数", "口径"])
    made = edition(number, plan(), address)
    for told in made.as_dict()["figures"]:
        figure = made.figures[told["key"]]
        out.writerow([*_cells(told), str(figure.definition)])
    return response


def _cells(told: Mapping[str, Any]) -> list[Any]:
    names = ("id", "label", "value", "unit", "written", "numerator", "denominator", "period", "records")
    return ["" if told[name] is None else told[name] for name in names]


def json_text(made: Edition) -> str:
    return json.dumps(made.as_dict(), ensure_ascii=False, indent=1) + "\n"
