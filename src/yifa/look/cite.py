"""Where the law says so, as a page prints it: 《政府信息公开条例》第三十三条第二款."""

from markupsafe import Markup

from yifa.law import Citation

from .words import english as known
from .words import language, word


def english(cite: Citation) -> str:
    """Art. 33 (2) of the statute, by its English title where one is known."""
    place = f"Art. {cite.article}" if cite.article else ""
    place += f" para. {cite.para}" if cite.para else ""
    place += f" ({cite.item})" if cite.item else ""
    return f"{word(cite.statute.title)} {place}".strip()


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
    if short and not translated:
        text = text.partition("》")[2] or text
    doubt = Markup(' <span class="cite-doubt">{}</span>').format(word("待核")) if place.mark else ""
    tag = "en" if translated else "zh-CN"
    return Markup('<span class="cite" lang="{}" title="{}">{}</span>{}').format(tag, str(place), text, doubt)
