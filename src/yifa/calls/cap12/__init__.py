"""A warning message as platforms exchange it: Common Alerting Protocol 1.2 (OASIS, 2010), read strictly and written the same way.

China's profile GB/T 35965.1-2018 gives the identifier its shape; its words for colours are looked up here. Nothing is
believed of a file before it has been checked: no document type, no entity, no more than `LARGEST` bytes.
"""

from __future__ import annotations

from .message import LARGEST, NO_WARNING, NOT_IN_FORCE, NS, Alert, Area, CapError, Fault, Info, National
from .reading import is_cap, read, whole
from .writing import acknowledged, write

__all__ = [
    "LARGEST", "NOT_IN_FORCE", "NO_WARNING", "NS", "Alert", "Area", "CapError", "Fault", "Info", "National",
    "acknowledged", "is_cap", "read", "whole", "write",
]  # fmt: skip
