"""Judge the pages of a reading text and repair those that were badly read, keeping the page map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.ocr.judging import Judgement, judge, together
from ingest.ocr.mend import Repaired, repair_text
from ingest.ocr.names import Lexicon
from rag.domain import OcrGrade, Page, ReadingText

Row = tuple[int, int, int, int]
_ORDER = (OcrGrade.GOOD, OcrGrade.READABLE, OcrGrade.POOR)
_AROUND = 2  # pages on either side that a page is judged with
_SHORT = 40  # words, below which the shares of a page say little
_POOR_BEFORE, _POOR_AFTER = 0.12, 0.06  # shares of unknown words before and after repair


def repair(text: str, lexicon: Lexicon | None = None) -> ReadingText:
    """``text`` judged and, where it was badly read, repaired; clean text comes back as it is."""
    return restore(ReadingText(text), lexicon)


def restore(reading: ReadingText, lexicon: Lexicon | None = None) -> ReadingText:
    """``reading`` with its badly read pages repaired, from its original if it was repaired before.

    ``original`` and ``alignment`` of the result tell what was read; ``lexicon`` adds the collection's names.
    """
    if reading.original is not None:
        reading = unrepaired(reading)
    pages = _pages(reading)
    done = [
        _page(reading.text[page.start : page.end], page, judgement, lexicon)
        for page, judgement in _judgements(reading.text, pages)
    ]
    text, rows, placed = _assemble(reading.text, pages, done)
    grade = max((page.grade for page in placed), key=_ORDER.index)
    if not rows and text == reading.text:
        return replace(reading, grade=grade, pages=tuple(placed) if reading.pages else ())
    return replace(
        reading,
        text=text,
        pages=tuple(placed) if reading.pages else (),
        grade=grade,
        method="repaired",
        original=reading.text,
        alignment=tuple(rows),
        headings=tuple((to_reading(s, rows), to_reading(e, rows), level) for s, e, level in reading.headings),
    )


def needs_repair(reading: ReadingText) -> bool:
    """Whether ``restore`` would repair some page of ``reading``, which was not repaired before."""
    return any(judgement.bad for _, judgement in _judgements(reading.text, _pages(reading)))


def _pages(reading: ReadingText) -> tuple[Page, ...]:
    return reading.pages or (Page(1, 0, len(reading.text), reading.grade, reading.method),)


def to_original(offset: int, rows: tuple[Row, ...] | list[Row]) -> int:
    """Where ``offset`` of the reading text lies in the original; inside a changed stretch, its start."""
    shift = 0
    for start, end, first, last in rows:
        if offset < start:
            break
        if offset < end:
            return first
        shift = last - end
    return offset + shift


def to_reading(offset: int, rows: tuple[Row, ...] | list[Row]) -> int:
    """Where ``offset`` of the original lies in the reading text; inside a changed stretch, its start."""
    return to_original(offset, [(first, last, start, end) for start, end, first, last in rows])


def unrepaired(reading: ReadingText) -> ReadingText:
    """``reading`` as it was before repair."""
    if reading.original is None:
        return reading
    rows = reading.alignment
    pages = tuple(
        replace(
            page,
            start=to_original(page.start, rows),
            end=to_original(page.end, rows),
            method="text" if page.method == "repaired" else page.method,
        )
        for page in reading.pages
    )
    headings = tuple((to_original(s, rows), to_original(e, rows), level) for s, e, level in reading.headings)
    return replace(
        reading,
        text=reading.original,
        pages=pages,
        headings=headings,
        original=None,
        alignment=(),
        method="text",
    )


def _judgements(text: str, pages: tuple[Page, ...]) -> Iterator[tuple[Page, Judgement]]:
    """Each page, judged: a page is seen with those around it, since a few rare words on one clean page look like
    misreadings, and a short page alone says little."""
    judgements = [judge(text[page.start : page.end]) for page in pages]
    for at, (page, own) in enumerate(zip(pages, judgements, strict=True)):
        near = together(judgements[max(at - _AROUND, 0) : at + _AROUND + 1])
        judgement = own if own.plainly_bad or (own.bad and near.bad) else replace(own, repairable=0.0)
        if own.words < _SHORT and not near.bad:
            judgement = replace(judgement, unknown=min(own.unknown, near.unknown))
        yield page, judgement


def _page(text: str, page: Page, judgement: Judgement, lexicon: Lexicon | None) -> tuple[Repaired, Page]:
    if not judgement.bad:
        grade = max(page.grade, judgement.grade, key=_ORDER.index)
        return Repaired(text, (), judgement.words, 0), replace(page, grade=grade)
    repaired = repair_text(text, judgement.channel(), lexicon)
    method = page.method if page.method == "ocr" else "repaired"
    return repaired, replace(page, grade=_grade(judgement, judge(repaired.text)), method=method)


def _grade(before: Judgement, after: Judgement) -> OcrGrade:
    # Lost letters can be given back almost surely, lost shapes of letters often not.
    poor = (before.letters > 0.015 and before.unknown > _POOR_BEFORE) or after.unknown > _POOR_AFTER
    return OcrGrade.POOR if poor else OcrGrade.READABLE


def _assemble(
    text: str, pages: tuple[Page, ...], done: list[tuple[Repaired, Page]]
) -> tuple[str, list[Row], list[Page]]:
    parts: list[str] = []
    rows: list[Row] = []
    placed: list[Page] = []
    at, length = 0, 0
    for page, (repaired, graded) in zip(pages, done, strict=True):
        parts += [text[at : page.start], repaired.text]
        start = length + page.start - at
        rows += [(start + a, start + b, page.start + c, page.start + d) for a, b, c, d in repaired.alignment]
        length = start + len(repaired.text)
        placed.append(replace(graded, start=start, end=length))
        at = page.end
    return "".join([*parts, text[at:]]), rows, placed
