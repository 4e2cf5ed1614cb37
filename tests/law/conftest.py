"""Texts for these tests: a small statute written here, and the real ones where `YIFA_STATUTES` names a folder."""

import os
from pathlib import Path

import pytest

from yifa.law import texts

GIVEN = os.environ.get("YIFA_STATUTES")

SMALL = """# 中华人民共和国政府信息公开条例

- kind: 行政法规
- version: 2019-04-03
- articles: 3

## 第一章 总则

**第一条** 为了测试，制定本条例。

**第二条** 第一款。
第二款应当包括下列内容：
（一）其一，20 个工作日；
（二）其二。
末款：自收到之日起十五日内。

## 第二章 附则

**第三条** 本条例自2019年5月15日起施行。
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture
def no_texts(monkeypatch, tmp_path):
    """Nothing installed, nothing imported."""
    monkeypatch.delenv("YIFA_STATUTES", raising=False)
    monkeypatch.setenv("YIFA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "package_data", lambda: None)
    texts.forget()
    yield
    texts.forget()


@pytest.fixture
def home(no_texts, tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def real_texts(monkeypatch) -> Path:
    """The folder of real statutes; such tests are skipped where there is none."""
    if not GIVEN or not Path(GIVEN).is_dir():
        pytest.skip("YIFA_STATUTES names no folder of statute texts")
    monkeypatch.setenv("YIFA_STATUTES", GIVEN)
    texts.forget()
    return Path(GIVEN)
