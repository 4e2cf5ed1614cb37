#!/usr/bin/env python3
"""核验导出的台账：python3 verify.py ledger.jsonl [已公布的根 …]

Checks an exported ledger without the program that wrote it; needs Python 3.9 and nothing else. Every hash (over prev and
body), every link, every checkpoint's root (RFC 9162, 2.1) and every proof is checked, and that the roots given on the
command line are among the checkpoints. The first line of the file that does not fit is named.
"""

import hashlib
import json
import sys
from collections import defaultdict
from typing import Any

Row = dict[str, Any]


def H(algo: str, *parts: bytes) -> bytes:
    return hashlib.new(algo, b"".join(parts)).digest()


def must(fits: bool, else_what: str) -> None:
    if not fits:
        raise ValueError(else_what)


def climb(point: Row, index: int, node: bytes, old: bytes, path: list[str]) -> tuple[str, str]:
    """RFC 9162, 2.1.3.2 and 2.1.4.2: the roots a path leads to, of this tree and (where `old`) of the older one."""
    algo, last = point["algo"], point["size"] - 1
    while old and index & 1:
        index, last = index >> 1, last >> 1
    for other in map(bytes.fromhex, path):
        must(last > 0, "证明比树还高")
        if index & 1 or index == last:
            node, old = H(algo, b"\1", other, node), old and H(algo, b"\1", other, old)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = H(algo, b"\1", node, other)
        index, last = index >> 1, last >> 1
    must(last == 0, "证明不完整")
    return node.hex(), old.hex()


def root(algo: str, peaks: list[bytes]) -> str:
    node = peaks[-1] if peaks else H(algo)
    for peak in peaks[-2::-1]:
        node = H(algo, b"\1", peak, node)
    return node.hex()


class Reader:
    """A method for each kind of line."""

    whole, count = True, 0

    def __init__(self) -> None:
        self.points: dict[str, Row] = {}
        self.due: defaultdict[int, list[Row]] = defaultdict(list)  # checkpoints by their size
        self.trees: dict[str, list[bytes]] = {}  # roots of the whole subtrees so far, by algorithm
        self.hashes: dict[int, str] = {}
        self.heads: dict[tuple[int, int], str] = {}
        self.waiting: dict[tuple[int, int], str] = {}

    def ledger(self, row: Row) -> None:
        self.whole = row["whole"]

    def checkpoint(self, row: Row) -> None:
        self.points[row["day"]] = row
        self.due[row["size"]].append(row)
        self.trees[row["algo"]] = []
        H(row["algo"])  # a name that is known

    def entry(self, row: Row) -> None:
        body, case, seq, hash = json.loads(row["body"]), row["case"], row["seq"], row["hash"]
        must(H(row["algo"], (row["prev"] + row["body"]).encode()).hex() == hash, "正文与校验值不符")
        must((body["case"], body["seq"]) == (case, seq), "案号或者序号与正文不符")
        before = "0" * 64 if seq == 1 else self.heads.pop((case, seq - 1), None)
        if before is None:  # not read yet: PostgreSQL may give out numbers out of turn
            before = self.waiting[case, seq - 1] = row["prev"]
        must(before == row["prev"], "与上一条不衔接")
        must(self.waiting.get((case, seq), hash) == hash, "与下一条不衔接")
        if not self.waiting.pop((case, seq), None):
            self.heads[case, seq] = hash
        if not self.whole:
            self.hashes[row["id"]] = hash
            return
        for algo, peaks in self.trees.items():
            node, at = H(algo, b"\0", bytes.fromhex(hash)), self.count
            while at & 1:
                node, at = H(algo, b"\1", peaks.pop(), node), at >> 1
            peaks.append(node)
        self.count += 1
        for p in self.due.pop(self.count, ()):
            sealed = (root(p["algo"], self.trees[p["algo"]]), row["id"]) == (p["root"], p["last_entry"])
            must(sealed, f"到此为止的记录与{p['day']}校验点的根不符")

    def inclusion(self, row: Row) -> None:
        point = self.points[row["day"]]
        leaf = H(point["algo"], b"\0", bytes.fromhex(row["hash"]))
        must(self.hashes[row["entry"]] == row["hash"] and row["index"] < point["size"], "证明的不是这条记录")
        found, _ = climb(point, row["index"], leaf, b"", row["path"])
        must(found == point["root"], f"不能证明第{row['entry']}号记录在{row['day']}的校验点之下")

    def consistency(self, row: Row) -> None:
        old, new, path = self.points[row["old_day"]], self.points[row["day"]], row["path"]
        m, n, roots = old["size"], new["size"], (new["root"], old["root"])
        fits = old["algo"] == new["algo"] and (m == 0 or roots[0] == roots[1])
        if 0 < m < n:
            first, *path = path if m & (m - 1) else [old["root"], *path]
            fits = climb(new, m - 1, bytes.fromhex(first), bytes.fromhex(first), path) == roots
        must(fits, f"{row['day']}的台账不是{row['old_day']}的延续")

    def end(self, published: tuple[str, ...]) -> None:
        must(not self.waiting, f"缺少记录（案号，序号）：{[*self.waiting][:1]}")
        must(not self.whole or max(self.due, default=0) == 0, "记录少于校验点所记")
        must({*published} <= {p["root"] for p in self.points.values()}, "公布的根不在校验点之中")


def main(path: str, *published: str) -> int:
    reader, place = Reader(), ""
    with open(path, encoding="utf-8") as lines:
        try:
            for number, line in enumerate(lines, 1):
                place, row = f"文件第{number}行：", json.loads(line)
                place += (
                    f"第{row['id']}号记录（案件{row['case']}第{row['seq']}条）：" if "body" in row else ""
                )
                getattr(reader, row["kind"])(row)
            place = "到文件末尾："
            reader.end(published)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            print(f"核验不通过：{place}{wrong}")
            return 1
    print(
        f"核验通过：{reader.count or len(reader.hashes)}条记录，{len(reader.points)}个校验点。末次的根，请与公布的对照："
    )
    print(*[(day, p["root"]) for day, p in sorted(reader.points.items())][-1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
