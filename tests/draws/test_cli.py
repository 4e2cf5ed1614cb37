"""`yifa draw`: what a firm sees at home."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from yifa.draws import DrawError, Out, draw
from yifa.draws.cli import check, script
from yifa.site.cli import main

from .example import VALUES, VEIL, fixed

MADE = fixed(lots={"企0003": 2})
RESULT = draw(MADE.commitment, MADE.lists, VEIL, VALUES)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "抽取.json"
    path.write_text(MADE.file().text, "utf-8")
    return str(path)


def test_a_genuine_file_verifies_and_names_what_it_verified(file, capsys):
    assert main(["draw", "verify", file, "--published", MADE.commitment.digest]) == 0
    said = capsys.readouterr().out
    assert "相符" in said
    assert "新双随机〔2023〕1号" in said
    assert MADE.commitment.digest in said
    assert "3.9.12.17.21.30." in said


def test_another_digest_than_the_one_published_does_not(file, capsys):
    assert main(["draw", "verify", file, "--published", "0" * 64]) == 1
    assert "不是当时公布的那一个" in capsys.readouterr().out


def test_a_firm_that_was_drawn_sees_its_ticket_below_the_cut_off_and_who_comes(file):
    firm = RESULT.picked[0]
    code, said = check(file, name=firm.name)
    assert code == 0
    assert f"“{firm.name}”在“企业”120个中排第1，抽6个：抽中" in said
    mine, last = (line.split()[-1] for line in said.splitlines() if "签 · " in line)
    assert mine < last
    assert f"检查人员（市场监管局）：{'、'.join(firm.details[0].sent)}" in said


def test_a_firm_that_was_not_drawn_sees_where_it_stands(file):
    name = RESULT.reserves["企业"][3]
    _, said = check(file, name=name)
    assert f"“{name}”在“企业”120个中排第10，抽6个：未抽中" in said
    mine, last = (line.split()[-1] for line in said.splitlines() if "签 · " in line)
    assert mine > last


def test_who_fell_out_and_who_came_in_is_said(tmp_path):
    gone, came = RESULT.picked[0].name, RESULT.reserves["企业"][0]
    path = tmp_path / "抽取.json"
    path.write_text(MADE.file(Out(gone, "已注销")).text, "utf-8")
    assert "抽中，后来退出（已注销）" in check(str(path), name=gone)[1]
    said = check(str(path), name=came)[1]
    assert "排第7，抽6个：未抽中，后来递补" in said
    assert "检查人员（市场监管局）" in said


def test_a_shuffle_has_ranks_and_no_tickets(tmp_path):
    made = fixed(method="shuffle")
    path = tmp_path / "抽取.json"
    path.write_text(made.file().text, "utf-8")
    name = draw(made.commitment, made.lists, VEIL, VALUES).picked[1].name
    said = check(str(path), name=name)[1]
    assert "中排第2，抽6个：抽中" in said
    assert "签 · ticket" not in said


def test_a_name_on_no_list_is_said_to_be_on_none(file):
    assert "名录里没有“无名”" in check(file, name="无名")[1]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"[1]", "{}".encode("utf-16")])
def test_what_is_no_draw_file_is_said_plainly(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    code, said = check(str(path))
    assert code in (1, 2)
    assert "抽取文件" in said


def test_a_missing_file_is_named(capsys):
    assert main(["draw", "verify", "没有.json"]) == 2
    assert "没有.json" in capsys.readouterr().err


def test_the_script_is_written_once_and_nothing_is_written_over(tmp_path, file):
    import subprocess

    assert script(str(tmp_path))[0] == 0
    ran = subprocess.run([sys.executable, "-I", tmp_path / "verify_draw.py", file], capture_output=True, text=True, check=True)  # fmt: skip
    assert ran.stdout.startswith("相符")
    with pytest.raises(DrawError, match="没有覆盖"):
        script(str(tmp_path))
