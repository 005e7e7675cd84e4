"""Collecting blocks of text with the headings among them, for formats that mark their headings."""

from __future__ import annotations

from ingest.readers.clean import clean, normalise
from rag.domain import ReadingText


class Blocks:
    """Blocks in reading order. Each is cleaned as it comes, so that headings keep their place."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._headings: list[tuple[int, int, int]] = []
        self._length = 0

    def add(self, text: str, *, level: int | None = None, gap: bool = True) -> None:
        """Append ``text``, a heading of ``level`` (1 outermost) if given; ``gap`` puts a blank line before."""
        text = normalise(text).strip("\n ")
        if not text.strip():
            return
        before = ("\n\n" if gap or level else "\n") if self._parts else ""
        start = self._length + len(before)
        if level:
            self._headings.append((start, start + len(text), level))
        self._parts += [before, text]
        self._length = start + len(text)

    def reading(self, title: str | None = None) -> ReadingText:
        """Everything added; raises ``UnreadableFile`` where that is nothing."""
        text = "".join(self._parts)
        clean(text)  # refuses what holds no text
        return ReadingText(text, title=title, headings=tuple(self._headings))
