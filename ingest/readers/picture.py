"""Pictures of text, one page a frame, through Pillow (MIT-CMU) and tesseract."""

from __future__ import annotations

from io import BytesIO

from ingest.readers.clean import mend_line_ends, normalise
from ingest.readers.limits import Clock
from rag.domain import Page, ReadingText
from rag.errors import UnreadableFile

_WIDE = 1600  # pixels: a narrower picture of a page is enlarged before it is read
_MOST_PIXELS = 120_000_000


def read_picture_file(data: bytes, clock: Clock) -> ReadingText:
    """The text that tesseract reads on a picture, or on each page of a TIFF."""
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    from ingest.ocr.scan import NEEDED, available, read_picture

    try:
        picture = Image.open(BytesIO(data))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise UnreadableFile("is damaged or not a picture; scan it anew") from None
    clock.check_pages(getattr(picture, "n_frames", 1))
    if picture.width * picture.height > _MOST_PIXELS:
        raise UnreadableFile(f"is a picture of {picture.width} x {picture.height} pixels; scan it at 300 dpi")
    if not available():
        raise UnreadableFile(f"is a picture of text; {NEEDED}")
    parts: list[str] = []
    pages: list[Page] = []
    length = 0
    for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
        clock.check()
        upright = ImageOps.exif_transpose(frame.convert("L"))
        if upright.width < _WIDE:
            factor = _WIDE / upright.width
            upright = upright.resize((_WIDE, round(upright.height * factor)), Image.Resampling.LANCZOS)
        text = mend_line_ends(normalise(read_picture(upright))).strip()
        pages.append(Page(number, length, length + len(text), method="ocr"))
        parts.append(text)
        length += len(text) + 2
    joined = "\n\n".join(parts)
    if sum(map(str.isalpha, joined)) < 3:
        raise UnreadableFile("is a picture without text that can be read; scan it anew")
    return ReadingText(joined, tuple(pages), method="ocr")
