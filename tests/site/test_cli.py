"""The command line: quick, plain about mistakes, and honest in its exit codes."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from yifa.procedure import Reason, Refused
from yifa.site.cli import COMMANDS, main, parser
from yifa.site.errors import Plain, sentence


def test_every_command_explains_itself_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        assert "·" in command.help, command.words
        with pytest.raises(SystemExit) as ended:
            parser().parse_args([*command.words.split(), "--help"])
        assert ended.value.code == 0
    assert "yifa due" in capsys.readouterr().out


def test_every_command_stands_where_it_says() -> None:
    for command in COMMANDS:
        module, name = command.place.split(":")
        assert callable(getattr(importlib.import_module(module), name)), command.words


def test_due_prints_the_day_and_its_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "20 working days", "2026-02-09"]) == 0
    day, *sum_ = capsys.readouterr().out.strip().splitlines()
    assert day == "2026-03-13"
    assert any("春节" in line for line in sum_)


def test_due_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "20个工作日", "2026-02-09", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["day"] == "2026-03-13"


def test_a_date_that_is_none_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "20 working days", "2026-02-30"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "[yifa.E029]" in told.err
    assert "Traceback" not in told.err


def test_due_needs_neither_django_nor_a_home_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from yifa.site.cli import main; main(['due', '7 working days', '2023-04-28']);"
        "sys.exit('django' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"YIFA_HOME": str(tmp_path / "none"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "none").exists()


def test_a_sheet_is_printed_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sheets", "disclosure"]) == 0
    sheet = capsys.readouterr().out
    assert sheet.startswith("# 政府信息公开申请")
    assert "《政府信息公开条例》第三十三条第二款" in sheet


def test_an_unknown_procedure_is_told_with_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sheets", "nothing"]) == 2
    assert "disclosure" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_a_sentence() -> None:
    told = sentence(FileNotFoundError(2, "No such file", "学法台账.xlsx"))
    assert told is not None
    assert "学法台账.xlsx" in told[0]
    assert told[1] == 2


def test_a_refusal_is_said_in_the_laws_words() -> None:
    told = sentence(Refused(Reason("已经告知补正，只能一次", None, "yifa.R002")))
    assert told == ("已经告知补正，只能一次", 1)


def test_a_mistake_of_ours_is_not_hidden_behind_a_sentence() -> None:
    assert sentence(KeyError("surprise")) is None


def test_a_plain_sentence_carries_its_exit_code() -> None:
    assert sentence(Plain("够了", 1)) == ("够了", 1)
