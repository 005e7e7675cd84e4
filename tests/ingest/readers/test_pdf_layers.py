"""Text layers are judged by what the page shows: scans with and without a layer, layers that lie, other languages."""

from __future__ import annotations

import ctypes
from io import BytesIO

import pypdfium2
import pypdfium2.raw as raw
import pytest
from PIL import Image

from ingest.ocr.scan import available
from ingest.readers import pdf, read_bytes
from rag.domain import OcrGrade
from tests.ingest.readers import made

TEXT = f"{made.PARAGRAPH} {made.PARAGRAPH}"
ENGLISH = (
    "The committee finds that nobody knows what the playground would cost, and so it says neither yes nor no. "
    * 4
)
with_tesseract = pytest.mark.skipif(
    not available(), reason="tesseract-ocr and tesseract-ocr-swe are not installed"
)


def scan(shown: str, layer: str, pages: int = 1) -> bytes:
    """A PDF of pictures of ``shown`` with ``layer`` as text that is there but not drawn."""
    picture = Image.open(BytesIO(made.picture(shown)))
    document = pypdfium2.PdfDocument.new()
    font = raw.FPDFText_LoadStandardFont(document.raw, b"Helvetica")
    for _ in range(pages):
        page = document.new_page(540, 180)
        image = pypdfium2.PdfImage.new(document)
        image.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture))
        image.set_matrix(pypdfium2.PdfMatrix().scale(540, 180))
        page.insert_obj(image)
        for row, (_, _, size, line) in enumerate(made.lines(layer)):
            text = raw.FPDFPageObj_CreateTextObj(document.raw, font, size)
            letters = (line + "\0").encode("utf-16-le")
            raw.FPDFText_SetText(text, ctypes.cast(letters, ctypes.POINTER(ctypes.c_ushort)))
            raw.FPDFTextObj_SetTextRenderMode(text, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
            raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 20, 150 - 14 * row)
            raw.FPDFPage_InsertObject(page.raw, text)
        page.gen_content()
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def shifted(text: str) -> str:
    """Every letter as the next one: what a font says whose table of letters is wrong."""
    return "".join(
        chr(ord(letter) + 1) if letter.isascii() and letter.isalpha() else letter for letter in text
    )


def test_a_scanner_s_own_layer_is_taken_and_told_to_come_from_a_picture() -> None:
    reading = read_bytes("a.pdf", scan(TEXT, TEXT))
    assert " ".join(reading.text.split()).startswith(made.PARAGRAPH[:60])
    assert (reading.pages[0].method, reading.method, reading.grade) == ("ocr", "ocr", OcrGrade.GOOD)


@with_tesseract
def test_a_layer_that_lies_gives_way_to_the_picture() -> None:
    reading = read_bytes("a.pdf", scan(TEXT, shifted(TEXT)))
    assert "får en större gård" in " ".join(reading.text.split())


def test_another_language_is_believed_after_a_few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def kept(page: object, layer: str) -> None:
        asked.append(layer)

    monkeypatch.setattr(pdf, "_from_picture", kept)
    reading = read_bytes("a.pdf", made.pdf([made.lines(ENGLISH)] * 6))
    assert len(asked) <= 2
    assert len(reading.pages) == 6 and reading.method == "text"


def test_a_layer_of_a_program_is_believed_though_rare_words_stand_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "_from_picture", None)  # nobody asks for it
    rare = "Båtbotntvätten och toalettömningen vid Storängsudd samt snöbrånaden ingår inte i planen. "
    reading = read_bytes("a.pdf", made.pdf([made.lines(TEXT + rare)]))
    assert (reading.grade, reading.method) == (OcrGrade.GOOD, "text")
