"""PDF through PDFium (pypdfium2, BSD-3-Clause/Apache-2.0): pages, tables, headings, and OCR for scans."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ingest.readers.clean import mend_line_ends, normalise, trusted_title
from ingest.readers.glyphs import lines
from ingest.readers.layout import Line, Sheet, body_size, flow, without_running_lines
from ingest.readers.limits import Clock
from rag.domain import OcrGrade, Page, ReadingText
from rag.errors import UnreadableFile

if TYPE_CHECKING:
    import pypdfium2  # type: ignore[import-untyped]

PDFIUM = threading.Lock()  # PDFium is not made for several threads
_MOST_PIXELS = 6000  # along a page's longer side
_FEW = 25  # letters and digits: a page with fewer has no text layer to speak of
_HEADING_LETTERS = 120
_COVERED = 0.6  # of the page by pictures, above which it is a scan
_BETTER, _MORE_NOISE = 0.6, 0.03  # of OCR against the layer: shares of unknown words, and of what is no word

Heading = tuple[int, int, int]


def read_pdf(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a PDF with its pages and the headings that its type sizes tell."""
    import pypdfium2

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _refusal(str(error)) from None
        count = len(document)
        title = document.get_metadata_value("Title") or ""
    try:
        clock.check_pages(count)
        if not count:
            raise UnreadableFile("has no pages; check that the right file was added")
        sheets, pictures = _sheets(document, count, clock)
    finally:
        with PDFIUM:
            document.close()
    return _assemble(sheets, pictures, title)


def _refusal(error: str) -> UnreadableFile:
    if "password" in error.lower() or "security" in error.lower():
        return UnreadableFile("is protected by a password; save a copy without one")
    return UnreadableFile("is damaged or not a PDF; open it in a PDF program and save it again")


def _sheets(
    document: pypdfium2.PdfDocument, count: int, clock: Clock
) -> tuple[list[Sheet], dict[int, str | None]]:
    """The pages' lines, and for pages read from their picture its text (None where that was not possible)."""
    sheets: list[Sheet] = []
    pictures: dict[int, str | None] = {}
    for index in range(count):
        clock.check()
        with PDFIUM:
            page = document[index]
            text_page = page.get_textpage()
            sheet = Sheet(lines(text_page), float(page.get_height()), float(page.get_width()))
            text_page.close()
            drawn, scanned = _drawn(page)
        layer = mend_line_ends(normalise("\n".join(line.text for line in sheet.lines)))
        if _needs_picture(layer, drawn, scanned):
            pictures[index] = _from_picture(page, layer)
        sheets.append(sheet)
        with PDFIUM:
            page.close()
    return sheets, pictures


def _drawn(page: pypdfium2.PdfPage) -> tuple[bool, bool]:
    """Whether ``page`` shows a picture, or so many outlines that they may be letters; and whether a picture
    covers it, as in a scan."""
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    pictures = list(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))
    if not pictures:
        return sum(1 for _ in page.get_objects(max_depth=2)) > 50, False
    whole = page.get_width() * page.get_height()
    bounds = [picture.get_bounds() for picture in pictures]
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in bounds)
    return True, covered > _COVERED * whole


def _needs_picture(layer: str, drawn: bool, scanned: bool) -> bool:
    """Whether the page's picture should be read: there is no layer, or it may be bad. What an office program
    wrote is only bad where its fonts do not tell their letters, and then plainly."""
    from ingest.ocr import judge

    if sum(map(str.isalnum, layer)) < _FEW:
        return drawn
    judgement = judge(layer)
    return judgement.bad if scanned else judgement.plainly_bad


def _from_picture(page: pypdfium2.PdfPage, layer: str) -> str | None:
    """What OCR reads on ``page`` where that is better than its text layer, else None."""
    from ingest.ocr import judge
    from ingest.ocr.scan import DPI, available, read_picture

    if not available():
        return None
    with PDFIUM:
        # A poster at full resolution would take all memory; letters on it are large anyway.
        scale = min(DPI / 72, _MOST_PIXELS / max(page.get_width(), page.get_height(), 1))
        picture = page.render(scale=scale, grayscale=True).to_pil()
    try:
        text = read_picture(picture)
    except UnreadableFile:
        return None
    if sum(map(str.isalnum, layer)) < _FEW:
        return text
    seen, stored = judge(text), judge(layer)
    # Pictures, maps and upright text give OCR much to misread, which a layer that is only somewhat bad has not.
    better = seen.unknown < _BETTER * stored.unknown and seen.noise < stored.noise + _MORE_NOISE
    return text if better else None


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
