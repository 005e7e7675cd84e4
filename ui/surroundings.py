"""A quote in its surroundings: enough text on both sides to judge it, cut where a reader would cut."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[.!?:]\s+|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``before + quote + after`` is a slice of the reading text, apart from white space at its ends."""

    before: str
    quote: str
    after: str
    cut_before: bool  # the source goes on before
    cut_after: bool


def around(text: str, start: int, end: int, limit: int = 280) -> Surroundings:
    """The quote ``text[start:end]`` with at most ``limit`` characters on each side."""
    first = _first(text, start, limit)
    last = _last(text, end, limit)
    return Surroundings(
        before=text[first:start].lstrip(),
        quote=text[start:end],
        after=text[end:last].rstrip(),
        cut_before=bool(text[:first].strip()),
        cut_after=bool(text[last:].strip()),
    )


def _first(text: str, start: int, limit: int) -> int:
    floor = max(0, start - limit)
    if floor == 0:
        return 0
    ends = [match.end() for match in _SENTENCE_END.finditer(text, floor, start)]
    if ends:
        return ends[0]
    space = text.find(" ", floor, start)
    return space + 1 if space >= 0 else floor


def _last(text: str, end: int, limit: int) -> int:
    ceiling = min(len(text), end + limit)
    if ceiling == len(text):
        return ceiling
    ends = [match.end() for match in _SENTENCE_END.finditer(text, end, ceiling)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", end, ceiling)
    return space if space >= 0 else ceiling
