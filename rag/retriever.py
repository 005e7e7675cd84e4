"""Finds passages for a question: both legs, fused by score, background text shown once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag import fusion
from rag.domain import Chunk, Passage, QuestionFilter, Source
from rag.hits import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.catalog import Catalog
    from rag.lexical_index import LexicalResult

CANDIDATES = 50  # asked of each leg


class QuestionEmbedder(Protocol):
    def embed_question(self, text: str) -> NDArray[np.float32]: ...


class DenseLeg(Protocol):
    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]: ...
    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]: ...
    def refresh(self) -> None: ...


class LexicalLeg(Protocol):
    def look_up(self, question: str, k: int, among: Sequence[str] | None = None) -> LexicalResult: ...
    def refresh(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages, best first, with the filters that were used and those that nothing in the collection meets."""

    passages: tuple[Passage, ...]
    filters: tuple[QuestionFilter, ...] = ()
    unmatched: tuple[QuestionFilter, ...] = ()


class Retriever:
    """Searches one collection. What another process has written since is seen at the next question."""

    def __init__(self, catalog: Catalog, dense: DenseLeg, lexical: LexicalLeg, embedder: QuestionEmbedder) -> None:
        self._catalog = catalog
        self._dense = dense
        self._lexical = lexical
        self._embedder = embedder
        self._generation = catalog.generation

    def retrieve(
        self, question: str, *, k: int = 12, filters: Sequence[QuestionFilter] | None = None
    ) -> Retrieval:
        """The ``k`` best passages. ``filters`` are used instead of those recognised in the question."""
        self._refresh()
        vector = self._embedder.embed_question(question)
        dense = self._dense.search(vector, CANDIDATES)
        lexical = self._lexical.look_up(question, CANDIDATES)
        fused = fusion.fuse(dense, lexical)
        chunks = self._catalog.chunks([hit.chunk_id for hit in fused])
        legs = {
            "dense": {hit.chunk_id: hit.score for hit in dense},
            "lexical": {hit.chunk_id: hit.score for hit in lexical.hits},
        }
        passages = []
        for hit in fused:
            chunk = chunks.get(hit.chunk_id)
            source = self._source(chunk) if chunk else None
            if chunk and source:
                scores = {leg: found[hit.chunk_id] for leg, found in legs.items() if hit.chunk_id in found}
                passages.append(Passage(chunk, source, hit.score, scores))
        return Retrieval(tuple(passages[:k]), tuple(filters or ()))

    def neighbours(self, passage: Passage) -> tuple[Chunk, ...]:
        """The chunks before and after a passage in its source, in order."""
        near = (passage.chunk.ordinal - 1, passage.chunk.ordinal + 1)
        return tuple(c for c in self._catalog.chunks_of(passage.source.id) if c.ordinal in near)

    def _source(self, chunk: Chunk) -> Source | None:
        return self._catalog.source(chunk.source_id)

    def _refresh(self) -> None:
        generation = self._catalog.generation
        if generation != self._generation:
            self._dense.refresh()
            self._lexical.refresh()
            self._generation = generation
