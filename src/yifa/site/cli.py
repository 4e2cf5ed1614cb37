"""`yifa`: the command line.

Only the standard library is imported here; a command's own module, and Django, are imported when the command is
given. So `yifa due` answers at once, and a missing database troubles only those who need one.
"""

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from yifa.site.errors import ANSWER_NO, sentence

Words = argparse.ArgumentParser
Answer = Callable[[argparse.Namespace], int]


@dataclass(frozen=True)
class Command:
    """A word after `yifa`: what it says it does, where its function stands, what it takes."""

    words: str
    help: str
    place: str
    takes: Callable[[Words], None] = lambda words: None
    django: bool = True
    home: str = ""


def _home(words: Words) -> None:
    words.add_argument(
        "--home", metavar="DIR", help="数据文件夹，默认 ~/.yifa（或 YIFA_HOME）· folder of the data"
    )


def _listen(words: Words) -> None:
    words.add_argument(
        "--no-calls", action="store_true", help="不同时运行呼叫程序 · do not run the sender of calls too"
    )
    words.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen on")
    words.add_argument("--port", type=_port, default=8000, help="端口，默认 8000 · port")
    words.add_argument("--workers", type=_count, default=1, help="进程数（仅限 PostgreSQL）· processes")


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("端口应在 1 至 65535 之间 · a port is 1 to 65535")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("至少为 1 · at least 1")
    return number


def _year(text: str) -> int:
    if not (text.isdecimal() and len(text) == 4):
        raise argparse.ArgumentTypeError("年份写四位数字，如 2023 · write a year as 2023")
    return int(text)


def _demo(words: Words) -> None:
    words.add_argument("--home", metavar="DIR", help="数据文件夹，默认 ~/.yifa/demo · folder of the data")
    words.add_argument("--volumes", metavar="FILE", help="一年的数量（TOML）· volumes of the year")
    words.add_argument("--no-serve", action="store_true", help="只建数据，不启动服务 · set up only")
    _listen(words)


def _serve(words: Words) -> None:
    _home(words)
    _listen(words)


def _setup(words: Words) -> None:
    _home(words)
    words.add_argument("--county", metavar="DIR", help="县的资料文件夹 · folder of the county's facts")


def _due(words: Words) -> None:
    words.add_argument("length", help="期限，如 '20 working days'、20个工作日、3个月 · the period")
    words.add_argument("start", help="起算日，如 2026-02-09 · the day the period runs from")
    words.add_argument("--back", action="store_true", help="倒着算，如“七日前” · count backwards")
    words.add_argument("--json", action="store_true", help="输出 JSON")


def _law_import(words: Words) -> None:
    _home(words)
    words.add_argument("folder", help="法规文本文件夹 · folder of statute texts")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError("日期写成 2026-02-09 · write a day as 2026-02-09") from wrong


def _law_citations(words: Words) -> None:
    _home(words)
    words.add_argument(
        "path", nargs="*", help="文件或文件夹，默认手头的法规 · files or folders; the statutes at hand"
    )
    words.add_argument(
        "--on", type=_day, metavar="DAY", help="按哪一天施行的法，默认今天 · the law as of this day"
    )
    words.add_argument("--format", choices=("text", "json"), default="text", help="格式 · format")


def _law_changed(words: Words) -> None:
    _home(words)
    words.add_argument("key", help="法规的键，如 audit-law · key of the statute")
    words.add_argument("old", help="原版本，如 2021-10-23 · the old edition")
    words.add_argument("new", help="新版本 · the new edition")
    words.add_argument("--open", action="store_true", help="逐处列入核对 · list what must be looked at")
    words.add_argument("--by", metavar="WHO", help="以谁的名义：用户名或职务 · in whose name: user or post")
    words.add_argument(
        "--since", type=_day, metavar="DAY", help="新版本施行日期 · the new edition in force from"
    )
    words.add_argument("--format", choices=("text", "json"), default="text", help="格式 · format")


def _home_and_progress(words: Words) -> None:
    _home(words)
    words.add_argument("--quiet", action="store_true", help="不显示进度 · no progress line")


def _verify(words: Words) -> None:
    _home_and_progress(words)
    words.add_argument(
        "--recent", action="store_true", help="只核对上次封存以后的 · only since the last seal"
    )


def _checkpoint(words: Words) -> None:
    _home(words)
    words.add_argument("day", nargs="?", help="截至哪一天，默认昨天 · the day's end it stands for")


def _rebuild(words: Words) -> None:
    _home_and_progress(words)
    words.add_argument("--compare", action="store_true", help="只比较，不改动 · compare only, change nothing")


def _export(words: Words) -> None:
    _home(words)
    words.add_argument("folder", help="导出到哪个文件夹 · folder to write into")
    words.add_argument("--case", type=int, help="只导出这一件 · this case only")


def _erase(words: Words) -> None:
    _home(words)
    words.add_argument("case", type=int, help="案件号 · number of the case")
    words.add_argument("--reason", required=True, help="理由（记入台账）· why; goes on record")
    words.add_argument("--yes", action="store_true", help="不再询问 · do not ask")


def _import(words: Words) -> None:
    _home(words)
    words.add_argument("file", help="工作簿 .xlsx 或 .csv · workbook")
    words.add_argument(
        "--as", dest="procedure", required=True, metavar="PROCEDURE", help="哪个程序，如 disclosure"
    )
    words.add_argument("--by", metavar="WHO", help="以谁的名义：用户名或职务 · in whose name: user or post")
    words.add_argument("--office", metavar="CODE", help="记在哪个机关名下 · the office it is recorded for")
    words.add_argument("--dry-run", action="store_true", help="只看结果，不入账 · look, record nothing")
    words.add_argument("--again", action="store_true", help="同一个文件再导入一次 · the same file once more")
    words.add_argument("--year", type=_year, help="日期没写年份时是哪一年 · the year of dates without one")
    words.add_argument("--sheet", metavar="NAME", help="哪一张工作表 · which sheet")
    words.add_argument("--refused-to", metavar="FILE", help="不予导入的行写到哪里 · where refused rows go")


def _call(words: Words) -> None:
    _home(words)
    words.add_argument("--name", help="呼叫程序的名字，默认主机名和进程号 · name of this sender")
    words.add_argument("--once", action="store_true", help="把现在该呼的呼完就停 · one round, then stop")
    words.add_argument("--beside", type=int, metavar="PID", help="随这个进程结束 · end with this process")


def _report(words: Words) -> None:
    _home(words)
    words.add_argument("year", type=_year, help="年度，如 2023")
    words.add_argument("--format", choices=("html", "json"), default="html", help="格式 · format")
    words.add_argument("--out", metavar="FILE", help="写到文件，默认标准输出 · file to write")


def _search(words: Words) -> None:
    _home(words)
    words.add_argument("words", nargs="+", help="要找的字、词、句 · what to look for")
    words.add_argument(
        "--kind", choices=("statute", "file", "case", "answer"), help="只找一种 · one kind only"
    )
    words.add_argument("--limit", type=_count, default=10, help="至多列出几条，默认 10 · how many at most")


def _sweep(words: Words) -> None:
    _home(words)
    words.add_argument("day", nargs="?", help="哪一天，默认今天 · the day, today if not said")


def _sheets(words: Words) -> None:
    words.add_argument("family", nargs="?", help="哪个程序，默认全部 · one procedure; all if not said")
    words.add_argument("--json", action="store_true", help="输出 JSON")


def _draw_verify(words: Words) -> None:
    words.add_argument("file", help="公布的抽取文件 · the published draw file")
    words.add_argument(
        "--published", metavar="DIGEST", help="当时公布的摘要 · the digest published at the time"
    )
    words.add_argument("--name", help="查一个对象的签和位次 · look one name up")


def _draw_script(words: Words) -> None:
    words.add_argument("folder", nargs="?", default=".", help="写到哪个文件夹 · folder to write into")


def _once(words: Words) -> None:
    _home(words)
    words.add_argument(
        "username", nargs="?", help="给谁，默认管理员 · for whom; the administrator if not said"
    )


_ROOM = "yifa.site.commands"
COMMANDS = (
    Command(
        "demo",
        "示范县：建好 2023 年的数据并打开网站 · the demonstration county",
        f"{_ROOM}.demo:demo",
        _demo,
        home="~/.yifa/demo",
    ),
    Command("serve", "启动网站 · serve the site", f"{_ROOM}.serve:serve", _serve),
    Command(
        "setup", "建库，载入机关与职务 · make the database, load the county", f"{_ROOM}.setup:setup", _setup
    ),
    Command(
        "due", "算期限的最后一天，列出算法 · when a period ends, and the sum", f"{_ROOM}.law:due", _due, False
    ),
    Command(
        "law import", "载入法规全文 · keep statute texts", f"{_ROOM}.law:import_folder", _law_import, False
    ),
    Command("law audit", "逐条核对引文与法条 · check every citation", f"{_ROOM}.law:audit", _home, False),
    Command(
        "law citations",
        "找出引用并逐处核对 · find citations and resolve each",
        f"{_ROOM}.law:citations",
        _law_citations,
        False,
    ),
    Command(
        "law changed",
        "法规修改后，哪些地方引用了变动的条文 · what cites an amended statute",
        f"{_ROOM}.amended:changed",
        _law_changed,
    ),
    Command("verify", "核对台账是否被改动 · verify the ledger", f"{_ROOM}.record:verify", _verify),
    Command("checkpoint", "封存一日的账根 · seal a day", f"{_ROOM}.record:checkpoint", _checkpoint),
    Command(
        "rebuild", "由台账重建各表并比较 · rebuild rows from the ledger", f"{_ROOM}.record:rebuild", _rebuild
    ),
    Command("export", "导出台账与证明 · write the ledger out", f"{_ROOM}.record:export", _export),
    Command("erase", "销毁一案的个人信息 · erase a case's personal facts", f"{_ROOM}.record:erase", _erase),
    Command("import", "导入工作簿 · import a workbook", f"{_ROOM}.figures:import_file", _import),
    Command(
        "call",
        "叫应呼叫程序：持续呼叫，直到停止 · call people until told to stop",
        f"{_ROOM}.call:call",
        _call,
    ),
    Command("search", "搜索法规、案件、文件 · search everything", f"{_ROOM}.search:search", _search),
    Command("report", "年度报告的数字 · the report's figures", f"{_ROOM}.figures:report", _report),
    Command(
        "sweep", "办理期满自动发生的事项 · take the steps the law takes", f"{_ROOM}.record:sweep", _sweep
    ),
    Command(
        "sheets", "各程序一览（Markdown）· every procedure's sheet", f"{_ROOM}.sheets:sheets", _sheets, False
    ),
    Command(
        "draw verify",
        "重新抽取并比较 · run a published draw again",
        f"{_ROOM}.draws:verify",
        _draw_verify,
        False,
    ),
    Command(
        "draw script",
        "写出独立的核验程序 · write the stand-alone verifier",
        f"{_ROOM}.draws:script",
        _draw_script,
        False,
    ),
    Command("check", "检查系统自身 · Django checks and missing migrations", f"{_ROOM}.setup:check"),
    Command("once", "新的一次性登录码 · a new one-time code", f"{_ROOM}.setup:once", _once),
)


GROUPS = {"law": "法规全文 · statute texts", "draw": "随机抽取 · random draws"}


def parser() -> Words:
    """The whole command line, without importing what it does."""
    top = argparse.ArgumentParser(
        prog="yifa",
        description="依法：法治政府建设工作的台账 · the system of record for a county's rule-of-law work",
    )
    top.add_argument("--debug", action="store_true", help="出错时显示细节 · show tracebacks")
    choices = top.add_subparsers(metavar="COMMAND", required=True)
    groups: dict[str, argparse._SubParsersAction[Words]] = {}
    for command in COMMANDS:
        *group, word = command.words.split()
        place = choices
        if group:
            if group[0] not in groups:
                words = choices.add_parser(group[0], help=GROUPS[group[0]])
                groups[group[0]] = words.add_subparsers(metavar="WHAT", required=True)
            place = groups[group[0]]
        words = place.add_parser(word, help=command.help, description=command.help)
        command.takes(words)
        words.set_defaults(command=command)
    return top


def answer(command: Command, given: argparse.Namespace) -> int:
    """Import what the command needs, and do it."""
    os.umask(0o077)  # what is written is the owner's
    if home := getattr(given, "home", None) or os.environ.get("YIFA_HOME") or command.home:
        os.environ["YIFA_HOME"] = os.path.expanduser(home)
    if command.django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.site.settings")
        importlib.import_module("django").setup()
    module, name = command.place.split(":")
    act: Answer = getattr(importlib.import_module(module), name)
    return act(given)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done; 1 done, and the answer is no; 2 not done, because it was asked wrongly."""
    given = parser().parse_args(argv)
    try:
        return answer(given.command, given)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        if given.debug:
            traceback.print_exc()
            return ANSWER_NO
        return _explained(error)


def _explained(error: Exception) -> int:
    plain = sentence(error)
    if plain is None:
        print(
            f"yifa: 程序出错（{type(error).__name__}: {error}）。加上 --debug 再试一次，并把结果告诉我们 · "
            "This is our mistake; run `yifa --debug …` and tell us. [yifa.E700]",
            file=sys.stderr,
        )
        return ANSWER_NO
    print(f"yifa: {plain[0]}", file=sys.stderr)
    return plain[1]


if __name__ == "__main__":
    sys.exit(main())
