"""PDF through PDFium (pypdfium2, BSD-3-Clause/Apache-2.0): pages, tables, headings, and OCR for scans."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.ocr.judging import Judgement, judge
from ingest.readers.clean import mend_line_ends, normalise, trusted_title
from ingest.readers.glyphs import lines
from ingest.readers.layout import Line, Sheet, body_size, flow, without_running_lines
from ingest.readers.limits import Clock
from rag.domain import OcrGrade, Page, ReadingMethod, ReadingText
from rag.errors import UnreadableFile

if TYPE_CHECKING:
    import pypdfium2  # type: ignore[import-untyped]

PDFIUM = threading.Lock()  # PDFium is not made for several threads
_MOST_PIXELS = 6000  # along a page's longer side
_FEW = 25  # letters and digits: a page with fewer has no text layer to speak of
_HEADING_LETTERS = 120
_DOUBTS = 2  # pages of a file whose doubtful layers may prove right before the others are no more doubted
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
        read = _pages(document, count, clock)
    finally:
        with PDFIUM:
            document.close()
    return _assemble(read, title)


def _refusal(error: str) -> UnreadableFile:
    if "password" in error.lower() or "security" in error.lower():
        return UnreadableFile("is protected by a password; save a copy without one")
    return UnreadableFile("is damaged or not a PDF; open it in a PDF program and save it again")


@dataclass(frozen=True, slots=True)
class _Look:
    """What a page shows: anything ``drawn``, a picture that has it ``covered``, and whether its text is
    ``hidden`` behind that, as the program that scanned it wrote it."""

    drawn: bool
    covered: bool
    hidden: bool


@dataclass(slots=True)
class _Read:
    """The pages' lines; for pages read from their picture its text (None where that was not possible); and the
    pages whose text is what a scanner's program read."""

    sheets: list[Sheet] = field(default_factory=list)
    pictures: dict[int, str | None] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


def _pages(document: pypdfium2.PdfDocument, count: int, clock: Clock) -> _Read:
    read, doubts = _Read(), _DOUBTS
    for index in range(count):
        clock.check()
        with PDFIUM:
            page = document[index]
            text_page = page.get_textpage()
            sheet = Sheet(lines(text_page), float(page.get_height()), float(page.get_width()))
            text_page.close()
            look = _look(page)
        layer = mend_line_ends(normalise("\n".join(line.text for line in sheet.lines)))
        if look.hidden:
            read.hidden.add(index)
        doubtful = doubts > 0 and judge(layer).doubtful
        if doubtful or _needs_picture(layer, look):
            found = _from_picture(page, layer)
            # Once a few pages look as their layers say, the rest of a foreign text is taken at its word.
            doubts -= doubtful and found is None
            read.pictures[index] = found
        read.sheets.append(sheet)
        with PDFIUM:
            page.close()
    return read


def _look(page: pypdfium2.PdfPage) -> _Look:
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    pictures = list(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3))
    if not pictures:
        # So many outlines that they may be letters.
        return _Look(sum(1 for _ in page.get_objects(max_depth=2)) > 50, False, False)
    whole = page.get_width() * page.get_height()
    bounds = [picture.get_bounds() for picture in pictures]
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in bounds) > _COVERED * whole
    texts = page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=3) if covered else ()
    modes = [raw.FPDFTextObj_GetTextRenderMode(text.raw) for text in texts]
    hidden = 2 * modes.count(raw.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes)
    return _Look(True, covered, hidden)


def _needs_picture(layer: str, look: _Look) -> bool:
    """Whether the page's picture should be read: there is no layer, or it may be bad. What an office program
    wrote is only bad where its fonts do not tell their letters, and then plainly."""
    if sum(map(str.isalnum, layer)) < _FEW:
        return look.drawn
    judgement = judge(layer)
    return judgement.bad if look.covered else judgement.plainly_bad


def _from_picture(page: pypdfium2.PdfPage, layer: str) -> str | None:
    """What OCR reads on ``page`` where that is better than its text layer, else None."""
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
    return text if _is_better(judge(text), judge(layer)) else None


def _is_better(seen: Judgement, stored: Judgement) -> bool:
    if stored.doubtful and seen.noise < 0.5 * stored.noise:
        return True
    # Pictures, maps and upright text give OCR much to misread, which a layer that is only somewhat bad has not.
    return seen.unknown < _BETTER * stored.unknown and seen.noise < stored.noise + _MORE_NOISE


def _assemble(read: _Read, title: str) -> ReadingText:
    from ingest.ocr.scan import NEEDED, available

    body = body_size(read.sheets)
    parts: list[str] = []
    pages: list[Page] = []
    headings: list[Heading] = []
    length = 0
    for index, sheet in enumerate(without_running_lines(read.sheets)):
        text, found = _page_text(sheet, body)
        picture = read.pictures.get(index)
        if picture is not None:
            text, found = mend_line_ends(normalise(picture)).strip(), []
        unread = index in read.pictures and picture is None and sum(map(str.isalnum, text)) < _FEW
        grade = OcrGrade.POOR if unread else OcrGrade.GOOD
        method: ReadingMethod = "text" if picture is None and index not in read.hidden else "ocr"
        pages.append(Page(index + 1, length, length + len(text), grade, method))
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
