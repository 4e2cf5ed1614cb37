"""Random selection that anyone can run again: fix the lists and the rule, publish, wait for public numbers, draw.

`docs/reference/draws.md` specifies it precisely enough to write a second program. Pure: values in, values out.
"""

from .commitment import METHODS, Commitment, Group, Method, Stratum, commit, new_veil
from .drawing import Lists, Out, Picked, Result, Standing, draw, replaced
from .errors import DrawError
from .files import DrawFile, verify
from .lists import Listed, listed
from .quotas import apportion, quota
from .seed import KINDS, Source
from .teams import Detail

__all__ = [
    "KINDS",
    "METHODS",
    "Commitment",
    "Detail",
    "DrawError",
    "DrawFile",
    "Group",
    "Listed",
    "Lists",
    "Method",
    "Out",
    "Picked",
    "Result",
    "Source",
    "Standing",
    "Stratum",
    "apportion",
    "commit",
    "draw",
    "listed",
    "new_veil",
    "quota",
    "replaced",
    "verify",
]
