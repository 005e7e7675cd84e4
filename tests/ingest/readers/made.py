"""Files made on the spot, with texts of our own, in the formats that the readers take."""

from __future__ import annotations

import zipfile
from io import BytesIO

PARAGRAPH = (
    "Nämnden föreslår att förskolan på Ängsvägen får en större gård, och att arbetet börjar under våren. "
    "Förvaltningen bedömer att kostnaden ryms inom den beslutade ramen för året."
)


def pdf(pages: list[list[tuple[float, float, float, str]]], turned: int = 0) -> bytes:
    """A PDF of ``pages`` of ``(x, y, size, text)`` lines, in Helvetica, on A4; ``turned`` by so many degrees to be
    shown, lines have their places on the page as shown."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for number, lines in enumerate(pages):
        stream = b"".join(_show(*line, turned) for line in lines)
        head = f"<< /Type /Page /Parent 2 0 R /Rotate {turned} /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R"
        objects.append(f"{head} /Resources << /Font << /F1 3 0 R >> >> >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    return _written(objects)


def _show(x: float, y: float, size: float, text: str, turned: int) -> bytes:
    escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    places = {0: (1, 0, 0, 1, x, y), 90: (0, 1, -1, 0, 595 - y, x), 270: (0, -1, 1, 0, y, 842 - x)}
    places[180] = (-1, 0, 0, -1, 595 - x, 842 - y)
    return b"BT /F1 %g Tf %g %g %g %g %g %g Tm (%s) Tj ET\n" % (size, *places[turned], escaped)


def _written(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)
    return bytes(out)


def lines(
    text: str, top: float = 700, size: float = 11, width: int = 80
) -> list[tuple[float, float, float, str]]:
    """``text`` wrapped into PDF lines from ``top`` downwards."""
    import textwrap

    return [(70, top - 14 * row, size, line) for row, line in enumerate(textwrap.wrap(text, width))]


def picture(text: str) -> bytes:
    """A PNG of ``text`` as a scanner would give it, 200 dots an inch."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf([lines(text)]))[0]
    image = page.render(scale=200 / 72, grayscale=True).to_pil().crop((100, 300, 1600, 800))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def odt(body: str, styles: str = "") -> bytes:
    """An ODT whose ``office:text`` is ``body``."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style")
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def archive(members: dict[str, bytes]) -> bytes:
    """A zip file of ``members``."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return buffer.getvalue()


def docx() -> bytes:
    """A Word document with a heading, a numbered list, a table, struck, deleted and inserted words."""
    import docx as word
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = word.Document()
    document.add_heading("Förslag till beslut", level=1)
    document.add_paragraph("Planen antas.", style="List Number")
    document.add_paragraph("Medel avsätts.", style="List Number")
    paragraph = document.add_paragraph("Gården blir ")
    paragraph.add_run("mindre").font.strike = True
    paragraph.add_run("större")
    for mark, inside in (("del", "<w:delText> i höst</w:delText>"), ("ins", "<w:t> i vår</w:t>")):
        paragraph._p.append(parse_xml(f"<w:{mark} {nsdecls('w')}><w:r>{inside}</w:r></w:{mark}>"))
    table = document.add_table(rows=2, cols=2)
    for row, values in enumerate((("Nämnd", "Svar"), ("Norra nämnden", "tillstyrker"))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
