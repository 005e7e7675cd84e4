"""Pages that a person read better than the program: their text is replaced, and where it differs is noted."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.ocr import to_original, to_reading
from ingest.readers.clean import normalise
from rag.domain import Chunk, OcrGrade, Page, ReadingText
from rag.records import IndexedDocument

WHOLE = 0  # stands for the number of the page in a source without pages
PAGE_BREAK = "\f"

Row = tuple[int, int, int, int]
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
_ORDER = (OcrGrade.GOOD, OcrGrade.READABLE, OcrGrade.POOR)


def corrected(reading: ReadingText, corrections: Mapping[int, str]) -> ReadingText:
    """``reading`` with the texts of ``corrections`` on the pages with those numbers.

    ``original`` of the result is what the program read before any mending, and ``alignment`` tells where the
    result differs from it. Numbers of pages that ``reading`` has not are left out of account.
    """
    original = reading.text if reading.original is None else reading.original
    pages = reading.pages or (Page(WHOLE, 0, len(reading.text), reading.grade, reading.method),)
    parts: list[str] = []
    rows: list[Row] = []
    placed: list[Page] = []
    at = length = 0
    for page, (first, last), known in _as_read(pages, reading.alignment):
        start = length + page.start - at
        if page.number in corrections:
            text = tidy(corrections[page.number])
            found = differences(original[first:last], text)
            rows += [(start + a, start + b, first + c, first + d) for a, b, c, d in found]
            graded = replace(page, grade=OcrGrade.GOOD, method="corrected")
        else:
            text, graded, shift = reading.text[page.start : page.end], page, start - page.start
            rows += [(a + shift, b + shift, c, d) for a, b, c, d in known]
        parts += [reading.text[at : page.start], text]
        at, length = page.end, start + len(text)
        placed.append(replace(graded, start=start, end=length))
    return replace(
        reading,
        text="".join([*parts, reading.text[at:]]),
        pages=tuple(placed) if reading.pages else (),
        grade=max((page.grade for page in placed), key=_ORDER.index),
        method="corrected" if any(page.method == "corrected" for page in placed) else reading.method,
        original=original,
        alignment=tuple(rows),
        headings=tuple(_headings(reading, rows)),
    )


def tidy(text: str) -> str:
    """A corrected text as it is stored."""
    return normalise(text).strip("\n")


def differences(old: str, new: str) -> Iterator[Row]:
    """Where ``new`` differs from ``old``, word by word, as (start, end) in ``new`` and (start, end) in ``old``."""
    from rapidfuzz.distance import Levenshtein

    olds, news = list(_TOKEN.finditer(old)), list(_TOKEN.finditer(new))
    starts_old = [*(token.start() for token in olds), len(old)]
    starts_new = [*(token.start() for token in news), len(new)]
    last: Row | None = None
    for change in Levenshtein.opcodes([token[0] for token in olds], [token[0] for token in news]):
        if change.tag == "equal":
            continue
        row = (
            starts_new[change.dest_start],
            starts_new[change.dest_end],
            starts_old[change.src_start],
            starts_old[change.src_end],
        )
        if last and (last[1], last[3]) == (row[0], row[2]):
            last = (last[0], row[1], last[2], row[3])
            continue
        if last:
            yield last
        last = row
    if last:
        yield last


def with_own_chunks(document: IndexedDocument) -> IndexedDocument:
    """``document`` with chunks whose ids tell its text from what was read first, which has the same source id."""
    salt = hashlib.sha256(document.reading.text.encode()).hexdigest()
    return replace(document, chunks=tuple(_renamed(chunk, salt) for chunk in document.chunks))


def _renamed(chunk: Chunk, salt: str) -> Chunk:
    return replace(chunk, id=hashlib.sha256(f"{chunk.id}:{salt}".encode()).hexdigest()[:20])


def _as_read(
    pages: Sequence[Page], alignment: Sequence[Row]
) -> Iterator[tuple[Page, tuple[int, int], list[Row]]]:
    """Each page with where it lies in the original, and the rows in it: between pages nothing ever differs."""
    rows = deque(alignment)
    at = before = 0
    for page in pages:
        known = []
        while rows and rows[0][1] <= page.end:
            known.append(rows.popleft())
        first = at + page.start - before
        last = first + page.end - page.start + sum((d - c) - (b - a) for a, b, c, d in known)
        yield page, (first, last), known
        at, before = last, page.end


def _headings(reading: ReadingText, rows: list[Row]) -> Iterator[tuple[int, int, int]]:
    for start, end, level in reading.headings:
        first, last = (to_reading(to_original(at, reading.alignment), rows) for at in (start, end))
        if first < last:
            yield first, last, level
