"""What is different between two texts, as runs a page can print: words struck out beside words put in."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

__all__ = ["Run", "alike", "difference", "printed"]

Run = tuple[str, str, str]
"""`equal`, `delete`, `insert` or `replace`; the words of the first text; the words of the second."""

TOKEN = re.compile(r"[零〇一二三四五六七八九十百千万]+|[0-9]+|[A-Za-z]+|\s+|.", re.S)
CLAUSE = re.compile(r"[^。；;！？\n]*[。；;！？\n]?")
SMALL = 1500  # tokens; matching is quadratic, so longer texts are first matched clause by clause


def difference(a: str, b: str) -> list[Run]:
    """The runs that lead from one text to the other. Joined, their words are the two texts again.

    A number is one word: 三十日 against 三十五日 is one replacement, not an inserted 五.

    >>> difference("应当在五日内通知", "应当在十五日内书面通知")
    [('equal', '应当在', '应当在'), ('replace', '五', '十五'), ('equal', '日内', '日内'), \
('insert', '', '书面'), ('equal', '通知', '通知')]
    """
    one, two = TOKEN.findall(a), TOKEN.findall(b)
    if len(one) <= SMALL and len(two) <= SMALL:
        return _joined(_runs(one, two))
    runs: list[Run] = []
    for op, left, right in _runs(_clauses(a), _clauses(b)):
        first, second = TOKEN.findall(left), TOKEN.findall(right)
        if op == "replace" and len(first) <= SMALL and len(second) <= SMALL:
            runs += _runs(first, second)
        else:
            runs.append((op, left, right))
    return _joined(runs)


def alike(a: str, b: str) -> float:
    """How much of the two texts is the same, in order: 1 where they are equal, 0 where nothing is."""
    same = sum(len(left) for op, left, _ in difference(a, b) if op == "equal")
    return 2 * same / (len(a) + len(b)) if a or b else 1.0


def printed(runs: list[Run]) -> str:
    """The runs in plain text, for where no page can strike out.

    >>> printed(difference("三十日内", "三十五日内"))
    '［删：三十］［增：三十五］日内'
    """
    return "".join(
        left if op == "equal" else (f"［删：{left}］" if left else "") + (f"［增：{right}］" if right else "")
        for op, left, right in runs
    )


def _clauses(text: str) -> list[str]:
    return [clause for clause in CLAUSE.findall(text) if clause]


def _runs(one: list[str], two: list[str]) -> list[Run]:
    """Compare token by token. What both begin and end with is taken off first: it is most of an amended article."""
    head = 0
    while head < min(len(one), len(two)) and one[head] == two[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(two)) - head and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    left, right = one[head : len(one) - tail], two[head : len(two) - tail]
    runs: list[Run] = [("equal", "".join(one[:head]), "".join(two[:head]))]
    if len(left) > SMALL * 4 or len(right) > SMALL * 4:  # hostile or utterly different: one replacement
        runs.append(("replace", "".join(left), "".join(right)))
    else:
        for op, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            runs.append((op, "".join(left[i:j]), "".join(right[k:m])))
    runs.append(("equal", "".join(one[len(one) - tail :]), "".join(two[len(two) - tail :])))
    return runs


def _joined(runs: list[Run]) -> list[Run]:
    """A single character that stands between two changes only chops them up; neighbours of one kind become one run."""
    runs = [run for run in runs if run[1] or run[2]]
    joined: list[Run] = []
    for nth, (op, left, right) in enumerate(runs):
        between = 0 < nth < len(runs) - 1 and runs[nth - 1][0] != "equal" and runs[nth + 1][0] != "equal"
        if op == "equal" and len(left) == 1 and between:
            op = "replace"
        if joined and (op == "equal") == (joined[-1][0] == "equal"):
            _, first, second = joined.pop()
            left, right = first + left, second + right
        kind = "equal" if op == "equal" else "replace" if left and right else "delete" if left else "insert"
        joined.append((kind, left, right))
    return joined
