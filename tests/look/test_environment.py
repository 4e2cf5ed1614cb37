"""The templates' environment, and the colours they are printed in."""

import re
from pathlib import Path

import pytest
from django.utils import translation
from jinja2 import UndefinedError

import yifa.look
from yifa.look.cite import cite
from yifa.look.environment import environment, icon
from yifa.procedure import registry

CSS = (Path(yifa.look.__file__).parent / "static/look/yifa.css").read_text("utf-8")


def test_what_a_person_typed_is_escaped():
    page = environment(autoescape=True).from_string("{{ said }}").render(said="<b onload=x>")
    assert page == "&lt;b onload=x&gt;"


def test_a_name_nobody_gave_is_an_error_and_not_a_gap():
    with pytest.raises(UndefinedError):
        environment(autoescape=True).from_string("{{ nobody }}").render()


def test_an_icon_is_silent_unless_it_says_something():
    assert 'aria-hidden="true"' in icon("inbox")
    assert 'role="img"' in icon("lock", 14, "个人信息")
    assert "style=" not in icon("inbox")


def test_a_citation_is_printed_in_either_language():
    place = registry().family("disclosure").extend.cite
    assert "《政府信息公开条例》第三十三条第二款" in cite(place)
    assert ">第三十三条第二款<" in cite(place, True)
    with translation.override("en"):
        assert "Regulations on Open Government Information Art. 33 para. 2" in cite(place)


def _variables() -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", CSS))


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("text", ["ink", "soft", "blue", "green", "yellow", "red", "grey", "seal"])
@pytest.mark.parametrize("ground", ["paper", "ground"])
def test_every_text_colour_is_readable_on_every_ground(text, ground):
    colours = _variables()
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("tone", ["green", "yellow", "red", "grey"])
def test_a_badge_is_readable_on_its_own_wash(tone):
    colours = _variables()
    assert contrast(colours[tone], colours[f"{tone}-wash"]) >= 4.5


def test_no_page_has_a_script_or_a_style_of_its_own():
    for file in Path(yifa.look.__file__).parents[1].glob("*/jinja2/**/*.html"):
        if file.name == "alone.html":  # a file that is carried away and read without the site
            continue
        text = file.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), file
