"""A rating over a database: its receipt, the order a bad one brings, the list in which it is published."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from yifa.cases.kernel import act
from yifa.cases.models import Link
from yifa.counts import figure, year
from yifa.ledger.tree import verify_consistency, verify_inclusion
from yifa.matters.services.satisfaction import facts as f
from yifa.matters.services.satisfaction.procedure import BadRatingOrder, RatingAppeal, ServiceRating
from yifa.portal import tallies
from yifa.procedure import Refused

from .conftest import BUREAU, CLERK, MARKET, ON, PERSON, SERVICES, actor, finished, rated, standing

pytestmark = pytest.mark.django_db
MONTH = 202306


def receipts() -> list[str]:
    return [leaf.code for leaf in listed().leaves]


def listed() -> tallies.List:
    return tallies.month_list(ServiceRating, ServiceRating.published, MONTH)


# ── A code, a receipt ────────────────────────────────────────────────────────


def test_a_case_that_an_office_enters_brings_the_person_a_code(county: None) -> None:
    assert len(finished().receipt) == 16


def test_each_rating_has_a_receipt_of_its_own_that_says_nothing_of_the_case(county: None) -> None:
    for n in range(12):
        rated(finished(n).case, f.Grade.GOOD)
    codes = receipts()
    assert len(set(codes)) == 12
    assert all(len(code) == 10 and code.isalnum() and code.isupper() for code in codes)


def test_what_somebody_hands_in_as_a_receipt_is_overwritten(county: None) -> None:
    rated(finished().case, f.Grade.GOOD, receipt="AAAAAAAAAA")
    assert receipts() != ["AAAAAAAAAA"]


# ── A bad rating is an order at once ─────────────────────────────────────────


@pytest.mark.parametrize("grade", f.Grade)
def test_only_the_two_worst_bring_an_order_and_it_is_the_same_offices(county: None, grade: f.Grade) -> None:
    done = rated(finished().case, grade, named=True, words="等了四十分钟")
    orders = standing("bad_rating_order")
    assert len(orders) == int(grade.bad)
    for order in orders:
        facts = order.facts if isinstance(order.facts, dict) else json.loads(order.facts)
        assert order.office == MARKET
        assert Link.objects.filter(from_case=done.case, to_case=order.id).exists()
        assert facts["until"] == "2023-06-08", "five working days after Thursday 1 June"
        assert "words" not in facts, "what was said is sealed"


def test_without_a_rule_of_the_county_the_rating_is_taken_all_the_same(offices: None) -> None:
    rated(finished().case, f.Grade.VERY_BAD)
    (order,) = standing("bad_rating_order")
    assert order.due is None


def through_feeding(order: int) -> None:
    act(BadRatingOrder.verify, f.Verified(on=ON, finding=f.Finding.TRUE, note="属实"), CLERK, case=order)
    act(BadRatingOrder.rectify_it, f.Rectified(on=ON, measures="增开窗口"), CLERK, case=order)
    told = f.FedBack(on=ON, way=f.Way.PHONE, reached=True, content="已当面道歉")
    done = act(BadRatingOrder.feed_back, told, CLERK, case=order)
    assert done.paper == "reply"


def test_put_right_and_fed_back_the_person_rates_again_and_the_order_is_closed(county: None) -> None:
    case = finished().case
    rated(case, f.Grade.BAD, named=True)
    (order,) = standing("bad_rating_order")
    through_feeding(order.id)
    again = f.Rating(on=ON, grade=f.Grade.GOOD)
    act(ServiceRating.rate_again, again, PERSON, case=case, own=True)
    assert [c.state for c in standing("bad_rating_order")] == ["closed"]
    assert figure("bad_rating_order.called_back", year(2023)).written == "100%"
    assert figure("bad_rating_order.in_time", year(2023)).written == "100%"
    assert figure("bad_rating_order.won_back", year(2023)).written == "100%"
    assert figure("service_rating.satisfaction", year(2023)).written == "0%", (
        "the first rating stays what it was"
    )


# ── An appeal ────────────────────────────────────────────────────────────────


def appealed() -> tuple[int, int, int]:
    case = finished().case
    rated(case, f.Grade.BAD)
    (order,) = standing("bad_rating_order")
    told = f.Appeal(on=ON, ground=f.Ground.MISTAKEN, why="评价人来电说点错了")
    act(BadRatingOrder.appeal, told, CLERK, case=order.id)
    (appeal,) = standing("rating_appeal")
    assert appeal.office == SERVICES, "it lies with whoever laid down the rule"
    return case, order.id, appeal.id


def test_the_office_that_was_rated_does_not_decide_its_own_appeal(county: None) -> None:
    _, _, appeal = appealed()
    ruling = f.Ruling(on=ON, reason="确属误点")
    for own in (CLERK, actor("head"), actor("clerk", "head")):
        with pytest.raises(Refused):
            act(RatingAppeal.uphold, ruling, own, case=appeal)


def test_an_upheld_appeal_ends_the_order_and_the_rating_stays_counted_and_published(county: None) -> None:
    _, _, appeal = appealed()
    before = listed()
    act(RatingAppeal.uphold, f.Ruling(on=ON, reason="确属误点"), BUREAU, case=appeal)
    assert [c.state for c in standing("bad_rating_order")] == ["excluded"]
    assert [c.state for c in standing("service_rating")] == ["excluded"]
    assert listed() == before
    span = year(2023)
    assert figure("service_rating.ratings", span).value == 1
    assert figure("service_rating.bad", span).value == 1
    assert figure("service_rating.dropped", span).value == 1


def test_a_dismissed_appeal_leads_back_to_verifying_and_there_is_no_second_one(county: None) -> None:
    _, order, appeal = appealed()
    act(RatingAppeal.dismiss, f.Ruling(on=ON, reason="没有证据"), BUREAU, case=appeal)
    assert [c.state for c in standing("bad_rating_order")] == ["verifying"]
    with pytest.raises(Refused, match="已经申诉，只能一次"):
        act(
            BadRatingOrder.appeal,
            f.Appeal(on=ON, ground=f.Ground.MALICIOUS, why="再诉"),
            CLERK,
            case=order,
        )


# ── The published list ───────────────────────────────────────────────────────


def some_ratings(n: int = 7) -> None:
    grades = list(f.Grade)
    for k in range(n):
        rated(finished(k).case, grades[k % 5])


def test_every_leaf_is_a_receipt_a_way_and_a_grade_and_nothing_else(county: None) -> None:
    some_ratings(5)
    told = {"on": ON, "grade": f.Grade.FAIR, "device": "3号窗口"}
    act(ServiceRating.rate_at_counter, f.CounterRating(**told), CLERK, case=finished(9).case)
    leaves = [leaf.plain for leaf in listed().leaves]
    assert [leaf[1:] for leaf in leaves[:5]] == [["评价", grade.label] for grade in f.Grade]
    assert leaves[5][1:] == ["窗口录入评价", "基本满意"]
    text = json.dumps(listed().as_dict(), ensure_ascii=False)
    for hidden in ("BJ-0", MARKET, "市场", "3号窗口", "个体工商户", "1000000"):
        assert hidden not in text


def test_whoever_holds_a_receipt_finds_it_and_the_proof_holds(county: None) -> None:
    some_ratings()
    found = listed()
    for n, leaf in enumerate(found.leaves):
        proof = found.find(leaf.code[:5].lower() + "-" + leaf.code[5:])
        assert proof is not None
        assert (proof.index, proof.holds) == (n, True)
        path = [bytes.fromhex(node) for node in proof.path]
        assert verify_inclusion(leaf.data, n, 7, path, bytes.fromhex(found.root), found.algo)
    assert found.find("") is None
    assert found.find("2222222222") is None


def test_a_leaf_that_is_dropped_or_changed_does_not_fit_what_was_published(county: None) -> None:
    some_ratings()
    now = listed()
    for n, leaf in enumerate(now.leaves):
        dropped = tallies.List(now.month, now.leaves[:n] + now.leaves[n + 1 :], (), now.algo)
        better = tallies.Leaf(leaf.code, leaf.way, ("十分满意",))
        changed = tallies.List(now.month, (*now.leaves[:n], better, *now.leaves[n + 1 :]), (), now.algo)
        assert dropped.root != now.root
        assert changed.root != now.root
        assert dropped.find(leaf.code) is None
        kept = now.find(leaf.code)
        assert kept is not None
        path = [bytes.fromhex(node) for node in kept.path]
        assert not verify_inclusion(
            leaf.data, kept.index, kept.size, path, bytes.fromhex(changed.root), now.algo
        )


def test_yesterdays_list_begins_todays(county: None) -> None:
    some_ratings(3)
    before = listed()
    some_more = [rated(finished(20 + k).case, f.Grade.GOOD) for k in range(4)]
    assert len(some_more) == 4
    after = listed()
    assert after.leaves[:3] == before.leaves
    tree = tallies._tree(after.leaves, after.algo)
    proof = tree.consistency_proof(3)
    assert verify_consistency(3, 7, proof, bytes.fromhex(before.root), bytes.fromhex(after.root), after.algo)
    assert after.days[-1].root == after.root


def test_what_the_record_is_changed_to_behind_its_back_shows(county: None) -> None:
    """The list is read from the entries, so to change it is to change the ledger."""
    from django.db import connection

    from yifa.ledger import guards

    some_ratings(3)
    published = listed()
    with connection.cursor() as cursor:
        guards.take_down(cursor, connection.vendor)
        cursor.execute("UPDATE ledger_entry SET body = replace(body, '\"VERY_GOOD\"', '\"GOOD\"')")
        guards.put_up(cursor, connection.vendor)
    assert listed().root != published.root


# ── The pages ────────────────────────────────────────────────────────────────


@pytest.fixture
def client(county: None) -> Client:
    from django.core.cache import cache

    cache.clear()
    return Client()


def test_the_list_is_there_for_everyone_and_a_receipt_is_found_in_it(client: Client) -> None:
    some_ratings()
    page = client.get("/receipts/")
    assert "/receipts/service_rating/published/202306/" in page.content.decode()
    address = "/receipts/service_rating/published/202306/"
    found = listed()
    text = client.get(address).content.decode()
    assert found.root in text
    answer = client.post(address, {"code": found.leaves[3].code})
    assert answer.status_code == 200
    assert "排在第4条，共7条" in answer.content.decode()
    assert client.post(address, {"code": "2222222222"}).status_code == 404
    told = client.get("/receipts/service_rating/published/202306.json").json()
    assert told["root"] == found.root
    assert told["size"] == 7


@pytest.mark.parametrize(
    "address",
    [
        "/receipts/nothing/published/202306/",
        "/receipts/service_rating/nothing/202306/",
        "/receipts/service_rating/published/202313/",
        "/receipts/service_rating/published/9/",
        "/receipts/disclosure/published/202306.json",
    ],
)
def test_a_list_nobody_declares_is_not_there(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("code", ["", " ", "x" * 5000, "\0", "<script>alert(1)</script>", "２２２２"])
def test_a_malformed_receipt_is_answered_in_words(client: Client, code: str) -> None:
    some_ratings(2)
    answer = client.post("/receipts/service_rating/published/202306/", {"code": code})
    assert answer.status_code == 404
    assert "没有找到这个回执" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_the_person_follows_the_code_rates_and_is_shown_the_receipt(client: Client) -> None:
    code = finished().receipt
    assert client.post("/follow/", {"code": code}).status_code == 302
    page = client.get("/follow/case/").content.decode()
    assert "/follow/do/rate/" in page
    form = client.get("/follow/do/rate/").content.decode()
    for grade in f.Grade:
        assert grade.label in form
    ticket = form.partition('name="ticket" value="')[2].partition('"')[0]
    sent = {"ticket": ticket, "grade": "VERY_BAD", "words": "等了很久"}
    assert client.post("/follow/do/rate/", sent).status_code == 302
    (receipt,) = tallies.month_list(
        ServiceRating, ServiceRating.published, date.today().year * 100 + date.today().month
    ).leaves
    page = client.get("/follow/case/").content.decode()
    assert receipt.code in page
    assert receipt.said == ("非常不满意",)
    assert len(standing("bad_rating_order")) == 1


def test_a_case_entered_by_the_office_is_not_offered_as_an_application(client: Client) -> None:
    assert "/apply/service_rating/" not in client.get("/guide/").content.decode()
    assert client.get("/apply/service_rating/").status_code == 404


# ── A whole sheet ────────────────────────────────────────────────────────────

SHEET = """办结日期,办件号,事项名称,办件来源,手机号码
2023-06-01,BJ-1,社会保障卡补换,办事窗口,10000000001
2023-06-02,BJ-2,不动产转移登记,政务服务网,10000000002
2023-06-02,,缺编号的,办事窗口,10000000003
"""


def test_a_sheet_of_finished_cases_gives_each_person_a_code_that_opens_their_case(county: None) -> None:
    from yifa.cases.read import by_receipt
    from yifa.tables import importer

    looked = importer.preview("service_rating", SHEET.encode(), "办结.csv", CLERK)
    done = importer.carry_out(looked.token, CLERK)
    assert (done.rows, done.refused_rows) == (2, 1)
    assert [number for number, _ in done.codes] == ["BJ-1", "BJ-2"]
    found = [by_receipt(code) for _, code in done.codes]
    assert found == [case.id for case in standing("service_rating")]
    assert not [case for case in standing("service_rating") if "10000000001" in str(case.facts)]


def test_a_sheet_of_another_systems_call_backs_is_taken_in(county: None) -> None:
    from yifa.tables import importer

    sheet = (
        "回访时间,受理编号,事项名称,接通情况,满意程度,呼叫次数\n"
        "2023-06-01,B1,社会保障卡补换,完成，已评价,满意,1\n"
        "2023-06-01,B2,社会保障卡补换,无人接听,,3\n"
        "2023-06-01,B3,社会保障卡补换,无人接听,满意,3\n"
    ).replace("完成，已评价", '"完成，已评价"')
    looked = importer.preview("call_back", sheet.encode(), "回访.csv", CLERK)
    done = importer.carry_out(looked.token, CLERK)
    assert (done.rows, done.refused_rows, done.codes) == (2, 1, ())
    assert figure("call_back.satisfaction", year(2023)).written == "100%"
