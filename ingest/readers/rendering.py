"""A page of a PDF, or of a scan, as the picture that a person would see."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING

from rag.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

SHORTER = 1160  # pixels along the shorter side: 140 dots an inch on A4
_LONGER = 4000  # pixels at most along the longer side, for long strips
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")


def has_pages(name: str) -> bool:
    """Whether files named like ``name`` have pages to look at."""
    return PurePath(name).suffix.lower() in (".pdf", *_PICTURES)


def page_picture(name: str, data: bytes, number: int) -> bytes:
    """Page ``number``, from 1, of a file called ``name`` that holds ``data``, as PNG of about ``SHORTER`` pixels.

    Raises UnreadableFile, also for a page that is not there.
    """
    if not has_pages(name) or number < 1:
        raise UnreadableFile("has no such page to look at; open it in the program that made it")
    is_pdf = PurePath(name).suffix.lower() == ".pdf"
    buffer = BytesIO()
    (_of_pdf if is_pdf else _of_picture)(data, number).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _of_pdf(data: bytes, number: int) -> Image:
    import pypdfium2  # type: ignore[import-untyped]

    from ingest.readers.pdf import PDFIUM

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            raise UnreadableFile(
                "is damaged or not a PDF; open it in a PDF program and save it again"
            ) from None
        try:
            if number > len(document):
                raise UnreadableFile("has no such page; check the number")
            page = document[number - 1]
            shorter, longer = sorted((max(page.get_width(), 1), max(page.get_height(), 1)))
            picture: Image = page.render(scale=min(SHORTER / shorter, _LONGER / longer)).to_pil()
            return picture
        finally:
            document.close()


def _of_picture(data: bytes, number: int) -> Image:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        picture = Image.open(BytesIO(data))
        picture.seek(number - 1)
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except EOFError:
        raise UnreadableFile("has no such page; check the number") from None
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise UnreadableFile("is damaged or not a picture; scan it anew") from None
    shorter, longer = sorted(upright.size)
    scale = min(SHORTER / shorter, _LONGER / longer, 1)
    return upright.resize((max(round(upright.width * scale), 1), max(round(upright.height * scale), 1)))
