"""yifa search: what the index holds, for whoever keeps the machine."""

import argparse

from django.utils import timezone

from yifa.people import Actor
from yifa.site.errors import ANSWER_NO, stop
from yifa.site.progress import Progress
from yifa.texts.lookup.follow import catch_up
from yifa.texts.lookup.search import BadQuery, Filters, Hit
from yifa.texts.lookup.search import search as looked_for
from yifa.texts.lookup.shown import LABELS


def search(given: argparse.Namespace) -> int:
    """Print what was found, best first, with its place."""
    query = " ".join(given.words)
    with Progress("编入搜索索引", "条") as tell:
        catch_up(None, tell)
    try:
        found = looked_for(
            query, Actor.system("search"), timezone.localdate(), Filters(given.kind or ""), limit=given.limit
        )
    except BadQuery as bad:
        stop(str(bad))
    for hit in found.hits:
        print(_line(hit))
    counts = "，".join(f"{LABELS[kind]}{n}" for kind, n in found.counts.items() if n)
    print(
        f"共{found.total}{'+' if found.more else ''}条（{counts}）"
        if found.total
        else "没有找到 · Nothing found."
    )
    if found.behind:
        print("索引还没有编完最新的记录 · The index has not caught up yet.")
    return 0 if found.total else ANSWER_NO


def _line(hit: Hit) -> str:
    title, text = ("".join(piece for piece, _ in pieces) for pieces in (hit.title, hit.excerpt))
    told = [
        LABELS[hit.kind],
        title,
        f"案件{hit.case}" if hit.case else hit.about.get("edition", ""),
        hit.place,
    ]
    return " · ".join(t for t in told if t) + f"\n    {text}".replace("\n    \n", "\n").replace("\r", "")
