"""Looking for something: one box for statutes, files, cases and what is published; and statutes to be read."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yifa.look.fields import Option
from yifa.look.words import word
from yifa.people.offices import offices
from yifa.texts.lookup.analyser import LONGEST, ask
from yifa.texts.lookup.search import ANSWER, CASE, FILE, KINDS, STATUTE, BadQuery, Filters, Found, Hit, search
from yifa.texts.lookup.shelf import law as read_law
from yifa.texts.lookup.shelf import shelf
from yifa.texts.lookup.shown import rows, statute_url, told_of, ways_of

from .names import office_label
from .posts import read_day
from .who import Desk, official

SECTION = "search"


def _filters(request: HttpRequest) -> Filters:
    def given(name: str) -> str:
        return request.GET.get(name, "").strip()[:100]

    kind = given("kind")
    return Filters(
        kind if kind in KINDS else "",
        office=given("office").replace("\0", ""),
        since=read_day(given("from")),
        until=read_day(given("to")),
        in_force=given("in_force") == "1",
    )


def _address(query: str, filters: Filters, **changes: str) -> str:
    told = {
        "q": query, "kind": filters.kind, "office": filters.office,
        "from": filters.since.isoformat() if filters.since else "",
        "to": filters.until.isoformat() if filters.until else "",
        "in_force": "1" if filters.in_force else "",
    } | changes  # fmt: skip
    return f"{reverse('desk:search')}?{urlencode({k: v for k, v in told.items() if v})}"


def _where(query: str) -> dict[str, Any]:
    """The page each kind of hit opens on."""

    def case(hit: Hit) -> str:
        return reverse("desk:case", args=[hit.case])

    def file(hit: Hit) -> str:
        if sha := hit.about.get("sha"):
            return f"{reverse('desk:document', args=[hit.case, sha])}?{urlencode({'q': query})}#found"
        return case(hit)

    def statute(hit: Hit) -> str:
        base = reverse("desk:law", args=[hit.about["title"], hit.about["edition"]])
        return statute_url(base, hit, query)

    def answer(hit: Hit) -> str:
        entry = hit.about["entry"]
        return f"{reverse('portal:answers')}?after={entry + 1}#a{entry}"

    return {CASE: case, FILE: file, STATUTE: statute, ANSWER: answer}


@require_GET
@official
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything this post may see that holds the words, best first."""
    query, filters = request.GET.get("q", "").strip(), _filters(request)
    problem = ""
    try:
        found = search(query, desk.actor, desk.today, filters, after=request.GET.get("after", ""))
    except BadQuery as bad:
        found, problem = Found(ask("")), bad.sentence
    mine = [o for o in offices(desk.today) if desk.actor.sees(o.code)]
    context = {
        "q": query,
        "longest": LONGEST,
        "problem": problem,
        "rows": rows(found, _where(query), desk.today),
        "ways": ways_of(found, filters.kind, lambda kind: _address(query, filters, kind=kind)),
        "offices": [Option(o.code, office_label(o.code), None, o.code == filters.office) for o in mine],
        "filters": filters,
        "narrowed": bool(filters.office or filters.since or filters.until or filters.in_force),
        "clear_url": _address(query, Filters(filters.kind)),
        "next_url": _address(query, filters, after=found.next) if found.next else "",
        "first_url": _address(query, filters) if request.GET.get("after") else "",
        "shelf": sum(len(some) for _, some in shelf()) if not query else 0,
        **told_of(found, filters),
    }
    return desk.page(request, "desk/search.html", context, section=SECTION, status=422 if problem else 200)


@require_GET
@official
def laws(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The statutes at hand."""
    return desk.page(
        request, "desk/laws.html", {"shelf": shelf(), "day": desk.today, "way": "desk:law"}, section=SECTION
    )


@require_GET
@official
def law(request: HttpRequest, desk: Desk, title: str, edition: str) -> HttpResponse:
    """One edition of a statute, article by article; `q` is marked in it."""
    query = request.GET.get("q", "").strip()
    try:
        words = ask(query).words
    except BadQuery:
        words = ()
    found = read_law(title, edition, words)
    if found is None:
        raise Http404(word("这里没有这部法规的文本。"))
    context = {
        "law": found,
        "day": desk.today,
        "way": "desk:law",
        "query": query,
        "back": f"{reverse('desk:search')}?{urlencode({'q': query})}" if query else "",
    }
    return desk.page(request, "desk/law.html", context, section=SECTION)
