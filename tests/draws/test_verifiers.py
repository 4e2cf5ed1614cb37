"""A published draw can be run again by a stranger: the library's own check and the script beside it agree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.draws import Out, draw, verify
from yifa.draws.files import VERIFIER

from .example import VALUES, VEIL, Draw, firms, fixed

KINDS = [("tickets", "sha256"), ("tickets", "sm3"), ("shuffle", "sha256"), ("shuffle", "sm3")]


def example(method: str, algo: str) -> Draw:
    weighty = {"lots": {"企0003": 4, "个0100": 2}} if method == "tickets" else {}
    return fixed(
        method=method, algo=algo, busy={"市0001": 3}, recusals=[("市0001", "企0001"), ("消0002", "个0002")],
        exclusions=[("企9999", "无扰日 6月1日至10日")], **weighty,
    )  # fmt: skip


def text_of(made: Draw) -> str:
    """A file with a firm, and then an officer, replaced."""
    picked = draw(made.commitment, made.lists, VEIL, VALUES).picked
    return made.file(
        Out(picked[1].name, "已注销"),
        Out(picked[0].name, "病假", picked[0].details[0].sent[1]),
        Out(picked[-1].name, "无法联系"),
    ).text


GENUINE = text_of(example("tickets", "sha256"))


def script(text: str, where: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The script alone, in a folder where no package of ours can be found."""
    file = where / "draw.json"
    file.write_text(text, "utf-8")
    return subprocess.run(
        [sys.executable, "-I", VERIFIER, file, *more], cwd=where, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("method", "algo"), KINDS)
def test_both_agree_that_it_was_drawn_so(method, algo, tmp_path):
    made = example(method, algo)
    text = text_of(made)
    assert verify(text, [made.commitment.digest]) == []
    ran = script(text, tmp_path, made.commitment.digest)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(
        f"相符：餐饮联合抽查，抽中10个，摘要{made.commitment.digest}\n3.9.12.17.21.30.\n3232.44"
    )


def _told(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def spoil(text: str) -> str:
        told = json.loads(text)
        change(told)
        return json.dumps(told, ensure_ascii=False)

    return spoil


TAMPERED = {
    "a firm taken out of the list": _told(lambda t: t["strata"]["企业"].pop(5)),
    "a firm put into the list": _told(lambda t: t["strata"]["企业"].append("企99999")),
    "a firm's lots": _told(lambda t: t["strata"]["企业"].__setitem__(5, "企0005\t2")),
    "an officer taken out": _told(lambda t: t["groups"]["消防大队"].pop()),
    "a recusal forgotten": _told(lambda t: t["recusals"].pop()),
    "a reason rewritten": _told(lambda t: t["exclusions"].__setitem__(0, "企9999\t关系户")),
    "another seed": _told(lambda t: t["values"].__setitem__(0, "1.2.3.4.5.6.")),
    "another veil": _told(lambda t: t.__setitem__("veil", "9" * 64)),
    "another firm drawn": _told(lambda t: t["picked"][3].__setitem__("name", "企0119")),
    "the firms drawn in another order": _told(lambda t: t["picked"].reverse()),
    "another officer sent": _told(lambda t: t["picked"][0]["sent"]["市场监管局"].reverse()),
    "a firm quietly replaced": _told(lambda t: t["now"][4].__setitem__("name", "企0119")),
    "a replacement undone": _told(lambda t: t["outs"].pop(0)),
    "a quota": lambda text: text.replace('\\"quota\\":6', '\\"quota\\":5'),
    "the title": lambda text: text.replace("餐饮联合抽查", "餐饮专项抽查"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_both_see_that_something_was_changed(what, tmp_path):
    made = example("tickets", "sha256")
    spoilt = TAMPERED[what](text_of(made))
    assert verify(spoilt, [made.commitment.digest]) != []
    ran = script(spoilt, tmp_path, made.commitment.digest)
    assert ran.returncode == 1
    assert ran.stderr.startswith("不符：")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"commitment": "{}"}', "不是", "\x00"])
def test_what_is_no_draw_file_is_said_to_be_none(text):
    (said,) = verify(text)
    assert "抽取文件" in said or "抽取办法" in said


ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.just("\ud800")
    | st.lists(st.integers(), max_size=2)
)


@given(st.lists(st.tuples(st.integers(0, 10**6), ODD), min_size=1, max_size=3))
def test_whatever_stands_in_a_file_it_is_answered_and_never_taken_for_genuine(changes):
    told = json.loads(GENUINE)
    for n, odd in changes:
        at: Any = told
        while True:  # go down to some leaf and put something else there
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            key = keys[n % len(keys)]
            if isinstance(at[key], (dict, list)) and at[key]:
                at, n = at[key], n // 7
                continue
            at[key] = odd
            break
    said = verify(json.dumps(told))
    assert said == [] if told == json.loads(GENUINE) else all(isinstance(sentence, str) for sentence in said)


def test_what_is_nested_too_deep_is_answered():
    assert verify("[" * 100_000) != []


def test_a_firm_finds_its_place(tmp_path):
    made = fixed()
    place = draw(made.commitment, made.lists, VEIL, VALUES, reserves=114).reserves["企业"].index("企0007") + 7
    ran = script(made.file().text, tmp_path, "", "企0007")
    assert ran.stdout.endswith(f"“企0007”在“企业”120个中排第{place}\n")


def test_the_script_is_short_enough_to_be_read_before_it_is_trusted():
    lines = VERIFIER.read_text("utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) < 80
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= {"hashlib", "hmac", "json", "sys"}


def test_names_in_the_millions_are_not_needed_to_check_one_ticket():
    """Whoever knows the stratum's key works out one ticket alone and compares it with the last that won."""
    from yifa.draws.order import key_of, stratum_key, ticket, tickets
    from yifa.draws.seed import seed_text

    made = fixed({"企业": (firms("企", 300), 9)})
    stratum = made.commitment.strata[0]
    key = stratum_key("sha256", key_of(made.commitment, VEIL, seed_text(made.commitment.sources, VALUES)), stratum.name, stratum.digest)  # fmt: skip
    bar = tickets("sha256", key, made.lists.strata["企业"], 9)[-1][0]
    drawn = set(draw(made.commitment, made.lists, VEIL, VALUES).names("企业"))
    assert {name for name in firms("企", 300) if ticket("sha256", key, name) <= bar} == drawn
