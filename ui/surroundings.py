"""A quote in its surroundings: enough text on both sides to judge it, cut where a reader would cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PARAGRAPH_GAP = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE_END = re.compile(r"[.!?:]\s+")
_HEADING_SIGN = re.compile(r"^#{1,6}[^\S\n]+", re.MULTILINE)  # Markdown's
_ENOUGH = 60  # characters of the quote's own paragraph; with fewer, the neighbouring paragraph is shown too


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``before + quote + after`` is a slice of the reading text, apart from white space at its ends and the
    signs by which Markdown marks a heading."""

    before: str
    quote: str
    after: str
    cut_before: bool  # the source goes on before
    cut_after: bool


def around(text: str, start: int, end: int, limit: int = 300) -> Surroundings:
    """The quote ``text[start:end]`` with at most ``limit`` characters on each side."""
    first = start - _reach(text, range(start, max(0, start - limit), -1), limit)
    last = end + _reach(text, range(end, min(len(text), end + limit)), limit)
    return Surroundings(
        before=_HEADING_SIGN.sub("", text[first:start].lstrip()),
        quote=text[start:end],
        after=_HEADING_SIGN.sub("", text[end:last].rstrip()),
        cut_before=bool(text[:first].strip()),
        cut_after=bool(text[last:].strip()),
    )


def _reach(text: str, way: range, limit: int) -> int:
    """How many characters to show along ``way``, which leads away from the quote: to the end of the
    paragraph, or of the next one where that is too little; else to a sentence, else to a word."""
    low, high = min(way.start, way.stop), max(way.start, way.stop)
    backwards = way.step < 0
    paragraphs = sorted(_distances(_PARAGRAPH_GAP, text, low, high, backwards))
    found = next((distance for distance in paragraphs if distance >= _ENOUGH), None)
    if found is not None:
        return found
    if high - low < limit:  # the text ends before the limit
        return high - low
    for boundary in (_SENTENCE_END, re.compile(r"\s+")):
        distances = list(_distances(boundary, text, low, high, backwards))
        if distances:
            return max(distances)
    return high - low


def _distances(boundary: re.Pattern[str], text: str, low: int, high: int, backwards: bool) -> Iterator[int]:
    """How far from the quote each boundary lies: text is cut after it, backwards and forwards alike."""
    for match in boundary.finditer(text, low, high):
        yield high - match.end() if backwards else match.start() + (match[0][:1] in ".!?:") - low
