"""Mistakes said in a plain sentence: what is wrong, where, and what to do."""

import re
import sys
from typing import NoReturn

WRONG_USE = 2
"""Exit code for a command that could not be carried out as it was written."""

ANSWER_NO = 1
"""Exit code for a command that was carried out, and the answer is no: does not verify, refused, cannot."""


class Plain(Exception):
    """A sentence for the person at the keyboard."""

    def __init__(self, sentence: str, code: int = WRONG_USE) -> None:
        super().__init__(sentence)
        self.code = code


def stop(sentence: str, code: int = WRONG_USE) -> NoReturn:
    """End this command with a sentence."""
    raise Plain(sentence, code)


def sentence(error: BaseException) -> tuple[str, int] | None:
    """What to tell the person, and the exit code; None: this one is a mistake of ours."""
    if isinstance(error, Plain):
        return str(error), error.code
    if reasons := getattr(error, "reasons", None):  # procedure.Refused
        return "；".join(f"{reason}" for reason in reasons), ANSWER_NO
    if re.search(r"\[yifa\.E\d{3}\]\s*$", str(error)):
        return str(error), WRONG_USE
    if isinstance(error, FileNotFoundError) and error.filename:
        return f"找不到文件 {error.filename} · There is no such file. [yifa.E710]", WRONG_USE
    if isinstance(error, IsADirectoryError | NotADirectoryError | PermissionError) and error.filename:
        return f"打不开 {error.filename}：{error.strerror} · Cannot be opened. [yifa.E711]", WRONG_USE
    return _of_the_database(error)


def _drivers() -> tuple[type[Exception], ...]:
    """The drivers' own errors: what is asked of them directly complains directly."""
    return tuple(sys.modules[name].Error for name in ("sqlite3", "psycopg") if name in sys.modules)


def _of_the_database(error: BaseException) -> tuple[str, int] | None:
    """The database's own complaints; Django is asked only if it is there already."""
    if "psycopg" in str(error) and type(error).__name__ in ("ImproperlyConfigured", "ModuleNotFoundError"):
        return (
            "YIFA_DATABASE_URL 指向 PostgreSQL，但未安装 psycopg · Install the extra: pip install 'yifa[postgres]'. "
            "[yifa.E712]",
            WRONG_USE,
        )
    utils = sys.modules.get("django.db.utils")
    if utils is None or not isinstance(error, (utils.DatabaseError, *_drivers())):
        return None
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, utils.OperationalError) and ("connect" in said or "resolve" in said):
        return f"连不上数据库：{said} · The database does not answer; is it running? [yifa.E713]", ANSWER_NO
    if "no such table" in said or "does not exist" in said:
        return f"数据库还没有建好（{said}）· Run `yifa setup` first. [yifa.E714]", WRONG_USE
    if "locked" in said:
        return "数据库正忙，请稍后再试 · The database is busy; try again. [yifa.E715]", ANSWER_NO
    return f"数据库报错：{said} · The database refused. [yifa.E716]", ANSWER_NO
