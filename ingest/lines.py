"""Lines and paragraphs of a reading text with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n\f]+")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One non-blank line. ``start``/``end`` bound the stripped ``text``; the flags tell of blank lines."""

    start: int
    end: int
    text: str
    blank_before: bool
    blank_after: bool


def lines_of(text: str) -> tuple[Line, ...]:
    """The non-blank lines of ``text`` in order. The text's start and end count as blank."""
    spans = []
    for match in _LINE.finditer(text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            spans.append((start, start + len(stripped), stripped))
    return tuple(
        Line(
            start,
            end,
            content,
            at == 0 or _is_break(text[spans[at - 1][1] : start]),
            at + 1 == len(spans) or _is_break(text[end : spans[at + 1][0]]),
        )
        for at, (start, end, content) in enumerate(spans)
    )


def paragraphs_of(text: str, start: int = 0, end: int | None = None) -> tuple[tuple[int, int], ...]:
    """Spans of the stretches between blank lines within ``text[start:end]``, stripped, none empty."""
    stretch = text[start:end]
    found, at = [], 0
    for gap in re.finditer(r"\n[ \t]*(?:\n[ \t]*)+|\f|\Z", stretch):
        piece = stretch[at : gap.start()]
        if piece.strip():
            first = start + at + len(piece) - len(piece.lstrip())
            found.append((first, start + at + len(piece.rstrip())))
        at = gap.end()
    return tuple(found)


def squeeze(text: str) -> str:
    """``text`` with every run of white space as one space, stripped: how a value is shown."""
    return _SPACE.sub(" ", text).strip()


def _is_break(between: str) -> bool:
    return between.count("\n") > 1 or "\f" in between
