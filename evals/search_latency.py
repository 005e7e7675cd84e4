"""The time of one search over many chunks: real texts and questions are not needed for it, sizes are."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from evals import indexing
from evals.scorers import percentile
from rag.compounds import word_list
from rag.domain import Chunk, Locator, ReadingText, Source
from rag.embedding import Embedder
from rag.records import FileRecord, IndexedDocument
from rag.retriever import Retriever
from rag.settings import load_settings

_CHUNKS_PER_SOURCE = 20
_WORDS_PER_CHUNK = 110
_SENTENCE = 14  # words
_QUESTIONS = 100
_ZIPF = 1.1


class RandomVectors(Embedder):
    """The real model for questions; unit vectors at random for passages, which a search cannot tell apart."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._random = np.random.default_rng(0)
        self.name, self.fingerprint = embedder.name, "random"
        self.dimension, self.window = embedder.dimension, embedder.window

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors near each other, as those of a real model are."""
        vectors = 1.0 + self._random.normal(size=(len(texts), self.dimension)).astype(np.float32)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the real model does."""
        return self._embedder.embed_questions(texts)


def show_latency(chunks: int, embedder: Embedder, console: Console) -> None:
    """Prints p50 and p95 of ``Retriever.retrieve`` over ``chunks`` chunks of made-up Swedish, in ms."""
    with indexing.temporary(load_settings()) as (index, _):
        index.embedder = RandomVectors(embedder)
        documents = list(_documents(chunks))
        for start in range(0, len(documents), 100):
            batch = documents[start : start + 100]
            index.replace(batch, [FileRecord(d.source.id, d.source.id, 1, 0) for d in batch])
        times = _times(Retriever(index.catalog, index.dense, index.lexical, index.embedder), documents)
    p50, p95 = percentile(times, 50), percentile(times, 95)
    console.print(f"{chunks} chunks, {len(times)} questions: p50 {p50:.1f} ms, p95 {p95:.1f} ms")


def _times(retriever: Retriever, documents: list[IndexedDocument]) -> list[float]:
    draw = random.Random(1)
    times = []
    for _ in range(_QUESTIONS):
        words = draw.choice(draw.choice(documents).chunks).text.split()
        question = f"Vad sägs om {' '.join(draw.sample(words, 5)).lower()}?"
        start = time.perf_counter()
        retriever.retrieve(question)
        times.append((time.perf_counter() - start) * 1000)
    return times[5:]  # the first ones warm the caches


def _documents(chunks: int) -> Iterator[IndexedDocument]:
    draw = random.Random(0)
    vocabulary = sorted(word for word in word_list().words if len(word) > 3)
    draw.shuffle(vocabulary)
    ranks = np.arange(1, len(vocabulary) + 1, dtype=np.float64) ** -_ZIPF
    cumulative = np.cumsum(ranks / ranks.sum()).tolist()
    for number in range(chunks // _CHUNKS_PER_SOURCE):
        source = Source(f"s{number}", f"s{number}.txt", " ".join(draw.sample(vocabulary, 4)).capitalize())
        texts = [_text(draw, vocabulary, cumulative) for _ in range(_CHUNKS_PER_SOURCE)]
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
        made = tuple(
            Chunk(f"{source.id}-{i}", source.id, i, text, Locator(starts[i], starts[i] + len(text)))
            for i, text in enumerate(texts)
        )
        yield IndexedDocument(source, ReadingText("\n".join(texts)), made)


def _text(draw: random.Random, vocabulary: list[str], cumulative: list[float]) -> str:
    words = draw.choices(vocabulary, cum_weights=cumulative, k=_WORDS_PER_CHUNK)
    sentences = [words[i : i + _SENTENCE] for i in range(0, len(words), _SENTENCE)]
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
