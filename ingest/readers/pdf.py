"""PDF through PDFium (pypdfium2, BSD-3-Clause/Apache-2.0): pages, tables, headings, and OCR for scans."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.readers.clean import mend_line_ends, normalise, trusted_title
from ingest.readers.layout import Line, Sheet, body_size, flow, without_running_lines
from ingest.readers.limits import Clock
from rag.domain import OcrGrade, Page, ReadingText
from rag.errors import UnreadableFile

if TYPE_CHECKING:
    import pypdfium2  # type: ignore[import-untyped]

_PDFIUM = threading.Lock()  # PDFium is not made for several threads
_FEW = 25  # letters and digits: a page with fewer has no text layer to speak of
_HEADING_LETTERS = 120

Heading = tuple[int, int, int]


def read_pdf(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a PDF with its pages and the headings that its type sizes tell."""
    import pypdfium2

    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _refusal(str(error)) from None
        with closing(document):
            clock.check_pages(len(document))
            if not len(document):
                raise UnreadableFile("has no pages; check that the right file was added")
            title = document.get_metadata_value("Title") or ""
            sheets, pictures = _sheets(document, clock)
    return _assemble(sheets, pictures, title)


def _refusal(error: str) -> UnreadableFile:
    if "password" in error.lower() or "security" in error.lower():
        return UnreadableFile("is protected by a password; save a copy without one")
    return UnreadableFile("is damaged or not a PDF; open it in a PDF program and save it again")


def _sheets(document: pypdfium2.PdfDocument, clock: Clock) -> tuple[list[Sheet], dict[int, str | None]]:
    """The pages' lines, and for pages read from their picture its text (None where that was not possible)."""
    sheets, pictures = [], {}
    for index in range(len(document)):
        clock.check()
        page = document[index]
        text_page = page.get_textpage()
        sheet = Sheet(tuple(_lines(text_page)), float(page.get_height()))
        text_page.close()
        if _needs_picture(page, sheet):
            pictures[index] = _from_picture(page, sheet)
        sheets.append(sheet)
        page.close()
    return sheets, pictures


def _needs_picture(page: pypdfium2.PdfPage, sheet: Sheet) -> bool:
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    text = "\n".join(line.text for line in sheet.lines)
    letters = sum(map(str.isalnum, text))
    kinds = (raw.FPDF_PAGEOBJ_IMAGE,)
    pictured = any(True for _ in page.get_objects(filter=kinds, max_depth=3))
    if letters < _FEW:
        # An empty page without a picture may still be drawn in outlines, which is rare and small.
        return pictured or sum(1 for _ in page.get_objects(max_depth=2)) > 50
    from ingest.ocr import judge

    return judge(text).bad


def _from_picture(page: pypdfium2.PdfPage, sheet: Sheet) -> str | None:
    """What OCR reads on ``page`` where that is better than its text layer, else None."""
    from ingest.ocr import judge
    from ingest.ocr.scan import DPI, available, read_picture

    if not available():
        return None
    scale = DPI / 72
    # A poster at full resolution would take all memory; letters on it are large anyway.
    scale = min(scale, 6000 / max(page.get_width(), page.get_height(), 1))
    try:
        text = read_picture(page.render(scale=scale, grayscale=True).to_pil())
    except UnreadableFile:
        return None
    layer = "\n".join(line.text for line in sheet.lines)
    if sum(map(str.isalnum, layer)) < _FEW:
        return text
    return text if judge(text).unknown < judge(layer).unknown else None


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    """The lines of ``page`` as PDFium finds them, divided where a gap shows columns of a table."""
    import ctypes

    import pypdfium2.raw as raw

    total = page.count_chars()
    buffer = (ctypes.c_ushort * (total + 1))()
    raw.FPDFText_GetText(page, 0, total, buffer)
    text = "".join(map(chr, buffer[:total]))
    boxes = _boxes(page, total)
    start = 0
    for end in [*(index for index, letter in enumerate(text) if letter == "\n"), total]:
        yield from _parts(page, text, boxes, start, end)
        start = end + 1


def _boxes(page: pypdfium2.PdfTextPage, total: int) -> list[tuple[float, float, float, float]]:
    import ctypes

    import pypdfium2.raw as raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    boxes = []
    get, references = raw.FPDFText_GetCharBox, [ctypes.byref(value) for value in (left, right, bottom, top)]
    for index in range(total):
        get(page, index, *references)
        boxes.append((left.value, bottom.value, right.value, top.value))
    return boxes


def _parts(
    page: pypdfium2.PdfTextPage,
    text: str,
    boxes: list[tuple[float, float, float, float]],
    start: int,
    end: int,
) -> Iterator[Line]:
    inked = [index for index in range(start, end) if text[index] > " "]
    if not inked:
        return
    tall = max(boxes[index][3] - boxes[index][1] for index in inked) or 8.0
    part = [inked[0]]
    for before, index in pairwise(inked):
        gap = boxes[index][0] - boxes[before][2]
        # PDFium joins the halves of a divided word, which stand on two lines.
        if gap > max(1.7 * tall, 12) or text[before] == "\ufffe":
            yield _line(page, text, boxes, part)
            part = []
        part.append(index)
    yield _line(page, text, boxes, part)


def _line(
    page: pypdfium2.PdfTextPage, text: str, boxes: list[tuple[float, float, float, float]], inked: list[int]
) -> Line:
    # PDFium writes U+FFFE for a hyphen that divides a word.
    words = text[inked[0] : inked[-1] + 1].replace("\ufffe", "-").replace("\r", "")
    own = [boxes[index] for index in inked]
    size, bold = _type(page, inked[0])
    return Line(
        words,
        min(box[0] for box in own),
        min(box[1] for box in own),
        max(box[2] for box in own),
        max(box[3] for box in own),
        size,
        bold and _type(page, inked[-1])[1],
    )


def _type(page: pypdfium2.PdfTextPage, index: int) -> tuple[float, bool]:
    import ctypes

    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    scale = 1.0
    if raw.FPDFText_GetMatrix(page, index, ctypes.byref(matrix)):
        scale = abs(matrix.d) or abs(matrix.b) or 1.0
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(page, index, name, 128, ctypes.byref(flags))
    heavy = raw.FPDFText_GetFontWeight(page, index) >= 600 or b"bold" in name.value.lower()
    return round(raw.FPDFText_GetFontSize(page, index) * scale, 1), bool(heavy)


def _assemble(sheets: list[Sheet], pictures: dict[int, str | None], title: str) -> ReadingText:
    from ingest.ocr.scan import NEEDED, available

    body = body_size(sheets)
    parts: list[str] = []
    pages: list[Page] = []
    headings: list[Heading] = []
    length = 0
    for index, sheet in enumerate(without_running_lines(sheets)):
        text, found = _page_text(sheet, body)
        picture = pictures.get(index)
        if picture is not None:
            text, found = mend_line_ends(normalise(picture)).strip(), []
        unread = index in pictures and picture is None and sum(map(str.isalnum, text)) < _FEW
        grade = OcrGrade.POOR if unread else OcrGrade.GOOD
        pages.append(Page(index + 1, length, length + len(text), grade, "text" if picture is None else "ocr"))
        headings += [(length + start, length + end, level) for start, end, level in found]
        parts.append(text)
        length += len(text) + 2
    text = "\n\n".join(parts)
    if not any(map(str.isalnum, text)):
        remedy = "scan it anew" if available() else NEEDED
        raise UnreadableFile(f"holds pictures of text without a text layer; {remedy}")
    by_picture = sum(page.method == "ocr" for page in pages)
    return ReadingText(
        text,
        tuple(pages),
        method="ocr" if 2 * by_picture > len(pages) else "text",
        title=trusted_title(title, text),
        headings=tuple(headings),
    )


def _page_text(sheet: Sheet, body: float) -> tuple[str, list[Heading]]:
    """A page's text and the headings in it."""
    parts: list[str] = []
    headings: list[tuple[int, int, int]] = []
    length = 0
    for row, line in flow(sheet):
        row = normalise(row)
        if (level := _level(row, line, body)) and row:
            headings.append((length, length + len(row), level))
        parts.append(row)
        length += len(row) + 1
    raw = "\n".join(parts)
    mended = mend_line_ends(raw)
    # A mended word keeps the length of its lines but for the hyphen, so headings are found again by text.
    return mended, headings if mended == raw else _again(raw, mended, headings)


def _level(text: str, line: Line, body: float) -> int | None:
    """The heading level that a line's type tells, 1 for the largest; None for body text."""
    letters = sum(map(str.isalpha, text))
    if not 3 <= letters <= _HEADING_LETTERS or "\t" in text or text.endswith((".", ",", ";")):
        return None
    ratio = line.size / max(body, 1)
    for level, least in ((1, 1.6), (2, 1.3), (3, 1.08)):
        if ratio >= least:
            return level
    return 4 if line.bold and ratio > 0.95 else None


def _again(raw: str, mended: str, headings: list[Heading]) -> list[Heading]:
    found, at = [], 0
    for start, end, level in headings:
        place = mended.find(raw[start:end], at)
        if place >= 0:
            found.append((place, place + end - start, level))
            at = place + end - start
    return found
