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

from rag import filters, fusion
from rag.bodies import Gazetteer
from rag.both_legs import BothLegs, DenseLeg, LexicalLeg
from rag.diversity import spread, with_ensured
from rag.domain import Chunk, Passage, QuestionFilter, Source
from rag.filters import Recognised
from rag.fusion import Evidence, FusionWeights
from rag.hits import Hit
from rag.near_duplicates import collapse
from rag.question_shift import QuestionEmbedder

if TYPE_CHECKING:
    from rag.catalog import Catalog
    from rag.lexical_weights import LexicalWeights

REFINED = 40  # of the fused candidates, those that are looked at closely
PER_SOURCE = 6  # passages of one source among those returned, unless there is nothing else
PER_SOURCE_NAMED = 10  # the same where the question names one body and nothing else narrows it down
PER_SOURCE_WIDE = 2  # the same for a question about many documents
ENSURED = 5  # of the dense leg's best that words alone cannot crowd out
_MERGED = 3  # times as many passages as wanted are looked at for near-duplicates


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
        self._gazetteer = gazetteer or Gazetteer.load()
        self._legs = BothLegs(catalog, dense, lexical, embedder, self._gazetteer)
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
        evidence, chunks = self._legs.evidence(question, recognised.filters, matching)
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
        found = self._legs.alone(question, k)
        chunks = self._catalog.chunks([hit.chunk_id for hits in found.values() for hit in hits])
        return {
            leg: [(chunks[hit.chunk_id].source_id, hit.score) for hit in hits if hit.chunk_id in chunks]
            for leg, hits in found.items()
        }

    def weighted(self, weights: FusionWeights, words: LexicalWeights | None = None) -> Retriever:
        """A retriever over the same collection with other weights, ``words`` those of the lexical leg."""
        other = copy(self)
        other._weights = weights
        if words:
            other._legs = self._legs.weighted(words)
        return other

    def neighbours(self, passage: Passage) -> tuple[Chunk, ...]:
        """The chunks before and after a passage in its source, in order."""
        near = (passage.chunk.ordinal - 1, passage.chunk.ordinal + 1)
        return tuple(c for c in self._catalog.chunks_of(passage.source.id) if c.ordinal in near)

    # --- the steps ---------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        generation = self._catalog.generation
        if generation != self._generation:
            self._legs.refresh()
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
