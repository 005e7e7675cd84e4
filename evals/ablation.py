"""The fused retriever without each of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.fusion import FusionWeights
from rag.retriever import Retriever

_FULL = FusionWeights()
PARTS = {
    "without sentence closeness": replace(_FULL, sentence=0.0),
    "without neighbouring words": replace(_FULL, pairs=0.0),
    "without either closeness": replace(_FULL, sentence=0.0, pairs=0.0),
    "without coverage": replace(_FULL, coverage_power=0.0),
    "without question size": replace(_FULL, size_power=0.0),
}


def without_each_part(retriever: Retriever) -> Iterator[tuple[str, Retriever]]:
    """(name, retriever over the same collection) for each part that is left out."""
    for name, weights in PARTS.items():
        yield name, retriever.weighted(weights)
