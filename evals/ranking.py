"""Measures of a ranked list of passages; one small function each, as ``ir_measures`` defines them.

``ranked`` holds passage ids, best first, each once; ``relevant`` the ids that answer the question.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType

Measure = Callable[[Sequence[str], Collection[str]], float]


def hit(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 where a relevant passage is among the first ``k`` (recall, with one relevant passage)."""
    return float(any(passage in relevant for passage in ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 / position of the first relevant passage among the first ``k``, else 0 (Voorhees 1999)."""
    return next((1 / (i + 1) for i, passage in enumerate(ranked[:k]) if passage in relevant), 0.0)


def ndcg(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin and Kekäläinen 2002)."""
    gained = sum(1 / math.log2(i + 2) for i, passage in enumerate(ranked[:k]) if passage in relevant)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(k, len(relevant))))
    return gained / ideal if ideal else 0.0


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "recall@1": lambda ranked, relevant: hit(ranked, relevant, 1),
        "recall@5": lambda ranked, relevant: hit(ranked, relevant, 5),
        "recall@10": lambda ranked, relevant: hit(ranked, relevant, 10),
        "mrr@10": lambda ranked, relevant: reciprocal_rank(ranked, relevant, 10),
        "ndcg@10": lambda ranked, relevant: ndcg(ranked, relevant, 10),
    }
)
