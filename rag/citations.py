"""Citations: verbatim spans of sources, numbered in the answer's text as ``[1]``, ``[2]`` ..."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from rag.domain import Answer, Chunk, Citation, Source

MARKER = re.compile(r"\[(\d{1,3})\]")


class Texts(Protocol):
    """Where reading texts are looked up; ``rag.catalog.Catalog`` is one."""

    def reading_text(self, source_id: str) -> str: ...


def cite(
    number: int, source: Source, text: str, start: int, end: int, chunk: Chunk | None = None
) -> Citation:
    """The citation of ``text[start:end]``; ``text`` is the source's reading text, ``chunk`` gives the heading."""
    headings = chunk.locator.headings if chunk else ()
    return Citation(
        number, source, text[start:end], start, end, headings[-1] if headings else None, source.page_at(start)
    )


def verified(answer: Answer, texts: Texts) -> Answer:
    """The answer without citations whose quote is not exactly the slice of its source, renumbered from 1.

    A marker in the text without a citation goes too, and a citation that no marker or table row uses.
    """
    used = {int(number) for number in MARKER.findall(answer.text)}
    if answer.overview:
        used |= {number for row in answer.overview.rows for number in row.citations}
    kept = [c for c in answer.citations if c.number in used and _is_verbatim(c, texts)]
    renumbered = {citation.number: position for position, citation in enumerate(kept, start=1)}
    overview = answer.overview and replace(
        answer.overview,
        rows=tuple(
            replace(row, citations=tuple(renumbered[n] for n in row.citations if n in renumbered))
            for row in answer.overview.rows
        ),
    )
    return replace(
        answer,
        text=_renumber(answer.text, renumbered),
        citations=tuple(replace(c, number=renumbered[c.number]) for c in kept),
        overview=overview,
    )


def _is_verbatim(citation: Citation, texts: Texts) -> bool:
    text = texts.reading_text(citation.source.id)
    return bool(citation.quote.strip()) and text[citation.start : citation.end] == citation.quote


def _renumber(text: str, renumbered: Mapping[int, int]) -> str:
    def marker(match: re.Match[str]) -> str:
        number = renumbered.get(int(match.group(1)))
        return f"[{number}]" if number else ""

    return re.sub(r" +(?=\n|$)", "", MARKER.sub(marker, text))
