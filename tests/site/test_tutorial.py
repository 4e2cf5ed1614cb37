"""The tutorial is true: its blocks run, in order, as one file."""

import importlib.util
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-procedure.md"


def test_every_block_of_the_tutorial_runs_in_order(tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 7
    file = tmp_path / "first_procedure.py"
    file.write_text("\n\n".join(blocks), "utf-8")
    spec = importlib.util.spec_from_file_location("first_procedure", file)
    assert spec
    assert spec.loader
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
