"""The tutorial and the guide to the notation are true: their blocks run, in order, each page as one file."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("tutorial/first-procedure.md", "guides/notation.md")


@pytest.mark.parametrize("written", PAGES)
def test_every_block_of_the_page_runs_in_order(written: str, tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```python\n(.*?)^```$", (DOCS / written).read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(blocks) >= 7
    file = tmp_path / f"{Path(written).stem.replace('-', '_')}.py"
    file.write_text("\n\n".join(blocks), "utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
