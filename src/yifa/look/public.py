"""The ways of the pages for everyone, the same on every one of them."""

from django.urls import reverse

from .frame import Frame, Section
from .words import word

WAYS = (
    ("portal:home", "首页"),
    ("portal:guides", "办事指南"),
    ("portal:follow", "查询进度"),
    ("portal:answers", "主动公开"),
    ("portal:draws", "随机抽取"),
    ("report:index", "年度报告"),
    ("portal:data", "数据公开"),
    ("portal:ledger", "台账核验"),
)


def public_frame(county: str, here: str, current: str = "") -> Frame:
    """`current` is the address name of the section the page belongs to."""
    sections = tuple(Section(word(label), reverse(name), current=name == current) for name, label in WAYS)
    return Frame(county=county, home=reverse("portal:home"), sections=sections[1:], here=here)
