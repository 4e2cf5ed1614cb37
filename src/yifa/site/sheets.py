"""A procedure's sheet as a page: what a lawyer signs and a newcomer reads first."""

from collections.abc import Sequence
from typing import Any

from yifa.procedure import Procedure, Step, asks_of

KINDS = {"procedure": "程序", "register": "名册", "journal": "活动台账"}


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> list[str]:
    if not rows:
        return []
    return [_row(*heads), _row(*("---" for _ in heads)), *(_row(*row) for row in rows), ""]


def _labels(sheet: dict[str, Any], part: str, keys: list[str]) -> str:
    return "、".join(sheet[part][key]["label"] if key in sheet[part] else "（开始）" for key in keys)


def markdown(procedure: type[Procedure]) -> str:
    """States, steps, what each asks and on what conditions, periods, papers, figures, checks."""
    sheet = procedure.sheet()
    lines = [f"# {procedure.title}", "", procedure.intro.strip(), ""]
    lines += _table(
        ("", ""),
        [
            ("键 key", f"`{procedure.key}`"),
            ("种类 kind", KINDS.get(procedure.kind, procedure.kind)),
            ("版本 edition", f"{sheet['edition']}，自 {sheet['since']} 起"),
            ("指纹 fingerprint", f"`{procedure.fingerprint()}`"),
        ],
    )
    lines += ["## 状态", "", *_states(sheet), "## 步骤", "", *_steps(procedure, sheet)]
    for heading, table in (
        ("## 期限", _periods(sheet)),
        ("## 文书", _papers(sheet)),
        ("## 统计", _counts(sheet)),
        ("## 勾稽", _checks(sheet)),
        ("## 漏斗", _funnels(procedure)),
        ("## 回执公示", _receipts(procedure)),
    ):
        if table:
            lines += [heading, "", *table]
    return "\n".join(lines).rstrip() + "\n"


def _states(sheet: dict[str, Any]) -> list[str]:
    rows = [
        (state["label"], f"`{key}`", "办结" if state["final"] else "")
        for key, state in sheet["states"].items()
    ]
    return _table(("状态", "名", ""), rows)


def _steps(procedure: type[Procedure], sheet: dict[str, Any]) -> list[str]:
    lines = []
    for key, step in sheet["steps"].items():
        target = _labels(sheet, "states", [step["to"]]) if step["to"] else "不变"
        who = "、".join(role.label for role in procedure.steps[key].roles)
        lines += [f"### {step['label']} `{key}`", ""]
        lines += [
            f"{_labels(sheet, 'states', step['from'])} → {target}；由{who}办理；依据：{step['cite']}{_ours(step)}。"
            + "".join(f"{said}。" for said in _besides(sheet, step)),
            "",
        ]
        lines += _table(
            ("填写", "名", "必填", "依据", "选项"),
            [
                (
                    ask["label"]
                    + ("（密封）" if ask["sealed"] else "（文件）" if ask.get("document") else ""),
                    f"`{name}`",
                    "是" if ask["required"] else "",
                    ask["cite"],
                    "；".join(label for label, _ in ask["choices"].values()),
                )
                for name, ask in step["asks"].items()
            ],
        )
        for condition in step["requires"]:
            lines.append(f"- {condition['says']}——{condition['cite']}{_ours(condition)}")
        if step["requires"]:
            lines.append("")
        if step["gives"]:
            lines += [f"出具：{_labels(sheet, 'papers', [step['gives']])}。", ""]
    return lines


def _ours(word: dict[str, Any]) -> str:
    return "（本系统的理解）" if word["reading"] else ""


def _besides(sheet: dict[str, Any], step: dict[str, Any]) -> list[str]:
    """What else holds of a step."""
    restated = step["amends"] or step["changes"]
    same = f"“{_labels(sheet, 'steps', [restated])}”的条件同样适用" if restated else ""
    after = f"“{_labels(sheet, 'periods', [step['after']])}”届满后自动办理" if step["after"] else ""
    said = (
        (step["once"], "只能一次"),
        (step["public"], "网上可以办理"),
        (step["publishes"], "内容向社会公开"),
        (step.get("collects"), "呼叫结束时由呼叫程序办理"),
        (step["withdraws"], "撤回后不再计入统计"),
        (after, after),
        (same, same),
    )
    return [words for holds, words in said if holds]


def _periods(sheet: dict[str, Any]) -> list[str]:
    rows = []
    for key, period in sheet["periods"].items():
        rows.append(
            (
                period["label"],
                f"`{key}`",
                period["length"],
                _labels(sheet, "steps", [period["runs_from"], *period["anew_from"]]),
                _labels(sheet, "steps", period["met_by"]),
                _labels(sheet, "states", period["paused_in"]),
                _labels(sheet, "steps", [step for step in (period["longer_by"], period["until_by"]) if step]),
                period["cite"] + _ours(period) + ("" if period["duty"] else "；届满不算逾期"),
            )
        )
    return _table(("期限", "名", "长度", "起算", "办结", "中止于", "延长", "依据"), rows)


def _papers(sheet: dict[str, Any]) -> list[str]:
    rows = [(paper["label"], f"`{key}`", paper["cite"]) for key, paper in sheet["papers"].items()]
    return _table(("文书", "名", "依据"), rows)


def _counts(sheet: dict[str, Any]) -> list[str]:
    rows = [
        (count["label"], f"`{sheet['key']}.{key}`", count["kind"], count.get("unit", ""))
        for key, count in sheet["counts"].items()
    ]
    return _table(("数字", "键", "种类", "单位"), rows)


def _checks(sheet: dict[str, Any]) -> list[str]:
    return _table(("勾稽关系", "名"), [(c["label"], f"`{key}`") for key, c in sheet["checks"].items()])


def _funnels(procedure: type[Procedure]) -> list[str]:
    rows = [
        (f.label, f"`{key}`", " → ".join(s.label for s in f.stages)) for key, f in procedure.funnels.items()
    ]
    return _table(("漏斗", "名", "各段"), rows)


def _receipts(procedure: type[Procedure]) -> list[str]:
    rows = [
        (
            r.label,
            f"`{key}`",
            "、".join(s.label for s in r.steps),
            "、".join(_asked(r.steps[0], n) for n in r.shows),
        )
        for key, r in procedure.receipts.items()
    ]
    return _table(("公示", "名", "步骤", "公示的内容"), rows)


def _asked(step: Step[Any], name: str) -> str:
    return next(a.label for a in asks_of(step.asks) if a.name == name)
