#!/usr/bin/env python3
"""重新抽取：python3 verify_draw.py 抽取文件 [当时公布的摘要 [要查的名称]]

Draws again what a draw file says was drawn (docs/reference/draws.md); needs Python 3.9 and nothing else.
"""

import hashlib
import hmac
import json
import sys


def must(fits, what):
    fits or sys.exit("不符：" + what)


def main(path, published="", wanted=""):
    with open(path, encoding="utf-8") as file:
        told = json.load(file)
    fixed = json.loads(told["commitment"])
    algo = fixed["hash"]
    new = getattr(hashlib, algo, None) or (lambda data: hashlib.new(algo, data))

    def H(*lines):
        return new("\n".join(lines).encode()).hexdigest()

    def tickets(key, lots, n):
        more = {n: [H(f"{key}{n}\t{j}") for j in range(2, k + 1)] for n, k in lots.items() if k > 1}
        mine = ((new((key + n).encode()).hexdigest(), n) for n in lots)
        return [n for _, n in sorted((min(t, *more[n]), n) if n in more else (t, n) for t, n in mine)]

    def shuffle(key, lots, n):
        names, count, words = list(lots), 0, []
        for place in range(min(n, len(names))):
            limit, word = len(names) - place, 2**64
            while word >= 2**64 - 2**64 % limit:
                if not words:
                    block = hmac.new(key.encode(), str(count).encode(), algo).digest()
                    words = [int.from_bytes(block[i : i + 8], "big") for i in (0, 8, 16, 24)]
                    count += 1
                word = words.pop(0)
            other = place + word % limit
            names[place], names[other] = names[other], names[place]
        return names[:n]

    def serve(stratum, name):
        teams = {}
        for group, load in loads.items():
            free = [officer for officer in load if f"{officer}\t{name}" not in told["recusals"]]
            teams[group] = sorted(free, key=lambda o: (load[o], H(f"{keys[group]}{name}\t{o}"), o))
            load.update({officer: load[officer] + 1 for officer in teams[group][: send[group]]})
        return {"stratum": stratum, "name": name, "sent": teams}

    def sent(rows):
        return [{**r, "sent": {g: order[: send[g]] for g, order in r["sent"].items()}} for r in rows]

    commitment = H(told["commitment"])
    must(published in ("", commitment), "抽取办法不是当时公布的那一份")
    must(H(told["veil"]) == fixed["veil"], "密数")
    must(H(*told["recusals"], "") == fixed["recused"], "回避名单")
    must(H(*told["exclusions"], "") == fixed["excluded"]["digest"], "不列入名单")
    key = H(fixed["v"], commitment, told["veil"], "".join(v + "/" for v in told["values"]))
    keys, lots = {}, {}
    for part in fixed["strata"] + fixed["groups"]:
        name, lines = part["name"], {**told["strata"], **told["groups"]}[part["name"]]
        lots[name] = {n: int(k or 1) for n, _, k in (line.partition("\t") for line in lines)}
        must(H(*lines, "") == part["digest"] and sorted(lots[name]) == [*lots[name]], name)
        keys[name] = H(key, name, part["digest"])
    send = {g["name"]: g["send"] for g in fixed["groups"]}
    loads = {g: {officer: k - 1 for officer, k in lots[g].items()} for g in send}
    order = {"tickets": tickets, "shuffle": shuffle}[fixed["method"]]
    wants = {s["name"]: s["quota"] + len(told["outs"]) for s in fixed["strata"]}
    orders = {s: order(keys[s], lots[s], n) for s, n in wants.items()}
    now = [serve(s["name"], name) for s in fixed["strata"] for name in orders[s["name"]][: s["quota"]]]
    must(sent(now) == told["picked"], "抽取结果")
    following = {s["name"]: iter(orders[s["name"]][s["quota"] :]) for s in fixed["strata"]}
    for out in told["outs"]:
        at = next(at for at, row in enumerate(now) if row["name"] == out["name"])
        if "officer" in out:
            next(free for free in now[at]["sent"].values() if out["officer"] in free).remove(out["officer"])
        else:
            now[at] = serve(now[at]["stratum"], next(following[now[at]["stratum"]]))
    must(sent(now) == told["now"], "递补")
    print(f"相符：{fixed['title']}，抽中{len(now)}个，摘要{commitment}", *told["values"], sep="\n")
    for stratum in (s for s in orders if wanted in orders[s]):
        print(f"“{wanted}”在“{stratum}”{len(lots[stratum])}个中排第{orders[stratum].index(wanted) + 1}")


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)
