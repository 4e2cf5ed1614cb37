"""What the pages show of cases: the inbox, a list, one case, the register as of a day.

One rule decides what an actor sees, the office and its scope; it is applied here and nowhere else. Pages go by
key, not by offset, so the four-hundredth costs what the first does.
"""

from .lists import ORDERS, inbox, listing, waiting
from .page import by_receipt, case, live, paper_text, preview, version
from .register import as_of
from .rows import sees
from .views import (
    GREEN,
    GREY,
    RED,
    SOON,
    YELLOW,
    ActView,
    AsOf,
    CasePage,
    CaseRow,
    FactView,
    LinkView,
    Page,
    PaperView,
    StepView,
    TermView,
    Unseen,
    light_of,
    said,
    shown,
)

__all__ = [
    "GREEN", "GREY", "ORDERS", "RED", "SOON", "YELLOW", "ActView", "AsOf", "CasePage", "CaseRow", "FactView",
    "LinkView", "Page", "PaperView", "StepView", "TermView", "Unseen", "as_of", "by_receipt", "case", "inbox",
    "light_of", "listing", "live", "paper_text", "preview", "said", "sees", "shown", "version", "waiting",
]  # fmt: skip
