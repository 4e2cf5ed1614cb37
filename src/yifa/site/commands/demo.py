"""yifa demo: one command from nothing to a county in the browser."""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from yifa.calls.lines import simulate
from yifa.people.county import read_county
from yifa.site.calling import calling
from yifa.site.commands.setup import administrator, county_folder, needs_code, prepare
from yifa.site.demo import Year, act_the_year, invented, must_be_empty
from yifa.site.once import issue
from yifa.site.progress import Progress
from yifa.site.serving import collect_static, port_to_use, run
from yifa.texts.lookup.follow import catch_up

YEAR = "years/2023.toml"


def demo(given: argparse.Namespace) -> int:
    """Set the demonstration county up, once, and serve it."""
    county = county_folder(None)
    year = _set_up(county, Path(given.volumes or county / YEAR))
    print(f"示范县已就绪：{year.cases:,} 件，{year.acts:,} 步，均为编造（{settings.YIFA_HOME}）", flush=True)
    if given.no_serve:
        return 0
    port = port_to_use(given.host, given.port, or_next=True)
    collect_static()
    _say_how_to_come_in(given.host, port)
    connection.close()
    with calling(not given.no_calls):
        run(given.host, port)
    print("已停止，数据都在 · Stopped; nothing is lost.", file=sys.stderr)
    return 0


def _set_up(county: Path, volumes: Path) -> Year:
    prepare(county)
    simulate(settings.YIFA_HOME)
    year = invented()
    if year is None:
        must_be_empty()
        since = read_county(county).since
        year = act_the_year(volumes, administrator(), since, timezone.localdate())
    with Progress("编入搜索索引", "条") as tell:
        catch_up(None, tell)
    return year


def _say_how_to_come_in(host: str, port: int) -> None:
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    user = administrator()
    print(f"网站 Portal     {address}/")
    print(f"办公桌 Desk     {address}/desk/")
    print(f"年度报告 Report {address}/report/2023/")
    if needs_code(user):
        print(f"登录 Sign in    {address}/accounts/once/   一次性登录码 one-time code: {issue(user)}")
    else:
        print(f"登录 Sign in    {address}/accounts/login/  {user.username}（忘记密码 forgotten: yifa once）")
    print("按 Ctrl-C 停止 · Ctrl-C stops it.", flush=True)
