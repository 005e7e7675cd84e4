"""Asks both legs about one question: what each says of every candidate that either of them, or a filter, brings.

The lexical leg searches in a thread of its own while the question is embedded and the dense leg searches; both
leave Python's lock while they work, so that on two cores a question waits for the slower one only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import TYPE_CHECKING, Protocol

from rag import closeness
from rag.bodies import Gazetteer
from rag.domain import Chunk, QuestionFilter
from rag.fusion import Evidence
from rag.hits import Hit
from rag.question_shift import QuestionEmbedder, QuestionShift

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.catalog import Catalog
    from rag.lexical_index import LexicalResult
    from rag.lexical_weights import LexicalWeights

CANDIDATES = 50  # asked of each leg
_CHUNKS_OF_FILTERED = 200  # all chunks of the sources that a filter names become candidates, up to so many
_THREADS = 2  # for as many questions at the same time; more wait for the processor anyway

Matching = Mapping[QuestionFilter, frozenset[str]]


class DenseLeg(Protocol):
    """Search by vector, and the vectors themselves."""

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]: ...
    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]: ...
    def refresh(self) -> None: ...


class LexicalLeg(Protocol):
    """Search by words, with what the scores mean."""

    def look_up(
        self,
        question: str,
        k: int,
        among: Sequence[str] | None = None,
        related: Sequence[str] = (),
        *,
        translate: bool = True,
    ) -> LexicalResult: ...
    def weighted(self, weights: LexicalWeights) -> LexicalLeg: ...
    def refresh(self) -> None: ...


class BothLegs:
    """Searches one collection by meaning and by words."""

    def __init__(
        self,
        catalog: Catalog,
        dense: DenseLeg,
        lexical: LexicalLeg,
        embedder: QuestionEmbedder,
        gazetteer: Gazetteer,
    ) -> None:
        self._catalog = catalog
        self._dense = dense
        self._lexical = lexical
        self._questions = QuestionShift(embedder)
        self._gazetteer = gazetteer
        self._beside = ThreadPoolExecutor(_THREADS, thread_name_prefix="lexical")

    def refresh(self) -> None:
        """Sees what another process has written."""
        self._dense.refresh()
        self._lexical.refresh()

    def weighted(self, words: LexicalWeights) -> BothLegs:
        """The same legs, the lexical one with other weights."""
        other = copy(self)
        other._lexical = self._lexical.weighted(words)
        return other

    def alone(self, question: str, k: int) -> dict[str, list[Hit]]:
        """Each leg's own ranking; see ``Retriever.legs``."""
        return {
            "dense": self._dense.search(self._questions.embed(question), k),
            "lexical": self._lexical.look_up(question, k, translate=False).hits,
            "lexical, translated": self._lexical.look_up(question, k).hits,
        }

    def evidence(
        self, question: str, filters: Sequence[QuestionFilter], matching: Matching
    ) -> tuple[Evidence, dict[str, Chunk]]:
        """Both legs' scores for every candidate, and the candidates by id."""
        related = self._other_names(filters)
        asked = self._beside.submit(self._lexical.look_up, question, CANDIDATES, related=related)
        vector = self._questions.embed(question)
        cosines = {hit.chunk_id: hit.score for hit in self._dense.search(vector, CANDIDATES)}
        lexical = asked.result()
        named = self._chunks_of_filtered(matching)
        missing = [
            i for i in dict.fromkeys([*(h.chunk_id for h in lexical.hits), *named]) if i not in cosines
        ]
        everything = [*cosines, *missing]
        scored = self._beside.submit(
            self._lexical.look_up, question, len(everything), among=everything, related=related
        )
        for chunk_id, other in (self._dense.vectors(missing) if missing else {}).items():
            cosines[chunk_id] = float(other @ vector)
        chunks = self._catalog.chunks(everything)
        evidence = Evidence(
            cosines=cosines,
            bm25={hit.chunk_id: hit.score for hit in scored.result().hits},
            best_possible=lexical.best_possible,
            covered=lexical.covered,
            terms=lexical.terms,
            pairs=closeness.question_pairs(question),
        )
        return evidence, chunks

    def _other_names(self, wanted: Sequence[QuestionFilter]) -> list[str]:
        """What the named bodies were called before and are called since."""
        bodies = [f.value for f in wanted if f.field == "body"]
        return sorted({other for body in bodies for other in self._gazetteer.related(body)} - set(bodies))

    def _chunks_of_filtered(self, matching: Matching) -> list[str]:
        """The chunks of the few sources that a body, diarienummer or title names."""
        found: list[str] = []
        for wanted, sources in matching.items():
            if wanted.field in ("body", "diarienummer", "title"):
                for source_id in sorted(sources):
                    if len(found) >= _CHUNKS_OF_FILTERED:
                        return found
                    found += [chunk.id for chunk in self._catalog.chunks_of(source_id)]
        return found
