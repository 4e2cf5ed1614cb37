"""From an official's workbook to the record: a preview that writes nothing, then all accepted rows or none."""

from __future__ import annotations

import io
import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import connection

from yifa.cases import loaded
from yifa.cases.kernel import act, check
from yifa.matters.enforcement.certificate.procedure import Certificate
from yifa.matters.leadership.study import facts as study_facts
from yifa.matters.leadership.study.procedure import Study
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.people.actor import Actor
from yifa.tables import importer, staging
from yifa.tables.errors import SheetError
from yifa.tables.importer import RowRefused, carry_out, give_up, preview, refused_rows

from .conftest import (
    COMMITTEE,
    GOVERNMENT,
    JUSTICE,
    STUDY_HEADING,
    actor,
    csv_file,
    disclosure_workbook,
    study_workbook,
    workbook,
)

pytestmark = pytest.mark.usefixtures("county")

STUDY = ("学习日期", "学习主体", "学习形式", "学习内容")
CERTIFICATE = ("姓名", "执法证号", "发证日期", "考试日期", "人员身份")


def scalar(sql: str, *params: object) -> Any:
    with connection.cursor() as c:
        c.execute(sql, params)
        return c.fetchone()[0]


def everything() -> tuple[int, ...]:
    tables = (
        "ledger_entry",
        "cases_case",
        "cases_act",
        "cases_cell",
        "papers_paper",
        "tables_import",
        "tables_row",
    )
    return tuple(scalar(f"SELECT count(*) FROM {t}") for t in tables)


def study(*rows: tuple[Any, ...]) -> bytes:
    return workbook([STUDY, *rows])


def session(day: str, topic: str = "宪法") -> tuple[str, ...]:
    return (day, "县委常委会", "会前学法", topic)


# ── A study register as it comes from an office ──────────────────────────────


def test_a_study_register_is_previewed_row_by_row(clerk: Actor) -> None:
    before = everything()
    p = preview("study", study_workbook(), "学法台账.xlsx", clerk)
    assert everything() == before, "a preview writes nothing to the record"
    assert p.totals == {"可以导入": 6, "不予导入": 4, "不是登记内容": 4}
    assert [str(r) for r in p.refused] == [
        "第7行，B列“时间”：学习日期“2023年2月30日”这一天不存在：2023年2月只有28天",
        "第11行，C列“主体”：学习主体没有“县政府常务会”这一项，是不是：“县政府常务会议”",
        "第12行，B列“时间”：请填写学习日期",
        "第13行，G列“参加人数（人）”：参加人数“约30人”不是确切的数",
    ]
    assert [(s.number, s.kind) for s in p.skipped] == [
        (9, "空行"), (15, "合计行"), (16, "表下说明"), (17, "表下说明"),
    ]  # fmt: skip
    assert [(c.letter, c.heading, c.note) for c in p.unmatched] == [("H", "备注", "没有认出，这一列不导入")]
    assert p.acts == {"登记学法": 6}
    assert p.sentence() == "“2023年学法”第4行起：可以导入6行，不予导入4行，不是登记内容4行。"


def test_carrying_it_out_records_the_accepted_rows_and_only_those(clerk: Actor) -> None:
    p = preview("study", study_workbook(), "学法台账.xlsx", clerk)
    result = carry_out(p.token, clerk)
    assert (result.rows, result.acts, result.cases, result.refused_rows) == (6, 6, 6, 4)
    assert scalar("SELECT count(*) FROM ledger_entry") == 6
    assert scalar("SELECT sum(n) FROM cases_cell WHERE family = 'study' AND measure = 'n'") == 6
    assert (
        scalar("SELECT count(*) FROM cases_case WHERE opened = '2023-05-12' AND office = %s", GOVERNMENT) == 1
    )


def test_the_refused_rows_come_back_as_a_workbook_that_can_be_put_right_and_imported(clerk: Actor) -> None:
    p = preview("study", study_workbook(), "学法台账.xlsx", clerk)
    carry_out(p.token, clerk)
    book = openpyxl.load_workbook(io.BytesIO(refused_rows(p.token, clerk)))
    sheet = book.active
    assert sheet is not None
    by_heading = {cell.value: cell.column for cell in sheet[4]}
    assert sheet.cell(5, by_heading["原行号"]).value == 7
    assert "这一天不存在" in str(sheet.cell(5, by_heading["未导入的原因"]).value)
    sheet.cell(5, by_heading["学习日期"]).value = "2023年2月28日"
    sheet.cell(6, by_heading["学习主体"]).value = "县政府常务会议"
    sheet.cell(7, by_heading["学习日期"]).value = date(2023, 8, 18)
    sheet.cell(8, by_heading["参加人数"]).value = 30
    out = io.BytesIO()
    book.save(out)
    again = preview("study", out.getvalue(), "改正后.xlsx", clerk)
    assert again.totals == {"可以导入": 4}
    assert carry_out(again.token, clerk).acts == 4
    assert scalar("SELECT count(*) FROM ledger_entry") == 10


# ── A disclosure register with answers in the same rows ──────────────────────


def test_a_register_carries_the_answer_beside_the_application(registrar: Actor) -> None:
    p = preview("disclosure", disclosure_workbook(), "登记簿.xlsx", registrar)
    assert p.acts == {"登记申请": 3, "答复": 2}
    assert [str(r) for r in p.refused] == [
        "第6行，答复：告知申请人不予公开并说明理由（《政府信息公开条例》第三十六条第（三）项）",
        "第8行，I列“答复／日期”：填了“答复／类型”，没有填“答复／日期”",
        "第9行，C列“申请人／类型”：申请人类型没有“个人”这一项，可以是：“自然人”、“商业企业”、“科研机构”、“社会公益组织”、“法律服务机构”、“其他组织”",
        "第10行，E列“申请人／证件号码”：身份证明是按数字存的，Excel 只保留前15位，后几位已经丢失；请把这一列设为文本后重填",
        "第11行，H列“承办单位”：2023年没有叫“新县某某局”的机关，是不是“新县司法局”？",
    ]
    assert p.readings == ["J列“答复／类型”：“信息不存在”读作“本机关不掌握：信息不存在”"]
    carry_out(p.token, registrar)
    states = {(o, s): scalar("SELECT count(*) FROM cases_case WHERE office = %s AND state = %s", o, s)
              for o, s in ((GOVERNMENT, "answered"), (JUSTICE, "handling"))}  # fmt: skip
    assert states == {(GOVERNMENT, "answered"): 2, (JUSTICE, "handling"): 1}


def test_the_law_refuses_a_row_with_the_sentence_the_desk_would_show(registrar: Actor) -> None:
    p = preview("disclosure", disclosure_workbook(), "登记簿.xlsx", registrar)
    (by_law,) = [r for r in p.refused if r.reasons]
    case = act(
        Disclosure.receive,
        f.Registration(
            on=date(2023, 3, 8),
            kind=f.Applicant.BUSINESS,
            name="某公司",
            identity="91",
            contact="139",
            wanted="纪要",
        ),
        registrar,
    ).case
    reply = f.Reply(on=date(2023, 3, 28), answer=f.Answer.INTERNAL)
    assert by_law.reasons == check(Disclosure.answer, reply, registrar, case=case)


def test_personal_facts_are_sealed_and_stand_in_no_table_of_the_import(registrar: Actor) -> None:
    carry_out(preview("disclosure", disclosure_workbook(), "登记簿.xlsx", registrar).token, registrar)
    assert scalar("SELECT count(*) FROM ledger_sealed WHERE name = 'identity'") == 3
    with connection.cursor() as c:
        for table in ("ledger_entry", "cases_case", "tables_import", "tables_row"):
            c.execute(f"SELECT * FROM {table}")
            text = str(c.fetchall())
            assert "王某甲" not in text
            assert "411523199001010011" not in text


def test_an_answer_dated_before_its_application_is_refused(registrar: Actor) -> None:
    heading = (
        "收到日期",
        "申请人类型",
        "申请人",
        "身份证号",
        "联系电话",
        "申请内容",
        "答复日期",
        "答复结果",
        "提供的信息或者获取的途径",
    )
    row = ("2023-03-10", "自然人", "王某", "411523", "139", "预算", "2023-03-01", "予以公开", "见网站")
    p = preview("disclosure", workbook([heading, row]), "x.xlsx", registrar)
    assert [r.why for r in p.refused] == [
        "答复的日期2023-03-01早于上一步的日期2023-03-10（《政府信息公开条例》第三十六条）"
    ]


def test_contents_of_a_later_step_without_its_date_column_are_not_taken(registrar: Actor) -> None:
    heading = ("收到日期", "申请人类型", "申请人", "身份证号", "联系电话", "申请内容", "答复类型")
    row = ("2023-03-10", "自然人", "王某", "411523", "139", "预算", "予以公开")
    p = preview("disclosure", workbook([heading, row]), "x.xlsx", registrar)
    assert p.acts == {"登记申请": 1}
    assert [c.note for c in p.unmatched] == ["像是“答复”的内容，但表中没有“答复日期”一列"]


# ── The register of certificates, offices, roles ─────────────────────────────


def certificates(*rows: tuple[Any, ...], more: tuple[str, ...] = ()) -> bytes:
    return workbook([(*CERTIFICATE, *more), *rows])


def holder(number: str, standing: str = "在编在职") -> tuple[Any, ...]:
    return ("赵某", number, date(2023, 4, 3), date(2023, 3, 1), standing)


def test_who_may_not_hold_a_certificate_is_refused_by_law(clerk: Actor) -> None:
    p = preview(
        "certificate", certificates(holder("16110001"), holder("16110002", "临时工")), "x.xlsx", clerk
    )
    assert p.accepted == 1
    assert [str(r) for r in p.refused] == [
        "第3行，发证：工勤人员、劳动合同工、临时工不得申请取得行政执法资格（《河南省行政执法条例》第二十条第二款）"
    ]


def test_an_entry_and_its_cancellation_may_stand_in_one_row(clerk: Actor) -> None:
    data = certificates(
        (*holder("16110001"), "2023-09-01", "退休"),
        (*holder("16110002"), "", ""),
        more=("注销日期", "注销原因"),
    )
    p = preview("certificate", data, "x.xlsx", clerk)
    assert p.acts == {"发证": 2, "注销": 1}
    carry_out(p.token, clerk)
    assert scalar("SELECT state FROM cases_case WHERE number = '16110001'") == "cancelled"
    assert scalar("SELECT state FROM cases_case WHERE number = '16110002'") == "in_force"


def test_a_row_for_an_office_out_of_reach_is_refused(clerk: Actor) -> None:
    data = certificates((*holder("16110001"), "新县司法局"), (*holder("16110002"), ""), more=("发证机关",))
    p = preview("certificate", data, "x.xlsx", clerk)
    assert [r.why for r in p.refused] == ["“发证”不在您的管辖范围内（《河南省行政执法条例》第二十一条）"]
    assert p.sample[0].office == GOVERNMENT


def test_an_office_is_known_by_its_short_name_or_the_end_of_its_name(registrar: Actor) -> None:
    data = certificates(
        *((*holder(str(n)), name) for n, name in enumerate(("司法局", "县政府办", "人民政府办公室"))),
        more=("单位",),
    )
    p = preview("certificate", data, "x.xlsx", registrar)
    assert [s.office for s in p.sample] == [JUSTICE, GOVERNMENT, GOVERNMENT]
    assert p.readings == ["F列“单位”：“人民政府办公室”读作“新县人民政府办公室”"]


def test_a_column_called_unit_that_names_no_office_is_left_alone(clerk: Actor) -> None:
    data = certificates((*holder("16110001"), "本"), (*holder("16110002"), "个"), more=("单位",))
    p = preview("certificate", data, "x.xlsx", clerk)
    assert p.accepted == 2
    assert p.notes == ["F列“单位”里没有一个是机关名称，这一列没有用，各行记在导入人所在机关名下。"]


def test_who_has_not_the_role_cannot_import() -> None:
    p = preview("study", study(session("2023-03-05")), "x.xlsx", actor(COMMITTEE, "head"))
    assert p.accepted == 0
    assert p.refused[0].why.startswith("“登记学法”应当由经办人办理（")


def test_what_has_not_happened_yet_cannot_be_imported(clerk: Actor) -> None:
    p = preview("study", study(session("2199-03-05")), "x.xlsx", clerk)
    assert p.refused[0].why.startswith("学习日期2199-03-05还没有到，不能登记尚未发生的事")


def test_what_was_before_the_rule_is_refused_at_its_row(clerk: Actor) -> None:
    p = preview("study", study(session("1999-03-05"), session("2023-03-05")), "x.xlsx", clerk)
    assert p.accepted == 1
    assert "不能登记此前的事项" in p.refused[0].why


# ── Twice ────────────────────────────────────────────────────────────────────


def test_the_same_file_twice_is_noticed_and_refused_unless_confirmed(clerk: Actor) -> None:
    data = study(session("2023-03-05"), session("2023-04-05"))
    carry_out(preview("study", data, "三月.xlsx", clerk).token, clerk)
    p = preview("study", data, "换了名字.xlsx", clerk)
    assert "导入过（三月.xlsx，2行）" in p.earlier
    assert not p.can_be_carried_out
    with pytest.raises(SheetError, match="E611"):
        carry_out(p.token, clerk)
    assert scalar("SELECT count(*) FROM ledger_entry") == 2
    assert carry_out(p.token, clerk, again=True).acts == 2
    assert scalar("SELECT count(*) FROM ledger_entry") == 4


def test_of_a_longer_file_only_the_new_rows_are_taken(clerk: Actor) -> None:
    carry_out(preview("study", study(session("2023-03-05")), "三月.xlsx", clerk).token, clerk)
    p = preview("study", study(session("2023-03-05"), session("2023-04-05")), "四月.xlsx", clerk)
    assert (p.accepted, [str(d) for d in p.doubles]) == (1, ["第2行：与此前导入的“三月.xlsx”第2行相同"])
    assert carry_out(p.token, clerk).acts == 1


def test_two_equal_rows_of_one_file_are_one_record_unless_confirmed(clerk: Actor) -> None:
    p = preview("study", study(session("2023-03-05"), session("2023-03-05")), "x.xlsx", clerk)
    assert (p.accepted, [str(d) for d in p.doubles]) == (1, ["第3行：与本表第2行相同"])


def test_what_was_entered_by_hand_is_not_imported_a_second_time(clerk: Actor) -> None:
    told = study_facts.Session(
        on=date(2023, 3, 5),
        body=study_facts.Body.STANDING_COMMITTEE,
        form=study_facts.Form.BEFORE_MEETING,
        topic="宪法",
    )
    case = act(Study.hold, told, clerk).case
    p = preview("study", study(session("2023-03-05")), "x.xlsx", clerk)
    assert [str(d) for d in p.doubles] == [f"第2行：与已登记的第{case}号案件相同"]


# ── Nothing half done ────────────────────────────────────────────────────────


def test_when_the_door_refuses_one_row_none_is_written(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    p = preview("study", study(*(session(f"2023-03-{d:02}") for d in range(1, 31))), "x.xlsx", clerk)
    assert p.accepted == 30
    before = everything()
    monkeypatch.setattr(
        loaded, "today", lambda: date(2023, 3, 25)
    )  # between preview and import the law changed its mind
    with pytest.raises(RowRefused) as refused:
        carry_out(p.token, clerk)
    assert everything() == before
    assert refused.value.row == 27
    told = study_facts.Session(
        on=date(2023, 3, 26),
        body=study_facts.Body.STANDING_COMMITTEE,
        form=study_facts.Form.BEFORE_MEETING,
        topic="宪法",
    )
    assert refused.value.reasons == check(Study.hold, told, clerk)
    assert str(refused.value).startswith("“Sheet1”第27行：学习日期2023-03-26还没有到")
    monkeypatch.undo()
    assert carry_out(p.token, clerk).acts == 30, "the upload still waits"


def test_a_break_in_the_middle_leaves_nothing(clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    p = preview("study", study(session("2023-03-05")), "x.xlsx", clerk)
    before = everything()

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importer, "_note_rows", power_cut)
    with pytest.raises(KeyboardInterrupt):
        carry_out(p.token, clerk)
    assert everything() == before


def test_a_sheet_without_a_required_column_is_not_imported(clerk: Actor) -> None:
    p = preview(
        "study",
        workbook([("学习日期", "学习主体", "学习形式"), ("2023-03-05", "县委常委会", "会前学法")]),
        "x.xlsx",
        clerk,
    )
    assert p.problems
    assert not p.can_be_carried_out
    with pytest.raises(SheetError, match="缺少“学习内容”一列"):
        carry_out(p.token, clerk)


def test_a_csv_row_torn_by_a_comma_is_refused(clerk: Actor) -> None:
    p = preview("study", csv_file([STUDY, session("2023-03-05", "宪法,民法典")], "gb18030"), "x.csv", clerk)
    assert [str(r) for r in p.refused] == ["第2行：这一行有5格，表头只有4格，多半是内容里的逗号没有加引号"]


def test_dates_without_a_year_need_a_person_to_name_it(clerk: Actor) -> None:
    data = workbook([("2023年学法台账",), STUDY, session("3月5日")])
    p = preview("study", data, "x.xlsx", clerk)
    assert (p.accepted, p.year) == (0, 2023)
    assert preview("study", data, "x.xlsx", clerk, year=2023).accepted == 1


def test_an_unknown_procedure_is_named(clerk: Actor) -> None:
    with pytest.raises(SheetError, match="没有“nothing”这个程序"):
        preview("nothing", study(), "x.xlsx", clerk)


def test_a_person_may_say_what_a_heading_means(clerk: Actor) -> None:
    data = workbook([("学习日期", "学习主体", "学习形式", "讲了什么"), session("2023-03-05")])
    assert preview("study", data, "x.xlsx", clerk).problems
    assert preview("study", data, "x.xlsx", clerk, mapping={"讲了什么": "hold.topic"}).accepted == 1
    wrong = preview("study", data, "x.xlsx", clerk, mapping={"讲了什么": "hold.nothing"})
    assert wrong.problems[0] == "为“讲了什么”一列选的“hold.nothing”不是“学法台账”的内容。"


def test_what_stands_under_no_heading_is_mentioned(clerk: Actor) -> None:
    p = preview("study", workbook([STUDY, (*session("2023-03-05"), "", "看看")]), "x.xlsx", clerk)
    assert p.accepted == 1
    assert p.notes == ["F列没有表头，里面的内容没有导入。"]


# ── Between preview and confirmation ─────────────────────────────────────────


def files() -> list[Path]:
    return list((Path(settings.YIFA_HOME) / "imports").iterdir())


@pytest.fixture(autouse=True)
def empty_waiting_room() -> None:
    for file in staging.folder().iterdir():
        file.unlink()


def test_the_upload_is_kept_as_noise_and_gone_after_use(registrar: Actor) -> None:
    data = csv_file([STUDY, session("2023-03-05", "王某甲的名字")])
    p = preview("study", data, "x.csv", registrar)
    (file,) = files()
    kept = file.read_bytes()
    assert "王某甲".encode() not in kept
    assert "县委常委会".encode() not in kept
    assert p.token not in file.name
    assert file.stat().st_mode & 0o077 == 0
    carry_out(p.token, registrar)
    assert files() == []


def test_after_an_import_only_the_refused_rows_wait(clerk: Actor) -> None:
    p = preview("study", study_workbook(), "x.xlsx", clerk)
    carry_out(p.token, clerk)
    waiting = staging.look_up(p.token, clerk)
    assert waiting.used
    assert len(waiting.data) < len(study_workbook()) + 4000
    with pytest.raises(SheetError, match="已经办理"):
        carry_out(p.token, clerk)


def test_after_a_day_it_is_forgotten(clerk: Actor) -> None:
    p = preview("study", study(session("2023-03-05")), "x.xlsx", clerk)
    (file,) = files()
    yesterday = time.time() - staging.KEPT_SECONDS - 1
    os.utime(file, (yesterday, yesterday))
    with pytest.raises(SheetError, match="超过24小时"):
        carry_out(p.token, clerk)
    assert files() == []


def test_nobody_else_can_carry_it_out(clerk: Actor) -> None:
    p = preview("study", study(session("2023-03-05")), "x.xlsx", clerk)
    for other in (actor(GOVERNMENT, "clerk", person=8), actor(JUSTICE, "clerk")):
        with pytest.raises(SheetError, match="E614"):
            carry_out(p.token, other)
        with pytest.raises(SheetError, match="E614"):
            refused_rows(p.token, other)


def test_a_second_click_while_the_first_is_carried_out_does_nothing(clerk: Actor) -> None:
    p = preview("study", study(session("2023-03-05")), "x.xlsx", clerk)
    clicked: list[str] = []

    def second_click(_: int) -> None:
        with pytest.raises(SheetError, match="E610") as refused:
            carry_out(p.token, clerk, again=True)
        clicked.append(refused.value.sentence)

    assert carry_out(p.token, clerk, progress=second_click).acts == 1
    assert clicked
    assert scalar("SELECT count(*) FROM ledger_entry") == 1


def test_a_wrong_token_opens_nothing(clerk: Actor) -> None:
    preview("study", study(session("2023-03-05")), "x.xlsx", clerk)
    with pytest.raises(SheetError, match="E610"):
        carry_out("not the token", clerk)


def test_an_upload_can_be_given_up(clerk: Actor) -> None:
    p = preview("study", study(session("2023-03-05")), "x.xlsx", clerk)
    give_up(p.token, clerk)
    assert files() == []


def test_progress_is_told_while_reading_and_while_recording(clerk: Actor) -> None:
    told: list[int] = []
    data = study(*(session("2023-03-05", f"第{n}讲") for n in range(1200)))
    p = preview("study", data, "x.xlsx", clerk, progress=told.append)
    assert told == [500, 1000, 1200]
    told.clear()
    carry_out(p.token, clerk, progress=told.append)
    assert told[-1] == 1200


def test_headings_of_an_official_need_no_template(clerk: Actor) -> None:
    data = workbook([STUDY_HEADING, (1, "2023-03-05", "县委常委会", "会前学法", "宪法", "张某", 30, "")])
    assert preview("study", data, "x.xlsx", clerk).accepted == 1
    assert Certificate.key == "certificate"


# ── What the report then says ────────────────────────────────────────────────


def test_the_figures_rise_by_what_was_imported_and_the_cube_still_agrees_with_the_ledger(
    registrar: Actor,
) -> None:
    from yifa.counts import compare, figure, year

    def value(key: str) -> object:
        return figure(key, year(2023)).value

    assert value("study.collective") == 0
    carry_out(preview("study", study_workbook(), "学法台账.xlsx", registrar).token, registrar)
    assert (value("study.collective"), value("study.study_group"), value("study.executive_meeting")) == (
        5,
        1,
        1,
    )
    carry_out(preview("disclosure", disclosure_workbook(), "登记簿.xlsx", registrar).token, registrar)
    assert (value("disclosure.received"), value("disclosure.answers")) == (3, 2)
    assert figure("disclosure.in_time", year(2023)).denominator == 2
    assert list(compare()) == []
