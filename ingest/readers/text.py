"""Plain text and Markdown: find the encoding, then clean the text without rewording it."""

from __future__ import annotations

import codecs
import re

from ingest.readers.clean import clean, strip_struck
from ingest.readers.limits import Clock
from rag.domain import Page, ReadingText
from rag.errors import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SWEDISH = re.compile("[åäöÅÄÖéÉüÜ]")
# Bytes that older Swedish systems wrote for the letters; only tried when no UTF fits.
_SINGLE_BYTE = ("cp1252", "latin-1", "cp850", "mac_roman")


def read_text(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a ``.txt`` file, whose form feeds divide pages."""
    sheets = clean(decode(data)).split("\f")
    if len(sheets) == 1:
        return ReadingText(sheets[0])
    clock.check_pages(len(sheets))
    pages, length = [], 0
    for number, sheet in enumerate(sheets, 1):
        pages.append(Page(number, length, length + len(sheet)))
        length += len(sheet) + 2
    return ReadingText("\n\n".join(sheets), tuple(pages))


def read_markdown(data: bytes, clock: Clock) -> ReadingText:
    """The reading text of a ``.md`` file: as written, without what is struck through."""
    return ReadingText(clean(strip_struck(decode(data))))


def decode(data: bytes) -> str:
    """Text of ``data`` in whichever encoding fits: a byte order mark decides, then UTF-8, then UTF-16
    without a mark, then the single-byte encoding that gives the most Swedish letters.

    Raises ``UnreadableFile`` for bytes that are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if wide := _wide_encoding(data):
        return _strictly(data, wide)
    if looks_binary(data):
        raise UnreadableFile(
            "holds binary data, not text; give the file its right ending or convert it to PDF"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # One broken byte in a long UTF-8 text (a cut file, a pasted character) is no other encoding.
        if error.start > 1000 and _mostly_utf8(data):
            return data.decode("utf-8", errors="replace").replace("\ufffd", "")
    return _single_byte(data)


def looks_binary(data: bytes) -> bool:
    """Whether ``data`` holds more control bytes than any text does (form feeds and tabs are text)."""
    sample = data[:65536]
    control = sum(sample.count(bytes([byte])) for byte in range(32) if byte not in (9, 10, 12, 13, 26, 27))
    return control > max(2, len(sample) // 100)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(
            f"says it is {encoding} but is not; save it again as UTF-8 in a text editor"
        ) from None


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as a NUL in every other byte."""
    sample = data[:4096]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _mostly_utf8(data: bytes) -> bool:
    return data.decode("utf-8", errors="replace").count("\ufffd") <= len(data) // 2000 + 1


def _single_byte(data: bytes) -> str:
    def score(text: str) -> tuple[int, int]:
        # A wrong choice turns å, ä, ö into signs and control characters.
        bad = sum(1 for char in text if "\x7f" <= char <= "\x9f" or char in "†„”ŒŠ¸²Î÷Ô≈√∂")
        return (len(_SWEDISH.findall(text)) - bad, -bad)

    candidates = []
    for encoding in _SINGLE_BYTE:
        try:
            candidates.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return max(candidates, key=score)  # latin-1 always decodes; max keeps the earliest of equals
