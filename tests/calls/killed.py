"""Run by test_killed: a county whose senders and web processes are killed with -9 at random moments, over and over.

The senders are `yifa call` as it runs, with shorter waits; the web processes take acts through the door as the site does,
and a client notes what was confirmed to it. The gateway is a process of its own that nobody kills: it keeps to the
contract, takes a key once, and remembers every handing over. What everybody did is printed at the end, to be judged.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import django

HOME, SEED, ROUNDS, SIDES = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
WINDOW = 400  # milliseconds a claim holds here
RUNGS = "语音，本人，2次，间隔0.4秒，限1秒\n语音，替补，1次，限0.5秒\n语音，上级，2次，间隔0.3秒，限0.8秒"
PATIENCE = 60  # seconds for the last callings to end by themselves
LOG, HANDED, ANSWERS = HOME / "senders.log", HOME / "handed.log", HOME / "answers.log"


ALREADY = ("yifa.E632", "yifa.R003")  # ended meanwhile; somebody else was first


def note(file: Path, line: str) -> None:
    """Kept even if this process is killed the moment after: the system has it."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def noted(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text().splitlines()] if file.exists() else []


# ── The far side ─────────────────────────────────────────────────────────────


def gateway(tell: int) -> NoReturn:
    """One in three answers a moment after the first handing over; what is told is told again to whoever asks anew."""
    from tests.calls.channels.far import Http, Request, http

    first: dict[str, float] = {}
    replies: list[dict[str, str]] = []

    def reply(request: Request) -> bytes:
        now = time.time()
        if request.method == "POST":
            said = []
            for one in request.json["messages"]:
                note(HANDED, f"{one['key']}\t{one['to']}\t{now}")
                said.append({"key": one["key"], "code": "duplicate" if one["key"] in first else "accepted"})
                first.setdefault(one["key"], now)
            return http(200, {"answers": said})
        for key, at in first.items():
            if at and now > at + 0.1:
                first[key] = 0.0
                if random.Random(f"{SEED} {key}").random() < 0.33:
                    replies.append({"key": key, "news": "replied", "said": "1", "at": ""})
                    note(ANSWERS, key)
        after = int(request.target.partition("after=")[2] or 0)
        page = replies[after : after + 5]
        more = len(replies) > after + 5
        return http(200, {"news": page, "cursor": str(after + len(page)), "more": more})

    async def serve() -> None:
        async with Http(reply) as far:
            os.write(tell, f"{far.port}\n".encode())
            await asyncio.Event().wait()

    asyncio.run(serve())
    os._exit(0)


# ── Those who are killed ─────────────────────────────────────────────────────


def sender() -> NoReturn:
    """`yifa call`, looking oftener; it notes each claim and each look at who moves up."""
    from yifa.calls import queue
    from yifa.calls.sender import Sender
    from yifa.site.commands import call

    claim, move_up = queue.claim, queue.move_up

    def claiming(name: str, now: int, *how: int) -> list[queue.Claimed]:
        found = claim(name, now, *how)
        for one in found:
            note(LOG, f"claim\t{now}\t{one.attempt.key}")
        return found

    def looking(now: int) -> int:
        found = move_up(now)
        note(LOG, f"look\t{now}")
        return found

    queue.claim, queue.move_up = claiming, looking
    call.ROUND = 0.02
    call.Sender = partial(Sender, most=20, window=WINDOW)  # type: ignore[misc,assignment]
    os._exit(call.call(Namespace(name=None, once=False, beside=None)))


def web(jobs: int, replies: int) -> NoReturn:
    """Takes one act after the other through the door."""
    from yifa.matters.emergency.warnings import facts as f
    from yifa.matters.emergency.warnings.procedure import Rousing
    from yifa.people import posts
    from yifa.procedure import Refused

    today = date.today()
    clerk = posts.actor_in("xinxian-emergency.duty-officer", today)
    head = posts.actor_in("xinxian-emergency.duty-head", today)

    def begin(about: str, people: int) -> list[Any]:
        lines = "\n".join(
            f"{about}第{k}人，1380000{k:04}，1390000{k:04}，1370000{k:04}" for k in range(people)
        )
        told = f.Rouse(on=today, about=about, words="请立即转移", ladder="快", only_more=True, more=lines)
        case = kernel.act(Rousing.begin, told, clerk).case
        return [case, [row[0] for row in _rows(f"{IN_CALL_OUT} {case}")]]

    def answer(case: int, callee: int) -> None:
        kernel.act(
            Rousing.answer, Rousing.answer.asks(on=today, callee=callee, how="本人来电"), clerk, case=case
        )

    def hand_over(case: int, callee: int) -> None:
        told = Rousing.hand_over.asks(on=today, callee=callee, to="王某")
        kernel.act(Rousing.hand_over, told, clerk, case=case)

    def give_up(case: int, callee: int) -> None:
        told = Rousing.give_up.asks(on=today, callee=callee, reason="误报")
        kernel.act(Rousing.give_up, told, head, case=case)

    from yifa.cases import kernel

    doing: dict[str, Callable[..., Any]] = {
        "begin": begin, "answer": answer, "hand_over": hand_over, "give_up": give_up,
    }  # fmt: skip
    with os.fdopen(jobs) as coming:
        for line in coming:
            name, *told = json.loads(line)
            try:
                came = ["done", doing[name](*told)]
            except Refused as refused:
                came = ["refused", [reason.id for reason in refused.reasons]]
            os.write(replies, (json.dumps(came) + "\n").encode())
    os._exit(0)


IN_CALL_OUT = "SELECT c.id FROM calls_calling c JOIN calls_callout o ON o.id = c.callout_id WHERE o.case_id ="


def _rows(sql: str) -> list[list[Any]]:
    from yifa.cases.store import Store

    return [list(row) for row in Store().cursor().all(sql)]


# ── Whoever starts them again ────────────────────────────────────────────────


CHILDREN: set[int] = set()


def forked(doing: Callable[[], NoReturn]) -> int:
    from django.db import connections

    connections.close_all()
    if (child := os.fork()) == 0:
        CHILDREN.clear()
        try:
            doing()
        except BaseException as trouble:
            print(f"{doing}: {trouble!r}", file=sys.stderr, flush=True)
        finally:
            os._exit(3)
    CHILDREN.add(child)
    return child


def killed(child: int) -> None:
    CHILDREN.discard(child)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


class Side:
    """A web process as its client sees it: one request at a time."""

    def __init__(self) -> None:
        self.job: list[Any] | None = None
        self.begin()

    def begin(self) -> None:
        out, self.jobs = os.pipe()
        self.replies, back = os.pipe()
        self.process = forked(lambda: web(out, back))
        os.close(out)
        os.close(back)

    def ask(self, *job: Any) -> None:
        self.job = list(job)
        os.write(self.jobs, (json.dumps(job) + "\n").encode())

    def said(self) -> list[Any]:
        text = b""
        while not text.endswith(b"\n"):
            text += os.read(self.replies, 65536) or b'["refused", ["ended"]]\n'
        return list(json.loads(text))

    def kill(self) -> None:
        killed(self.process)
        os.close(self.jobs)
        os.close(self.replies)
        self.job = None
        self.begin()


class Client:
    """Asks for call-outs and for their ends, and notes what it was told was done."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.asked = rng, 0
        self.done: list[list[Any]] = []
        self.refused = 0
        self.callees: list[tuple[int, int]] = []

    def next_job(self) -> list[Any]:
        if not self.callees or self.rng.random() < 0.5:
            self.asked += 1
            return ["begin", f"事由{self.asked}", self.rng.randrange(1, 7)]
        step = self.rng.choice(("answer", "hand_over", "give_up"))
        return [step, *self.rng.choice(self.callees[-30:])]

    def hear(self, side: Side) -> None:
        how, what = side.said()
        job, side.job = side.job, None
        assert job is not None
        if how == "refused":
            assert what[0] in ALREADY, (job, what)
            self.refused += 1
            return
        self.done.append([*job, what])
        if job[0] == "begin":
            self.callees += [(what[0], callee) for callee in what[1]]


def rounds(rng: random.Random, client: Client) -> dict[str, Any]:
    """Kill, start again, look whether what was answered is answered still."""
    senders, sides = [forked(sender) for _ in range(SIDES)], [Side() for _ in range(SIDES)]
    kills = {"sender": 0, "web": 0}
    answered: set[int] = set()
    undone: list[int] = []
    for n in range(ROUNDS):
        until = time.time() + rng.uniform(0.02, 0.5)
        while (left := until - time.time()) > 0:
            for side in sides:
                if side.job is None:
                    side.ask(*client.next_job())
            ready, _, _ = select.select([side.replies for side in sides], [], [], min(left, 0.05))
            for side in sides:
                if side.replies in ready:
                    client.hear(side)
            time.sleep(min(0.02, max(0.0, until - time.time())))
        both, which = rng.random(), rng.randrange(SIDES)
        if both < 0.6:
            killed(senders[which])
            senders[which] = forked(sender)
            kills["sender"] += 1
        if both > 0.4:
            sides[which].kill()
            kills["web"] += 1
        if n % 10 == 0:
            now = {row[0] for row in _rows("SELECT id FROM calls_calling WHERE \"end\" = 'ANSWERED'")}
            undone, answered = [*undone, *(answered - now)], now
    for side in sides:
        killed(side.process)
    waited = time.time() + PATIENCE
    while time.time() < waited and (
        _rows("SELECT 1 FROM calls_calling WHERE next IS NOT NULL LIMIT 1") or _unheard()
    ):
        time.sleep(0.2)
    for process in senders:  # the supervisor's way to end one
        os.kill(process, signal.SIGTERM)
    ends = [os.waitpid(process, 0)[1] for process in senders]
    CHILDREN.difference_update(senders)
    return {"kills": kills, "undone": undone, "ends": ends}


def _unheard() -> bool:
    told = {key for (key,) in noted(ANSWERS)}
    return bool(told - {row[0] for row in _rows("SELECT key FROM calls_try WHERE news = 'REPLIED'")})


# ── What became of it ────────────────────────────────────────────────────────


def looked_at() -> dict[str, Any]:
    from yifa.cases.rebuild import compare
    from yifa.ledger.verify import verify

    wrong = verify().first_wrong
    bodies = [json.loads(row[0]) for row in _rows("SELECT body FROM ledger_entry ORDER BY id")]
    return {
        "wrong": wrong.sentence() if wrong else "",
        "different": [str(d) for d in compare()],
        "ledger": [body for body in bodies if body["proc"] == "rousing"],
        "call_outs": _rows(
            "SELECT o.label, o.case_id, count(*) FROM calls_callout o JOIN calls_calling c ON c.callout_id = o.id"
            " GROUP BY o.id, o.label, o.case_id"
        ),
        "callings": _rows(
            'SELECT c.id, c.rung, c.since, o.begun, c.next, c."end", c.ended FROM calls_calling c'
            " JOIN calls_callout o ON o.id = c.callout_id"
        ),
        "tries": _rows("SELECT key, news, at FROM calls_try"),
        "senders": noted(LOG),
        "handed": noted(HANDED),
        "answers": [key for (key,) in noted(ANSWERS)],
    }  # fmt: skip


def main() -> None:
    out, tell = os.pipe()
    far = os.fork()
    if far == 0:
        gateway(tell)
    port = os.read(out, 20).decode().strip()
    django.setup()
    from yifa.calls.told import Rule
    from yifa.cases import kernel
    from yifa.matters.emergency.warnings.procedure import CallLadder
    from yifa.people import posts
    from yifa.site.commands.setup import county_folder, prepare

    line = f'url = "http://127.0.0.1:{port}"\naccount = "county"\nsecret = "0123456789abcdef"\n'
    (HOME / "channels.toml").write_text(f'[voice]\nkind = "sms"\n{line}', "utf-8")
    prepare(county_folder(None))
    today = date.today()
    head = posts.actor_in("xinxian-emergency.duty-head", today)
    kernel.act(CallLadder.lay_down, Rule(on=today, name="快", rungs=RUNGS, basis="试"), head)
    rng = random.Random(SEED)
    client = Client(rng)
    try:
        told = rounds(rng, client)
    finally:
        for child in [far, *CHILDREN]:
            killed(child)
    print(json.dumps(told | {"done": client.done, "window": WINDOW} | looked_at(), default=str))


main()
