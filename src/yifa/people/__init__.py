"""Who may act and who may see: offices, posts and their holders, roles, scope.

Exported here is what needs no database. `offices` and `posts` ask and change what is recorded; `county` loads a
county's published facts.
"""

from .actor import Actor
from .roles import APPLICANT, CLERK, HEAD, LAW, ROLES, SYSTEM, THIRD_PARTY
from .scope import sql_scope

__all__ = ["APPLICANT", "CLERK", "HEAD", "LAW", "ROLES", "SYSTEM", "THIRD_PARTY", "Actor", "sql_scope"]
