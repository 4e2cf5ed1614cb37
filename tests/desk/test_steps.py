"""A form for every step: what the law does not allow is refused in its words, what was typed stays."""

from datetime import timedelta

from yifa.cases import read
from yifa.cases.store import Store
from yifa.people import posts

from .conftest import CLERK, TODAY, hidden


def entries() -> int:
    return Store().cursor().one("SELECT count(*) FROM ledger_entry")[0]


def typed_application(**more):
    told = {"kind": "PERSON", "name": "王某甲", "identity": "411523199001010011", "contact": "13900000000"}
    return told | {"wanted": "2022年村级公路预算", "form": "ELECTRONIC", "channel": "COUNTER"} | more


def test_a_clerk_enters_a_request_and_lands_on_its_case(clerk, take):
    answer = take("/desk/p/disclosure/new/receive/", **typed_application())
    assert answer.status_code == 302
    page = clerk.get(answer.url).content.decode()
    assert "已办理：登记申请。文书已经生成：登记回执。" in page
    assert "2022年村级公路预算" in page
    assert "已办理" not in clerk.get(answer.url).content.decode()  # said once


def test_a_form_sent_twice_does_nothing_twice(clerk):
    address = "/desk/p/disclosure/new/receive/"
    form = hidden(clerk.get(address).content) | {"on": TODAY.isoformat(), "_do": "act"} | typed_application()
    first, second = clerk.post(address, form), clerk.post(address, form)
    assert first.url == second.url
    assert entries() == 1


def test_what_is_missing_is_said_beside_its_field_and_the_rest_stays(clerk, take):
    answer = take("/desk/p/disclosure/new/receive/", **typed_application(name="", wanted="道路预算"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#f-name">请填写申请人姓名或者名称</a>' in page
    assert 'id="f-name-problem"' in page
    assert "道路预算" in page
    assert entries() == 0


def test_a_refusal_shows_the_laws_sentence_and_place_and_keeps_what_was_typed(application, take):
    done = application()
    answer = take(f"/desk/case/{done.case}/do/answer/", answer="STATE_SECRET", content="另行告知")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "告知申请人不予公开并说明理由" in page
    assert "《政府信息公开条例》第三十六条第（三）项" in page
    assert "另行告知" in page
    assert read.live(done.case).state.label == "办理中"


def test_a_step_the_state_does_not_allow_says_why(application, clerk, take):
    done = application()
    answer = clerk.get(f"/desk/case/{done.case}/do/hear/")
    assert answer.status_code == 409
    assert "案件办理中，不能收到第三方意见" in answer.content.decode()
    assert (
        clerk.post(f"/desk/case/{done.case}/do/hear/", {"on": TODAY.isoformat(), "agrees": "是"}).status_code
        == 409
    )
    assert entries() == 1


def test_a_step_of_the_head_is_refused_to_the_clerk_in_the_same_words(application, clerk):
    answer = clerk.get(f"/desk/case/{application().case}/do/extend/")
    assert answer.status_code == 409
    assert "“延期答复”应当由机构负责人办理" in answer.content.decode()


def test_the_day_of_an_act_has_come(application, take):
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    answer = take(
        f"/desk/case/{application().case}/do/request_correction/", on=tomorrow, missing="地块", until=tomorrow
    )
    assert answer.status_code == 409
    assert "还没有到" in answer.content.decode()


def test_a_case_that_moved_meanwhile_is_looked_at_first(application, clerk, wang):
    from yifa.cases.kernel import act
    from yifa.matters.oversight.disclosure import facts as f
    from yifa.procedure import registry

    done = application()
    address = f"/desk/case/{done.case}/do/answer/"
    form = hidden(clerk.get(address).content) | {
        "on": TODAY.isoformat(), "_do": "act", "answer": "GRANTED", "content": "见附件", "reason": "",
    }  # fmt: skip
    step = registry().family("disclosure").waive
    correct = registry().family("disclosure").rectify
    told = f.Registration(
        on=TODAY,
        kind=f.Applicant.OTHER,
        name="某公司",
        identity="9141",
        contact="0376",
        wanted="2022年村级公路预算",
    )
    facts = correct.asks(**{**vars(told), "dated": TODAY - timedelta(days=3), "why": "申请人类型登记错误"})
    act(correct, facts, posts.actor_in(CLERK, TODAY, wang), case=done.case)
    answer = clerk.post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "案件刚刚被他人办理" in page
    assert "见附件" in page
    assert clerk.post(address, form | hidden(answer.content)).status_code == 302  # looked at, and sent again
    assert step.key in registry().family("disclosure").steps


def test_the_paper_is_seen_before_it_goes_out(application, take):
    done = application()
    answer = take(
        f"/desk/case/{done.case}/do/answer/", _do="preview", answer="GRANTED", content="预算表见附件"
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "政府信息公开告知书" in page
    assert "现在还没有发出" in page
    assert entries() == 1


def test_a_preview_of_what_would_be_refused_says_so(application, take):
    answer = take(f"/desk/case/{application().case}/do/answer/", _do="preview", answer="STATE_SECRET")
    assert answer.status_code == 409
    assert "告知申请人不予公开并说明理由" in answer.content.decode()


def test_the_paper_that_went_out_is_read_and_taken_away(application, clerk):
    done = application()
    page = clerk.get(f"/desk/case/{done.case}/paper/{done.entry}/").content.decode()
    assert "政府信息公开申请登记回执" in page
    pdf = clerk.get(f"/desk/case/{done.case}/paper/{done.entry}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "filename*=UTF-8''" in pdf["Content-Disposition"]
    word = clerk.get(f"/desk/case/{done.case}/paper/{done.entry}.docx")
    assert word.content.startswith(b"PK")
    assert clerk.get(f"/desk/case/{done.case}/paper/{done.entry}.exe").status_code == 404


def test_a_correction_starts_from_what_was_entered(application, clerk):
    done = application()
    page = clerk.get(f"/desk/case/{done.case}/do/rectify/").content.decode()
    assert 'value="王某甲"' in page
    assert f'name="dated" value="{(TODAY - timedelta(days=3)).isoformat()}"' in page
    assert 'name="why"' in page


def test_a_second_correction_starts_from_the_day_the_first_one_named(application, clerk, take):
    done = application()
    address, right = f"/desk/case/{done.case}/do/rectify/", (TODAY - timedelta(days=2)).isoformat()
    assert take(address, **typed_application(), dated=right, why="登记有误").status_code == 302
    assert f'name="dated" value="{right}"' in clerk.get(address).content.decode()


def test_unknown_matters_and_steps_are_not_found(clerk, application):
    done = application()
    for path in (
        "/desk/p/nothing/", "/desk/p/disclosure/new/answer/", "/desk/p/disclosure/new/x/",
        f"/desk/case/{done.case}/do/receive/", f"/desk/case/{done.case}/do/silence/", "/desk/case/99999/",
    ):  # fmt: skip
        assert clerk.get(path).status_code == 404, path


def test_what_people_type_is_printed_as_they_typed_it(clerk, take):
    answer = take(
        "/desk/p/disclosure/new/receive/", **typed_application(wanted="<script>alert(1)</script>预算")
    )
    page = clerk.get(answer.url).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;预算" in page
