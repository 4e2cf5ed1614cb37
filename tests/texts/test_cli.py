"""`yifa law citations`: counts, and every unresolved citation with its place and reason."""

import json
from datetime import date

from yifa.texts.citing.cli import citations

ON = date(2026, 7, 1)


def test_a_text_is_told_place_by_place(tmp_path):
    (tmp_path / "草案.txt").write_text(
        "依照《行政处罚法》第九十条。\n依照《反不正当竞争法》第三条。", "utf-8"
    )
    code, said = citations([str(tmp_path)], ON)
    assert code == 1
    assert "1个文本，引用2处，按2026-07-01施行的版本核对：" in said
    assert "第1行\t《行政处罚法》第九十条\t应当修改" in said
    assert "第2行\t《反不正当竞争法》第三条\t法规库没有这部法规" in said


def test_programs_get_every_citation(tmp_path):
    file = tmp_path / "草案.txt"
    file.write_text("依照《行政处罚法》第三条至第五条。", "utf-8")
    code, said = citations([str(file)], ON, as_json=True)
    (row,) = json.loads(said)["citations"]
    assert code == 0
    assert row["places"] == [[3, None, None], [4, None, None], [5, None, None]]
    assert (row["statute"], row["outcome"]) == ("penalty-law", "GOOD")


def test_what_cannot_be_read_is_named_and_the_rest_is_done(tmp_path):
    (tmp_path / "乱码.txt").write_bytes("第三条".encode("gb18030"))
    (tmp_path / "好.txt").write_text("《行政处罚法》第三条", "utf-8")
    code, said = citations([str(tmp_path), str(tmp_path / "没有.txt")], ON)
    assert code == 2
    assert "乱码.txt：不是UTF-8编码的文本" in said
    assert "没有.txt：文件打不开" in said
    assert "引用1处" in said


def test_the_statutes_at_hand_are_the_default(real_texts):
    code, said = citations([], date(2026, 11, 22))
    assert code == 1
    assert said.startswith("56个文本，引用588处，按2026-11-22施行的版本核对：")
    assert "第二十条\t审计法第二十二条\t应当核实" in said
