"""What the county shows to everyone, derived from its procedures and its ledger."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from yifa.cases.kernel import act
from yifa.clock import working_days
from yifa.ledger import checkpoints
from yifa.matters.emergency.readiness.facts import Appointment, Duty
from yifa.matters.emergency.readiness.procedure import EmergencyPost
from yifa.matters.leadership.study.facts import Body, Form, Session
from yifa.matters.leadership.study.procedure import Study
from yifa.matters.oversight.disclosure import facts as df
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.people import posts
from yifa.people.actor import Actor
from yifa.portal.guide import guide
from yifa.portal.views import grouped

from ..look.leftovers import leftovers

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/guide/",
    "/guide/disclosure/",
    "/apply/disclosure/",
    "/follow/",
    "/answers/",
    "/data/",
    "/ledger/",
)


@pytest.fixture
def answered(clerk):
    """An application answered and published; the day was sealed."""
    told = df.Registration(
        on=date(2023, 3, 6), kind=df.Applicant.PERSON, name="王某甲", identity="411523199001010011",
        contact="13900000000", wanted="2022年村级公路预算",
    )  # fmt: skip
    case = act(Disclosure.receive, told, clerk).case
    act(
        Disclosure.answer,
        df.Reply(on=date(2023, 3, 20), answer=df.Answer.GRANTED, content="见附件"),
        clerk,
        case=case,
    )
    published = df.Publication(
        on=date(2023, 4, 3), headline="2022年村级公路预算", summary="共12条，280万元。"
    )
    done = act(Disclosure.publish, published, clerk, case=case)
    checkpoints.make(date(2023, 4, 3))
    return done


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_before_anything_has_happened(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_answers_in_both_languages_and_names_nobody(client, address, language):
    page = client.get(address, headers={"Accept-Language": language}).content.decode()
    assert not any(word in page for word in ("王某甲", "411523199001010011", "13900000000"))


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("address", PAGES)
def test_an_english_page_marks_every_word_that_stays_chinese(client, address):
    page = client.get(address, headers={"Accept-Language": "en"}).content
    assert leftovers(page) == []


def test_the_guide_says_periods_and_steps_in_english(client):
    page = client.get("/guide/disclosure/", headers={"Accept-Language": "en"}).content.decode()
    assert "20 working days" in page
    assert "“Enter a request” or “Confirm receipt” or “Clarify”" in page
    assert '<span lang="zh-CN">《中华人民共和国政府信息公开条例》</span>' in page


@pytest.mark.usefixtures("answered")
def test_the_front_page_shows_the_last_whole_year_that_has_something_to_show(client, clerk):
    page = client.get("/").content.decode()
    assert "2023年的几个数字" in page
    assert page.count('<a class="figure"') == 1, "a matter without records shows nothing"
    assert re.search(
        r'<a class="figure" href="/report/2023/figures/disclosure.received/"><span class="figure-value">1件</span>',
        page,
    )
    case = act(
        Disclosure.receive,
        df.Registration(
            on=date(2023, 12, 28), kind=df.Applicant.PERSON, name="王某乙", identity="411523199001010011",
            contact="13900000000", wanted="2023年村级公路预算",
        ),
        clerk,
    ).case  # fmt: skip
    told = df.Reply(on=date(2024, 1, 8), answer=df.Answer.GRANTED, content="见附件")
    act(Disclosure.answer, told, clerk, case=case)
    assert "2023年的几个数字" in client.get("/").content.decode(), "2024 only ended what 2023 began"
    assert client.get("/report/").url == "/report/2023/"


def test_a_year_that_only_still_holds_what_an_earlier_one_began_is_not_shown(client):
    """Somebody appointed in 2023 is still there in 2024: a stock, and no year's own doing."""
    appointment = Appointment(on=date(2023, 3, 1), name="王某", duty=Duty.PERSUADER, area="某村")
    holder = Actor(7, "李某", "x", "x-gov", frozenset({"clerk"}), None, "经办人")
    act(EmergencyPost.appoint, appointment, holder, office="x-gov")
    session = Session(
        on=date(2023, 4, 3), body=Body.STANDING_COMMITTEE, form=Form.BEFORE_MEETING, topic="学法"
    )
    act(Study.hold, session, holder, office="x-gov")
    assert "2023年的几个数字" in client.get("/").content.decode()


def test_the_front_page_says_what_to_do_before_anything_is_published(client):
    page = client.get("/").content.decode()
    assert "还没有可以公布的年度数字" in page
    assert "还没有公开的内容" in page
    assert page.count('href="/apply/disclosure/"') == 2, "at the door, and where a figure is missed"


def test_one_applies_to_offices_where_somebody_can_take_it(client, form, staff):
    page = client.get("/apply/disclosure/").content.decode()
    assert '<option value="x-gov"' in page
    assert '<option value="x-justice"' not in page, "a post nobody holds"
    assert client.post("/apply/disclosure/", form(office="x-justice")).status_code == 422
    posts.give("x-justice.clerk", staff, date(2020, 1, 1))
    assert '<option value="x-justice"' in client.get("/apply/disclosure/").content.decode()


def test_where_nobody_takes_applications_the_form_says_where_to_go(client, staff):
    staff.is_active = False
    staff.save()
    page = client.get("/apply/disclosure/").content.decode()
    assert "眼下没有机关在网上受理" in page
    assert '<form class="card form-body"' not in page


def test_the_guide_is_written_from_the_procedure():
    told = guide(Disclosure, date(2026, 11, 23))
    assert [a.label for a in told.asked][:2] == ["申请人类型", "申请人姓名或者名称"]
    assert next(p for p in told.periods if p.label == "答复期限").length == working_days(20)
    assert "征求第三方意见中" in next(p for p in told.periods if p.label == "答复期限").pauses
    assert "登记回执" in [p.label for p in told.papers]
    assert "第三方意见征询书" not in [p.label for p in told.papers]
    assert any("先" in r.sentence and "不予公开" in r.after for r in told.remedies)


def test_the_guide_names_offices_that_can_be_reached(client):
    assert "0376-2950000" in client.get("/guide/disclosure/").content.decode()


def test_what_nobody_may_ask_for_here_has_no_form(client):
    assert client.get("/apply/study/").status_code == 404
    assert client.get("/guide/nothing/").status_code == 404


@pytest.mark.usefixtures("answered")
def test_published_answers_show_their_words_and_nothing_sealed(client):
    page = client.get("/answers/").content.decode()
    assert "共12条，280万元。" in page
    assert "见附件" not in page
    assert client.get("/answers/?after=nonsense").status_code == 200


@pytest.mark.usefixtures("answered")
def test_records_go_out_as_open_data_without_people(client):
    answer = client.get("/data/disclosure.received-2023.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "2023-03-06,登记申请,新县人民政府办公室,申请人类型：自然人" in text
    assert "王某甲" not in text
    assert client.get("/data/disclosure.nothing-2023.csv").status_code == 404


def test_an_entry_is_proved_to_be_under_the_published_root(client, answered):
    page = client.post(
        "/ledger/proof/", {"number": str(answered.entry), "hash": answered.hash[:16]}
    ).content.decode()
    assert "的账根之下" in page
    roots = json.loads(client.get("/ledger/checkpoints.json").content)["checkpoints"]
    assert roots[-1]["root"] in page


@pytest.mark.parametrize(
    ("number", "hash", "status"),
    [("x", "", 422), ("its", "zz", 422), ("its", "ab" * 20, 422), ("999999999", "", 404), ("", "", 422)],
)
def test_a_wrong_entry_or_fingerprint_is_told_so(client, answered, number, hash, status):
    asked = {"number": str(answered.entry) if number == "its" else number, "hash": hash}
    assert client.post("/ledger/proof/", asked).status_code == status


def test_the_offline_verifier_can_be_taken_away(client):
    text = client.get("/ledger/verify.py").content.decode()
    assert "yifa" not in [
        line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    ]


def test_a_code_is_grouped_to_be_read_aloud():
    assert grouped("ABCDEFGHJKMNPQRS") == "ABCD-EFGH-JKMN-PQRS"


@pytest.mark.parametrize("address", PAGES)
def test_pages_carry_no_script_of_their_own(client, address):
    answer = client.get(address)
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert " style=" not in answer.content.decode()
    assert "onclick" not in answer.content.decode()
