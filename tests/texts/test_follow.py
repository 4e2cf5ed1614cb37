"""The index follows the ledger: what was just done is found, what was taken back is not, and what is sealed never comes near it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cases.conftest import (
    GOVERNMENT,
    JUSTICE,
    actor,
    application,
    clerk,
    county,
    head,
    registrar,
    stranger,
)
from yifa.cases.kernel import Do, act, act_many
from yifa.cases.read import listing
from yifa.cases.store import Store
from yifa.law import texts
from yifa.ledger.erase import erase
from yifa.matters.leadership.study import facts as s
from yifa.matters.leadership.study.procedure import Study
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.people.actor import Actor
from yifa.texts.lookup import follow, search
from yifa.texts.lookup.index import ANSWER, CASE, FILE
from yifa.texts.reading import Place, Reading

__all__ = ["application", "clerk", "county", "head", "registrar", "stranger"]
pytestmark = pytest.mark.usefixtures("county")
TODAY = date(2023, 6, 1)
NAME = "贾宝玥"


@pytest.fixture(autouse=True)
def no_statutes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """These tests are about the ledger; reading 56 statutes for each of them would take a second."""
    monkeypatch.setattr("yifa.law.texts.at_hand", dict)
    follow.forget()
    yield
    follow.forget()


def session(topic: str = "习近平法治思想概论", **told: Any) -> s.Session:
    given = {"on": date(2023, 3, 6), "body": s.Body.OTHER, "form": s.Form.LECTURE, "leader": "李某"}
    return s.Session(**(given | {"topic": topic} | told))


def found(query: str, reader: Actor | None, kind: str = CASE, **more: Any) -> list[int | None]:
    hits = search.search(query, reader, TODAY, search.Filters(kind=kind, **more)).hits
    return [hit.case for hit in hits]


def everything() -> str:
    """All that stands in the tables of the index, as text."""
    cursor = Store().cursor()
    told = [str(row) for t in ("document", "body") for row in cursor.all(f"SELECT * FROM texts_{t}")]
    if cursor.on_postgres:
        told += [row[0] for row in cursor.all("SELECT tokens::text FROM texts_passage")]
    else:
        rows = cursor.all("SELECT block FROM texts_index_data")
        told += [bytes(row[0]).decode("utf-8", "replace") for row in rows if row[0]]
    return "\n".join(told)


@pytest.mark.django_db
def test_what_was_just_recorded_is_found_at_once(clerk):
    case = act(Study.hold, session(), clerk).case
    assert found("法治思想", clerk) == [case]
    assert found("中心组集体学习", clerk) == []
    assert found("法治专题讲座", clerk) == [case]  # an outcome is found by its label


@pytest.mark.django_db
def test_a_stream_is_found_too(clerk):
    act_many([Do(Study.hold, session(f"第{n}讲"), clerk) for n in range(600)])
    assert len(found("第599讲", clerk)) == 1
    assert follow.compare() == []


@pytest.mark.django_db
def test_a_correction_stands_in_the_place_of_what_it_puts_right(clerk):
    case = act(Study.hold, session("民法典物权编"), clerk).case
    assert found("物权编", clerk) == [case]
    told = {k: v for k, v in vars(session("民法典合同编")).items() if k != "on"}
    correct = Study.steps["correct"]
    right = correct.asks(**told, on=date(2023, 3, 8), dated=date(2023, 3, 6), why="写错")
    act(correct, right, clerk, case=case)
    assert found("物权编", clerk) == []
    assert found("合同编", clerk) == [case]


@pytest.mark.django_db
def test_what_was_withdrawn_is_found_by_its_name_alone_as_lists_show_it(clerk):
    case = act(Study.hold, session("某讲", material="签到表与照片"), clerk).case
    assert found("签到表", clerk) == [case]
    withdraw = Study.steps["withdraw"]
    act(withdraw, withdraw.asks(on=date(2023, 3, 8), why="重复登记"), clerk, case=case)
    assert found("签到表", clerk) == []
    assert found("某讲", clerk) == [case]


@pytest.mark.django_db
def test_one_rule_for_search_and_lists(clerk, stranger, registrar):
    case = act(Study.hold, session("村级公路养护"), clerk).case
    readers = {
        "clerk": (clerk, [case]),
        "registrar": (registrar, [case]),
        "another office": (stranger, []),
        "everybody": (None, []),
        "no scope": (actor(JUSTICE, "clerk", scope=frozenset()), []),
        "another matter": (
            Actor(7, "李某", "p", GOVERNMENT, frozenset({"clerk"}), None, families=frozenset({"disclosure"})),
            [],
        ),
        "this matter": (
            Actor(7, "李某", "p", GOVERNMENT, frozenset({"clerk"}), None, families=frozenset({"study"})),
            [case],
        ),
    }
    for who, (reader, may) in readers.items():
        assert found("村级公路", reader) == may, who
        assert search.search("村级公路", reader, TODAY).counts[CASE] == len(may), who
        if reader:
            page = listing("study", reader, TODAY, {"q": "村级公路"})
            assert [row.id for row in page.rows if reader.handles("study")] == may, who


@pytest.mark.django_db
def test_what_is_sealed_never_enters_the_index(clerk, head, application):
    """Who applied, what for, what was answered, and the papers that say so: all of it is sealed."""
    told = {"name": NAME, "identity": "411523199001019999", "contact": "13900001111", "wanted": "饕餮坝预算"}
    done = act(D.receive, application(**told), clerk)
    reply = f.Reply(on=date(2023, 3, 20), answer=f.Answer.GRANTED, content="貔貅桥决算")
    act(D.answer, reply, _may(D.answer, clerk, head), case=done.case)
    number = Store().cursor().one("SELECT number FROM cases_case WHERE id = ?", (done.case,))
    assert number
    assert found(number[0] or f.Answer.GRANTED.label, clerk) == [done.case]
    stands = everything()
    secrets = (NAME, "宝玥", "411523199001019999", "4115231990", "13900001111", "饕餮", "貔貅")
    assert [secret for secret in secrets if secret in stands] == []
    assert [secret for secret in secrets if found(secret, clerk)] == []


def _may(step: Any, clerk: Actor, head: Actor) -> Actor:
    return clerk if "clerk" in step.role_keys else head


@pytest.mark.django_db
def test_a_published_answer_is_everybodys_until_it_is_withdrawn(clerk, head, application):
    case = act(D.receive, application(), clerk).case
    reply = f.Reply(on=date(2023, 3, 20), answer=f.Answer.GRANTED, content="见附件")
    act(D.answer, reply, _may(D.answer, clerk, head), case=case)
    assert found("养护台账", None, ANSWER) == []
    told = f.Publication(on=date(2023, 3, 22), headline="农村公路养护台账", summary="全县二百一十条")
    act(D.publish, told, _may(D.publish, clerk, head), case=case)
    assert found("养护台账", None, ANSWER) == found("二百一十条", None, ANSWER) == [case]
    assert found("养护台账", None) == []
    Store().cursor().run("UPDATE cases_act SET voided = ? WHERE case_id = ?", (True, case))
    follow.rebuild()
    assert found("养护台账", None, ANSWER) == []


@pytest.mark.django_db
def test_several_words_must_all_be_there(clerk):
    case = act(Study.hold, session("村级公路", material="预算与决算"), clerk).case
    act(Study.hold, session("村级公路", material="养护"), clerk)
    assert found("村级公路 预算", clerk) == [case]
    assert case not in found("村级公路 -预算", clerk)
    assert len(found("村级公路 -预算", clerk)) == 1


@pytest.mark.django_db
def test_rebuilding_finds_what_somebody_changed_and_puts_it_right(clerk):
    case = act(Study.hold, session(), clerk).case
    assert follow.compare() == []  # it only reads: what is not put in yet is no difference
    assert found("法治思想", clerk) == [case]
    assert follow.compare() == []
    changed = (
        "UPDATE texts_body SET body = ? WHERE document_id = (SELECT id FROM texts_document WHERE case_id = ?)"
    )
    Store().cursor().run(changed, ("改了", case))
    wrong = follow.compare()
    assert [d.table for d in wrong] == ["texts_document"]
    assert "改了" in str(wrong[0])
    assert follow.rebuild() == wrong
    assert follow.compare() == []
    assert found("法治思想", clerk) == [case]


@pytest.mark.django_db
def test_an_index_made_by_another_analyser_is_made_anew(clerk):
    case = act(Study.hold, session(), clerk).case
    follow.catch_up()
    Store().cursor().run("UPDATE texts_mark SET value = '0' WHERE name = 'analyser'")
    assert found("法治思想", clerk) == [case]
    assert follow.compare() == []


@pytest.mark.usefixtures("committed")
def test_what_was_erased_leaves_no_word_of_a_file_behind(clerk, application, monkeypatch):
    """Open facts stay in the ledger and in the index; a file of the case is found no more."""
    from yifa.texts.lookup import sources

    reading = Reading("饕餮纹样的规范性文件草案", (Place(0, "第1段"),), "草案.docx", "0" * 64, "docx")
    monkeypatch.setattr(sources, "is_file", lambda ask: ask.name == "kind")
    monkeypatch.setattr(sources, "_reading", lambda sha: reading)
    case = act(D.receive, application(name=NAME), clerk).case
    assert found("饕餮纹样", clerk, FILE) == [case]
    assert search.search("饕餮", clerk, TODAY).hits[0].place == "第1段"
    erase(case, clerk, "保存期满，经批准")
    follow.catch_up()
    assert found("饕餮纹样", clerk, FILE) == []
    assert "饕餮" not in everything()
    assert NAME not in everything()


@pytest.mark.django_db
def test_a_kept_reading_is_found_through_the_fact_that_names_it(clerk, settings, tmp_path, monkeypatch):
    from yifa.cases.scene import files
    from yifa.texts.lookup import sources

    settings.YIFA_HOME = tmp_path
    reading = Reading("第一行\n不得限定供应商所在地", (Place(0, "第1段"), Place(4, "第2段")), "草案.docx")
    sha = files().keep_text(reading.dump())
    monkeypatch.setattr(sources, "is_file", lambda ask: ask.name == "material")
    case = act(Study.hold, session(material=sha), clerk).case
    hit = search.search("限定供应商", clerk, TODAY, search.Filters(kind=FILE)).hits[0]
    assert (hit.case, hit.place, hit.about["sha"]) == (case, "第2段", sha)
    assert found(sha[:20], clerk) == []
    files().remove(sha)
    follow.rebuild()
    assert found("限定供应商", clerk, FILE) == []


@pytest.mark.usefixtures("committed")
def test_an_act_that_commits_late_with_a_lower_number_is_not_passed_over(clerk):
    """PostgreSQL: a number is taken, a higher one is committed and indexed, then the lower one is committed."""
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL: SQLite has one writer at a time")
    taken, go = threading.Event(), threading.Event()

    def late() -> None:
        try:
            with transaction.atomic():
                act(Study.hold, session("迟到的讲座", on=date(2023, 5, 4)), clerk)  # another cell of the cube
                taken.set()
                go.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert taken.wait(20)
    act(Study.hold, session("先到的讲座"), clerk)
    assert len(found("先到的讲座", clerk)) == 1
    assert found("迟到的讲座", clerk) == []
    go.set()
    thread.join()
    assert len(found("迟到的讲座", clerk)) == 1
    mark = Store().cursor().one("SELECT value FROM texts_mark WHERE name = 'ledger'")
    assert mark
    assert json.loads(mark[0])["waiting"] == []
    assert follow.compare() == []


@pytest.mark.django_db
def test_pages_follow_one_another_without_gap_or_repetition(clerk):
    act_many([Do(Study.hold, session(f"讲座{n}"), clerk) for n in range(45)])
    seen: list[int] = []
    after = ""
    while True:
        page = search.search("讲座", clerk, TODAY, search.Filters(kind=CASE), after=after)
        assert page.counts[CASE] == 45
        seen += [hit.id for hit in page.hits]
        if not (after := page.next):
            break
    assert len(seen) == len(set(seen)) == 45
    for odd in ("x", "1", "1-", "-1", "99999999999-1", "²-1", "1-2-3", "\0"):
        assert search.search("讲座", clerk, TODAY, after=odd).counts[CASE] == 45


@pytest.mark.django_db
def test_filters_narrow_by_kind_office_day_and_matter(clerk):
    act(Study.hold, session("甲讲"), clerk)
    act(Study.hold, session("乙讲", on=date(2023, 5, 4)), clerk)
    assert len(found("法治专题讲座", clerk)) == 2
    assert len(found("法治专题讲座", clerk, since=date(2023, 4, 1))) == 1
    assert len(found("法治专题讲座", clerk, until=date(2023, 4, 1))) == 1
    assert len(found("法治专题讲座", clerk, office=GOVERNMENT)) == 2
    assert found("法治专题讲座", clerk, office=JUSTICE) == []
    assert found("法治专题讲座", clerk, family="disclosure") == []
    assert found("法治专题讲座", clerk, FILE) == []


@pytest.mark.usefixtures("committed")
def test_a_search_does_not_wait_long_for_others_and_says_what_it_may_have_missed(clerk):
    act(Study.hold, session("先登记的讲座"), clerk)
    assert len(found("先登记的讲座", clerk)) == 1
    act(Study.hold, session("后登记的讲座"), clerk)
    taken, go = threading.Event(), threading.Event()

    def long_import() -> None:
        try:
            with transaction.atomic():
                cursor = Store().cursor()
                cursor.run(
                    "SELECT pg_advisory_xact_lock(7042)"
                    if cursor.on_postgres
                    else "DELETE FROM texts_mark WHERE 1 = 0"
                )
                taken.set()
                go.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=long_import)
    thread.start()
    assert taken.wait(20)
    try:
        answer = search.search("登记的讲座", clerk, TODAY)
        assert answer.behind
        assert answer.counts[CASE] == 1
    finally:
        go.set()
        thread.join()
    answer = search.search("登记的讲座", clerk, TODAY)
    assert not answer.behind
    assert answer.counts[CASE] == 2


def law(edition: str, words: str) -> str:
    return f"# 试行办法\n\n- version: {edition}\n\n## 第一章 总则\n\n**第一条** {words}\n"


@pytest.mark.django_db
def test_the_statutes_follow_their_folder(monkeypatch, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    monkeypatch.undo()  # of `no_statutes`
    monkeypatch.setenv("YIFA_STATUTES", str(folder))
    monkeypatch.setattr(follow, "LOOK_AGAIN", 0)
    texts.forget()

    def articles(words: str) -> list[str]:
        hits = search.search(words, None, TODAY, search.Filters(kind="statute")).hits
        return [h.ref for h in hits if h.about["title"] == "试行办法"]

    try:
        assert articles("蓝田种玉") == []
        (folder / "a.md").write_text(law("2020-01-01", "蓝田种玉。"), "utf-8")
        assert articles("蓝田种玉") == ["试行办法@2020-01-01#1"]
        assert articles("试行办法") == ["试行办法@2020-01-01", "试行办法@2020-01-01#1"]
        (folder / "a.md").write_text(law("2020-01-01", "合浦还珠，改过了。"), "utf-8")
        assert articles("蓝田种玉") == []
        assert articles("合浦还珠") == ["试行办法@2020-01-01#1"]
        (folder / "a.md").unlink()
        assert articles("合浦还珠") == []
        assert follow.compare() == []
    finally:
        texts.forget()
