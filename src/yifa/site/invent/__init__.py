"""Cases that never happened, within volumes that did: the demonstration's year. Every name says 虚构, invented.

The same volumes always give the same cases. They go through `act_many` like anything else, in the order of their days.
"""

from .year import invent, waiting

__all__ = ["invent", "waiting"]
