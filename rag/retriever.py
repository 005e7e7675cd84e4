"""Finds passages for a question: both legs, fused by score, background text shown once.

Steps of ``Retriever.retrieve``: recognise filters, ask both legs, score every candidate by both, refine the
best by how closely they say what is asked, raise what meets the filters, merge near-duplicates, and see to
it that a question about many documents gets passages from each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from rag import closeness, filters, fusion
from rag.bodies import Gazetteer
from rag.diversity import spread, with_ensured
from rag.domain import Chunk, Passage, QuestionFilter, Source
from rag.filters import Recognised
from rag.fusion import Evidence, FusionWeights
from rag.hits import Hit
from rag.near_duplicates import collapse
from rag.question_shift import QuestionEmbedder, QuestionShift

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.catalog import Catalog
    from rag.lexical_index import LexicalResult

CANDIDATES = 50  # asked of each leg
REFINED = 40  # of the fused candidates, those that are looked at closely
PER_SOURCE = 6  # passages of one source among those returned, unless there is nothing else
PER_SOURCE_NAMED = 10  # the same where the question names one body and nothing else narrows it down
PER_SOURCE_WIDE = 2  # the same for a question about many documents
ENSURED = 5  # of the dense leg's best that words alone cannot crowd out
_MERGED = 3  # times as many passages as wanted are looked at for near-duplicates
_CHUNKS_OF_FILTERED = 200  # all chunks of the sources that a filter names become candidates, up to so many


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
    def refresh(self) -> None: ...


class Reranker(Protocol):
    """Scores passages for a question by reading both together; one score a text, higher is better."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Passages, best first, with the filters that were used and those that nothing in the collection meets."""

    passages: tuple[Passage, ...]
    filters: tuple[QuestionFilter, ...] = ()
    unmatched: tuple[QuestionFilter, ...] = ()


def _per_source(recognised: Recognised) -> int:
    if recognised.wide:
        return PER_SOURCE_WIDE
    bodies = [f for f in recognised.filters if f.field == "body"]
    return PER_SOURCE_NAMED if len(bodies) == 1 else PER_SOURCE


class Retriever:
    """Searches one collection. What another process has written since is seen at the next question."""

    def __init__(
        self,
        catalog: Catalog,
        dense: DenseLeg,
        lexical: LexicalLeg,
        embedder: QuestionEmbedder,
        *,
        gazetteer: Gazetteer | None = None,
        reranker: Reranker | None = None,
        weights: FusionWeights | None = None,
    ) -> None:
        self._catalog = catalog
        self._dense = dense
        self._lexical = lexical
        self._questions = QuestionShift(embedder)
        self._gazetteer = gazetteer or Gazetteer.load()
        self._reranker = reranker
        self._weights = weights or FusionWeights()
        self._generation = catalog.generation
        self._sources: Mapping[str, Source] = {source.id: source for source in catalog.sources()}

    def retrieve(
        self,
        question: str,
        *,
        k: int = 12,
        filters: Sequence[QuestionFilter] | None = None,
        per_source: int | None = None,
    ) -> Retrieval:
        """The ``k`` best passages. ``filters`` are used instead of those recognised in the question, and
        ``per_source`` instead of the number of passages that one source may have."""
        self._refresh()
        recognised = self._recognise(question, filters)
        matching = self._matching(recognised.filters)
        evidence = self._evidence(question, recognised, matching)
        chunks = self._catalog.chunks([*evidence.cosines])
        hits = [hit for hit in fusion.fuse(evidence, self._weights) if hit.chunk_id in chunks]
        passages = self._passages(self._refined(question, hits, chunks, evidence), chunks, evidence)
        passages = self._narrowed(self._boosted(passages, recognised.filters), recognised.filters, matching)
        unmatched = tuple(
            f for f in recognised.filters if not matching[f] and not self._mentioned(f, passages)
        )
        limit = per_source or _per_source(recognised)
        shown = collapse(spread(passages, _MERGED * k, limit, in_turn=recognised.wide))
        chosen = shown[:k] if recognised.wide else with_ensured(shown, evidence.nearest(ENSURED), k)
        return Retrieval(tuple(chosen), recognised.filters, unmatched)

    def legs(self, question: str, k: int) -> dict[str, list[tuple[str, float]]]:
        """Each leg's own ranking as (source id, score) rows, a source as often as its chunks are found: the lexical
        leg by the question's own words and, where it is English, also by their translations."""
        self._refresh()
        found = {
            "dense": self._dense.search(self._questions.embed(question), k),
            "lexical": self._lexical.look_up(question, k, translate=False).hits,
            "lexical, translated": self._lexical.look_up(question, k).hits,
        }
        chunks = self._catalog.chunks([hit.chunk_id for hits in found.values() for hit in hits])
        return {
            leg: [(chunks[hit.chunk_id].source_id, hit.score) for hit in hits if hit.chunk_id in chunks]
            for leg, hits in found.items()
        }

    def weighted(self, weights: FusionWeights) -> Retriever:
        """A retriever over the same collection with other weights."""
        other = copy(self)
        other._weights = weights
        return other

    def neighbours(self, passage: Passage) -> tuple[Chunk, ...]:
        """The chunks before and after a passage in its source, in order."""
        near = (passage.chunk.ordinal - 1, passage.chunk.ordinal + 1)
        return tuple(c for c in self._catalog.chunks_of(passage.source.id) if c.ordinal in near)

    # --- the steps ---------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        generation = self._catalog.generation
        if generation != self._generation:
            self._dense.refresh()
            self._lexical.refresh()
            self._sources = {source.id: source for source in self._catalog.sources()}
            self._generation = generation

    def _recognise(self, question: str, given: Sequence[QuestionFilter] | None) -> Recognised:
        found = filters.recognise(question, self._gazetteer, self._sources.values())
        return found if given is None else replace(found, filters=tuple(given))

    def _matching(self, wanted: Sequence[QuestionFilter]) -> dict[QuestionFilter, frozenset[str]]:
        """The sources that meet each filter, by id."""
        return {
            f: frozenset(s.id for s in self._sources.values() if filters.meets(s, f, self._gazetteer))
            for f in wanted
        }

    def _evidence(
        self, question: str, recognised: Recognised, matching: Mapping[QuestionFilter, frozenset[str]]
    ) -> Evidence:
        """Both legs' scores for every candidate that either of them, or a filter, brings."""
        vector = self._questions.embed(question)
        dense = self._dense.search(vector, CANDIDATES)
        related = self._other_names(recognised.filters)
        lexical = self._lexical.look_up(question, CANDIDATES, related=related)
        cosines = {hit.chunk_id: hit.score for hit in dense}
        named = self._chunks_of_filtered(matching)
        missing = [
            i for i in dict.fromkeys([*(h.chunk_id for h in lexical.hits), *named]) if i not in cosines
        ]
        for chunk_id, other in (self._dense.vectors(missing) if missing else {}).items():
            cosines[chunk_id] = float(other @ vector)
        everything = list(cosines)
        scored = self._lexical.look_up(question, len(everything), among=everything, related=related)
        return Evidence(
            cosines=cosines,
            bm25={hit.chunk_id: hit.score for hit in scored.hits},
            best_possible=lexical.best_possible,
            covered=lexical.covered,
            terms=lexical.terms,
            pairs=closeness.question_pairs(question),
        )

    def _other_names(self, wanted: Sequence[QuestionFilter]) -> list[str]:
        """What the named bodies were called before and are called since."""
        bodies = [f.value for f in wanted if f.field == "body"]
        return sorted({other for body in bodies for other in self._gazetteer.related(body)} - set(bodies))

    def _chunks_of_filtered(self, matching: Mapping[QuestionFilter, frozenset[str]]) -> list[str]:
        """The chunks of the few sources that a body, diarienummer or title names."""
        found: list[str] = []
        for wanted, sources in matching.items():
            if wanted.field in ("body", "diarienummer", "title"):
                for source_id in sorted(sources):
                    if len(found) >= _CHUNKS_OF_FILTERED:
                        return found
                    found += [chunk.id for chunk in self._catalog.chunks_of(source_id)]
        return found

    def _refined(
        self, question: str, hits: Sequence[Hit], chunks: Mapping[str, Chunk], evidence: Evidence
    ) -> list[Hit]:
        near, far = list(hits[:REFINED]), hits[REFINED:]
        texts = {hit.chunk_id: chunks[hit.chunk_id].text for hit in near}
        refined = fusion.refine(near, texts, evidence, self._weights)
        if self._reranker and refined:
            scores = self._reranker.scores(question, [texts[hit.chunk_id] for hit in refined])
            floor = max((hit.score for hit in far), default=0.0) - min(scores)  # below them stays the rest
            rescored = [Hit(h.chunk_id, floor + s) for h, s in zip(refined, scores, strict=True)]
            refined = sorted(rescored, key=lambda hit: -hit.score)
        return [*refined, *far]

    def _passages(
        self, hits: Sequence[Hit], chunks: Mapping[str, Chunk], evidence: Evidence
    ) -> list[Passage]:
        found = []
        for hit in hits:
            chunk = chunks[hit.chunk_id]
            if source := self._sources.get(chunk.source_id):
                scores = {
                    "dense": evidence.cosines.get(hit.chunk_id, 0.0),
                    "lexical": evidence.bm25.get(hit.chunk_id, 0.0),
                    "covered": evidence.covered,
                }
                found.append(Passage(chunk, source, hit.score, scores))
        return found

    def _boosted(self, passages: Sequence[Passage], wanted: Sequence[QuestionFilter]) -> list[Passage]:
        if not wanted:
            return list(passages)
        raised = [
            replace(p, score=p.score + filters.boost(p.source, p.chunk, wanted, self._gazetteer))
            for p in passages
        ]
        return sorted(raised, key=lambda passage: -passage.score)

    def _narrowed(
        self,
        passages: list[Passage],
        wanted: Sequence[QuestionFilter],
        matching: Mapping[QuestionFilter, frozenset[str]],
    ) -> list[Passage]:
        """Only the documents of a diarienummer, where the collection has it."""
        numbers = [f for f in wanted if f.field == "diarienummer"]
        meant = [
            p
            for p in passages
            if any(
                p.source.id in matching[f] or filters.mentions(p.chunk, f, self._gazetteer) for f in numbers
            )
        ]
        return meant if numbers and meant else passages

    def _mentioned(self, wanted: QuestionFilter, passages: Sequence[Passage]) -> bool:
        return any(filters.mentions(passage.chunk, wanted, self._gazetteer) for passage in passages)
