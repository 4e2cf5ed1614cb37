"""Files made by hand for the reader's tests: what Word, Chromium and strangers hand in."""

from __future__ import annotations

import io
import zipfile
import zlib

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def zipped(parts: dict[str, str | bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return out.getvalue()


def docx(body: str, **parts: str | bytes) -> bytes:
    """A Word document around the XML of its body; `numbering`, `styles`, `footnotes`, `comments` are further parts."""
    more = {f"word/{name}.xml": text for name, text in parts.items()}
    document = f'<w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": document, **more})


def p(text: str, about: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{about}</w:pPr>' if about else ''}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def numbered(text: str, level: int, num: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def numbering(*levels: tuple[str, str], more: str = "") -> str:
    """numbering.xml of one list: (format, text) of each level."""
    told = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (format, text) in enumerate(levels)
    )
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{told}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}</w:numbering>'
    )


def part(kind: str, inside: str) -> str:
    return f'<w:{kind} xmlns:w="{W}">{inside}</w:{kind}>'


# ── PDF ──────────────────────────────────────────────────────────────────────


def pdf(
    pages: list[str | bytes], fonts: str = "", objects: tuple[bytes, ...] = (), trailer: str = ""
) -> bytes:
    """A PDF of these content streams; `fonts` names what `objects` (numbered after the pages) hold."""
    first = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    found: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
    ]
    for n, content in enumerate(pages):
        stream = content.encode("ascii") if isinstance(content, str) else content
        resources = fonts.replace("FIRST", str(first))
        found.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {4 + 2 * n} 0 R/Resources<<{resources}>>>>".encode()
        )
        found.append(b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream))
    found += objects
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, content in enumerate(found, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (n, content)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(found) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer<</Size {len(found) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{xref}\n%%EOF".encode()
    return bytes(out)


def chinese(cmap: str, first: int) -> tuple[bytes, ...]:
    """A Chinese font that is not in the file and has no table of its own, only Adobe's name for its encoding."""
    return (
        f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/{cmap}/DescendantFonts[{first + 1} 0 R]>>".encode(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 2>>/FontDescriptor %d 0 R/DW 1000>>" % (first + 2),
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    )


def lines(*told: tuple[str, float, float], codec: str = "gbk", size: int = 16) -> str:
    """A content stream: each line at its place."""
    shown = (f"1 0 0 1 {x} {y} Tm <{text.encode(codec).hex()}> Tj" for text, x, y in told)
    return f"BT /F1 {size} Tf {' '.join(shown)} ET"


def chinese_pdf(*pages: str, cmap: str = "GBK-EUC-H") -> bytes:
    return pdf(list(pages), "/Font<</F1 FIRST 0 R>>", chinese(cmap, 3 + 2 * len(pages)))


def scan(pages: int = 1) -> bytes:
    """Pages that are one picture each."""
    image = zlib.compress(b"\xff" * 64)
    first = 3 + 2 * pages
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
        b"/Length %d>>stream\n%b\nendstream" % (len(image), image)
    )
    return pdf(["q 595 0 0 842 0 0 cm /I Do Q"] * pages, f"/XObject<</I {first} 0 R>>", (picture,))
