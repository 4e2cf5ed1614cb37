"""A county's own collection of statute texts, imported into the home folder: each file whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import texts
from .folders import home_folder
from .statutes import statutes
from .texts import BadText, Text

__all__ = ["Finding", "Report", "import_texts"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell about one file, and the line it stands in (0: the file as a whole)."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}" + (f"第{self.line}行" if self.line else "") + f"：{self.what}"


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. A refused file left nothing behind; what was there before it stays."""

    imported: tuple[Text, ...] = ()
    unchanged: tuple[Text, ...] = ()
    refused: tuple[Finding, ...] = ()
    doubts: tuple[Finding, ...] = ()

    def __str__(self) -> str:
        texts = (*self.imported, *self.unchanged)
        known = {(one.title, one.edition) for one in statutes()}
        cited = sum((text.title, text.version) in known for text in texts)
        lines = [
            f"导入{len(self.imported)}部，原已导入且未变{len(self.unchanged)}部，拒绝{len(self.refused)}个文件。"
        ]
        if texts:
            lines.append(f"其中{cited}部是本系统引用的版本。")
        lines += [f"拒绝 {finding}" for finding in self.refused]
        lines += [f"提醒 {finding}" for finding in self.doubts]
        return "\n".join(lines)


def import_texts(folder: Path | str) -> Report:
    """Read every `.md` file of a folder (or one file) and keep the good ones in the home folder."""
    folder = Path(folder).expanduser()
    files = [folder] if folder.is_file() else sorted(folder.glob("*.md")) if folder.is_dir() else []
    files = [path for path in files if path.stem.upper() != "README"]
    if not files:
        what = "文件夹里没有 .md 文件" if folder.is_dir() else "没有这个文件夹"
        return Report(refused=(Finding(str(folder), 0, what),))
    target = home_folder() / "law"
    target.mkdir(parents=True, exist_ok=True)
    imported: list[Text] = []
    unchanged: list[Text] = []
    refused: list[Finding] = []
    doubts: list[Finding] = []
    seen: dict[tuple[str, str], str] = {}
    for path in files:
        try:
            text = texts.read_file(path)
            name = (text.title, text.version)
            if name in seen:
                raise BadText(0, f"《{text.title}》{text.version}版已经在{seen[name]}里读到")
        except BadText as wrong:
            refused.append(Finding(path.name, wrong.line, wrong.what))
            continue
        seen[name] = path.name
        doubts += [Finding(path.name, line, what) for line, what in text.doubts]
        (imported if _keep(path, target / _file_name(text)) else unchanged).append(text)
    texts.forget()
    return Report(tuple(imported), tuple(unchanged), tuple(refused), tuple(doubts))


def _file_name(text: Text) -> str:
    """A name every file system takes; a long title is cut and told apart by its digest."""
    title = re.sub(r"[\s/\\:*?\"<>|.]", "_", text.title)
    if len(title) > 60:
        title = f"{title[:60]}-{hashlib.sha256(text.title.encode()).hexdigest()[:8]}"
    return f"{title}-{text.version}.md"


def _keep(path: Path, target: Path) -> bool:
    """Copy a file so that it is there whole or not at all; False where it is there already."""
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if target.is_file() and target.read_bytes() == content:
        return False
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".import-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
