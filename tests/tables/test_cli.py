"""`yifa import`: the preview as text, the same door, an exit code a script can use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from yifa.people.actor import Actor
from yifa.people.duties import Post
from yifa.people.models import User
from yifa.people.posts import found_post, give
from yifa.tables.cli import actor_for, import_file
from yifa.tables.errors import SheetError

from .conftest import GOVERNMENT, JUSTICE, study_workbook, workbook

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "学法台账.xlsx"
    place.write_bytes(study_workbook())
    return place


def entries() -> int:
    with connection.cursor() as c:
        c.execute("SELECT count(*) FROM ledger_entry")
        return int(c.fetchone()[0])


def test_the_accepted_rows_are_imported_and_the_others_named(file: Path, clerk: Actor) -> None:
    code, said = import_file(file, "study", clerk)
    assert code == 1, "not all of the file"
    assert entries() == 6
    assert "第7行，B列“时间”：学习日期“2023年2月30日”这一天不存在：2023年2月只有28天" in said
    assert "列：C 主体 → 学习主体" in said
    assert said.endswith("已导入6行（6项登记），4行不予导入。")


def test_a_dry_run_records_nothing(file: Path, clerk: Actor) -> None:
    code, said = import_file(file, "study", clerk, dry_run=True)
    assert (code, entries()) == (1, 0)
    assert said.endswith("只是预览，没有导入。")


def test_a_file_that_is_all_right_ends_with_zero(tmp_path: Path, clerk: Actor) -> None:
    place = tmp_path / "x.xlsx"
    place.write_bytes(
        workbook(
            [
                ("学习日期", "学习主体", "学习形式", "学习内容"),
                ("2023-03-05", "县委常委会", "会前学法", "宪法"),
            ]
        )
    )
    assert import_file(place, "study", clerk) == (0, import_file_said(place))
    assert import_file(place, "study", clerk)[0] == 1, "the same file again"
    assert entries() == 1
    assert import_file(place, "study", clerk, again=True)[0] == 0
    assert entries() == 2


def import_file_said(place: Path) -> str:
    return "\n".join(
        [
            f"学法台账：{place.name}，“Sheet1”第2行起：可以导入1行。",
            "列：A 学习日期 → 学习日期",
            "列：B 学习主体 → 学习主体",
            "列：C 学习形式 → 学习形式",
            "列：D 学习内容 → 学习内容",
            "已导入1行（1项登记）。",
        ]
    )


def test_the_refused_rows_can_be_written_to_a_file(file: Path, clerk: Actor, tmp_path: Path) -> None:
    place = tmp_path / "不予导入.xlsx"
    _, said = import_file(file, "study", clerk, refused_to=place)
    assert place.read_bytes().startswith(b"PK")
    assert "改正后可再导入" in said


def test_a_person_is_found_by_user_name_or_post(file: Path) -> None:
    since = date(2020, 1, 1)
    for code, families in (("gov.clerk", ()), ("gov.study", ("study",)), ("justice.clerk", ())):
        office = JUSTICE if code.startswith("justice") else GOVERNMENT
        found_post(
            Post(
                code=code,
                since=since,
                office=office,
                title="经办人",
                roles=frozenset({"clerk"}),
                families=frozenset(families),
            )
        )
    wang = User.objects.create(username="wang", name="王某")
    give("gov.clerk", wang, since)
    for who in ("wang", "gov.clerk", ""):
        assert actor_for(who, "study").post == "gov.clerk"
    give("gov.study", wang, since)
    assert actor_for("wang", "study").post == "gov.study", "a post made for such matters comes first"
    assert actor_for("wang", "disclosure").post == "gov.clerk"
    give("justice.clerk", User.objects.create(username="li", name="李某"), since)
    with pytest.raises(SheetError, match=r"请说明以哪个职务导入：gov\.clerk、justice\.clerk"):
        actor_for("", "disclosure")
    assert actor_for("", "disclosure", JUSTICE).post == "justice.clerk"
    with pytest.raises(SheetError, match="没有叫“zhao”的用户"):
        import_file(file, "study", "zhao")
    assert import_file(file, "study", "wang", dry_run=True)[0] == 1


def test_a_post_bound_to_other_matters_may_not_import(file: Path) -> None:
    since = date(2020, 1, 1)
    found_post(
        Post(
            code="gov.disclosure", since=since, office=GOVERNMENT, title="政府信息公开经办人",
            roles=frozenset({"clerk"}), families=frozenset({"disclosure"}),
        )
    )  # fmt: skip
    give("gov.disclosure", User.objects.create(username="wang", name="王某"), since)
    for who in ("wang", "gov.disclosure", "", actor_for("wang", "disclosure")):
        with pytest.raises(SheetError, match=r"职务不办理这一事项，不能导入。"):
            import_file(file, "study", who)
    assert entries() == 0


def test_an_office_may_be_named(file: Path, registrar: Actor) -> None:
    import_file(file, "study", registrar, office="新县人民政府办公室")
    with connection.cursor() as c:
        c.execute("SELECT DISTINCT office FROM cases_case")
        assert c.fetchall() == [(GOVERNMENT,)]
    with pytest.raises(SheetError, match="没有“某某局”这个机关"):
        import_file(file, "study", registrar, office="某某局")
