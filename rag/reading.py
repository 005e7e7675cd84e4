"""What a reader is: it looks at windows of text and says where in them a question is answered, if at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """A passage to read; ``context`` is the line ``title › heading`` that says whose text it is."""

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class SpanCandidate:
    """A possible answer: ``window.text[start:end]``, its raw score and its calibrated probability."""

    start: int
    end: int
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class WindowReading:
    """What was read in one window: candidates best first, not overlapping; ``answerable`` is the calibrated
    probability that the window answers the question at all."""

    candidates: tuple[SpanCandidate, ...]
    no_answer: float
    answerable: float


class Reader(Protocol):
    """Reads windows for one question; one reading per window, in their order."""

    threshold: float  # an answer below this probability is not given

    def read(
        self, question: str, windows: Sequence[ReadingWindow], *, best: int = 5
    ) -> tuple[WindowReading, ...]: ...
