"""A draw is a function: nobody, nothing and no moment can make it come out otherwise."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifa.draws import DrawError, Lists, draw, listed
from yifa.draws.order import below, first, shuffled, stream, ticket, tickets

from .example import VALUES, VEIL, Draw, firms, fixed

BOTH = pytest.mark.parametrize("method", ["tickets", "shuffle"])
KEY = "ab" * 32


def drawn(made: Draw, **told):
    told = {"veil": made.veil, "values": made.values} | told
    return draw(made.commitment, made.lists, told["veil"], told["values"])


@BOTH
@pytest.mark.parametrize("algo", ["sha256", "sm3"])
def test_the_same_inputs_give_the_same_result(method, algo):
    one, two = (drawn(fixed(method=method, algo=algo)) for _ in range(2))
    assert one == two
    assert one.digest == two.digest


def test_the_values_may_be_typed_as_they_are_printed():
    assert drawn(fixed(), values=["30-21-17-12-9-3", "3232.44"]) == drawn(fixed())


@BOTH
def test_another_seed_veil_or_list_draws_others(method):
    names = drawn(fixed(method=method)).names("企业")
    assert drawn(fixed(method=method), values=["9 3 21 30 12 18", VALUES[1]]).names("企业") != names
    assert drawn(fixed(method=method, veil="8" * 64), veil="8" * 64).names("企业") != names
    assert drawn(fixed(method=method, number="新双随机〔2023〕2号")).names("企业") != names


@BOTH
@given(
    strata=st.dictionaries(
        st.sampled_from("甲乙丙丁"), st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1
    ),
    send=st.integers(2, 3),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=40)
def test_quotas_are_exact_and_nobody_is_drawn_twice(method, strata, send, seed):
    wanted = {s: (firms(s, n), min(n, q) or (1 if s == min(strata) else 0)) for s, (n, q) in strata.items()}
    made = fixed(wanted, {"市": (firms("市", 5), send)}, method=method)
    result = drawn(made, values=[f"1 2 3 4 5 {seed + 6}", "1"])
    assert {s: len(result.names(s)) for s in wanted} == {s: q for s, (_, q) in wanted.items()}
    assert all(set(result.names(s)) <= set(names) for s, (names, _) in wanted.items())
    assert len({p.name for p in result.picked}) == len(result.picked)
    assert all(len({*p.details[0].sent}) == send for p in result.picked)


@given(st.sets(st.tuples(st.sampled_from(firms("市", 9)), st.sampled_from(firms("企", 12))), max_size=40))
@settings(max_examples=60)
def test_a_recusal_is_never_violated_not_even_by_a_stand_in(recusals):
    free = {firm: 9 - sum(away == firm for _, away in recusals) for firm in firms("企", 12)}
    strata, groups = {"企业": (firms("企", 12), 12)}, {"市": (firms("市", 9), 2)}
    if min(free.values()) < 2:
        with pytest.raises(DrawError, match="E590"):
            fixed(strata, groups, recusals=list(recusals))
        return
    made = fixed(strata, groups, recusals=list(recusals))
    for p in drawn(made).picked:
        assert not {(officer, p.name) for d in p.details for officer in d.order} & recusals


def test_the_work_is_shared_evenly_and_what_somebody_has_already_counts():
    made = fixed({"企业": (firms("企", 120), 30)}, {"市": (firms("市", 9), 2)}, busy={"市0003": 4})
    tasks = Counter(o for p in drawn(made).picked for d in p.details for o in d.sent)
    assert sum(tasks.values()) == 60
    assert tasks["市0003"] == 4  # three tasks before, and 63 shared by nine are seven each
    assert {n for o, n in tasks.items() if o != "市0003"} == {7}


def test_every_list_but_the_one_fixed_is_refused():
    made = fixed(recusals=[("市0001", "企0001")], exclusions=[("企9", "无扰日")])
    right = made.lists
    wrong = [
        replace(right, strata={**right.strata, "企业": listed(firms("企", 121))}),
        replace(right, strata={"企业": right.strata["企业"]}),
        replace(right, groups={**right.groups, "消防大队": listed(firms("消", 5))}),
        replace(right, groups=dict(reversed(right.groups.items()))),
        replace(right, recusals=()),
        replace(right, exclusions=("企9\t别的理由",)),
    ]
    for lists in wrong:
        with pytest.raises(DrawError, match="E592"):
            draw(made.commitment, lists, VEIL, VALUES)
    assert isinstance(right, Lists)


def test_another_veil_than_the_one_fixed_is_refused():
    with pytest.raises(DrawError, match="E591"):
        drawn(fixed(), veil="8" * 64)


# ——— the order of chance, against the plainest way to work it out ———


@given(
    st.sets(st.text(st.characters(categories=["L"]), min_size=1, max_size=4), min_size=1, max_size=60),
    st.data(),
)
def test_tickets_are_the_smallest_digests(names, data):
    n = data.draw(st.integers(0, len(names)))
    plainly = sorted((hashlib.sha256((KEY + name).encode()).hexdigest(), name) for name in names)
    assert tickets("sha256", KEY, listed(names), n) == plainly[:n]


def test_of_many_names_the_few_smallest_are_found_without_sorting_all():
    names = listed(firms("企", 5000))
    plainly = sorted(names.names, key=lambda name: ticket("sha256", KEY, name))
    for n in (1, 7, 150, 2400, 5000):
        assert first("tickets", "sha256", KEY, names, n) == plainly[:n]


def test_a_name_added_leaves_the_others_in_their_order():
    before = first("tickets", "sha256", KEY, listed(firms("企", 100)), 100)
    after = first("tickets", "sha256", KEY, listed([*firms("企", 100), "新"]), 101)
    assert [name for name in after if name != "新"] == before


@given(st.integers(1, 60), st.data())
def test_the_sparse_shuffle_is_fisher_and_yates(size, data):
    n = data.draw(st.integers(0, size))
    names, words = firms("企", size), stream("sha256", KEY)
    for place in range(n):
        other = place + below(size - place, words)
        names[place], names[other] = names[other], names[place]
    assert shuffled("sha256", KEY, listed(firms("企", size)), n) == names[:n]


def test_words_that_would_favour_small_numbers_are_passed_over():
    assert below(3, iter([2**64 - 1, 5])) == 2
    assert below(2**63 + 1, iter([2**63 + 1, 7])) == 7


def test_the_stream_is_hmac_over_a_counter():
    import hmac

    blocks = [hmac.digest(KEY.encode(), str(n).encode(), "sha256") for n in range(2)]
    words = stream("sha256", KEY)
    assert [next(words) for _ in range(8)] == [
        int.from_bytes(b[i : i + 8], "big") for b in blocks for i in (0, 8, 16, 24)
    ]


def test_more_than_there_are_cannot_be_drawn():
    with pytest.raises(DrawError, match="E585"):
        first("tickets", "sha256", KEY, listed(["甲"]), 2)
