"""What the reader is shown of a passage: its text and, where that is short, what stands right before it.

Under a small heading the text often does not say what it is about ("Där började man 2019."); the paragraph before
does. Answers are taken from the passage itself only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.domain import Passage
from rag.index import context_line
from rag.reading import ReadingWindow, WindowReading
from rag.sentences import split_sentences

SHORT = 600  # characters of a passage from which on it is read alone
BEFORE = 400  # characters shown before a shorter one, from the start of a sentence


def window(passage: Passage, reading_text: Callable[[str], str]) -> tuple[ReadingWindow, int]:
    """The window of a passage, and how many characters of it stand before the passage; ``reading_text`` gives
    the text of a source by its id, and is asked for short passages only."""
    short = len(passage.chunk.text) < SHORT
    lead = _lead(reading_text(passage.source.id), passage.chunk.locator.start) if short else ""
    return ReadingWindow(_context(passage), lead + passage.chunk.text), len(lead)


def of_passage(reading: WindowReading, lead: int) -> WindowReading:
    """The reading without what was found in the first ``lead`` characters; that the window answers is then
    believed only as far as the rest answers."""
    if not lead:
        return reading
    kept = tuple(
        replace(each, start=each.start - lead, end=each.end - lead)
        for each in reading.candidates
        if each.start >= lead
    )
    everything = sum(each.probability for each in reading.candidates)
    share = sum(each.probability for each in kept) / everything if everything else 0.0
    return replace(reading, candidates=kept, answerable=reading.answerable * share)


def _lead(text: str, start: int) -> str:
    first = max(0, start - BEFORE)
    sentences = split_sentences(text[first:start], first)
    whole = sentences[0].start if first == 0 and sentences else next((s.start for s in sentences[1:]), start)
    return text[whole:start]


def _context(passage: Passage) -> str:
    line = context_line(passage.source, passage.chunk.locator.headings)
    return f"{passage.source.body} › {line}" if passage.source.body else line
