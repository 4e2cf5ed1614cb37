"""Where the law says so, as a page prints it: 《政府信息公开条例》第三十三条第二款."""

from markupsafe import Markup

from yifa.law import Citation

from .words import english as known
from .words import language, word


def english_place(cite: Citation) -> str:
    """Art. 33 para. 2 (3), without the statute."""
    place = f"Art. {cite.article}" if cite.article else ""
    place += f" para. {cite.para}" if cite.para else ""
    return place + (f" ({cite.item})" if cite.item else "")


def english(cite: Citation) -> str:
    """Art. 33 (2) of the statute, by its English title where one is known."""
    return f"{word(cite.statute.title)} {english_place(cite)}".strip()


def cite(place: Citation | str | None, short: bool = False) -> Markup:
    """A citation as an element of its own; `short` leaves the statute's title out.

    A place whose text nobody could read (mark U) says so.
    """
    if not place:
        return Markup("")
    if isinstance(place, str):
        return Markup('<span class="cite" lang="zh-CN">{}</span>').format(place)
    translated = language() == "en" and place.statute.title in known()
    text = english(place) if translated else str(place)
    if short:
        text = english_place(place) if translated else text.partition("》")[2]
        text = text or str(place)
    doubt = Markup(' <span class="cite-doubt">{}</span>').format(word("待核")) if place.mark else ""
    tag = "en" if translated else "zh-CN"
    return Markup('<span class="cite" lang="{}" title="{}">{}</span>{}').format(tag, str(place), text, doubt)
