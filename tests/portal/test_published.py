"""What is published stands in people's words, by matter; nothing sealed, nothing of the program's own spelling."""

from __future__ import annotations

import pytest
from django.test import Client

from ..matters.inspections.conftest import county, drawn, inspect, inspections

__all__ = ["county"]
pytestmark = pytest.mark.usefixtures("county")


def test_results_and_rules_stand_by_matter_and_in_words() -> None:
    inspect(inspections(drawn())[0])
    client = Client()
    everything = client.get("/answers/").content.decode()
    assert "检查结果：未发现问题" in everything
    rules = client.get("/answers/?about=sampling_rule").content.decode()
    assert "检查对象：企业" in rules
    assert "一般检查事项每年至多抽取：10%" in rules
    assert "ENTERPRISE" not in rules
    assert "未发现问题" not in rules
    assert client.get("/answers/?about=nowhere").status_code == 200
    assert "还没有公开的内容" in client.get("/answers/?about=disclosure").content.decode()
