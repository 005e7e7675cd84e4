"""Both legs' scores made one, by how much each has to say about the question.

A convex combination of scores (after Bruch et al. 2023, "An Analysis of Fusion Functions for Hybrid
Retrieval") where plain reciprocal ranks lose to their better leg. The lexical score is a share of what the
question's words could score at most, and counts less the fewer of those words the collection has: an
English question over Swedish text leaves the order to the dense leg. The weights are the same for every
question and collection; ``python -m evals.bench_retrieval --ablation`` shows what each contributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag import closeness
from rag.closeness import Term
from rag.hits import Hit


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """``cosine`` is large because cosines of e5 lie close together: 0.75 to 0.9."""

    cosine: float = 15.0
    lexical: float = 1.0
    sentence: float = 0.5
    pairs: float = 0.9
    coverage_power: float = 0.3
    size_power: float = 0.15  # a long question's match says more than a short one's


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the legs say about a question's candidates. ``cosines`` and ``bm25`` hold a score per chunk id.

    ``best_possible`` is the BM25 score that no text can exceed; ``covered`` the share of the question's
    content words, weighted by rarity, that the collection has.
    """

    cosines: Mapping[str, float]
    bm25: Mapping[str, float]
    best_possible: float
    covered: float
    terms: tuple[Term, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    def nearest(self, k: int) -> frozenset[str]:
        """The ids of the ``k`` chunks nearest by meaning."""
        return frozenset(sorted(self.cosines, key=lambda chunk_id: -self.cosines[chunk_id])[:k])


_TYPICAL_BEST = 30.0


def fuse(evidence: Evidence, weights: FusionWeights) -> list[Hit]:
    """All candidates by both legs' scores, best first."""
    scale = _scale(evidence, weights)
    ids = dict.fromkeys([*evidence.cosines, *evidence.bm25])
    scored = [
        Hit(i, weights.cosine * evidence.cosines.get(i, 0.0) + scale * evidence.bm25.get(i, 0.0)) for i in ids
    ]
    return sorted(scored, key=lambda hit: -hit.score)


def refine(
    hits: Sequence[Hit], texts: Mapping[str, str], evidence: Evidence, weights: FusionWeights
) -> list[Hit]:
    """The hits that have a text, with how closely it says what is asked added to their scores."""
    trust = _trust(evidence, weights)
    refined = []
    for hit in hits:
        if hit.chunk_id in texts:
            text = closeness.analyse(texts[hit.chunk_id])
            together = weights.sentence * closeness.within_a_sentence(evidence.terms, text)
            together += weights.pairs * closeness.side_by_side(evidence.pairs, text)
            refined.append(Hit(hit.chunk_id, hit.score + trust * together))
    return sorted(refined, key=lambda hit: -hit.score)


def _trust(evidence: Evidence, weights: FusionWeights) -> float:
    return float(evidence.covered**weights.coverage_power)


def _scale(evidence: Evidence, weights: FusionWeights) -> float:
    if not evidence.best_possible:
        return 0.0
    size = (evidence.best_possible / _TYPICAL_BEST) ** weights.size_power
    return float(weights.lexical * _trust(evidence, weights) * size / evidence.best_possible)
