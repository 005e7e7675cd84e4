"""A reader without training: the sentences nearest to the question in the embedding space.

It stands in where no trained reader is set or fits the embedding model. It cannot tell that a question has
no answer; its probabilities only order sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from rag.embedding import Embedder
from rag.reading import ReadingWindow, SpanCandidate, WindowReading
from rag.sentences import split_sentences

# Logistic curve over cosines of e5, which lie between 0.75 (unrelated) and 0.92 (paraphrase).
MIDDLE, SLOPE = 0.84, 40.0


class SentenceReader:
    """Scores whole sentences by the cosine between question and sentence."""

    threshold = 0.3
    judge = None

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def read(
        self, question: str, windows: Sequence[ReadingWindow], *, best: int = 5
    ) -> tuple[WindowReading, ...]:
        """One reading per window; candidates are whole sentences."""
        sentences = [split_sentences(window.text) for window in windows]
        flat = [sentence.text for of_window in sentences for sentence in of_window]
        if not flat:
            return tuple(WindowReading((), 1.0, 0.0) for _ in windows)
        cosines = iter(self._embedder.embed_passages(flat) @ self._embedder.embed_question(question))
        readings = []
        for of_window in sentences:
            scored = sorted(((float(next(cosines)), s) for s in of_window), key=lambda pair: -pair[0])[:best]
            found = tuple(
                SpanCandidate(s.start, s.end, c, 1 / (1 + exp(-SLOPE * (c - MIDDLE)))) for c, s in scored
            )
            top = found[0].probability if found else 0.0
            readings.append(WindowReading(found, 1 - top, top))
        return tuple(readings)
