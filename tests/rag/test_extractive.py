"""How much is read for an answer."""

from collections.abc import Sequence

import pytest

from rag.assistant import Assistant
from rag.extractive import AT_A_TIME, WINDOWS, ExtractiveAnswerer
from rag.question import analyse
from rag.reading import ReadingWindow, SpanCandidate, WindowReading


class YearReader:
    """Takes the last four digits of a window for the answer, as sure as it is told to be."""

    threshold = 0.5

    def __init__(self, sure: float) -> None:
        self.sure = sure
        self.windows = 0

    def read(
        self, question: str, windows: Sequence[ReadingWindow], *, best: int = 5
    ) -> tuple[WindowReading, ...]:
        self.windows += len(windows)
        return tuple(self._reading(window.text) for window in windows)

    def _reading(self, text: str) -> WindowReading:
        at = next((i for i in reversed(range(len(text) - 3)) if text[i : i + 4].isdigit()), None)
        spans = () if at is None else (SpanCandidate(at, at + 4, 3.0, self.sure),)
        return WindowReading(spans, 0.0, self.sure if spans else 0.0)


@pytest.mark.parametrize(
    ("sure", "asked", "read"),
    [
        (0.95, "När började samlokaliseringen?", AT_A_TIME),
        (0.60, "När började samlokaliseringen?", WINDOWS),
        (0.95, "Vilka år började samlokaliseringen?", WINDOWS),
    ],
)
def test_later_passages_are_read_where_the_first_leave_a_doubt(
    assistant: Assistant, sure: float, asked: str, read: int
) -> None:
    reader = YearReader(sure)
    question = analyse(asked, "sv", assistant.gazetteer)
    passages = assistant.retriever.retrieve(asked).passages
    ExtractiveAnswerer(assistant.catalog, reader, assistant.gazetteer).found(question, passages)
    assert reader.windows == read
