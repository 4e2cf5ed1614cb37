"""Documents handed in with a form: read at once, never lost, seen by whoever sees the case and by nobody else."""

from __future__ import annotations

import io
import json
import os
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from yifa.cases import documents, read
from yifa.cases.scene import files, handed
from yifa.cases.store import Store
from yifa.look.words import english
from yifa.papers.document import Document as Paper
from yifa.people import posts
from yifa.procedure import registry
from yifa.texts.kept import hand_in, reading_of

from .conftest import CLERK, TODAY, hidden
from .drafts.procedure import Drafts

NEW = "/desk/p/drafts/new/hand_in/"
HEX = re.compile(r">[^<]*[0-9a-f]{64}[^<]*<")


@pytest.fixture(autouse=True)
def drafts(settings: Any, tmp_path: Any, county: None) -> Iterator[None]:
    """The matter is there, and every test has a home of its own for files."""
    from yifa.people.duties import Post

    from .conftest import BEGIN, GOVERNMENT

    settings.YIFA_HOME = tmp_path
    registry().add(Drafts)
    families = frozenset({"disclosure", "study", "drafts"})
    posts.record(
        Post(
            code=CLERK,
            since=BEGIN,
            office=GOVERNMENT,
            title="经办人",
            roles=frozenset({"clerk"}),
            families=families,
        )
    )
    yield
    registry()._editions.pop("drafts")
    registry()._names.pop(("drafts", Drafts.edition))
    posts.forget()


def word(*paragraphs: str) -> bytes:
    document, out = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


DRAFT = word("新县招商引资若干规定", "第一条　为了促进发展，制定本规定。")


def upload(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def send(client: Client, address: str = NEW, **typed: Any) -> Any:
    form = hidden(client.get(address).content) | {"on": TODAY.isoformat(), "_do": "act", "title": "若干规定"}
    return client.post(address, form | typed)


def ticket(page: str, name: str = "draft") -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def entries() -> int:
    return int(Store().cursor().one("SELECT count(*) FROM ledger_entry")[0])  # type: ignore[index]


def handed_in(client: Client, data: bytes = DRAFT, name: str = "规定.docx") -> int:
    answer = send(client, draft__file=upload(data, name))
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.url.rstrip("/").rpartition("/")[2])


def digest(case: int) -> str:
    row = Store().cursor().one("SELECT facts FROM cases_case WHERE id = ?", (case,))
    assert row is not None
    return str(json.loads(row[0])["draft"])


# ── Handing in ───────────────────────────────────────────────────────────────


def test_the_form_takes_a_file_or_words_with_scripts_off(clerk: Client) -> None:
    page = clerk.get(NEW).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" id="f-draft" name="draft__file" accept=".docx,.pdf,.txt,.xlsx,.ofd"' in page
    assert 'name="draft__text"' in page
    assert 'enctype="multipart/form-data"' not in clerk.get("/desk/p/study/new/record/").content.decode()


def test_a_draft_is_read_and_kept_with_its_original(clerk: Client) -> None:
    case = handed_in(clerk)
    sha = digest(case)
    reading = reading_of(sha)
    assert reading.text == "新县招商引资若干规定\n第一条　为了促进发展，制定本规定。"
    assert reading.name == "规定.docx"
    assert files().open(reading.file) == DRAFT
    assert files().has(sha), "it stays where files stay, not with half-filled forms"


def test_what_was_handed_in_is_not_lost_when_the_rest_is_refused(clerk: Client) -> None:
    answer = send(clerk, title="", draft__file=upload(DRAFT, "规定.docx"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写标题" in page
    assert "<strong>规定.docx</strong>" in page
    assert "27字" in page
    assert entries() == 0
    again = send(clerk, draft=ticket(page))
    assert again.status_code == 302
    assert entries() == 1


def test_another_file_replaces_the_first(clerk: Client) -> None:
    page = send(clerk, title="", draft__file=upload(DRAFT, "规定.docx")).content.decode()
    answer = send(clerk, draft=ticket(page), draft__file=upload("第一条 改过的稿子。".encode(), "二稿.txt"))
    case = int(answer.url.rstrip("/").rpartition("/")[2])
    assert reading_of(digest(case)).name == "二稿.txt"


def test_pasted_words_are_a_document_too(clerk: Client) -> None:
    answer = send(clerk, draft__text="第一条 为了促进发展。\r\n第二条 本规定自公布之日起施行。")
    case = int(answer.url.rstrip("/").rpartition("/")[2])
    reading = reading_of(digest(case))
    assert reading.text == "第一条 为了促进发展。\n第二条 本规定自公布之日起施行。"
    assert reading.name == "粘贴的文字.txt"
    assert reading.place(15) == "第2行"


def test_a_file_and_words_together_are_a_question_back_and_the_words_stay(clerk: Client) -> None:
    answer = send(clerk, draft__file=upload(DRAFT, "规定.docx"), draft__text="另一份")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "选了文件又粘贴了文字" in page
    assert ">另一份</textarea>" in page


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.doc", "另存为.docx后提交"),
        (b"", "空.docx", "空.docx：文件是空的"),
        (b"PK\x03\x04broken", "坏.docx", "坏.docx：文件已损坏"),
        (b"MZ\x90\0" * 100, "规定.docx", "不能接收这种文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_the_fields_problem(
    clerk: Client, data: bytes, name: str, said: str
) -> None:
    answer = send(clerk, draft__file=upload(data, name))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'id="f-draft-problem"' in page
    assert 'value="若干规定"' in page, "what else was typed stays"
    assert entries() == 0


def test_a_wrong_file_does_not_push_out_the_one_before(clerk: Client) -> None:
    page = send(clerk, title="", draft__file=upload(DRAFT, "规定.docx")).content.decode()
    page = send(
        clerk, draft=ticket(page), draft__file=upload(b"PK\x03\x04broken", "坏.docx")
    ).content.decode()
    assert "文件已损坏" in page
    assert "<strong>规定.docx</strong>" in page


def test_nothing_handed_in_is_asked_for_where_it_is_required(clerk: Client) -> None:
    page = send(clerk).content.decode()
    assert '<a href="#f-draft">请提交送审稿</a>' in page
    assert "请提交起草说明" not in page


def test_doubts_are_seen_before_anything_is_entered(clerk: Client) -> None:
    text = "第一条 为了规范行政行为，根据有关规定，制定本办法。".encode("gb18030")
    answer = send(clerk, draft__file=upload(text, "办法.txt"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "按GB18030（GBK）读取" in page
    assert "还没有办理" in page
    assert entries() == 0
    assert send(clerk, draft=ticket(page)).status_code == 302


def test_a_file_may_be_looked_at_first(clerk: Client) -> None:
    answer = send(clerk, title="", draft__file=upload(DRAFT, "规定.docx"), _do="read")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "文件已经读入，还没有办理。" in page
    assert "请填写标题" not in page
    assert ticket(page)


def test_an_optional_document_can_be_taken_back(clerk: Client) -> None:
    both = {"draft__file": upload(DRAFT, "规定.docx"), "basis__text": "起草说明"}
    page = send(clerk, title="", **both).content.decode()
    assert 'name="draft__drop"' not in page
    told = {"draft": ticket(page), "basis": ticket(page, "basis"), "basis__drop": "1"}
    answer = send(clerk, **told)
    row = Store().cursor().one("SELECT facts FROM cases_case")
    assert answer.status_code == 302
    assert row is not None
    assert json.loads(row[0])["basis"] == ""


def test_a_correction_starts_from_the_document_the_case_holds(clerk: Client) -> None:
    case = handed_in(clerk)
    step = next(s.key for s in Drafts.steps.values() if s.amends is Drafts.hand_in)
    address = f"/desk/case/{case}/do/{step}/"
    page = clerk.get(address).content.decode()
    assert "<strong>规定.docx</strong>" in page
    told = {"draft": ticket(page), "dated": TODAY.isoformat(), "why": "标题写错", "title": "改过的标题"}
    before = digest(case)
    answer = send(clerk, address, **told)
    assert answer.status_code == 302, answer.content.decode()
    assert digest(case) == before
    assert not handed().has(before), "settled documents do not lie about with unfinished forms"


# ── Tickets ──────────────────────────────────────────────────────────────────


def test_a_digest_by_itself_opens_nothing(clerk: Client) -> None:
    """Whoever knows the digest of another office's draft does not get its text by handing the digest in."""
    sha = hand_in(DRAFT, "别处的稿子.docx")
    answer = send(clerk, draft=sha)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "先前交的文件已经不在，请重新选择" in page
    assert "别处的稿子" not in page
    page = clerk.get(f"{NEW}?draft={sha}&title=甲").content.decode()
    assert 'value="甲"' in page
    assert "别处的稿子" not in page


def test_a_ticket_is_its_owner_s_alone(clerk: Client, registrar: Client) -> None:
    page = send(clerk, title="", draft__file=upload(DRAFT, "规定.docx")).content.decode()
    other = send(registrar, draft=ticket(page))
    assert "<strong>规定.docx</strong>" not in other.content.decode()
    assert entries() == 0


def test_what_nobody_came_back_for_is_destroyed_and_what_was_entered_stays(clerk: Client) -> None:
    case = handed_in(clerk)
    page = send(clerk, title="", draft__text="没有下文的稿子").content.decode()
    assert ticket(page)
    for path in handed().folder.glob("??/*"):
        os.utime(path, (time.time() - 8 * 86400,) * 2)
    assert documents.sweep() == 2
    assert "先前交的文件已经不在" in send(clerk, draft=ticket(page)).content.decode()
    assert reading_of(digest(case)).name == "规定.docx"
    assert documents.sweep() == 0


# ── Shown ────────────────────────────────────────────────────────────────────


def test_people_see_its_name_and_length_and_never_its_digest(clerk: Client) -> None:
    case = handed_in(clerk)
    page = clerk.get(f"/desk/case/{case}/").content.decode()
    assert "规定.docx" in page
    assert "27字" in page
    assert f'href="/desk/case/{case}/document/{digest(case)}/"' in page
    shown = {
        "case": page,
        "list": clerk.get("/desk/p/drafts/").content.decode(),
        "form": clerk.get(f"/desk/case/{case}/do/hand_in_again/").content.decode(),
        "csv": clerk.get("/desk/p/drafts/export.csv").content.decode("utf-8-sig"),
    }
    for text in shown.values():
        assert "规定.docx" in text or text is shown["form"]
    assert digest(case) not in shown["csv"]
    assert [k for k, text in shown.items() if HEX.search(text) and digest(case) in HEX.search(text)[0]] == []  # type: ignore[index]


def test_a_paper_names_it(clerk: Client) -> None:
    case = handed_in(clerk)
    address = f"/desk/case/{case}/do/review/"
    preview = send(clerk, address, opinion="无意见", _do="preview").content.decode()
    assert "若干规定（规定.docx）：无意见" in preview
    assert send(clerk, address, opinion="无意见").status_code == 302
    actor = posts.actor_in(CLERK, TODAY, posts.person("wang", "王某"))
    page = read.case(case, actor, TODAY)
    text = Paper.from_canonical(read.paper_text(case, page.papers[0].entry, actor))
    assert "规定.docx" in str(text)


def test_the_page_shows_the_text_with_its_places(clerk: Client) -> None:
    case = handed_in(clerk)
    page = clerk.get(f"/desk/case/{case}/document/{digest(case)}/").content.decode()
    assert '<p id="p0"><span class="read-place">第1段</span>新县招商引资若干规定</p>' in page
    assert '<p id="p11"><span class="read-place">第2段</span>第一条' in page
    file = clerk.get(f"/desk/case/{case}/document/{digest(case)}/original")
    assert file.content == DRAFT
    assert file["Content-Type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert file["Content-Disposition"] == "attachment; filename*=UTF-8''%E8%A7%84%E5%AE%9A.docx"


def test_what_stands_in_a_document_is_text_and_no_markup(clerk: Client) -> None:
    case = handed_in(clerk, b"<script>alert(1)</script> &amp; <b>", "x.txt")
    page = clerk.get(f"/desk/case/{case}/document/{digest(case)}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &lt;b&gt;" in page


def test_who_does_not_see_the_case_does_not_see_its_documents(
    clerk: Client, stranger: Client, registrar: Client
) -> None:
    case = handed_in(clerk)
    for address in (
        f"/desk/case/{case}/document/{digest(case)}/",
        f"/desk/case/{case}/document/{digest(case)}/original",
    ):
        assert clerk.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
        assert registrar.get(address).status_code == 200, "the keeper of the whole county's matters"
        assert Client().get(address).status_code == 302


def test_a_case_shows_its_own_documents_and_no_other_file(clerk: Client) -> None:
    case = handed_in(clerk)
    other = hand_in("另一份".encode(), "另一份.txt")
    for sha in (other, "0" * 64, "x", reading_of(digest(case)).file):
        assert clerk.get(f"/desk/case/{case}/document/{sha}/").status_code == 404
        assert clerk.get(f"/desk/case/{case}/document/{sha}/original").status_code == 404


def test_a_document_that_was_destroyed_says_so(clerk: Client) -> None:
    case = handed_in(clerk)
    for store in (files(), handed()):
        store.remove(digest(case))
    page = clerk.get(f"/desk/case/{case}/").content.decode()
    assert "（文件不在档案中）" in page
    assert clerk.get(f"/desk/case/{case}/document/{digest(case)}/").status_code == 404


def test_destroying_personal_data_says_that_documents_stay(clerk: Client, head: Client) -> None:
    answer = send(clerk, draft__file=upload(DRAFT, "规定.docx"), contact="张某")
    case = int(answer.url.rstrip("/").rpartition("/")[2])
    page = head.get(f"/desk/case/{case}/erase/").content.decode()
    assert "不会销毁" in page
    assert "<li>规定.docx</li>" in page
    sure = {"reason": "保存期满，经主任批准", "sure": "销毁"}
    assert head.post(f"/desk/case/{case}/erase/", sure).status_code == 302
    assert head.get(f"/desk/case/{case}/document/{digest(case)}/").status_code == 200


def test_the_pages_speak_english(clerk: Client) -> None:
    case = handed_in(clerk)
    clerk.cookies["django_language"] = "en"
    page = clerk.get(f"/desk/case/{case}/document/{digest(case)}/").content.decode()
    assert "Download the original" in page
    assert "27 characters" in page
    assert english()["先读文件"] in clerk.get(NEW).content.decode()


# ── In a sheet ───────────────────────────────────────────────────────────────


def test_a_sheet_does_not_bring_files_along(clerk: Client) -> None:
    form = clerk.get("/desk/p/drafts/import/form.xlsx")
    assert form.status_code == 200
    table = "日期,标题,送审稿\n2026-03-05,若干规定,规定.docx\n".encode()
    answer = clerk.post("/desk/p/drafts/import/", {"file": upload(table, "表.csv")}, follow=True)
    assert "是一份文件，表格带不来" in answer.content.decode()
    assert entries() == 0
