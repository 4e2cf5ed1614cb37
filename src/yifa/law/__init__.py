"""Statutes, editions, and citations that must exist; article texts where a source is installed.

The law floor needs no framework: everything here takes plain values and gives plain values.
"""

from .audit import audit
from .collection import Report, import_texts
from .folders import home_folder, library_folder
from .numerals import LawError, number, numeral
from .statutes import Citation, Statute, statute, statutes

__all__ = [
    "Citation",
    "LawError",
    "Report",
    "Statute",
    "audit",
    "home_folder",
    "import_texts",
    "library_folder",
    "number",
    "numeral",
    "statute",
    "statutes",
]
