"""Looking for something in what is everybody's: statutes and what the county has published."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yifa.look.words import word
from yifa.texts.lookup.analyser import LONGEST, ask
from yifa.texts.lookup.search import ANSWER, STATUTE, BadQuery, Filters, Found, Hit, search
from yifa.texts.lookup.shelf import law as read_law
from yifa.texts.lookup.shelf import shelf
from yifa.texts.lookup.shown import rows, statute_url, told_of, ways_of

from .views import page, today

KINDS = (ANSWER, STATUTE)


def _where(query: str) -> dict[str, Any]:
    def statute(hit: Hit) -> str:
        return statute_url(reverse("portal:law", args=[hit.about["title"], hit.about["edition"]]), hit, query)

    def answer(hit: Hit) -> str:
        entry = hit.about["entry"]
        return f"{reverse('portal:answers')}?after={entry + 1}#a{entry}"

    return {STATUTE: statute, ANSWER: answer}


def _address(query: str, **told: str) -> str:
    return f"{reverse('portal:search')}?{urlencode({'q': query} | {k: v for k, v in told.items() if v})}"


@login_not_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Statutes and published things that hold the words."""
    query, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    problem = ""
    try:
        found = search(query, None, today(), Filters(kind), after=request.GET.get("after", ""))
    except BadQuery as bad:
        found, problem = Found(ask("")), bad.sentence
    return page(
        request,
        "portal/search.html",
        "portal:search",
        422 if problem else 200,
        q=query,
        longest=LONGEST,
        problem=problem,
        kind=kind,
        rows=rows(found, _where(query), today()),
        ways=ways_of(found, kind, lambda chosen: _address(query, kind=chosen), KINDS),
        next_url=_address(query, kind=kind, after=found.next) if found.next else "",
        first_url=_address(query, kind=kind) if request.GET.get("after") else "",
        **told_of(found, Filters(kind)),
    )


@login_not_required
@require_safe
def laws(request: HttpRequest) -> HttpResponse:
    """The statutes at hand."""
    return page(request, "portal/laws.html", "portal:search", shelf=shelf(), day=today(), way="portal:law")


@login_not_required
@require_safe
def law(request: HttpRequest, title: str, edition: str) -> HttpResponse:
    """One edition of a statute, article by article; `q` is marked in it."""
    query = request.GET.get("q", "").strip()
    try:
        words = ask(query).words
    except BadQuery:
        words = ()
    found = read_law(title, edition, words)
    if found is None:
        raise Http404(word("这里没有这部法规的文本。"))
    return page(
        request,
        "portal/law.html",
        "portal:search",
        law=found,
        day=today(),
        way="portal:law",
        query=query,
        back=_address(query) if query else "",
    )
