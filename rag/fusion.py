"""Two ranked lists made one, by score."""

from __future__ import annotations

from collections.abc import Sequence

from rag.hits import Hit
from rag.lexical_index import LexicalResult


def fuse(dense: Sequence[Hit], lexical: LexicalResult) -> list[Hit]:
    """A convex combination of both legs' scores, each brought to 0..1 (after Bruch et al. 2023, "An
    Analysis of Fusion Functions for Hybrid Retrieval")."""
    near = _dense_scores(dense)
    matched = {hit.chunk_id: hit.score / max(lexical.best_possible, 1e-9) for hit in lexical.hits}
    weight = 0.5 * lexical.covered
    ids = dict.fromkeys([*near, *matched])
    scored = [Hit(i, (1 - weight) * near.get(i, 0.0) + weight * matched.get(i, 0.0)) for i in ids]
    return sorted(scored, key=lambda hit: -hit.score)


def _dense_scores(hits: Sequence[Hit]) -> dict[str, float]:
    """Cosines between the worst and the best hit, as 0..1."""
    if not hits:
        return {}
    best, worst = hits[0].score, hits[-1].score
    return {hit.chunk_id: (hit.score - worst) / max(best - worst, 1e-6) for hit in hits}
