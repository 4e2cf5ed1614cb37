"""A person outside asks, is given a receipt, and follows what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from yifa.cases import read as cases
from yifa.cases.kernel import act
from yifa.matters.oversight.disclosure import facts as df
from yifa.matters.oversight.disclosure.procedure import Disclosure

pytestmark = pytest.mark.django_db
PERSONAL = ("王某甲", "411523199001010011", "13900000000", "村级公路")


def number_of_cases() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case")
        return cursor.fetchone()[0]


def today():
    return timezone.localdate()


@pytest.fixture
def opened(client, applied):
    """The visitor has shown the code."""
    assert client.post("/follow/", {"code": applied}).url == "/follow/case/"
    return cases.by_receipt(applied)


@pytest.fixture
def handled(clerk, opened):
    """The office has confirmed that it received the application."""
    act(Disclosure.confirm, df.Receipt(on=today()), clerk, case=opened)
    return opened


def test_an_application_gives_a_code_that_finds_it_again(client, applied):
    assert len(applied.replace("-", "")) == 16
    id = cases.by_receipt(applied)
    assert id == cases.by_receipt(applied.lower().replace("-", " "))
    page = client.post("/follow/", {"code": applied}, follow=True).content.decode()
    assert "待确认" in page
    assert "王某甲" in page  # what they said themselves is shown back


def test_the_internet_application_is_received_only_when_confirmed(client, applied):
    case = cases.live(cases.by_receipt(applied))
    assert case.state.key == "submitted"
    assert not case.standing.runs


def test_the_code_is_shown_once_and_kept_nowhere(client, form):
    answer = client.post("/apply/disclosure/", form())
    page = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    code = page.split('id="receipt-code"')[1].split(">")[1].split("<")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        assert all(code not in row[0] for row in cursor.fetchall())
        cursor.execute("SELECT receipt, standing, facts FROM cases_case")
        assert all(code.replace("-", "") not in "".join(row) for row in cursor.fetchall())


def test_nothing_personal_stands_in_addresses_logs_or_sessions(client, applied, opened, caplog):
    client.post("/follow/", {"code": "nonsense"})
    text = caplog.text + "".join(str(v) for v in client.session.values())
    assert not any(word in text for word in (*PERSONAL, applied))
    assert set(client.session.keys()) == {"follow", "follow_at"}


def test_sending_the_form_twice_applies_once(client, form):
    told = form()
    assert client.post("/apply/disclosure/", told).status_code == 200
    again = client.post("/apply/disclosure/", told)
    assert again.status_code == 409
    assert "已经提交过了" in again.content.decode()
    assert number_of_cases() == 1


def test_what_is_missing_is_named_field_by_field_and_what_was_typed_stays(client, form):
    answer = client.post("/apply/disclosure/", form(name="", office="nowhere"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写申请人姓名或者名称" in page
    assert "请选择向哪个机关提出" in page
    assert "村级公路" in page
    assert number_of_cases() == 0


@pytest.mark.parametrize(
    "told",
    [{"website": "http://spam"}, {"ticket": "forged"}, {"wanted": "长" * 20_001}, {"wanted": "长" * 100_000}],
)
def test_forms_that_no_person_sends_are_not_taken(client, form, told):
    assert client.post("/apply/disclosure/", form(**told)).status_code in (400, 422)
    assert number_of_cases() == 0


def test_a_form_without_the_csrf_mark_is_refused(form):
    from django.test import Client

    told = form()
    assert Client(enforce_csrf_checks=True).post("/apply/disclosure/", told).status_code == 403
    assert number_of_cases() == 0


def test_many_applications_from_one_address_are_slowed_down(client, form, monkeypatch):
    from yifa.portal import views
    from yifa.portal.limits import Limit

    monkeypatch.setattr(views, "APPLICATIONS", Limit("apply", 2, 3600))
    codes = [client.post("/apply/disclosure/", form()).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_a_wrong_code_is_told_so_and_ten_wrong_ones_have_to_wait(client, applied):
    answers = [client.post("/follow/", {"code": f"ABCD-{n}"}) for n in range(11)]
    assert [a.status_code for a in answers] == [404] * 10 + [429]
    assert "没有查到这个查询码" in answers[0].content.decode()
    assert client.post("/follow/", {"code": applied}).status_code == 429


def test_a_case_opens_to_nobody_without_its_code(client, applied):
    assert client.get("/follow/case/").url == "/follow/"
    assert client.get("/follow/do/waive/").url == "/follow/"
    assert client.get("/follow/paper/1.pdf").status_code == 404


def test_the_visit_ends_when_it_is_ended_or_half_an_hour_has_passed(client, opened):
    assert client.get("/follow/case/").status_code == 200
    session = client.session
    session["follow_at"] -= 1801
    session.save()
    assert client.get("/follow/case/").status_code == 302
    session["follow_at"] += 1801
    session.save()
    client.post("/follow/end/")
    assert client.get("/follow/case/").status_code == 302
    assert not client.session.keys()


def test_the_applicant_corrects_what_was_asked_for(client, clerk, handled, ticket):
    gap = df.Gap(on=today(), missing="请写明年度", until=today() + timedelta(days=15))
    act(Disclosure.request_correction, gap, clerk, case=handled)
    page = client.get("/follow/case/").content.decode()
    assert "/follow/do/correct/" in page
    told = {"ticket": ticket("/follow/do/correct/"), "wanted": "2022年度"}
    assert client.post("/follow/do/correct/", told).url == "/follow/case/#acts"
    assert cases.live(handled).state.key == "handling"


def test_a_step_the_law_does_not_allow_now_is_not_offered(client, handled):
    assert client.get("/follow/do/correct/").url == "/follow/case/"
    assert client.post("/follow/do/answer/", {}).url == "/follow/case/"


def test_periods_are_shown_with_their_sum(client, handled):
    page = client.get("/follow/case/").content.decode()
    assert "答复期限" in page
    assert "这一天是怎么算出来的" in page


def test_the_applicant_reads_their_papers_and_no_letter_to_others(client, clerk, handled):
    act(Disclosure.consult, df.Consultation(on=today(), party="某建设公司"), clerk, case=handled)
    page = client.get("/follow/case/").content.decode()
    assert "登记回执" in page
    assert "某建设公司" not in page
    assert "征询书" not in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id, key FROM papers_paper ORDER BY entry_id")
        (own, _), (letter, _) = cursor.fetchall()
    assert "登记回执" in client.get(f"/follow/paper/{own}/").content.decode()
    assert client.get(f"/follow/paper/{own}.pdf").content.startswith(b"%PDF")
    assert client.get(f"/follow/paper/{own}.exe").status_code == 404
    assert client.get(f"/follow/paper/{letter}/").status_code == 404
    assert client.get(f"/follow/paper/{letter}.docx").status_code == 404


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(rf):
    from yifa.portal.limits import address

    request = rf.get("/", headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.7"}, REMOTE_ADDR="127.0.0.1")
    assert address(request) == "127.0.0.1"
    settings.YIFA_HTTPS, before = True, settings.YIFA_HTTPS
    try:
        assert address(request) == "10.0.0.7"
    finally:
        settings.YIFA_HTTPS = before
