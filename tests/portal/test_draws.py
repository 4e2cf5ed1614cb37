"""The public pages of random draws: what is shown when, what is never shown, and what a firm can check at home."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from yifa.cases import read
from yifa.cases.kernel import act
from yifa.cases.models import Act, Case
from yifa.cases.scene import files
from yifa.draws import verify
from yifa.draws.place import find, place
from yifa.ledger import checkpoints
from yifa.look.words import english
from yifa.matters.business.inspections import told as t
from yifa.matters.business.inspections.procedure import SamplingTask
from yifa.portal import drawn, draws

from ..look.collect import constants
from ..look.leftovers import leftovers
from ..matters.inspections import conftest as tasks
from ..matters.inspections.conftest import CLERK, HEAD, MARKET, county  # noqa: F401

pytestmark = pytest.mark.usefixtures("county")
LATER = date(2023, 6, 9)
NAME = "新市监随机抽取〔2023〕{n}号"
Get = Callable[[str], str]


@pytest.fixture
def get(client: Client) -> Get:
    """A public page's text; it must be there."""

    def page(address: str, status: int = 200) -> str:
        answer = client.get(address)
        assert answer.status_code == status
        return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()

    return page


def closed(**told: Any) -> int:
    """A draw with all its results; the first inspection found something."""
    case = tasks.drawn(**told)
    first, *others = tasks.inspections(case)
    tasks.inspect(first, t.Finding.RECTIFY)
    for id in others:
        tasks.inspect(id)
    close(case)
    return case


def close(case: int) -> None:
    act(SamplingTask.close, SamplingTask.close.asks(on=LATER), HEAD, case=case)


def drop(case: int, because: str = "名录有误") -> None:
    act(SamplingTask.drop, SamplingTask.drop.asks(on=LATER, because=because), HEAD, case=case)


def veil_of(case: int) -> str:
    return str(read.live(case).last(SamplingTask.commit).veil)


def names_of(case: int) -> set[str]:
    """Every object and every officer that was drawn, as the lists write them, and the objects' own names."""
    found: set[str] = set()
    for id in tasks.inspections(case):
        told = json.loads(Case.objects.get(pk=id).facts)
        found |= {f"{told['object']}（", told["code"], *told["officers"]}
    return found


def now(case: int) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(files().open(drawn.one(case).file))["now"]  # type: ignore[union-attr]
    return told


# ── The list ─────────────────────────────────────────────────────────────────


def test_before_any_draw_the_page_says_what_will_be_here(get: Get) -> None:
    page = get("/draws/")
    assert "还没有公布过抽取" in page
    assert "编号不跳号" in page
    assert 'href="/draws/"' in get("/")
    assert "最近的随机抽取" not in get("/")


def test_every_draw_stands_under_its_number_newest_first_and_a_dropped_one_stays(get: Get) -> None:
    first, second, third = tasks.committed(), tasks.committed(), tasks.drawn(wanted=1)
    drop(first)
    page = get("/draws/")
    assert re.findall(r'href="/draws/(\d+)/">餐饮业联合抽查</a><span class="row-sub number">(.+?)</span>', page) == [
        (str(third), NAME.format(n=3)), (str(second), NAME.format(n=2)), (str(first), NAME.format(n=1)),
    ]  # fmt: skip
    assert "第1号至第3号，一个不缺" in page
    assert "名录有误" in page
    dropped = get(f"/draws/{first}/")
    assert "这次抽取已在2023年6月9日作废：名录有误" in dropped
    assert NAME.format(n=1) in dropped
    assert "最近的随机抽取" in get("/")


def test_it_is_filtered_and_goes_on_by_key(get: Get) -> None:
    cases = [tasks.committed() for _ in range(22)]
    drop(cases[0])
    assert get("/draws/?state=dropped").count('class="row-title"') == 1
    assert get(f"/draws/?office={MARKET}&year=2023&state=committed").count('class="row-title"') == 20
    assert "没有符合条件的抽取" in get("/draws/?year=2022")
    page = get("/draws/?year=2023")
    assert page.count('class="row-title"') == 20
    onward = re.search(r'href="(/draws/\?year=2023&amp;after=[^"]+)" rel="next"', page)
    assert onward
    rest = get(onward[1].replace("&amp;", "&"))
    assert [int(n) for n in re.findall(r'class="row-title" href="/draws/(\d+)/"', rest)] == cases[1::-1]
    assert 'rel="next"' not in rest


@pytest.mark.parametrize(
    "query",
    ["after=x", "after=2023-06-01_", "after=2023-13-01_1", "year=2023'--", "year=" + "9" * 5000, "office=%00", "state=%00",
     "state=prepared", "office=%3Cscript%3E", "after=2023-06-01_99999999999999999999"],
)  # fmt: skip
def test_a_hostile_filter_is_no_filter(get: Get, query: str) -> None:
    tasks.committed()
    page = get(f"/draws/?{query}")
    assert page.count('class="row-title"') == 1
    assert "<script>" not in page


def test_a_number_that_is_not_there_is_said(get: Get) -> None:
    tasks.committed()
    gone, _ = tasks.committed(), tasks.committed()
    assert "编号不全" not in get("/draws/")
    Act.objects.filter(case_id=gone, step="commit").delete()
    page = get("/draws/")
    assert "新县市场监督管理局2023年的编号不全：最后一号是第3号，缺第2号" in page
    assert "编号不全" not in get("/draws/?year=2022")


def test_the_last_number_cannot_be_hidden_either(get: Get) -> None:
    tasks.committed()
    Act.objects.filter(case_id=tasks.committed(), step="commit").delete()
    assert "最后一号是第2号，缺第2号" in get("/draws/")


def test_what_is_only_planned_or_prepared_is_named_and_nothing_else(get: Get) -> None:
    planned, prepared = tasks.planned(name="只列入计划").case, tasks.prepared()
    page = get("/draws/")
    assert "2023年度抽查计划" in page
    assert "只列入计划" in page
    assert "第0号店" not in page
    for case in (planned, prepared, 10**9, 10**25):
        get(f"/draws/{case}/", 404)
        get(f"/draws/{case}/draw.json", 404)
        get(f"/draws/{case}/commitment.json", 404)


# ── Before the draw is closed ────────────────────────────────────────────────


def test_a_committed_draw_shows_its_method_digest_and_entry(get: Get, client: Client) -> None:
    case = tasks.committed(away=f"{tasks.code_of(3)}：停业")
    it = drawn.one(case)
    assert it
    page = get(f"/draws/{case}/")
    for said in (
        "待开号",
        "企业A级",
        "12户里抽",
        "6人里每户派1人",
        "某彩票第2023063期",
        "另有1户没有列入",
        it.digest,
        it.hash[:32],
    ):
        assert said in page, said
    assert it.commitment.text == get(f"/draws/{case}/commitment.json")
    assert "停业" not in page, "the reason comes with the lists"
    assert "封账以后" in page
    checkpoints.make(timezone.localdate())
    proof = re.search(r'href="(/ledger/proof/\?[^"#]+)#proof"', get(f"/draws/{case}/"))
    assert proof
    filled = get(proof[1].replace("&amp;", "&"))
    assert f'value="{it.entry}"' in filled
    assert f'value="{it.hash}"' in filled
    proved = client.post("/ledger/proof/", {"number": str(it.entry), "hash": it.hash}).content.decode()
    assert "的账根之下" in proved


def test_the_first_digest_on_the_page_is_the_commitment_s(get: Get) -> None:
    case = closed()
    text = re.sub(r"<[^>]+>", " ", get(f"/draws/{case}/").partition("<main")[2])
    found = re.search(r"\b[0-9a-f]{64}\b", text)
    assert found
    assert found[0] == drawn.one(case).digest  # type: ignore[union-attr]


def test_nobody_drawn_and_no_secret_is_seen_before_the_end(get: Get) -> None:
    case = tasks.drawn()
    secret = names_of(case) | {veil_of(case), read.live(case).last(SamplingTask.draw).result_digest}
    addresses = [
        "/", "/draws/", f"/draws/{case}/", f"/draws/{case}/?q=第1号店", f"/draws/{case}/commitment.json", "/answers/", "/data/?year=2023", "/ledger/",
        "/report/2023/", "/data/sampling_task.planned_tasks-2023.csv", "/data/inspection.running-2023.csv",
        "/data/inspection.visits-2023.csv", "/data/entity.enterprises-2023.csv",
    ]  # fmt: skip
    for address in addresses:
        page = get(address)
        assert [word for word in secret if word in page] == [], address
    page = get(f"/draws/{case}/")
    assert "现在不公开抽中了谁" in page
    assert "12 05 7" in page
    assert "抽中的对象和检查结果" not in page
    get(f"/draws/{case}/draw.json", 404)


def test_a_draw_that_is_dropped_after_drawing_names_nobody(get: Get) -> None:
    case = tasks.drawn()
    secret = names_of(case) | {veil_of(case)}
    drop(case)
    page = get(f"/draws/{case}/")
    assert not any(word in page for word in secret)
    assert "没有公开名单" in page


def test_a_commitment_that_was_entered_afterwards_is_called_so(get: Get) -> None:
    """The fixtures live in 2023, the record in the present."""
    page = get(f"/draws/{tasks.committed()}/")
    assert "这次抽取是事后补录的" in page
    assert "台账不能证明办法在号码开出之前已经确定" in page


def test_a_commitment_in_time_is_called_so(get: Get) -> None:
    today = timezone.localdate()
    case = tasks.planned(until=today + timedelta(days=60)).case
    told = tasks.scheme(on=today, source_on=today + timedelta(days=2))
    act(SamplingTask.prepare, told, CLERK, case=case)
    act(SamplingTask.commit, SamplingTask.commit.asks(on=today), HEAD, case=case)
    page = get(f"/draws/{case}/")
    assert "事后补录" not in page
    assert "早于第一个号码可以知道的时间" in page
    assert "谁也不知道会抽中谁" in page
    assert "不必相信我们的钟" not in page
    checkpoints.make(today)
    assert "不必相信我们的钟" in get(f"/draws/{case}/")


# ── Afterwards ───────────────────────────────────────────────────────────────


def test_a_closed_draw_shows_who_was_drawn_by_whom_and_what_was_found(get: Get) -> None:
    case = closed()
    page = get(f"/draws/{case}/")
    for p in now(case):
        assert f'data-object="{p["name"]}"' in page
        assert all(officer in page for sent in p["sent"].values() for officer in sent)
    assert page.count("检查结果：未发现问题</span>") == 4
    assert page.count("检查结果：发现问题，责令改正</span>") == 1
    assert "没有公示的结果" not in page


def test_a_long_list_of_results_goes_by_pages(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    case = closed()
    monkeypatch.setattr(draws, "A_PAGE", 2)
    seen: list[str] = []
    for start, onward in ((0, "?from=2#results"), (2, "?from=4#results"), (4, "")):
        page = get(f"/draws/{case}/?from={start}")
        seen += re.findall(r'data-object="([^"]+)"', page)
        assert ('rel="next"' in page) is bool(onward)
        assert onward in page
    assert seen == [p["name"] for p in now(case)]
    for hostile in ("-1", "x", "99999999999", "５", ""):
        assert f'data-object="{seen[0]}"' in get(f"/draws/{case}/?from={hostile}")


def test_the_file_and_the_script_verify_at_home(get: Get, tmp_path: Path) -> None:
    case = closed()
    digest = drawn.one(case).digest  # type: ignore[union-attr]
    text = get(f"/draws/{case}/draw.json")
    assert verify(text, [digest]) == []
    (tmp_path / "draw.json").write_text(text, "utf-8")
    (tmp_path / "verify_draw.py").write_text(get("/draws/verify_draw.py"), "utf-8")
    command = [sys.executable, "-I", "verify_draw.py", "draw.json", digest]
    assert (
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        .stdout.decode()
        .startswith("相符")
    )


def test_the_browser_s_verifier_is_a_module(client: Client) -> None:
    answer = client.get("/draws/verify_draw.mjs")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "export function verify" in answer.content.decode()


def test_who_fell_out_is_told_with_the_reason(get: Get) -> None:
    case = tasks.drawn()
    told = json.loads(Case.objects.get(pk=tasks.inspections(case)[0]).facts)
    gone = f"{told['object']}（{told['code']}）"
    act(
        SamplingTask.replace,
        SamplingTask.replace.asks(on=date(2023, 6, 7), name=gone, because="已注销"),
        HEAD,
        case=case,
    )
    came = read.live(case).last(SamplingTask.replace).came
    for id in tasks.inspections(case)[1:]:
        tasks.inspect(id)
    close(case)
    page = get(f"/draws/{case}/")
    assert f"{gone}退出，由同一层排在后面的递补：已注销" in page
    assert f'data-object="{came}"' in page
    assert "抽中，后来退出" in get(f"/draws/{case}/?q={gone}").partition("<template")[0]
    assert "未抽中，后来递补" in get(f"/draws/{case}/?q={came}").partition("<template")[0]


# ── Looking oneself up ───────────────────────────────────────────────────────


def looked(get: Get, case: int, q: str) -> str:
    """The answer to a search, without what the script fills in."""
    page = get(f"/draws/{case}/?q={q}")
    return page[page.index("data-place") : page.index("data-words")]


def test_a_firm_that_was_drawn_sees_its_ticket_and_who_comes(get: Get) -> None:
    case = closed()
    p = now(case)[0]
    at = place(drawn.file_of(drawn.one(case).file)[0], p["name"])  # type: ignore[union-attr]
    assert at
    assert (at.rank, at.drawn, at.current) == (1, True, True)
    assert at.ticket <= at.cutoff
    for q in (p["name"], p["name"][-19:-1], p["name"][-12:-1].lower(), p["name"].partition("（")[0]):
        answer = looked(get, case, q)
        for said in (at.ticket, at.cutoff, ">抽中<", *next(iter(p["sent"].values()))):
            assert said in answer, (q, said)


def test_a_firm_that_was_not_drawn_sees_where_it_stands(get: Get) -> None:
    case = closed()
    drawn_names = {p["name"] for p in now(case)}
    k = next(k for k in range(60) if f"第{k}号店（{tasks.code_of(k)}）" not in drawn_names)
    assert ">未抽中<" in looked(get, case, tasks.code_of(k))


def test_several_are_offered_and_a_name_called_exactly_so_is_meant(get: Get) -> None:
    case = closed()
    answer = looked(get, case, "号店")
    assert "您是哪一户" in answer
    assert answer.count("<li>") == draws.MOST_NAMES
    assert "还有48户没有列出" in answer
    assert "第1号店" in looked(get, case, "第1号店")
    assert "您是哪一户" not in looked(get, case, "第1号店"), "第1号店, not 第11号店"


def test_one_that_was_left_out_learns_why_and_a_stranger_is_told_kindly(get: Get) -> None:
    case = closed(away=f"{tasks.code_of(3)}：停业整改")
    answer = looked(get, case, tasks.code_of(3))
    assert "没有参加抽取" in answer
    assert "停业整改" in answer
    assert "名录里没有“老王面馆”" in looked(get, case, "老王面馆")


@pytest.mark.parametrize(
    "q", ["%3Cscript%3Ealert(1)%3C/script%3E", "%00", "%25", "'%20OR%201=1", "%F0%9F%8D%9C", "x" * 5000, "%E2%80%AE", "*", "(", "%FF"]
)  # fmt: skip
def test_a_hostile_search_finds_nothing_and_breaks_nothing(get: Get, q: str) -> None:
    page = get(f"/draws/{closed()}/?q={q}")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page or "script" not in q


def test_searches_are_limited(client: Client) -> None:
    case = closed()
    answers = [client.get(f"/draws/{case}/?q=第1号店").status_code for _ in range(62)]
    assert answers.count(429) == 2
    assert client.get(f"/draws/{case}/").status_code == 200


def test_a_file_that_is_lost_is_said(get: Get) -> None:
    case = closed()
    drawn.file_of.cache_clear()
    files().remove(drawn.one(case).file)  # type: ignore[union-attr]
    assert "抽取文件现在打不开" in get(f"/draws/{case}/")
    get(f"/draws/{case}/draw.json", 404)


def test_finding_prefers_the_exact_name() -> None:
    file = drawn.file_of(drawn.one(closed()).file)[0]  # type: ignore[union-attr]
    assert find(file, "第１号店").names == (f"第1号店（{tasks.code_of(1)}）",)
    assert find(file, "  ").names == ()
    assert len(find(file, "店").names) == 60


# ── Words, and what a page may hold ──────────────────────────────────────────


def pages() -> list[str]:
    planned, waiting, visiting, done, dropped = (
        tasks.planned().case, tasks.committed(), tasks.drawn(wanted=1), closed(wanted=1), tasks.committed(wanted=1),
    )  # fmt: skip
    assert planned
    drop(dropped)
    return ["/", "/draws/", "/draws/?year=2022", *(f"/draws/{case}/" for case in (waiting, visiting, done, dropped)),
            f"/draws/{done}/?q=号店", f"/draws/{done}/?q=第1号店", f"/draws/{done}/?q=无"]  # fmt: skip


def test_pages_are_whole_in_english_and_carry_nothing_inline(client: Client) -> None:
    for address in pages():
        answer = client.get(address, headers={"Accept-Language": "en"})
        assert leftovers(answer.content) == [], address
        page = client.get(address).content.decode()
        assert " style=" not in page
        assert re.findall(r"<script(?![^>]* src=)", page) == []
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_words_kept_in_tables_have_english_ones() -> None:
    from yifa.draws import METHODS
    from yifa.draws.seed import KINDS

    stops = [stop.label for case in (closed(),) for stop in drawn.one(case).way]  # type: ignore[union-attr]
    tables = [
        list(draws.RULE.values()),
        list(KINDS.values()),
        list(METHODS.values()),
        stops,
        list(drawn.STATES.values()),
    ]
    missing = {word for table in tables for word in constants(table)} - english().keys()
    assert missing == set()
