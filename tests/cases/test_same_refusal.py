"""What the law does not allow is refused in the same sentence, with the same article, by whichever door one comes.

`check`, `act`, a stream, a rehearsal, the form on the desk, an import on the desk and `yifa import`.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yifa.cases.kernel import Do, RefusedAt, act, act_many, check, rehearse
from yifa.cases.store import Store
from yifa.matters.enforcement.certificate.procedure import Certificate as C
from yifa.matters.leadership.study.procedure import Study as S
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.people import LAW, Actor, offices, posts
from yifa.people.county import load_county
from yifa.procedure import Facts, Reason, Refused, Step, asks_of, read
from yifa.site.cli import main
from yifa.site.commands.setup import county_folder
from yifa.tables.headings import Target

TODAY = date.today()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
OFFICE = "xinxian-gov-office"
CLERKS = {
    "disclosure": f"{OFFICE}.disclosure-clerk",
    "study": "xinxian-law-office.study-clerk",
    "certificate": "xinxian-justice.certificate-officer",
}
HEADS = {
    "disclosure": f"{OFFICE}.disclosure-head",
    "study": "xinxian-justice.director",
    "certificate": "xinxian-justice.director",
}
WHO = {"clerk": CLERKS, "head": HEADS}

Said = tuple[Step[Any], dict[str, str]]

APPLIED = {
    "kind": "PERSON", "name": "王某甲", "identity": "411523199001010011", "contact": "13900000000",
    "wanted": "2022年村级公路预算",
}  # fmt: skip
HELD = {"body": "EXECUTIVE_MEETING", "form": "BEFORE_MEETING", "topic": "行政处罚法"}
ISSUED = {"holder": "赵某", "number": "16110001", "passed": "2023-02-01"}
GRANTED = {"answer": "GRANTED", "content": "见附件"}
EXTENDED = {"days": "10", "reason": "数量大"}


def said(step: Step[Any], on: str, **told: str) -> Said:
    return step, {"on": on} | told


def received(on: str = "2023-03-06") -> Said:
    return said(D.receive, on, **APPLIED)


def held(on: str = "2023-03-06") -> Said:
    return said(S.hold, on, **HELD)


def issued(on: str = "2023-03-06", **told: str) -> Said:
    return said(C.issue, on, **(ISSUED | told))


@dataclass(frozen=True)
class Case:
    """What was done, what is then tried and by whom, and what it is told. `doors`: those it can be tried at."""

    name: str
    before: tuple[Said, ...]
    tried: Said
    told: str
    by: str = "clerk"
    doors: tuple[str, ...] = ("kernel", "desk", "import")

    @property
    def family(self) -> str:
        return self.tried[0].family


KERNEL_AND_DESK = ("kernel", "desk")
LAW_ON = "（《政府信息公开条例》第{}）".format
STUDY_ON = "（《党政主要负责人履行推进法治建设第一责任人职责规定》第六条）"
HENAN_ON = "（《河南省行政执法条例》第{}）".format

CASES = [
    # the state
    Case("disclosure state", (received(), said(D.answer, "2023-03-20", **GRANTED)),
         said(D.consult, "2023-03-22", party="某公司"),
         "案件已答复，不能征求第三方意见" + LAW_ON("三十二条")),
    Case("study state", (held(), said(S.withdraw, "2023-03-07", why="重复登记")),
         said(S.withdraw, "2023-03-08", why="重复登记"),
         "案件登记已撤回，不能撤回登记" + STUDY_ON, doors=KERNEL_AND_DESK),
    Case("certificate state", (issued(), said(C.cancel, "2023-04-06", cause="RETIRED")),
         said(C.suspend, "2023-04-07", reason="接受调查"),
         "案件已注销，不能暂扣" + HENAN_ON("四十二条第（六）项")),
    # once
    Case("disclosure once", (received(), said(D.extend, "2023-03-20", **EXTENDED)),
         said(D.extend, "2023-03-21", **EXTENDED),
         "已经延期答复，只能一次" + LAW_ON("三十三条第二款"), by="head", doors=KERNEL_AND_DESK),
    # the role
    Case("disclosure role", (received(),), said(D.extend, "2023-03-20", **EXTENDED),
         "“延期答复”应当由机构负责人办理" + LAW_ON("三十三条第二款")),
    Case("study role", (), held(), "“登记学法”应当由经办人办理" + STUDY_ON, by="head", doors=(*KERNEL_AND_DESK, "yifa import")),
    Case("certificate role", (issued(),), said(C.suspend, "2023-04-07", reason="接受调查"),
         "“暂扣”应当由经办人办理" + HENAN_ON("四十二条第（六）项"), by="head", doors=KERNEL_AND_DESK),
    # a day that has not come
    Case("disclosure tomorrow", (received(),), said(D.answer, TOMORROW, **GRANTED),
         f"答复日期{TOMORROW}还没有到，不能登记尚未发生的事" + LAW_ON("三十六条")),
    Case("study tomorrow", (), held(TOMORROW),
         f"学习日期{TOMORROW}还没有到，不能登记尚未发生的事" + STUDY_ON),
    Case("certificate tomorrow", (), issued(TOMORROW),
         f"发证日期{TOMORROW}还没有到，不能登记尚未发生的事" + HENAN_ON("二十一条")),
    # a day before the step before
    Case("disclosure backwards", (received(),), said(D.answer, "2023-03-01", **GRANTED),
         "答复的日期2023-03-01早于上一步的日期2023-03-06" + LAW_ON("三十六条")),
    Case("study backwards", (held(),), said(S.withdraw, "2023-03-01", why="重复登记"),
         "撤回登记的日期2023-03-01早于上一步的日期2023-03-06" + STUDY_ON, doors=KERNEL_AND_DESK),
    Case("certificate backwards", (issued(),), said(C.suspend, "2023-03-01", reason="接受调查"),
         "暂扣的日期2023-03-01早于上一步的日期2023-03-06" + HENAN_ON("四十二条第（六）项")),
    # a day before the rule
    Case("disclosure too early", (), received("2020-01-02"),
         "政府信息公开申请的规定自2021年9月26日起施行，不能登记此前的事项" + LAW_ON("二十九条")),
    Case("study too early", (), held("2016-01-02"),
         "学法台账的规定自2016年11月30日起施行，不能登记此前的事项" + STUDY_ON),
    Case("certificate too early", (), issued("2016-01-02", passed="2015-12-01"),
         "行政执法证件的规定自2016年6月1日起施行，不能登记此前的事项" + HENAN_ON("二十一条")),
    # a condition with its article
    Case("disclosure condition", (received(),), said(D.answer, "2023-03-20", answer="STATE_SECRET"),
         "告知申请人不予公开并说明理由" + LAW_ON("三十六条第（三）项")),
    Case("certificate conditions", (), issued(standing="TEMPORARY", passed="2023-04-01"),
         "工勤人员、劳动合同工、临时工不得申请取得行政执法资格" + HENAN_ON("二十条第二款")
         + "；经考试合格，取得行政执法证后，方可上岗执法" + HENAN_ON("二十一条第一款")),
    # a period that has not run out
    Case("disclosure period", (received(), said(D.request_correction, "2023-03-08", missing="年份", until="2023-03-20")),
         said(D.lapse, "2023-03-20"),
         "申请人无正当理由逾期不补正的，视为放弃申请" + LAW_ON("三十条")),
    Case("disclosure silence", (received(), said(D.consult, "2023-03-10", party="某公司")),
         said(D.silence, "2023-03-31"),
         "第三方意见期限尚未届满" + LAW_ON("三十二条"), by=LAW.key, doors=("kernel",)),
    # a correction that cannot be right
    Case("disclosure correction", (received(), said(D.consult, "2023-03-10", party="某公司")),
         said(D.rectify, "2023-03-14", **APPLIED, dated="2023-03-13", why="登记有误"),
         "更正后的日期2023-03-13晚于征求第三方意见的日期2023-03-10" + LAW_ON("二十九条"), doors=KERNEL_AND_DESK),
    Case("study correction", (held(),), said(S.correct, "2023-03-14", **HELD, dated="2016-01-02", why="登记有误"),
         "更正后的日期2016-01-02早于学法台账的规定施行之日2016-11-30" + STUDY_ON, doors=KERNEL_AND_DESK),
    Case("certificate correction", (issued(),), said(C.correct, "2023-03-14", **ISSUED, dated="2023-03-15", why="登记有误"),
         "更正后的日期2023-03-15晚于更正的日期2023-03-14" + HENAN_ON("二十一条"), doors=KERNEL_AND_DESK),
]  # fmt: skip


def at(*doors: str) -> Any:
    cases = [case for case in CASES if {*doors} & {*case.doors}]
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


# ── The county, and its officials at their desks ─────────────────────────────


@pytest.fixture(autouse=True)
def county(db: None) -> Iterator[None]:
    _forget()
    load_county(county_folder(None))
    li = posts.person("li", "李某")
    for code in {*CLERKS.values(), *HEADS.values()}:
        posts.give(code, li, date(2016, 1, 1))
    yield
    _forget()


def _forget() -> None:
    offices.forget()
    posts.forget()
    cache.clear()


def actor(case: Case, by: str) -> Actor:
    return Actor.law() if by == LAW.key else posts.actor_in(WHO[by][case.family], TODAY)


def desk(case: Case) -> Client:
    client = Client()
    client.force_login(posts.person("li", "李某"))
    client.post("/desk/post/", {"post": WHO[case.by][case.family]})
    return client


def facts(one: Said) -> Facts:
    step, told = one
    found: Facts = read(step.asks, told)
    return found


def begun(case: Case) -> int | None:
    """What was done before, taken one after another by whoever may; its case."""
    id = None
    for one in case.before:
        by = "clerk" if "clerk" in one[0].role_keys else "head"
        id = act(one[0], facts(one), actor(case, by), case=id).case
    return id


def entries() -> int:
    row = Store().cursor().one("SELECT count(*) FROM ledger_entry")
    assert row
    return int(row[0])


# ── The doors ────────────────────────────────────────────────────────────────


@at("kernel")
def test_by_every_call_of_the_kernel(case: Case) -> None:
    step, told, who = case.tried[0], facts(case.tried), actor(case, case.by)
    id = begun(case)
    before = entries()
    assert as_told(check(step, told, who, case=id)) == case.told
    with pytest.raises(Refused) as by_act:
        act(step, told, who, case=id)
    assert as_told(by_act.value.reasons) == str(by_act.value) == case.told
    with pytest.raises(RefusedAt) as by_stream:
        act_many([Do(step, told, who, case=id)])
    assert as_told(by_stream.value.reasons) == case.told
    assert entries() == before


@at("kernel")
def test_in_a_stream_and_a_rehearsal_from_its_beginning(case: Case) -> None:
    dos = [
        Do(one[0], facts(one), actor(case, "clerk" if "clerk" in one[0].role_keys else "head"), ref="a")
        for one in case.before
    ]
    dos.append(Do(case.tried[0], facts(case.tried), actor(case, case.by), ref="a"))
    found = rehearse(dos)
    assert found
    assert (found[0], as_told(found[1])) == (len(case.before), case.told)
    tally = act_many(dos, keep_going=True)
    assert [(n, as_told(refused.reasons)) for n, refused in tally.refused] == [(len(case.before), case.told)]
    assert entries() == len(case.before)


@at("desk")
def test_by_the_form_on_the_desk(case: Case) -> None:
    step, told = case.tried
    id, client = begun(case), desk(case)
    before = entries()
    address = f"/desk/case/{id}/do/{step.key}/" if id else f"/desk/p/{case.family}/new/{step.key}/"
    opened = client.get(address)
    hidden = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', opened.content.decode()))
    answer = client.post(address, hidden | told | {"_do": "act"})
    assert answer.status_code in (403, 409)
    page = words_of(answer.content)
    assert [one for one in in_words(case.told) if one not in page] == []
    assert entries() == before


@at("import")
def test_by_an_import_on_the_desk(case: Case) -> None:
    file = SimpleUploadedFile("登记.xlsx", workbook(case))
    answer = desk(case).post(f"/desk/p/{case.family}/import/", {"file": file})
    assert case.told in html.unescape(answer.content.decode())
    assert entries() == 0


@at("import", "yifa import")
def test_by_yifa_import(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file := tmp_path / "登记.xlsx").write_bytes(workbook(case))
    assert main(["import", str(file), "--as", case.family, "--by", WHO[case.by][case.family]]) == 1
    assert case.told in capsys.readouterr().out
    assert entries() == 0


# ── How each door says it ────────────────────────────────────────────────────


def as_told(reasons: Iterable[Reason]) -> str:
    return "；".join(map(str, reasons))


def in_words(told: str) -> list[str]:
    """Each reason as the desk sets it: the sentence, and beside it the article without its brackets."""
    return [" ".join(re.fullmatch(r"(.*?)（(《.*)）", one).groups()) for one in told.split("；")]  # type: ignore[union-attr]


def words_of(page: bytes) -> str:
    """A page's text."""
    plain = re.sub(r"<[^>]*>", "", page.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def workbook(case: Case) -> bytes:
    """One row that tells all that was done and the step that is tried."""
    cells: dict[str, str] = {}
    for n, (step, told) in enumerate((*case.before, case.tried)):
        cells[Target(step, None, step.asks.on_label, not n).full_label] = told["on"]
        for ask in asks_of(step.asks):
            if ask.name in told:
                chosen = {c.name: c.label for c in ask.choices or ()}
                cells[Target(step, ask, ask.label, not n).full_label] = chosen.get(
                    told[ask.name], told[ask.name]
                )
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet
    sheet.append(list(cells))
    sheet.append(list(cells.values()))
    book.save(out)
    return out.getvalue()


def test_each_matter_is_tried_and_seven_kinds_of_refusal_at_three_doors_or_more() -> None:
    assert {case.family for case in CASES} == set(CLERKS)
    kinds = {case.name.split(" ", 1)[1] for case in CASES if len(case.doors) == 3}
    assert kinds >= {"state", "role", "tomorrow", "backwards", "too early", "condition", "period"}
