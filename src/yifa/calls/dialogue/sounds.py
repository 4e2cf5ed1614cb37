"""Words as they sound: toneless syllables, with what is commonly taken for one another on the telephone made one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

# What people say here, in the characters a recogniser may write it in.
TRADITIONAL = dict(
    zip(
        "滿還沒麼嗎說話電訪會過個錯給請選項為誰樣對問題點見總體較極強應該從來後現時間開車煩騷擾結務態辦幾誤難讓無勁馬湊當氣區號員於與這邊們導飯掛斷實經長處繼續雜亂愛買賣縣鎮傳應複復覺卻議沖衝舉報騙壞爛臉",
        "满还没么吗说话电访会过个错给请选项为谁样对问题点见总体较极强应该从来后现时间开车烦骚扰结务态办几误难让无劲马凑当气区号员于与这边们导饭挂断实经长处继续杂乱爱买卖县镇传应复复觉却议冲冲举报骗坏烂脸",
        strict=True,
    )
)
DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_FOLD = str.maketrans(TRADITIONAL | DIGITS | {"妳": "你", "她": "他", "幺": "一", "満": "满"})
HAN = re.compile(r"[\u4e00-\u9fff]")

# One syllable for several: n/l, zh/z, ch/c, sh/s, h/f, ing/in, eng/en, ang/an.
STARTS = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^n(?=[aeiouvü])"), "l"),
    (re.compile(r"^hui$"), "fei"),
    (re.compile(r"^hun$"), "fen"),
    (re.compile(r"^hu(?=a)"), "f"),
    (re.compile(r"^h"), "f"),
)
ENDS = re.compile(r"(?<=[aei]n)g$")
# Characters a recogniser writes for another of their readings than the commonest.
ALSO = {"长": "chang", "行": "xing", "重": "chong", "还": "huan", "大": "dai", "差": "ca"}
# Pairs a recogniser was seen to write for one another.
MISHEARD = {("mai", "yi"): "man", ("ma", "yi"): "man"}


def folded(text: str) -> str:
    """In one width, simplified, digits in characters, without what stands between."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_FOLD).split())


def han(text: str) -> str:
    """Only its Chinese characters."""
    return "".join(HAN.findall(folded(text)))


@lru_cache(maxsize=4096)
def sounds(text: str) -> tuple[str, ...]:
    """The syllables of Chinese characters, as they may be taken for one another."""
    return tuple(map(_alike, lazy_pinyin(text, style=Style.NORMAL, errors="ignore")))


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[frozenset[str], ...]:
    """The same, each character read as its neighbours ask and as it is read alone: 长 as zhang and as chang."""
    ways = [
        {here, *sounds(alone), _alike(ALSO.get(alone, here))}
        for here, alone in zip(sounds(text), text, strict=True)
    ]
    for here, after in pairwise(ways):
        here |= {other for (first, second), other in MISHEARD.items() if first in here and second in after}
    return tuple(map(frozenset, ways))


def _alike(syllable: str) -> str:
    for start, other in STARTS:
        syllable, changed = start.subn(other, syllable)
        if changed:
            break
    return ENDS.sub("", syllable)


__all__ = ["folded", "han", "readings", "sounds"]
