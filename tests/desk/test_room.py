"""The duty room shows what is in force and who has not answered, to whom it concerns, and costs nothing while nothing changes."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yifa.calls import live, queue
from yifa.calls.channel import News, Report
from yifa.calls.ladder import End
from yifa.calls.models import Calling, Try
from yifa.cases import read
from yifa.cases.kernel import act
from yifa.matters.emergency.warnings import facts as w
from yifa.matters.emergency.warnings.procedure import Warning
from yifa.people import offices, posts
from yifa.people.duties import Post
from yifa.people.models import User
from yifa.people.tree import Office

from .conftest import BEGIN, JUSTICE, ON_WATCH, OTHER, TODAY, _at_desk

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[1] / "calls" / "cap" / "samples"


def called(name: str) -> Calling:
    return Calling.objects.get(name=name)


def names(page: str) -> list[str]:
    """Whom a list shows, in its order."""
    return re.findall(r'id="p-\d+"[^>]*>(?:<[^>]+>)?([^<]+)', page)


def offered(page: str) -> list[str]:
    """The steps that can be taken, in their order."""
    return re.findall(r"btn do[^>]*>\s*<span>(?:<[^>]+>)?([^<]+)", page)


def tried(calling: Calling, news: News, said: str = "") -> None:
    """One try was made now, and came to this."""
    now = queue.ms(datetime.now(UTC))
    claimed = next(c for c in queue.claim("甲", now) if c.calling == calling.pk)
    queue.record("甲", [(claimed, Report(claimed.attempt.key, news, datetime.now(UTC), said))], now)


def test_the_room_shows_what_is_in_force_and_whom_to_ring(watch: Client, alarm: tuple[int, int]) -> None:
    page = watch.get("/desk/room/").text
    for shown in (
        "生效中的预警",
        "红色",
        "应急响应",
        "二级",
        "暴雨叫应",
        "王某",
        "10000000001",
        "李某",
        "还没有应答的人",
    ):
        assert shown in page
    assert (
        "红色" not in page[page.index("room-level") :].split("</a>")[0].split("</span>")[1]
    )  # the colour is said once


def test_nothing_is_read_again_while_nothing_changed_and_everything_once_something_did(
    watch: Client, alarm: tuple[int, int]
) -> None:
    for address in ("/desk/room/", f"/desk/room/{alarm[1]}/"):
        etag = watch.get(address)["ETag"]
        assert watch.get(address, headers={"If-None-Match": etag}).status_code == 304
        queue.close(called("王某").pk, End.HANDED, "村支书", "", datetime.now(UTC))
        again = watch.get(address, headers={"If-None-Match": etag})
        assert again.status_code == 200
        assert again["ETag"] != etag
        Calling.objects.update(end="", by="", next=0)


def test_another_office_sees_neither_the_warning_nor_who_is_called(
    watch: Client, alarm: tuple[int, int], li: User
) -> None:
    posts.record(
        Post(code="justice.watch", since=BEGIN, office=JUSTICE, title="值班员", roles=frozenset({"clerk"}))
    )
    posts.give("justice.watch", li, BEGIN)
    other = _at_desk(li, "justice.watch")
    room = other.get("/desk/room/").text
    assert "暴雨叫应" not in room
    assert "10000000001" not in room
    etag = watch.get(f"/desk/room/{alarm[1]}/")["ETag"]
    for address in (f"/desk/room/{alarm[1]}/", f"/desk/room/{alarm[1]}/{called('王某').pk}/"):
        assert other.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_the_list_of_a_call_out_is_found_by_how_people_stand_and_by_name(
    watch: Client, alarm: tuple[int, int]
) -> None:
    queue.close(called("李某").pk, End.HANDED, "村支书", "", datetime.now(UTC))

    def listed(query: str) -> set[str]:
        return set(names(watch.get(f"/desk/room/{alarm[1]}/?{query}").text))

    assert listed("") == {"王某"}
    assert listed("stand=handed") == {"李某"}
    assert listed("stand=all") == {"王某", "李某"}
    assert listed("stand=all&q=李") == {"李某"}
    assert listed("stand=all&q=%25") == listed("stand=all&q=!") == listed("stand=answered") == set()
    assert listed("stand=nonsense&after=x-y") == {"王某"}  # what an address cannot mean is left out
    assert listed("place=另行名单") == {"王某"}
    assert listed("place=别处") == set()


def test_a_long_list_goes_by_pages_and_leaves_nobody_out(watch: Client, alarm: tuple[int, int]) -> None:
    one = called("王某")
    Calling.objects.bulk_create(
        Calling(callout_id=one.callout_id, name=f"住户{n}", addresses="{}", since=0, next=0, rung=n % 3)
        for n in range(230)
    )
    found: list[str] = []
    address = f"/desk/room/{alarm[1]}/"
    while address:
        page = watch.get(address).text
        found += names(page)
        more = re.search(r'href="([^"#]+)[^"]*" rel="next"', page)
        address = f"/desk/room/{alarm[1]}/{html.unescape(more[1])}" if more else ""
    assert len(found) == len(set(found)) == 232


def test_every_try_is_shown_with_what_was_confirmed(watch: Client, alarm: tuple[int, int]) -> None:
    one = called("王某")
    tried(one, News.BUSY)
    page = watch.get(f"/desk/room/{alarm[1]}/{one.pk}/").text
    for shown in ("占线", "语音", "10000000001", "第 1 级，第 1 次", "tel:10000000001"):
        assert shown in page
    queue.close(one.pk, End.ANSWERED, "本人", "点开链接确认收到", datetime.now(UTC))
    page = watch.get(f"/desk/room/{alarm[1]}/{one.pk}/").text
    assert "点开链接确认收到" in page
    assert "登记应答" not in page


def test_an_answer_counts_on_the_rung_that_was_answered_however_late_it_comes(
    watch: Client, alarm: tuple[int, int]
) -> None:
    one, other = called("王某"), called("李某")
    tried(one, News.ACCEPTED)
    late = Try.objects.get(calling_id=one.pk)
    Calling.objects.update(rung=1)
    queue.learn([Report(late.key, News.REPLIED, datetime.now(UTC), "1")])
    queue.close(other.pk, End.ANSWERED, "值班登记", "本人来电", datetime.now(UTC))
    it = live.of_case(alarm[1])
    assert it is not None
    assert [(rung.now, rung.answered) for rung in it.rungs] == [(0, 1), (0, 1), (0, 0)]


@pytest.mark.parametrize("calling", ["0", "99999", "9" * 30])
def test_a_person_who_is_not_of_this_call_out_is_not_shown(
    watch: Client, alarm: tuple[int, int], calling: str
) -> None:
    assert watch.get(f"/desk/room/{alarm[1]}/{calling}/").status_code == 404
    assert (
        watch.get(f"/desk/room/{alarm[0]}/{called('王某').pk}/").status_code == 404
    )  # a warning calls nobody


def test_a_call_that_nobody_makes_is_said_in_red(watch: Client, alarm: tuple[int, int]) -> None:
    assert "到点没有呼出" not in watch.get("/desk/room/").text
    Calling.objects.filter(name="王某").update(next=queue.ms(datetime.now(UTC) - timedelta(minutes=2)))
    assert "有 1 人到点没有呼出" in watch.get("/desk/room/").text


def test_without_lines_the_room_says_that_nobody_will_be_called(
    watch: Client, alarm: tuple[int, int]
) -> None:
    assert not (Path(settings.YIFA_HOME) / "channels.toml").exists()
    assert "还没有接通任何线路" in watch.get("/desk/room/").text


def test_what_would_be_refused_is_not_offered_but_explained(watch: Client, alarm: tuple[int, int]) -> None:
    page = watch.get(f"/desk/case/{alarm[1]}/").text
    assert offered(page)[0] == "查看进度，逐人办理"
    assert "结束叫应" not in offered(page)
    assert "不得结束" in page[page.index("不能办理的") :]
    for one in Calling.objects.all():
        queue.close(one.pk, End.HANDED, "村支书", "", datetime.now(UTC))
    assert "结束叫应" in offered(watch.get(f"/desk/case/{alarm[1]}/").text)


# ── Files ────────────────────────────────────────────────────────────────────


def dropped(client: Client, name: str, data: bytes | None = None) -> tuple[int, str]:
    file = SimpleUploadedFile(name, data if data is not None else (SAMPLES / name).read_bytes())
    answer = client.post("/desk/drop/", {"file": file})
    return answer.status_code, answer.text


def test_a_message_dropped_fills_the_form_and_enters_nothing(watch: Client) -> None:
    status, page = dropped(watch, "rain-orange.xml")
    assert status == 200
    for filled in (
        'value="暴雨"',
        "演示气象台",
        "金兰山街道、田铺乡",
        "随文件带入",
        'action="/desk/p/warning/new/receive/"',
    ):
        assert filled in page
    assert "没有登记" in page
    assert watch.get("/desk/p/warning/").text.count("row-title") == 0


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("rain-cancel.xml", None, "没有登记，或者已经解除"),
        ("empty.xml", b" ", "不是您能办理的任何一步所用的报文"),
        ("photo.jpg", b"\xff\xd8\xff", "不是您能办理的任何一步所用的报文"),
        (
            "bomb.xml",
            b'<!DOCTYPE a [<!ENTITY b "c">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&b;</alert>',
            "",
        ),
        ("half.xml", b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1', ""),
        ("huge.xml", b"<alert>" + b" " * (2 * 1024 * 1024), "文件超过2 MB"),
    ],
    ids=["a cancel of nothing", "empty", "a picture", "an entity", "cut off", "too large"],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    watch: Client, name: str, data: bytes | None, says: str
) -> None:
    status, page = dropped(watch, name, data)
    assert status == 422
    assert says in page
    assert name in page or says.startswith("文件超过")


def test_a_post_without_a_watch_takes_in_no_message(clerk: Client) -> None:
    status, page = dropped(clerk, "rain-orange.xml")
    assert status == 422
    assert "不是您能办理的任何一步" in page


def test_a_fact_too_long_for_a_page_is_taken_away_whole_by_whom_it_concerns(
    watch: Client, alarm: tuple[int, int], wang: User, li: User
) -> None:
    entry = read.case(alarm[1], posts.actor_in(ON_WATCH, TODAY, wang), TODAY).timeline[0].entry
    address = f"/desk/case/{alarm[1]}/fact/{entry}/more"
    assert watch.get(address).text == "王某，10000000001\n李某，10000000002"
    assert (
        watch.get(f"/desk/case/{alarm[1]}/fact/{entry}/salt").text == "（加密保存）"
    )  # a key is shown to nobody
    assert watch.get(f"/desk/case/{alarm[1]}/fact/{entry}/nothing").status_code == 404
    assert watch.get(f"/desk/case/{alarm[0]}/fact/{entry}/more").status_code == 404
    assert _at_desk(li, OTHER).get(address).status_code == 404


def test_a_call_out_grown_out_of_a_warning_begins_with_its_words_and_its_places(
    watch: Client, alarm: tuple[int, int], wang: User
) -> None:
    """The townships a warning names are ticked; one that names anything wider is for everybody."""
    offices.record_all([
        Office(code="x-one", since=BEGIN, name="新县田铺乡人民政府", short="田铺乡", parent="x", kind="township"),
        Office(code="x-two", since=BEGIN, name="新县周河乡人民政府", short="周河乡", parent="x", kind="township"),
    ])  # fmt: skip

    def ticked(area: str) -> list[str]:
        told = {"issuer": "气象台", "issued": f"{TODAY} {area}", "area": area, "until": TODAY}
        notice = w.Notice(on=TODAY, event="暴雨", colour=w.Colour.ORANGE, **told)
        case = act(Warning.receive, notice, posts.actor_in(ON_WATCH, TODAY, wang)).case
        form = watch.get(f"/desk/p/rousing/new/begin/?from={case}").text
        assert "暴雨橙色预警叫应" in form
        return re.findall(r'name="townships" value="([^"]+)" checked', form)

    assert ticked("田铺乡") == ["新县田铺乡人民政府"]
    assert ticked("田铺乡、周河乡") == ["新县田铺乡人民政府", "新县周河乡人民政府"]
    assert ticked("全县") == ticked("田铺乡、全县") == []
