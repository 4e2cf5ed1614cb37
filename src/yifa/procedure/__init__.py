"""How a legal procedure is written down, and what may happen next. Pure Python; see docs/tutorial."""

from .case import Act, Case
from .facts import Ask, Facts, ask, asks_of, decode, encode, sealed_names
from .kinds import Journal, Procedure, Register, entry
from .mistakes import Lost, ProcedureError, Reason, Refused, Unreadable
from .reading import read
from .registry import Registry, registry
from .words import (
    START,
    Balance,
    Count,
    Distinct,
    Outcome,
    Overlap,
    Paper,
    Period,
    Role,
    Roles,
    Share,
    State,
    Step,
    Stock,
    Sum,
    stays,
    told,
)

__all__ = [
    "START",
    "Act",
    "Ask",
    "Balance",
    "Case",
    "Count",
    "Distinct",
    "Facts",
    "Journal",
    "Lost",
    "Outcome",
    "Overlap",
    "Paper",
    "Period",
    "Procedure",
    "ProcedureError",
    "Reason",
    "Refused",
    "Register",
    "Registry",
    "Role",
    "Roles",
    "Share",
    "State",
    "Step",
    "Stock",
    "Sum",
    "Unreadable",
    "ask",
    "asks_of",
    "decode",
    "encode",
    "entry",
    "read",
    "registry",
    "sealed_names",
    "stays",
    "told",
]
