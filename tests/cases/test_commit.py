"""What holds when an act commits by itself: nothing half done, the connection usable after a refusal, effects last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection

from yifa.cases import kernel, loaded
from yifa.cases.kernel import Do, act, act_many
from yifa.cases.rebuild import compare
from yifa.matters.oversight.disclosure import facts as f
from yifa.matters.oversight.disclosure.procedure import Disclosure as D
from yifa.people.actor import Actor
from yifa.procedure import Refused

pytestmark = pytest.mark.usefixtures("committed")
Make = Callable[..., f.Registration]


@pytest.fixture(autouse=True)
def offices_known(committed: None) -> None:
    from yifa.people import offices
    from yifa.people.models import Office

    Office.objects.create(
        code="xinxian-gov-office",
        name="新县人民政府办公室",
        kind="department",
        mark="新政办",
        since=date(2010, 1, 1),
    )
    offices.forget()


@pytest.fixture
def effects() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(done: kernel.Done) -> None:
        with connection.cursor() as c:
            c.execute("SELECT count(*) FROM ledger_entry")
            seen.append(f"{done.step} {c.fetchone()[0]}")

    D.receive.then(note)
    yield seen
    D.receive.effects.remove(note)


def count(table: str) -> int:
    with connection.cursor() as c:
        c.execute(f"SELECT count(*) FROM {table}")
        return int(c.fetchone()[0])


def test_an_act_commits_and_its_effects_come_after(
    clerk: Actor, application: Make, effects: list[str]
) -> None:
    act(D.receive, application(), clerk)
    assert effects == ["receive 1"]


def test_a_refusal_leaves_nothing_and_the_door_open(clerk: Actor, application: Make) -> None:
    case = act(D.receive, application(), clerk).case
    for _ in range(3):
        with pytest.raises(Refused):
            act(D.answer, f.Reply(on=date(2023, 3, 20), answer=f.Answer.INTERNAL), clerk, case=case)
    assert act(D.consult, f.Consultation(on=date(2023, 3, 20), party="某公司"), clerk, case=case).seq == 2
    assert compare() == []


def test_the_number_of_a_refused_paper_is_given_again(clerk: Actor, application: Make) -> None:
    first = act(D.receive, application(), clerk)
    with pytest.raises(Refused):
        act(D.receive, application(on=date(2020, 1, 1)), clerk)
    second = act(D.receive, application(), clerk)
    assert (first.number[-2], second.number[-2]) == ("1", "2")


def test_a_lost_race_is_refused_and_the_winner_stands(
    clerk: Actor, application: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = act(D.receive, application(), clerk).case
    fresh = loaded.from_row

    def stale(*given: object) -> loaded.Loaded:
        taken = fresh(*given)  # type: ignore[arg-type]
        taken.seq = taken.was = 0
        return taken

    monkeypatch.setattr(loaded, "from_row", stale)
    with pytest.raises(Refused, match="案件刚刚被他人办理，请刷新后再试"):
        act(D.consult, f.Consultation(on=date(2023, 3, 8), party="某公司"), clerk, case=case)
    monkeypatch.undo()
    assert act(D.consult, f.Consultation(on=date(2023, 3, 8), party="某公司"), clerk, case=case).seq == 2
    assert compare() == []


def test_a_stream_that_is_not_atomic_keeps_its_full_batches(clerk: Actor, application: Make) -> None:
    good = [Do(D.receive, application(), clerk) for _ in range(25)]
    bad = Do(D.receive, application(on=date(2020, 1, 1)), clerk)
    with pytest.raises(Refused):
        act_many([*good, bad], atomic=False, batch=10)
    assert count("cases_case") == count("ledger_entry") == 20
    with pytest.raises(Refused):
        act_many([*good, bad], atomic=True, batch=10)
    assert count("cases_case") == 20
    assert compare() == []


def test_a_streams_own_name_of_a_case_outlives_the_batch_it_began_in(clerk: Actor, application: Make) -> None:
    acts = [
        Do(step, facts, clerk, ref=ref)
        for ref in ("甲", "乙")
        for step, facts in (
            (D.receive, application()),
            (D.consult, f.Consultation(on=date(2023, 3, 8), party="某公司")),
            (D.hear, f.Opinion(on=date(2023, 3, 9), agrees=True)),
        )
    ]
    tally = act_many(acts, atomic=False, keep_done=True, batch=2)
    assert (tally.acts, tally.cases, tally.refused) == (6, 2, [])
    first, second = tally.done[0].case, tally.done[3].case
    assert [(d.case, d.seq) for d in tally.done] == [(c, n) for c in (first, second) for n in (1, 2, 3)]


def test_what_follows_from_a_batch_follows_though_a_later_one_is_refused(
    clerk: Actor, application: Make, effects: list[str]
) -> None:
    good = [Do(D.receive, application(), clerk) for _ in range(5)]
    with pytest.raises(Refused):
        act_many([*good, Do(D.receive, application(on=date(2020, 1, 1)), clerk)], atomic=False, batch=2)
    assert effects == ["receive 2", "receive 2", "receive 4", "receive 4"]
    effects.clear()
    act_many(good, batch=2)
    assert effects == ["receive 9"] * 5
