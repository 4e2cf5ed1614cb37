"""The annual report: every number is counted, has one definition, and opens on its records."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.urls import reverse
from stdnum.cn import uscc

from yifa.cases.kernel import act
from yifa.matters.business.inspections import facts as bf
from yifa.matters.business.inspections.directories import Entity
from yifa.matters.oversight.disclosure import facts as df
from yifa.matters.oversight.disclosure.procedure import Disclosure
from yifa.report.cli import report

pytestmark = pytest.mark.django_db
ASKED = {"F002": 11, "F009": 4, "F010": 2, "F011": 4, "F064": 5, "F065": 2, "F117": 3}
FIELDS = {"id", "key", "label", "value", "numerator", "denominator", "unit", "written", "period", "records"}


def told(year=2023):
    return json.loads(report(year, "json"))["figures"]


@pytest.mark.usefixtures("worked")
def test_the_json_has_the_figures_of_the_plan_and_no_other_shape():
    assert all(set(f) == FIELDS for f in told())
    by_id = {f["id"]: f for f in told() if f["id"]}
    assert {id: by_id[id]["value"] for id in ASKED} == ASKED
    assert all(by_id[id]["records"] == n for id, n in ASKED.items())


@pytest.mark.usefixtures("offices")
def test_a_year_nobody_worked_in_has_no_hundred_percent():
    rate = next(f for f in told(2021) if f["key"] == "disclosure.in_time")
    assert (rate["value"], rate["written"], rate["denominator"]) == (None, "不适用", 0)


@pytest.mark.usefixtures("worked")
def test_one_more_application_is_one_more_in_the_report(clerk, client):
    more = df.Registration(
        on=date(2023, 5, 4), kind=df.Applicant.BUSINESS, name="某公司", identity="91110000600037341L",
        contact="0376-2950000", wanted="土地出让合同",
    )  # fmt: skip
    done = act(Disclosure.receive, more, clerk)
    assert next(f for f in told() if f["id"] == "F117")["value"] == 4
    page = client.get(reverse("report:figure", args=[2023, "disclosure.received"])).content.decode()
    assert done.number in page


@pytest.mark.usefixtures("offices")
def test_growth_since_a_year_opens_on_what_is_now_and_on_what_was_then(clerk, client):
    for n, on in enumerate(
        (date(2020, 3, 2), date(2021, 3, 1), date(2022, 3, 1), date(2023, 3, 1), date(2023, 4, 3))
    ):
        body = f"92000000MA{n:07}"
        told_of = bf.Business(
            on=on, name=f"第{n}号店", code=body + uscc.calc_check_digit(body), kind=bf.Kind.INDIVIDUAL
        )
        act(Entity.enter, told_of, clerk)
    grown = next(f for f in told() if f["key"] == "entity.growth")
    assert (grown["value"], grown["numerator"], grown["denominator"], grown["records"]) == (50, 1, 2, 3)
    assert grown["period"] == "2022年1月至2023年12月"
    address = reverse("report:figure", args=[2023, "entity.growth"])
    page = client.get(address).content.decode()
    assert "本期：2022年1月至2023年12月" in page
    assert "同期：2020年1月至2021年12月" in page
    assert page.count("92000000MA") == 3
    assert client.get(f"{address}?part=whole").content.decode().count("92000000MA") == 2


@pytest.mark.usefixtures("worked")
def test_every_number_in_a_sentence_is_a_way_to_its_records(client):
    page = client.get(reverse("report:year", args=[2023])).content.decode()
    links = re.findall(r'<a class="fig" href="([^"]+)"[^>]*>([^<]+)</a>', page)
    assert ("/report/2023/figures/study.collective/", "11次") in links
    for address, _ in links:
        assert client.get(address).status_code == 200


@pytest.mark.usefixtures("worked")
def test_a_reader_outside_sees_rows_without_people_and_no_way_to_cases(client):
    page = client.get(reverse("report:figure", args=[2023, "disclosure.received"])).content.decode()
    assert "自然人" in page
    for hidden in ("王某甲", "411523199001010011", "村级公路", "/desk/case/"):
        assert hidden not in page


@pytest.mark.usefixtures("worked")
def test_checks_are_for_officials_before_signing(client, django_user_model):
    address = reverse("report:check", args=[2023, "study.two_ways"])
    assert client.get(address).status_code == 302
    assert "签发前核对" not in client.get(reverse("report:year", args=[2023])).content.decode()
    client.force_login(django_user_model.objects.create_user("lee"))
    page = client.get(reverse("report:year", args=[2023])).content.decode()
    assert "签发前核对" in page
    page = client.get(address).content.decode()
    assert "两数相差1" in page
    assert client.get(f"{address}?part=many.0").status_code == 200


@pytest.mark.usefixtures("worked")
def test_the_national_form_agrees_with_itself_and_opens(client):
    address = reverse("report:table", args=[2023, "disclosure.form"])
    page = client.get(address).content.decode()
    assert "3 = 3，各列都相符" in page
    opened = client.get(f"{address}?row=granted&column=total").content.decode()
    assert opened.count("<time datetime=") == 2
    assert client.get(f"{address}?row=nothing").status_code == 404


@pytest.mark.usefixtures("worked")
def test_the_report_says_how_it_moved_against_the_year_before(client):
    page = client.get(reverse("report:year", args=[2024])).content.decode()
    assert "−11次" in page


@pytest.mark.usefixtures("worked")
def test_numbers_go_out_as_csv_with_their_definitions(client):
    text = client.get(reverse("report:csv", args=[2023])).content.decode("utf-8-sig")
    line = next(line for line in text.splitlines() if line.startswith("F064"))
    assert line.startswith("F064,新申办行政执法证件,5,个,5个")
    assert "“发证”的次数" in line


@pytest.mark.usefixtures("worked")
def test_the_report_as_one_page_needs_no_other_file():
    page = report(2023, "html")
    assert "新县2023年度" in page
    assert "src=" not in page
    assert re.search(r'href="#study.collective"[^>]*>11次</a>', page)


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("name", ["index", "year", "print", "json"])
def test_pages_answer(client, name):
    address = reverse(f"report:{name}", args=[] if name == "index" else [2023])
    assert client.get(address, follow=True).status_code == 200


def test_an_unknown_figure_is_not_there(client, offices):
    assert client.get(reverse("report:figure", args=[2023, "study.nothing"])).status_code == 404
    assert client.get("/report/2023/figures/study.collective/?after=nonsense").status_code == 200
