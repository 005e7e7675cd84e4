"""The placed lines of a PDF page, letter by letter through PDFium's raw interface."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.readers.layout import Line

if TYPE_CHECKING:
    import pypdfium2  # type: ignore[import-untyped]


_HYPHENS = "-\u2010"

Box = tuple[float, float, float, float]  # left, bottom, right, top


def lines(page: pypdfium2.PdfTextPage) -> tuple[Line, ...]:
    """The lines of ``page`` as PDFium finds them, divided where a gap shows columns of a table."""
    return tuple(_with_hyphens(_found(page)))


def _with_hyphens(found: Iterable[Line]) -> Iterator[Line]:
    """``found`` with each hyphen that PDFium takes for a line of its own, since it is so flat, back in its line,
    together with what follows it there."""
    last: Line | None = None
    for line in found:
        if last and (line.text[0] in _HYPHENS or last.text[-1] in _HYPHENS) and _goes_on(last, line):
            last = replace(last, text=last.text + line.text, right=line.right)
            continue
        if last:
            yield last
        last = line
    if last:
        yield last


def _goes_on(last: Line, line: Line) -> bool:
    """Whether ``line`` stands directly to the right of ``last``, at its height."""
    level = line.bottom < last.top and line.top > last.bottom
    return level and -0.2 * last.size < line.left - last.right < 0.25 * last.size


def _found(page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    import ctypes

    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    total = page.count_chars()
    buffer = (ctypes.c_ushort * (total + 1))()
    raw.FPDFText_GetText(page, 0, total, buffer)
    text = "".join(map(chr, buffer[:total]))
    boxes = _boxes(page, total)
    start = 0
    for end in [*(index for index, letter in enumerate(text) if letter == "\n"), total]:
        yield from _parts(page, text, boxes, start, end)
        start = end + 1


def _boxes(page: pypdfium2.PdfTextPage, total: int) -> list[Box]:
    import ctypes

    import pypdfium2.raw as raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    boxes = []
    get, references = raw.FPDFText_GetCharBox, [ctypes.byref(value) for value in (left, right, bottom, top)]
    for index in range(total):
        get(page, index, *references)
        boxes.append((left.value, bottom.value, right.value, top.value))
    return _as_shown(boxes, page.page)


def _as_shown(boxes: list[Box], page: pypdfium2.PdfPage) -> list[Box]:
    """``boxes`` as they lie on a page that is shown turned, as wide tables often are; PDFium gives them unturned."""
    wide, high = page.get_width(), page.get_height()
    match page.get_rotation():
        case 90:
            return [(bottom, high - right, top, high - left) for left, bottom, right, top in boxes]
        case 180:
            return [
                (wide - right, high - top, wide - left, high - bottom) for left, bottom, right, top in boxes
            ]
        case 270:
            return [(wide - top, left, wide - bottom, right) for left, bottom, right, top in boxes]
        case _:
            return boxes


def _parts(
    page: pypdfium2.PdfTextPage,
    text: str,
    boxes: list[Box],
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
        # PDFium joins the halves of a divided word, which stand on two lines, and some points of lists.
        if gap > max(1.7 * tall, 12) or text[before] == "\ufffe" or _returns(boxes[before], boxes[index]):
            yield _line(page, text, boxes, part)
            part = []
        part.append(index)
    yield _line(page, text, boxes, part)


def _returns(before: Box, after: Box) -> bool:
    """Whether a line ends between two letters: the latter stands below the former, and to the left of it."""
    return after[2] < before[0] and after[3] < before[1]


def _line(page: pypdfium2.PdfTextPage, text: str, boxes: list[Box], inked: list[int]) -> Line:
    # PDFium writes U+FFFE for a hyphen that divides a word, and what is drawn as a soft hyphen is a hyphen.
    words = text[inked[0] : inked[-1] + 1].replace("\ufffe", "-").replace("\xad", "-").replace("\r", "")
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
        scale = math.hypot(matrix.b, matrix.d) or 1.0  # of turned letters too
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(page, index, name, 128, ctypes.byref(flags))
    heavy = raw.FPDFText_GetFontWeight(page, index) >= 600 or b"bold" in name.value.lower()
    return round(raw.FPDFText_GetFontSize(page, index) * scale, 1), bool(heavy)
