"""What two clauses about the same thing may differ in: quantities and periods, dates, may and must and must not, and who.

`bones` is a clause without these, so that “应当在30日内” and “可以在二十个工作日内” are found to be about the same thing;
`differences` then says in what they differ.
"""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

__all__ = ["bones", "differences", "plain"]

_DIGITS = {"零": 0, "〇": 0, **{c: i for i, c in enumerate("一二三四五六七八九", 1)}, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_GREAT = {"万": 10**4, "亿": 10**8}
_HAN = "零〇一二两三四五六七八九十百千万亿"
_NUMBER = rf"(?:[0-9]{{1,15}}(?:,[0-9]{{3}}){{0,4}}(?:\.[0-9]{{1,6}})?[百千万亿]{{0,2}}|半|[{_HAN}]{{1,20}}|百分之[{_HAN}0-9.]{{1,12}}|千分之[{_HAN}0-9.]{{1,12}}|万分之[{_HAN}0-9.]{{1,12}})"

# What a unit is called → what it is counted in, and how many.
_UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("工作日", "个工作日"), ("工作日", Fraction(1))),
    **dict.fromkeys(("日", "天"), ("日", Fraction(1))),
    **dict.fromkeys(("周", "个星期"), ("日", Fraction(7))),
    "个月": ("月", Fraction(1)),
    **dict.fromkeys(("年", "周年"), ("月", Fraction(12))),
    **dict.fromkeys(("小时", "个小时"), ("小时", Fraction(1))),
    "分钟": ("小时", Fraction(1, 60)),
    "元": ("元", Fraction(1)),
    **dict.fromkeys(("%", "％"), ("比例", Fraction(1, 100))),
    "‰": ("比例", Fraction(1, 1000)),
    "倍": ("倍", Fraction(1)),
    "成": ("比例", Fraction(1, 10)),
    **dict.fromkeys(("公里", "千米"), ("米", Fraction(1000))),
    "米": ("米", Fraction(1)),
    **dict.fromkeys(("平方米", "平米"), ("平方米", Fraction(1))),
    "立方米": ("立方米", Fraction(1)),
    "公顷": ("亩", Fraction(15)),
    "亩": ("亩", Fraction(1)),
    "吨": ("公斤", Fraction(1000)),
    **dict.fromkeys(("公斤", "千克"), ("公斤", Fraction(1))),
    **dict.fromkeys(("岁", "周岁"), ("岁", Fraction(1))),
    **{
        u: (u, Fraction(1))
        for u in [
            "人",
            "名",
            "户",
            "次",
            "家",
            "份",
            "件",
            "张",
            "个",
            "辆",
            "台",
            "处",
            "所",
            "级",
            "座",
            "层",
            "桌",
            "倍",
        ]
    },
}
_NOT_AFTER = {"次": "性", "年": "级度", "日": "常", "家": "庭", "级": "别", "成": "立员本为果年熟效"}


def _unit(name: str) -> str:
    not_after = _NOT_AFTER.get(name)
    return re.escape(name) + (f"(?![{not_after}])" if not_after else "")


_UNIT = "|".join(map(_unit, sorted(_UNITS, key=len, reverse=True)))
_SHARE = {"百分之": Fraction(1, 100), "千分之": Fraction(1, 1000), "万分之": Fraction(1, 10000)}
_QUANTITY = re.compile(rf"((?:百|千|万)分之)([{_HAN}0-9.]{{1,12}})|({_NUMBER})({_UNIT})")

_DATE = rf"[0-9〇零一二三四五六七八九]{{4}}年(?:[0-9{_HAN}]{{1,3}}月(?:[0-9{_HAN}]{{1,3}}日)?)?|[0-9{_HAN}]{{1,3}}月[0-9{_HAN}]{{1,3}}日"
_REFERENCE = rf"第[0-9{_HAN}]{{1,10}}(?:条之[一二三四五六七八九十]|[条款项目章节])|[〔\[(（][0-9]{{4}}[〕\])）][0-9]{{1,5}}号"
_NO_QUANTITY = re.compile(f"{_REFERENCE}|{_DATE}")
_SAID = {
    "不得": "禁",
    "不可以": "禁",
    "不允许": "禁",
    "不准": "禁",
    "不应": "禁",
    "禁止": "禁",
    "严禁": "禁",
    "不予": "不予",
    "予以": "予",
    "不再": "不再",
    "无需": "免",
    "无须": "免",
    "不需": "免",
    "不必": "免",
    "应当": "应",
    "必须": "应",
    "可以": "可",
    "有权": "可",
}
_AGAINST = {"禁", "不予", "免"}  # where these stand on one side only, the sense may be turned round
_MODAL = "|".join(sorted(_SAID, key=len, reverse=True))
_BOUNDS = {
    **dict.fromkeys(("不超过", "不多于", "不高于", "至多", "最多", "以下", "以内"), "至多"),
    **dict.fromkeys(("不少于", "不低于", "至少", "最少", "以上", "超过", "高于"), "至少"),
}
_BOUND = re.compile("|".join(sorted(_BOUNDS, key=len, reverse=True)))

_BODIES = (
    "人民政府 政府 委员会 管委会 居委会 办公室 办事处 部门 机关 机构 单位 中心 协会 企业 公司 学校 医院 局 站 所 队 "
    "经营者 经营单位 申请人 当事人 负责人 村民 居民 业主 商户 用户 个人 农户 双方 甲方 乙方"
)
_BODY = "|".join(_BODIES.split())
_MAY = "应当|必须|可以|有权|不得|不可以|不应|禁止"
_SUBJECT = rf"(?<![^\W_])[^\W_]{{0,20}}?(?:{_BODY})(?={_MODAL})"
_WHO = re.compile(rf"(?:^|[，。；：,;:])([^，。；：,;:]{{0,30}}?(?:{_BODY}))(?:{_MAY})")

_MASKED = re.compile(
    rf"({_SUBJECT})|({_REFERENCE})|({_DATE})|({_BOUND.pattern})|({_MODAL})"
    rf"|((?:百|千|万)分之[{_HAN}0-9.]{{1,12}}|{_NUMBER}(?:{_UNIT}))"
    r"|(本(?:办法|规定|细则|条例|意见|通知|规则|方案|措施|制度|指引|指南))|([\W_]+)"
)
_MASKS = ("", "谁", "条", "期", "界", "令", "数", "本件", "")
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_WIDE_FOUND = re.compile("[０-９．％]")
_PUNCTUATION = re.compile(r"[\W_]+")


def plain(clause: str) -> str:
    """The words alone: no punctuation, no spaces."""
    return _PUNCTUATION.sub("", _narrow(clause))


def bones(clause: str) -> str:
    """The clause with whoever is bound, numbers, limits, dates, references and modal verbs each masked by one word."""
    return _MASKED.sub(_mask, _narrow(clause))


def _mask(found: re.Match[str]) -> str:
    return _MASKS[found.lastindex or 0]


def _narrow(text: str) -> str:
    return text.translate(_WIDE) if _WIDE_FOUND.search(text) else text


_Said = list[tuple[object, str]]  # what is meant, and the words for it


class _Told(NamedTuple):
    """What a clause says of the things that are compared."""

    quantities: _Said
    dates: _Said
    bounds: _Said
    modals: _Said
    who: str


@lru_cache(maxsize=8_192)
def _told(clause: str) -> _Told:
    text = _narrow(clause)
    who = _WHO.search(text)
    return _Told(
        _quantities(text),
        [
            (tuple(value_of(n) for n in re.findall(rf"[0-9{_HAN}]+", m.group())), m.group())
            for m in re.finditer(_DATE, text)
        ],
        [(_BOUNDS[m.group()], m.group()) for m in _BOUND.finditer(text)],
        [(_SAID[m.group()], m.group()) for m in re.finditer(_MODAL, text)],
        who.group(1).strip().lstrip("由") if who else "",
    )


def differences(ours: str, theirs: str) -> list[str]:
    """In what the draft's clause differs from the other, each in a few words; nothing where only the phrasing does."""
    draft, other = _told(ours), _told(theirs)
    found = []
    for name, of_draft, of_other in (
        ("数量或者期限", draft.quantities, other.quantities),
        ("日期", draft.dates, other.dates),
        ("上下限", draft.bounds, other.bounds),
    ):
        here, there = _only(of_draft, of_other)
        if here and there:
            found.append(f"{name}：本文“{'、'.join(here)}”，该文“{'、'.join(there)}”")
    here, there = _only(draft.modals, other.modals)
    # 应当 that stands on one side only is phrasing; 不得 is not.
    if (here and there) or any(_SAID[word] in _AGAINST for word in here + there):
        found.append(f"要求：本文{_quoted(here)}，该文{_quoted(there)}")
    if draft.who and other.who and plain(draft.who) != plain(other.who):
        found.append(f"主体：本文“{draft.who}”，该文“{other.who}”")
    return found


def _quoted(words: list[str]) -> str:
    return f"“{'、'.join(words)}”" if words else "没有这样的字样"


def _only(ours: _Said, theirs: _Said) -> tuple[list[str], list[str]]:
    """What is meant here and not there, and there and not here, in the words of the text."""
    if ours == theirs:
        return [], []
    return _beyond(ours, theirs), _beyond(theirs, ours)


def _beyond(some: _Said, others: _Said) -> list[str]:
    left = Counter(meant for meant, _ in others)
    words = []
    for meant, said in some:
        if left[meant]:
            left[meant] -= 1
        else:
            words.append(said)
    return words


def _quantities(text: str) -> _Said:
    found: _Said = []
    for m in _QUANTITY.finditer(_NO_QUANTITY.sub("，", text)):
        share, of, number, unit = m.groups()
        value = value_of(of or number)
        kind, each = ("比例", _SHARE[share]) if share else _UNITS[unit]
        if value is not None:
            found.append(((kind, value * each), m.group()))
    return found


def value_of(number: str) -> Fraction | None:
    """“5,000”, “1.5万”, “二十”, “一百零五”, “二〇二五”, “半”; `None` where it is no number after all."""
    number = number.replace(",", "")
    if number == "半":
        return Fraction(1, 2)
    times = 1
    while number and number[0].isascii() and number[-1] in "百千万亿":
        times *= {**_TENS, **_GREAT}[number[-1]]
        number = number[:-1]
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", number):
        return Fraction(number) * times
    if not number or any(c not in _HAN for c in number):
        return None
    if all(c in _DIGITS for c in number):
        return Fraction(int("".join(str(_DIGITS[c]) for c in number)))
    total = section = digit = 0
    for c in number:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _TENS:
            section += (digit or 1) * _TENS[c]
            digit = 0
        else:
            total = (total + section + digit or 1) * _GREAT[c]
            section = digit = 0
    return Fraction(total + section + digit)
