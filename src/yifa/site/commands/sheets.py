"""yifa sheets: every procedure as a page, without a database."""

import argparse
import json

from yifa.procedure import registry
from yifa.procedure.registry import use
from yifa.site.errors import stop
from yifa.site.matters import matters
from yifa.site.sheets import markdown


def sheets(given: argparse.Namespace) -> int:
    """Print one procedure's sheet, or all of them."""
    use(matters())
    known = {procedure.key: procedure for procedure in registry().families()}
    if given.family and given.family not in known:
        stop(f"没有程序“{given.family}”，现有：{'、'.join(known)} · There is no such procedure. [yifa.E719]")
    wanted = [known[given.family]] if given.family else list(known.values())
    if given.json:
        print(json.dumps({p.key: p.sheet() for p in wanted}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(markdown(procedure) for procedure in wanted))
    return 0
