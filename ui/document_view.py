"""A whole document laid out for reading: pages, headings, paragraphs, with the cited passage marked.

Every character of the reading text that is not white space stands in exactly one block, in order, but for the
signs by which Markdown marks a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.domain import Chunk, OcrGrade, Page

_PARAGRAPH_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_HEADING_SIGN = re.compile(r"#{1,6}[^\S\n]+")  # Markdown's
_MAX_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of text; ``first`` on the first marked one, which links point at."""

    text: str
    marked: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """A page's beginning, a heading or a paragraph. ``level`` counts headings from 1, outermost."""

    kind: Literal["page", "heading", "paragraph"]
    stretches: tuple[Stretch, ...] = ()
    level: int = 0
    number: int = 0  # of the page, or of the heading
    grade: OcrGrade = OcrGrade.GOOD

    @property
    def text(self) -> str:
        """The block's text, without its marks."""
        return "".join(stretch.text for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    end: int
    level: int


def lay_out(
    text: str,
    pages: Sequence[Page] = (),
    chunks: Sequence[Chunk] = (),
    mark: tuple[int, int] | None = None,
) -> tuple[DocumentBlock, ...]:
    """The blocks of a reading text; ``mark`` is the half-open span to highlight, in characters."""
    headings = {heading.start: heading for heading in find_headings(text, chunks)}
    page_starts = {page.start: page for page in pages} if len(pages) > 1 else {}
    cuts = sorted(
        {0, len(text), *_gaps(text), *page_starts, *headings, *(heading.end for heading in headings.values())}
    )
    first = _first_marked(text, mark)
    found: list[DocumentBlock] = []
    numbered = 0
    for start, end in pairwise(cuts):
        if start in page_starts:
            page = page_starts[start]
            found.append(DocumentBlock("page", number=page.number, grade=page.grade))
        if not text[start:end].strip():
            continue
        if start in headings:
            numbered += 1
            sign = _HEADING_SIGN.match(text, start, end)
            stretches = tuple(_stretches(text, sign.end() if sign else start, end, mark, first))
            level = min(headings[start].level, _MAX_LEVEL)
            found.append(DocumentBlock("heading", stretches, level, numbered))
        else:
            found.append(DocumentBlock("paragraph", tuple(_stretches(text, start, end, mark, first))))
    return tuple(found)


def find_headings(text: str, chunks: Sequence[Chunk]) -> tuple[_Heading, ...]:
    """The lines at the beginning of chunks that are the headings of those chunks."""
    found: dict[int, _Heading] = {}
    for chunk in chunks:
        levels = {_folded(heading): level for level, heading in enumerate(chunk.locator.headings, start=1)}
        for start, end in _lines(text, chunk.locator.start, chunk.locator.end):
            level = levels.get(_folded(text[start:end]))
            if level is None:
                break
            found[start] = _Heading(start, end, level)
    return tuple(found[start] for start in sorted(found))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the lines that are not blank, without the white space around them."""
    for line in re.finditer(r"[^\n]+", text[start:end]):
        stripped = line[0].strip()
        if stripped:
            first = start + line.start() + line[0].index(stripped)
            yield first, first + len(stripped)


def _folded(line: str) -> str:
    """A heading as compared: without Markdown's signs, a closing colon, case and doubled white space."""
    return " ".join(line.strip().strip("#*_").split()).rstrip(":").casefold()


def _gaps(text: str) -> Iterator[int]:
    return (gap.end() for gap in _PARAGRAPH_GAP.finditer(text))


def _first_marked(text: str, mark: tuple[int, int] | None) -> int | None:
    if mark is None:
        return None
    quoted = text[mark[0] : mark[1]]
    return mark[0] + len(quoted) - len(quoted.lstrip())


def _stretches(
    text: str, start: int, end: int, mark: tuple[int, int] | None, first: int | None
) -> Iterator[Stretch]:
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    if mark is None or mark[1] <= start or mark[0] >= end:
        yield Stretch(text[start:end])
        return
    low, high = max(start, mark[0]), min(end, mark[1])
    if low > start:
        yield Stretch(text[start:low])
    yield Stretch(text[low:high], marked=True, first=first is not None and low <= first < high)
    if high < end:
        yield Stretch(text[high:end])
