"""Mail: one connection for a batch, refusals by recipient, encryption, messages that keep their key."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from yifa.calls.channel import Channel, ChannelError, Message, News, Report, Try
from yifa.calls.channels.mail import MailChannel, MailSettings, message_id

from .contract import LONG, SHORT, ChannelContract, tries
from .far import Smtp, certificate

SENDER = "calls@xinxian.example"


def settings(port: int, **more: Any) -> MailSettings:
    return MailSettings(
        **{"host": "127.0.0.1", "sender": SENDER, "port": port, "way": "plain", "seconds": LONG, **more}
    )


def key(mail: Any) -> str:
    return str(mail.message["Message-ID"]).strip("<>").partition("@")[0]


class TestMail(ChannelContract):
    people = ("wang@town.example", "li.si+1@town.example")
    nobody = "wang@town.example>\r\nRCPT TO:<x@y"
    refusals = frozenset({"429", "500"})

    def far(self, mood: str) -> Smtp:
        return Smtp(mood)

    def channel(self, port: int, seconds: float = LONG) -> Channel:
        return MailChannel(settings(port, seconds=seconds))

    def arrived(self, far: Smtp) -> list[tuple[str, str]]:
        return [(key(mail), mail.message.get_content()) for mail in far.mails]


def run(far: Smtp, wanted: list[Try], **more: Any) -> list[Report]:
    async def go() -> list[Report]:
        async with far:
            return await MailChannel(settings(far.port, **more)).send(wanted)

    return asyncio.run(go())


def news(reports: list[Report]) -> list[News]:
    return [r.news for r in reports]


def test_one_connection_for_a_batch() -> None:
    far = Smtp()
    assert news(run(far, tries(*(f"p{n}@town.example" for n in range(20))))) == [News.ACCEPTED] * 20
    assert (far.lines, far.said[-1]) == (1, "QUIT")
    assert [mail.to for mail in far.mails] == [f"p{n}@town.example" for n in range(20)]


def test_a_message_says_who_what_and_which() -> None:
    far = Smtp()
    run(far, tries("wang@town.example", drill=True))
    mail = far.mails[0].message
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, "wang@town.example", "【演练】暴雨预警")
    assert mail["Message-ID"] == "<w1.0@xinxian.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo
    assert mail.get_content().split() == [
        "【演练】今晚有暴雨，请立即转移",
        "回应：https://example.invalid/a/7",
    ]


def test_a_recipient_refused_is_one_failure() -> None:
    far = Smtp(refuses=frozenset({"b@town.example"}))
    reports = run(far, tries("a@town.example", "b@town.example", "c@town.example"))
    assert news(reports) == [News.ACCEPTED, News.FAILED, News.ACCEPTED]
    assert reports[1].detail == "550 5.1.1 no such box"
    assert far.lines == 1


def test_a_server_that_takes_only_so_many_is_dialled_again() -> None:
    far = Smtp(per_line=3)
    assert news(run(far, tries(*["a@town.example"] * 8))) == [News.ACCEPTED] * 8
    assert far.lines == 3


def test_a_server_that_takes_none_is_given_up() -> None:
    far = Smtp(per_line=0)
    reports = run(far, tries(*["a@town.example"] * 8))
    assert news(reports) == [News.FAILED] * 8
    assert reports[7].detail == "421 enough for this time"
    assert far.lines == 1


def test_before_the_message_left_nobody_can_have_it() -> None:
    far = Smtp("no data")
    assert news(run(far, tries(*["a@town.example"] * 5))) == [News.FAILED] * 5
    assert far.lines == 3


def test_after_the_message_left_only_that_one_is_open() -> None:
    far = Smtp("hangs up")
    reports = run(far, tries(*["a@town.example"] * 5))
    assert news(reports) == [News.UNKNOWN] * 3 + [News.FAILED] * 2
    assert len(far.mails) == 3


@pytest.mark.parametrize(
    "greeting", [b"554 go away\r\n", b"", b"SSH-2.0-x\r\n", b"220-" + b"x" * 9000, b"220-x\r\n" * 300]
)
def test_a_server_that_does_not_greet_gets_nothing(greeting: bytes) -> None:
    far = Smtp(greeting=greeting)
    seconds = SHORT if not greeting else LONG
    assert news(run(far, tries("a@town.example", "b@town.example"), seconds=seconds)) == [News.FAILED] * 2
    assert far.mails == []


def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    text = ".\r\n..\n.x\nend."
    far = Smtp()
    run(far, [Try("k", "a@town.example", Message(text))])
    assert far.mails[0].message.get_content().split() == text.split()
    from yifa.calls.channels.smtp import Smtp as Client

    async def raw() -> None:
        async with far:
            client = Client(1)
            await client.dial("127.0.0.1", far.port, None)
            await client.greet()
            assert (await client.say("DATA")).code == 354
            assert (await client.tell(b".\r\n.a\nb\r\n..\r\n")).good
            await client.leave()
            client.drop()

    asyncio.run(raw())
    assert far.mails[1].data == b".\r\n.a\r\nb\r\n..\r\n"


def test_a_subject_of_several_lines_is_one_header() -> None:
    far = Smtp()
    subject = "暴雨\r\nBcc: everybody@town.example\n" + "长" * 150
    run(far, [Try("k", "a@town.example", Message("x", subject))])
    mail = far.mails[0].message
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("暴雨 Bcc: everybody@town.example 长长")
    assert all(len(line) <= 998 for line in far.mails[0].data.splitlines())


def test_a_message_without_a_subject_has_the_offices() -> None:
    far = Smtp()
    run(far, [Try("k", "a@town.example", Message("坏\ud800字"))], subject="县里的通知")
    assert far.mails[0].message["Subject"] == "县里的通知"
    assert far.mails[0].message.get_content().startswith("坏?字")


@pytest.mark.parametrize(
    "key_", ["w1.0", "a" * 64, "a" * 65, "a..b", ".a", "村 7", "a@b", "", "sha256-abc", "x\r\ny", "\ud800"]
)
def test_a_key_is_kept_by_the_message_id_whatever_it_is(key_: str) -> None:
    far = Smtp()
    one = Try(key_, "a@town.example", Message("x"))
    run(far, [one, one])
    made = message_id(key_, SENDER)
    assert [str(mail.message["Message-ID"]).strip() for mail in far.mails] == [made, made]
    assert made not in {message_id(other, SENDER) for other in ("w1.1", "sha256-", key_ + "x", key_ + " ")}


@pytest.mark.parametrize(
    "to",
    [
        "",
        "wang",
        "@town.example",
        "a b@town.example",
        "王@town.example",
        "a@镇.example",
        "a@b..c",
        "a@b\n",
        "<a@b>",
    ],
)
def test_what_is_no_address_is_not_sent(to: str) -> None:
    far = Smtp()
    assert news(run(far, tries(to))) == [News.FAILED]
    assert far.lines == 0


# ——— encryption, and who we are ———


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN", "CRAM-MD5 LOGIN"])
def test_one_logs_in_after_starttls(tmp_path: Path, mechanisms: str) -> None:
    server, believed = certificate(tmp_path)
    far = Smtp(starttls=server, password="密码", mechanisms=mechanisms)
    more = {"way": "starttls", "user": "calls", "password": "密码", "authority": believed}
    assert news(run(far, tries("a@town.example"), **more)) == [News.ACCEPTED]
    assert far.logins == ["\0calls\0密码".encode()]
    assert far.said.index("STARTTLS") < next(n for n, line in enumerate(far.said) if line.startswith("AUTH"))


def test_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    server, believed = certificate(tmp_path)
    far = Smtp(tls=server)
    assert news(run(far, tries("a@town.example"), way="tls", authority=believed)) == [News.ACCEPTED]


def test_a_wrong_password_is_said_and_nothing_sent() -> None:
    far = Smtp(password="right")
    (report,) = run(far, tries("a@town.example"), user="calls", password="wrong")
    assert (report.news, far.mails) == (News.FAILED, [])
    assert "535" in report.detail
    assert "wrong" not in report.detail


@pytest.mark.parametrize("mechanisms", ["", "CRAM-MD5"])
def test_a_server_without_a_way_to_log_in_gets_no_password(mechanisms: str) -> None:
    far = Smtp(password="right", mechanisms=mechanisms)
    assert news(run(far, tries("a@town.example"), user="calls", password="right")) == [News.FAILED]
    assert far.logins == []


def test_a_certificate_nobody_believes_gets_nothing(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path)
    for far, way in ((Smtp(starttls=server), "starttls"), (Smtp(tls=server), "tls")):
        assert news(run(far, tries("a@town.example"), way=way)) == [News.FAILED]
        assert far.mails == []


def test_a_server_without_starttls_gets_nothing_unencrypted() -> None:
    far = Smtp()
    assert news(run(far, tries("a@town.example"), way="starttls")) == [News.FAILED]
    assert not any(line.startswith("MAIL") for line in far.said)


def test_what_was_slipped_in_before_the_encryption_is_not_heard(tmp_path: Path) -> None:
    server, believed = certificate(tmp_path)
    far = Smtp(starttls=server, inject=b"250 slipped in\r\n" * 9)
    reports = run(far, tries("a@town.example"), way="starttls", authority=believed)
    assert [r.detail for r in reports] == ["250 taken"]
    assert far.said[1:3] == ["STARTTLS", far.said[0]]


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        ({"host": ""}, "E696"),
        ({"host": "a..b"}, "E696"),
        ({"port": 0}, "E696"),
        ({"port": "25"}, "E696"),
        ({"sender": "calls"}, "E697"),
        ({"way": "ssl"}, "E698"),
        ({"user": "calls"}, "E699"),
        ({"host": "mail.example", "user": "calls", "password": "x", "way": "plain"}, "E699"),
        ({"authority": "nonesuch.pem", "way": "tls"}, "E686"),
        ({"most": 0}, "E682"),
    ],
)
def test_settings_that_cannot_work_are_said(wrong: dict[str, Any], id: str) -> None:
    assert "hush" not in repr(settings(25, user="calls", password="hush"))
    with pytest.raises(ChannelError, match=id):
        settings(**{"port": 25, **wrong})
