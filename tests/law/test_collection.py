"""A county imports its own texts: each file whole or not at all, and every refusal with its reason."""

import pytest

from yifa.law import cli, import_texts, statute
from yifa.law.cli import shapes


@pytest.fixture
def folder(tmp_path, small):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "政府信息公开条例.md").write_text(small, "utf-8")
    return folder


def test_an_imported_text_is_at_hand_at_once(home, folder):
    assert statute("disclosure-regulation")(2).text is None
    code, said = cli.import_folder(str(folder))
    assert (code, said) == (0, "导入1部，原已导入且未变0部，拒绝0个文件。\n其中1部是本系统引用的版本。")
    assert statute("disclosure-regulation")(2).says("20个工作日")


def test_importing_again_changes_nothing(home, folder):
    import_texts(folder)
    report = import_texts(folder)
    assert (len(report.imported), len(report.unchanged)) == (0, 1)


def test_a_bad_file_is_refused_by_name_and_line_and_the_good_ones_are_kept(home, folder, small):
    (folder / "乱码.md").write_bytes(small.encode("gb18030"))
    (folder / "缺条.md").write_text(small.replace("**第二条**", "**第五条**"), "utf-8")
    (folder / "重复.md").write_text(small, "utf-8")
    (folder / "空.md").write_text("", "utf-8")
    (folder / "README.md").write_text("about this folder", "utf-8")
    code, said = cli.import_folder(str(folder))
    assert code == 1
    assert "导入1部，原已导入且未变0部，拒绝4个文件。" in said
    assert "拒绝 乱码.md第1行：不是UTF-8编码（看起来是GBK）" in said
    assert "拒绝 缺条.md第11行：条文不连续：这里应当是第二条，却是第五条" in said
    assert (
        "拒绝 重复.md：《中华人民共和国政府信息公开条例》2019-04-03版已经在政府信息公开条例.md里读到" in said
    )
    assert "拒绝 空.md：文件是空的" in said
    assert [path.name for path in (home / "law").iterdir()] == [
        "中华人民共和国政府信息公开条例-2019-04-03.md"
    ]


def test_a_refused_file_leaves_the_text_imported_before(home, folder, small):
    import_texts(folder)
    (folder / "政府信息公开条例.md").write_text(small.replace("**第三条**", "**第二条**"), "utf-8")
    assert cli.import_folder(str(folder))[0] == 2
    assert statute("disclosure-regulation")(3).says("施行")


def test_a_disk_that_fails_leaves_nothing_half_written(home, folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yifa.law.collection.os.fsync", full)
    code, said = cli.import_folder(str(folder))
    assert code == 2
    assert said.startswith("无法写入")
    assert list((home / "law").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "what"), [("nowhere", "没有这个文件夹"), ("ours/none", "文件夹里没有 .md 文件")]
)
def test_a_folder_without_texts_is_said_to_be_one(home, folder, tmp_path, name, what):
    (folder / "none").mkdir()
    code, said = cli.import_folder(str(tmp_path / name))
    assert code == 2
    assert what in said


def test_a_title_cannot_leave_the_folder(home, folder, small):
    title = "../../../etc/" + "很长的名称" * 30
    (folder / "政府信息公开条例.md").write_text(
        small.replace("# 中华人民共和国政府信息公开条例", f"# {title}"), "utf-8"
    )
    report = import_texts(folder)
    assert len(report.imported) == 1
    kept = list((home / "law").iterdir())
    assert len(kept) == 1
    assert len(kept[0].name.encode()) < 255


def test_items_out_of_order_are_told(home, folder, small):
    (folder / "政府信息公开条例.md").write_text(small.replace("（二）其二", "（四）其二"), "utf-8")
    assert "提醒 政府信息公开条例.md第11行：第二条的项不连续" in cli.import_folder(str(folder))[1]


# Keeping the library


def test_a_text_that_disagrees_with_the_library_is_a_finding(home, folder):
    assert cli.audit() == (0, "手头没有法规文本，无从核对。")
    import_texts(folder)
    code, said = cli.audit()
    assert code == 1
    assert "《政府信息公开条例》（2019-04-03版）：登记共56条，文本有3条" in said
    assert "第二条：登记为1款，文本为3款（第二款2项）" in said
    assert "文本没有第五十六条" in said


def test_an_edition_nobody_entered_and_a_file_gone_bad_are_findings(home, folder, small):
    (home / "law").mkdir(parents=True)
    (home / "law" / "a.md").write_text(small.replace("2019-04-03", "2027-01-01"), "utf-8")
    (home / "law" / "b.md").write_text("", "utf-8")
    said = cli.audit()[1]
    assert "《中华人民共和国政府信息公开条例》：手头的文本是2027-01-01版，登记的是2019-04-03版" in said
    assert "b.md：文件是空的" in said


def test_the_shape_of_a_text_is_printed_for_the_library(folder, small):
    assert shapes(small) == "0 0.2.0 0"
    code, said = cli.entry(str(folder / "政府信息公开条例.md"), "disclosure-regulation")
    assert code == 0
    assert said.endswith('articles = 3\nshape = """\n0 0.2.0 0"""')
    assert cli.entry("nowhere.md", "x")[0] == 2


# With the real texts


def test_every_text_agrees_with_the_library(real_texts):
    assert cli.audit()[0] == 0, cli.audit()[1]


def test_every_real_text_can_be_imported(real_texts, home):
    report = import_texts(real_texts)
    assert (len(report.imported), report.refused, report.doubts) == (56, (), ())


def test_the_general_rules_of_counting_say_what_the_clock_does(real_texts):
    code = statute("civil-code")
    assert code(201, para=1).says("开始的当日不计入，自下一日开始计算")
    assert code(201, para=2).says("按照小时计算期间的，自法律规定或者当事人约定的时间开始计算")
    assert code(202).says("到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日")
    assert code(203, para=1).says("期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日")


def test_the_places_the_disclosure_matter_rests_on(real_texts):
    law = statute("disclosure-regulation")
    assert law(33, para=2).says("20个工作日")
    assert law(30).says("7个工作日")
    assert law(32).says("15个工作日")
    assert law(29, item=1).text == law(29, para=2, item=1).text
    assert law(36, item=3).says("告知申请人不予公开并说明理由")
    assert statute("reconsideration-law", "2023-09-01")(23, para=1, item=4).says(
        "申请政府信息公开，行政机关不予公开"
    )
    assert statute("reconsideration-law", "2023-09-01")(88).says("工作日")


def test_the_articles_that_say_what_a_day_is(real_texts):
    assert statute("penalty-law")(85).says("本法中“二日”“三日”“五日”“七日”的规定是指工作日")
    assert statute("coercion-law")(69).says("本法中十日以内期限的规定是指工作日")
    review = statute("reconsideration-law", "2023-09-01")
    assert review(88, para=2).says("有关“三日”、“五日”、“七日”、“十日”的规定是指工作日")


def test_a_newer_edition_says_how_to_see_what_it_touches(home, folder, small):
    import_texts(folder)
    (folder / "政府信息公开条例.md").write_text(small.replace("2019-04-03", "2030-01-01"), "utf-8")
    code, said = cli.import_folder(str(folder))
    assert code == 0
    assert "yifa law changed disclosure-regulation 2019-04-03 2030-01-01" in said
